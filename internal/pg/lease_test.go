package pg_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

type leases struct {
	t      testing.TB
	db     *pg.DB
	tenant id.Tenant
}

func newLeases(t testing.TB) leases {
	t.Helper()
	db := pgtest.New(t)
	return leases{t, db, pgtest.Tenant(t, db)}
}

func (l leases) acquire(owner string, ttl time.Duration) (lease pg.Lease, ok bool) {
	l.t.Helper()
	if err := l.db.Tx(l.t.Context(), l.tenant, func(tx pgx.Tx) (err error) {
		lease, ok, err = pg.AcquireLease(l.t.Context(), tx, l.tenant, "zone", owner, ttl)
		return err
	}); err != nil {
		l.t.Error(err)
	}
	return lease, ok
}

func (l leases) check(term int64) error {
	return l.db.Tx(l.t.Context(), l.tenant, func(tx pgx.Tx) error {
		return pg.CheckLease(l.t.Context(), tx, l.tenant, "zone", term)
	})
}

func (l leases) release(term int64) {
	l.t.Helper()
	if err := l.db.Tx(l.t.Context(), l.tenant, func(tx pgx.Tx) error {
		return pg.ReleaseLease(l.t.Context(), tx, l.tenant, "zone", term)
	}); err != nil {
		l.t.Fatal(err)
	}
}

func TestLeaseLife(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	a, ok := l.acquire("a", time.Minute)
	if !ok || a.Term != 1 {
		t.Fatalf("%+v %v", a, ok)
	}
	if _, ok := l.acquire("b", time.Minute); ok {
		t.Error("two owners at once")
	}
	again, ok := l.acquire("a", time.Hour)
	if !ok || again.Term != a.Term || !again.ExpiresAt.After(a.ExpiresAt) {
		t.Errorf("renewed %+v to %+v", a, again)
	}
	l.acquire("a", 0) // expires at once
	if err := l.check(a.Term); err != nil {
		t.Errorf("expired, but nobody else's: %v", err)
	}
	b, ok := l.acquire("b", time.Minute)
	if !ok || b.Term != 2 {
		t.Errorf("taken over as %+v %v", b, ok)
	}
	if err := l.check(a.Term); !errors.Is(err, pg.ErrLeaseLost) {
		t.Errorf("a stale owner passes: %v", err)
	}
	l.release(a.Term) // changes nothing
	if err := l.check(b.Term); err != nil {
		t.Error(err)
	}
	l.release(b.Term)
	if err := l.check(b.Term); !errors.Is(err, pg.ErrLeaseLost) {
		t.Errorf("a released lease passes: %v", err)
	}
	if b, ok = l.acquire("b", time.Minute); !ok || b.Term != 3 {
		t.Errorf("taken again as %+v %v", b, ok)
	}
}

// Many owners fight with leases that expire at once. The database's rows say who acted under which term.
func TestOneOwnerPerTerm(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	var mu sync.Mutex
	owners := make(map[int64]string)
	var g errgroup.Group
	for i := range 8 {
		g.Go(func() error {
			name := fmt.Sprint("owner", i)
			var last int64
			for range 50 {
				lease, ok := l.acquire(name, time.Duration(i%3)*time.Millisecond)
				if !ok {
					continue
				}
				if lease.Term < last {
					return fmt.Errorf("%s went from term %d back to %d", name, last, lease.Term)
				}
				last = lease.Term
				mu.Lock()
				if had, ok := owners[lease.Term]; ok && had != name {
					mu.Unlock()
					return fmt.Errorf("term %d belongs to %s and %s", lease.Term, had, name)
				}
				owners[lease.Term] = name
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for term := range int64(len(owners)) {
		if owners[term+1] == "" {
			t.Errorf("nobody had term %d of %d", term+1, len(owners))
		}
	}
}

// While the holder writes under a checked lease, a successor must wait; after the takeover the old holder can't write.
func TestTakeoverWaitsForTheCheckedWrite(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	old, _ := l.acquire("old", 0)
	took := make(chan pg.Lease, 1)
	if err := l.db.Tx(t.Context(), l.tenant, func(tx pgx.Tx) error {
		if err := pg.CheckLease(t.Context(), tx, l.tenant, "zone", old.Term); err != nil {
			return err
		}
		go func() {
			lease, _ := l.acquire("new", time.Minute)
			took <- lease
		}()
		waitForBlocked(t, l.db)
		select {
		case <-took:
			t.Error("taken over in the middle of a checked write")
		default:
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if lease := <-took; lease.Term != old.Term+1 {
		t.Errorf("%+v", lease)
	}
	if err := l.check(old.Term); !errors.Is(err, pg.ErrLeaseLost) {
		t.Errorf("%v", err)
	}
}

// waitForBlocked returns once a session of this database waits for another's lock.
func waitForBlocked(t *testing.T, db *pg.DB) {
	t.Helper()
	for blocked := false; !blocked; {
		if err := db.Pool.QueryRow(t.Context(), `
			select exists (select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database())`).Scan(&blocked); err != nil {
			t.Fatal(err)
		}
	}
}
