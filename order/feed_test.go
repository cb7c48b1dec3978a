package order

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// reader pages through a merchant's feed.
type reader struct {
	*shop
	after Cursor
	got   []EventID
}

// page reads once, and keeps its place through the cursor's text, as a caller does.
func (r *reader) page(limit int) (n int, err error) {
	err = r.db.Read(r.Context(), r.tenant, func(tx pgx.Tx) error {
		events, next, err := Feed(r.Context(), tx, r.tenant, r.merchant.ID, r.after, limit)
		if err != nil {
			return err
		}
		for _, e := range events {
			r.got = append(r.got, e.ID())
		}
		n = len(events)
		text, err := next.MarshalText()
		return errors.Join(err, r.after.UnmarshalText(text))
	})
	return n, err
}

// until pages until so many events have come. Other databases' transactions on the test server may hold the feed up for moments.
func (r *reader) until(n int) {
	r.Helper()
	for watch := clock.StartStopwatch(); len(r.got) < n; {
		if _, err := r.page(7); err != nil {
			r.Fatal(err)
		}
		if watch.Elapsed() > time.Minute {
			r.Fatalf("%d events came, %d were written", len(r.got), n)
		}
	}
}

// ready is an event that can happen again and again.
func ready(nth int) Event {
	return Event{Type: EventReadyEstimateChanged, At: noon, Actor: System, ReadyEstimate: new(noon.Add(time.Duration(nth) * time.Second))}
}

// begin opens a transaction that has its number but has not written anything yet.
func (s *shop) begin() pgx.Tx {
	s.Helper()
	tx, err := s.db.Pool.Begin(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(s.Context())) })
	if _, err := tx.Exec(s.Context(), "select set_config('paidan.tenant_id', $1, true), pg_current_xact_id()", s.tenant.UUID().String()); err != nil {
		s.Fatal(err)
	}
	return tx
}

func (s *shop) applyIn(tx pgx.Tx, o Order, e Event) {
	s.Helper()
	if _, _, err := Apply(s.Context(), tx, s.tenant, o.ID, e); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) commit(tx pgx.Tx) {
	s.Helper()
	if err := tx.Commit(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// An earlier transaction that commits later is not skipped: what came after it waits for it.
func TestFeedWaitsForLateCommits(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	os := s.place(2)
	r := &reader{shop: s}
	r.until(2)
	early := s.begin()
	s.applyIn(early, os[0], ready(1))
	s.applyAll(Change{Order: os[1].ID, Event: ready(1)}) // began later, committed before
	if n, err := r.page(10); n != 0 || err != nil {
		t.Fatalf("%d events came while an earlier transaction is open: %v", n, err)
	}
	s.commit(early)
	r.until(4)
	if want := []EventID{{os[0].ID, 2}, {os[1].ID, 2}}; !slices.Equal(r.got[2:], want) {
		t.Errorf("got %v, want %v", r.got[2:], want)
	}
	if n, err := r.page(10); n != 0 || err != nil {
		t.Errorf("%d more events, %v", n, err)
	}
}

// A transaction that got its number before it got the order's lock does not put its event before those of the order it waited for.
func TestFeedKeepsVersionsInOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.place(1)[0]
	r := &reader{shop: s}
	r.until(1)
	lower := s.begin()
	s.applyAll(Change{Order: o.ID, Event: ready(1)})
	if n, err := r.page(10); n != 0 || err != nil {
		t.Fatalf("%d events came while a transaction with a lower number is open: %v", n, err)
	}
	s.applyIn(lower, o, ready(2))
	s.commit(lower)
	r.until(3)
	if want := []EventID{{o.ID, 1}, {o.ID, 2}, {o.ID, 3}}; !slices.Equal(r.got, want) {
		t.Errorf("got %v, want %v", r.got, want)
	}
}

// Many write at once, in transactions that overlap in every way; who pages meanwhile gets each event once, each order's in order.
func TestFeedUnderConcurrentWriters(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	rapid.Check(t, func(rt *rapid.T) {
		writers, orders := rapid.IntRange(2, 6).Draw(rt, "writers"), rapid.IntRange(1, 4).Draw(rt, "orders")
		rounds, limit := rapid.IntRange(1, 8).Draw(rt, "rounds"), rapid.IntRange(1, 9).Draw(rt, "limit")
		seed := rapid.Uint64().Draw(rt, "seed")
		r := &reader{shop: s}
		if err := s.db.Read(t.Context(), s.tenant, func(tx pgx.Tx) (err error) {
			r.after, err = FeedEnd(t.Context(), tx)
			return err
		}); err != nil {
			rt.Fatal(err)
		}
		os := s.place(orders)
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(seed, uint64(w)))
				for i := range rounds {
					if err := s.scribble(rng, os, w*1000+i*100); err != nil {
						t.Error(err)
					}
				}
			})
		}
		written := make(chan struct{})
		go func() { wg.Wait(); close(written) }()
		for writing := true; writing; {
			select {
			case <-written:
				writing = false
			default:
				if _, err := r.page(limit); err != nil {
					rt.Fatal(err)
				}
			}
		}
		total := 0
		for _, o := range os {
			total += len(s.events(o.ID))
		}
		r.until(total)
		if err := eachOnce(r.got, total); err != nil {
			rt.Fatal(err)
		}
	})
}

// scribble is one transaction that writes to some of the orders. Some have a number before they wait for a lock, some roll back.
func (s *shop) scribble(rng *rand.Rand, os []Order, nth int) error {
	gaveUp := errors.New("gave up")
	early, abort := rng.IntN(2) == 0, rng.IntN(5) == 0
	var changes []Change
	for i := range 1 + rng.IntN(3) {
		changes = append(changes, Change{Order: os[rng.IntN(len(os))].ID, Event: ready(nth + i)})
	}
	err := s.db.Tx(s.Context(), s.tenant, func(tx pgx.Tx) error {
		if early {
			if _, err := tx.Exec(s.Context(), "select pg_current_xact_id()"); err != nil {
				return err
			}
		}
		if _, err := ApplyAll(s.Context(), tx, s.tenant, changes); err != nil {
			return err
		}
		if abort {
			return gaveUp
		}
		return nil
	})
	if errors.Is(err, gaveUp) || pg.IsSerialization(err) {
		return nil
	}
	return err
}

func eachOnce(got []EventID, want int) error {
	if len(got) != want {
		return fmt.Errorf("%d events came, %d were written", len(got), want)
	}
	last := map[id.Order]int64{}
	for _, e := range got {
		if e.Version != last[e.Order]+1 {
			return fmt.Errorf("version %d of order %s comes after version %d", e.Version, e.Order, last[e.Order])
		}
		last[e.Order] = e.Version
	}
	return nil
}

// What a follower is told to pass on is what a reader reads, and FeedEvents finds it by name.
func TestFollowersReadTheSameFeed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	elsewhere := openShop(t, s.db)
	elsewhere.place(2)
	os := s.place(3)
	s.applyAll(Change{Order: os[1].ID, Event: ready(1)}, Change{Order: os[0].ID, Event: ready(1)})
	all := &reader{shop: s}
	all.until(5)
	err := s.db.Read(t.Context(), s.tenant, func(tx pgx.Tx) error {
		nobody := Follower{Merchant: elsewhere.merchant.ID}
		begin := Follower{Merchant: s.merchant.ID}
		marks, err := Follow(t.Context(), tx, s.tenant, []Follower{nobody, begin, {s.merchant.ID, all.after}}, 3)
		if err != nil {
			return err
		}
		if len(marks[0]) != 0 || len(marks[1]) != 3 || len(marks[2]) != 0 {
			t.Fatalf("marks %v", marks)
		}
		rest, err := Follow(t.Context(), tx, s.tenant, []Follower{{s.merchant.ID, marks[1][2].Place}}, 100)
		if err != nil {
			return err
		}
		var names []EventID
		for _, m := range slices.Concat(marks[1], rest[0]) {
			names = append(names, m.Event)
		}
		if !slices.Equal(names, all.got) {
			t.Errorf("followed %v, read %v", names, all.got)
		}
		found, err := FeedEvents(t.Context(), tx, s.tenant, append(names, EventID{id.NewOrder(), 1}))
		if err != nil {
			return err
		}
		for i, m := range slices.Concat(marks[1], rest[0]) {
			e := found[m.Event]
			if e.ID() != m.Event || e.Type != m.Type || !e.At.Equal(m.At) || e.Store != s.store.ID {
				t.Errorf("event %d is %+v, followed as %+v", i, e, m)
			}
		}
		if len(found) != 5 {
			t.Errorf("%d events found", len(found))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEventNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := EventID{id.NewOrder(), rapid.Int64Range(0, 1<<62).Draw(t, "version")}
		var back EventID
		if err := back.UnmarshalText([]byte(e.String())); err != nil || back != e {
			t.Fatalf("%s: %v, %v", e, back, err)
		}
	})
	name := EventID{id.NewOrder(), 3}.String()
	for _, bad := range []string{"", "evt_", "x" + name, name + "x", name + "_3", name[:len(name)-1], name[:len(name)-1] + "03", name[:len(name)-1] + "-3",
		name[:len(name)-1] + "99999999999999999999", "ord" + name[3:]} {
		if err := new(EventID).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// A cursor's bytes sort as the feed does, whatever the numbers.
func TestCursors(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Cursor {
		return Cursor{rapid.Uint64().Draw(t, "txid"), id.Order(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "order")), rapid.Int64Min(0).Draw(t, "version")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		obvious := a.txid < b.txid || a.txid == b.txid && (slices.Compare(a.order[:], b.order[:]) < 0 || a.order == b.order && a.version < b.version)
		if (slices.Compare(a.Bytes(), b.Bytes()) < 0) != obvious {
			t.Fatalf("%v sorts before %v: %v", a, b, !obvious)
		}
		text, err := a.MarshalText()
		var back Cursor
		if err != nil || back.UnmarshalText(text) != nil || back != a {
			t.Fatalf("%v is read as %v", a, back)
		}
	})
	for _, bad := range []string{"x", "????", "AAAA", "_____________________________________________________________"} {
		if new(Cursor).UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
