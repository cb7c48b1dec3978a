package main

import (
	"context"
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// takeOver is how long a zone may stand still after its owner's death.
const takeOver = 10 * time.Second

// site is what several nodes share: a database and a NATS, both in this process's care.
type site struct {
	t     *testing.T
	db    *pg.DB
	owner *owner
	args  []string
	url   string
}

func newSite(t *testing.T) *site {
	t.Helper()
	b, err := bus.Open(t.Context(), bus.Options{Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	s := &site{t: t, url: pgtest.URL(t)}
	s.db, s.owner = pgtest.Open(t, s.url), asOwner(t, s.url)
	s.args = []string{"--database-url", s.url, "--nats-url", "nats://" + b.Addr()}
	return s
}

func (s *site) node(roles string) *node {
	s.t.Helper()
	return serve(s.t, append([]string{"--roles", roles}, s.args...)...)
}

// ownerOf picks the node that has a zone, once there is one.
func (s *site) ownerOf(zone id.Zone, nodes ...*node) (has *node, term int64) {
	s.t.Helper()
	until(s.t, "some node takes the zone", patience, func() bool {
		var pid int
		pid, term = s.owner.lease(zone)
		for _, n := range nodes {
			if n.pid() == pid {
				has = n
			}
		}
		return has != nil
	})
	return has, term
}

// rounds counts a zone's rounds of a term.
func (s *site) rounds(zone id.Zone, term int64) int {
	s.t.Helper()
	return get[int](s.owner, "SELECT count(*) FROM rounds WHERE zone_id = $1 AND term = $2", zone, term)
}

// waitTakeOver waits for the first round of a later term and returns how long it took from since.
func (s *site) waitTakeOver(zone id.Zone, old int64, since time.Time) (term int64) {
	s.t.Helper()
	until(s.t, "the other node takes the zone over", time.Until(since.Add(takeOver)), func() bool {
		_, term = s.owner.lease(zone)
		return term > old
	})
	lease := time.Since(since)
	until(s.t, "the new owner's first round", time.Until(since.Add(takeOver)), func() bool { return s.rounds(zone, term) > 0 })
	s.t.Logf("zone %s: taken over after %v, first round after %v", zone, lease.Round(time.Millisecond), time.Since(since).Round(time.Millisecond))
	return term
}

// oneOwner proves that no two processes made rounds of a zone in one term, and that terms follow each other.
func (s *site) oneOwner(zone id.Zone) {
	s.t.Helper()
	if n := get[int](s.owner, `SELECT count(*) FROM (SELECT term FROM rounds WHERE zone_id = $1 GROUP BY term HAVING count(DISTINCT owner) > 1) x`, zone); n > 0 {
		s.t.Errorf("zone %s: %d terms have rounds of two owners", zone, n)
	}
	if n := get[int](s.owner, `SELECT count(*) FROM rounds a JOIN rounds b USING (tenant_id, zone_id) WHERE zone_id = $1 AND a.term < b.term AND a.at > b.at`, zone); n > 0 {
		s.t.Errorf("zone %s: %d rounds of an old term came after one of a new term", zone, n)
	}
}

// The acceptance of one database and two dispatch processes: each zone's rounds run in one, and its death moves them.
func TestAZoneMovesWhenItsOwnerDies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var towns []*town
	for i := range 3 {
		towns = append(towns, found(t, s.db, fmt.Sprintf("town-%d", i)))
	}
	api := s.node("api").waitReady()
	for _, w := range towns {
		w.through(api.url).mustPlace("lonely") // nobody is on shift, so every round has something to say
	}
	a, b := s.node("dispatch"), s.node("dispatch")
	nodes := []*node{a, b}
	terms := make(map[*town]int64)
	owners := make(map[*town]*node)
	for _, w := range towns {
		owners[w], terms[w] = s.ownerOf(w.zone, nodes...)
	}
	for _, n := range nodes { // both are at it, so both could have made rounds
		n.waitReady()
	}
	for _, w := range towns {
		until(t, "several rounds", patience, func() bool { return s.rounds(w.zone, terms[w]) >= 3 })
		s.oneOwner(w.zone)
	}

	dead := owners[towns[0]]
	dead.kill()
	since := time.Now()
	for _, w := range towns {
		if owners[w] != dead {
			continue
		}
		term := s.waitTakeOver(w.zone, terms[w], since)
		if pid, now := s.owner.lease(w.zone); pid == dead.pid() || now != term {
			t.Errorf("the lease is process %d's in term %d", pid, now)
		}
	}
	for _, w := range towns {
		s.oneOwner(w.zone)
		balanced(t, s.db, w.tenant)
	}
}

// Who stops in order leaves nothing to wait for.
func TestAStoppedOwnerGivesItsZoneBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := found(t, s.db, "town")
	n := s.node("dispatch").waitReady()
	_, term := s.ownerOf(w.zone, n)
	n.stop()
	if pid, _ := s.owner.lease(w.zone); pid != 0 {
		t.Errorf("the lease is still process %d's", pid)
	}
	other := s.node("dispatch").waitReady()
	if _, next := s.ownerOf(w.zone, other); next != term+1 {
		t.Errorf("the next term is %d after %d", next, term)
	}
}

// A paused process (a stopped VM, a long page-in) wakes up in the middle of a transaction that its lease no longer covers.
func TestAPausedOwnerCannotCommit(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]struct {
		table  string // locked by the test, so that the round stands still there
		expire bool   // the lease was about to run out
	}{
		"while it makes offers": {"offers", false},
		"while it explains":     {"rounds", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			w := found(t, s.db, "town")
			api := s.node("api").waitReady()
			people := w.through(api.url)
			a, b := s.node("dispatch").waitReady(), s.node("dispatch").waitReady()
			people.hire("+39055100200")
			old, term := s.ownerOf(w.zone, a, b)

			hold, err := s.owner.c.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := hold.Exec(t.Context(), "LOCK TABLE "+at.table+" IN SHARE MODE"); err != nil {
				t.Fatal(err)
			}
			o := people.mustPlace("the-one")
			watch := asOwner(t, s.url)
			until(t, "the round reaches the lock", patience, func() bool {
				return get[int](watch, `SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::regclass`, at.table) > 0
			})
			old.signal(syscall.SIGSTOP)
			since := time.Now()
			if err := hold.Rollback(t.Context()); err != nil { // its statement goes through, its commit does not come
				t.Fatal(err)
			}
			if at.expire {
				s.owner.exec("UPDATE leases SET expires_at = '-infinity' WHERE term = $1", term)
			}

			until(t, "the other node takes the zone over", time.Until(since.Add(takeOver)), func() bool {
				_, now := s.owner.lease(w.zone)
				return now > term
			})
			t.Logf("taken over after %v", time.Since(since).Round(time.Millisecond))
			until(t, "the order is offered", patience, func() bool {
				return get[string](s.owner, "SELECT state FROM orders WHERE external_id = 'the-one'") == client.Offered
			})
			before := s.written(term)
			old.signal(syscall.SIGCONT)
			until(t, "the old owner notices", patience, func() bool { return old.logged("lease given up") })
			if after := s.written(term); after != before {
				t.Errorf("the old term wrote after the new one had begun: %s, before %s", after, before)
			}
			s.oneOwner(w.zone)
			balanced(t, s.db, w.tenant)
			if n := get[int](s.owner, "SELECT count(*) FROM offer_orders WHERE order_id = $1 AND open", orderID(t, o.ID)); n != 1 {
				t.Errorf("the order has %d open offers", n)
			}
			old.stop() // it still works, as the spare one
		})
	}
}

// written is all that an old term has left, and the offers and decisions of all.
func (s *site) written(term int64) string {
	s.t.Helper()
	return get[string](s.owner, `SELECT concat_ws(' ', (SELECT count(*) FROM rounds WHERE term = $1), 'rounds',
		(SELECT count(*) FROM offers), 'offers', (SELECT count(*) FROM order_events), 'events')`, term)
}

func orderID(t *testing.T, text string) id.Order {
	t.Helper()
	var o id.Order
	if err := o.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return o
}
