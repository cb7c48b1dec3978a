package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

func by(typ EventType, rider id.Rider) Event {
	return Event{Type: typ, At: noon.Add(time.Minute), Rider: rider, Actor: Actor{ActorRider, rider.UUID()}}
}

func TestApplyAllWritesWhatApplySays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	os := s.place(3)
	// A whole life in one batch for the first; a decline for the second; nothing good for the third.
	e := func(typ EventType) Event { return by(typ, alice) }
	made := Event{Type: EventOffered, At: noon.Add(time.Minute), Actor: Engine, Rider: alice, Offer: offer1}
	accepted := by(EventOfferAccepted, alice)
	accepted.Offer = offer1
	declined := by(EventOfferDeclined, alice)
	declined.Offer, declined.Reason = offer1, "too\x00 far \xff"
	delivered := by(EventDelivered, alice)
	delivered.Proof, delivered.Note = &Proof{PIN: "1234", Location: &s.store.At}, "left with the porter"
	missing := id.NewOrder()
	out := s.applyAll(
		Change{Order: os[0].ID, Event: made}, Change{Order: os[1].ID, Event: made},
		Change{Order: os[0].ID, Event: accepted}, Change{Order: os[1].ID, Event: declined},
		Change{Order: os[0].ID, Event: e(EventArrivedAtStore)}, Change{Order: os[0].ID, Event: e(EventPickedUp)},
		Change{Order: os[0].ID, Event: delivered},
		Change{Order: os[2].ID, Event: e(EventDelivered)}, Change{Order: os[2].ID, Event: made, IfVersion: 9},
		Change{Order: missing, Event: made}, Change{Order: os[2].ID, Event: Event{Type: EventDue, At: noon, Actor: System}},
	)
	for i, want := range []string{"", "", "", "", "", "", "", "impossible", "conflict", "not found", "repeated"} {
		got := ""
		var te *TransitionError
		switch err := out[i].Err; {
		case errors.As(err, &te):
			got = "impossible"
		case errors.Is(err, ErrConflict):
			got = "conflict"
		case errors.Is(err, ErrNotFound):
			got = "not found"
		case err != nil:
			got = err.Error()
		case out[i].Repeated:
			got = "repeated"
		}
		if got != want {
			t.Errorf("change %d: %q, want %q", i, got, want)
		}
	}
	for i, last := range map[int]Order{0: out[6].Order, 1: out[3].Order, 2: out[7].Order} {
		if diff := cmp.Diff(last, s.get(os[i].ID)); diff != "" {
			t.Errorf("order %d (-answered +stored):\n%s", i, diff)
		}
		if err := s.replays(os[i].ID); err != nil {
			t.Errorf("order %d: %v", i, err)
		}
	}
	history := s.events(os[0].ID)
	if len(history) != 6 || cmp.Diff(history[5].Event, delivered) != "" {
		t.Errorf("the history keeps %+v", history)
	}
	if got := s.events(os[1].ID)[2].Reason; got != "too far \uFFFD" {
		t.Errorf("reason %q", got)
	}
}

func TestTheSameActionTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.place(1)[0]
	assign := by(EventAssigned, alice)
	assign.ActionID = uuid.New()
	ready := Event{Type: EventReady, At: noon.Add(time.Minute), Actor: Actor{Kind: ActorMerchant}, ActionID: uuid.New()}
	arrive := by(EventArrivedAtStore, alice)
	// In one batch, and again after the order moved on, even against an old version.
	out := s.applyAll(Change{Order: o.ID, Event: assign}, Change{Order: o.ID, Event: assign}, Change{Order: o.ID, Event: ready}, Change{Order: o.ID, Event: arrive})
	if out[0].Repeated || !out[1].Repeated || out[2].Repeated || out[3].Repeated {
		t.Fatalf("%+v", out)
	}
	out = s.applyAll(Change{Order: o.ID, Event: assign, IfVersion: 1}, Change{Order: o.ID, Event: ready})
	for i := range out {
		if !out[i].Repeated || out[i].Err != nil || out[i].Order.State != AtStore || out[i].Order.Version != 4 {
			t.Errorf("%d: %+v", i, out[i])
		}
	}
	// The same id on another order is another action.
	if out := s.applyAll(Change{Order: s.place(1)[0].ID, Event: assign}); out[0].Repeated {
		t.Error("an action on another order counts")
	}
	if err := s.replays(o.ID); err != nil {
		t.Error(err)
	}
}

// Random lives through the real writer end where the pure function says, and their histories replay.
func TestRandomLivesInTheDatabase(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	rapid.Check(t, func(rt *rapid.T) {
		os := s.place(rapid.IntRange(1, 4).Draw(rt, "orders"))
		want := map[id.Order]Order{}
		for _, o := range os {
			want[o.ID] = o
		}
		for i := range rapid.IntRange(1, 4).Draw(rt, "batches") {
			var cs []Change
			var expect []Outcome
			for range rapid.IntRange(1, 6).Draw(rt, "changes") {
				o := want[rapid.SampledFrom(os).Draw(rt, "order").ID]
				e := drawEvent(rt, o, noon.Add(time.Duration(i)*time.Minute))
				c := Change{Order: o.ID, Event: e, IfVersion: rapid.SampledFrom([]int64{0, 0, 0, 1, o.Version}).Draw(rt, "if version")}
				cs = append(cs, c)
				e.clean()
				next, err := o.Apply(e)
				switch {
				case c.IfVersion != 0 && c.IfVersion != o.Version:
					expect = append(expect, Outcome{Order: o, Err: ErrConflict})
				case errors.Is(err, ErrRepeated):
					expect = append(expect, Outcome{Order: o, Repeated: true})
				default:
					expect = append(expect, Outcome{Order: next, Err: err})
				}
				want[o.ID] = expect[len(expect)-1].Order
			}
			sameErr := cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
			if diff := cmp.Diff(expect, s.applyAll(cs...), sameErr); diff != "" {
				rt.Fatalf("-pure +stored:\n%s", diff)
			}
		}
		for _, o := range os {
			if diff := cmp.Diff(want[o.ID], s.get(o.ID)); diff != "" {
				rt.Fatalf("-pure +stored:\n%s", diff)
			}
			if err := s.replays(o.ID); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// Many at once want different things of the same few orders. Every change is won by one, versions have no gap, and the
// database's CHECKs hold all along (else a write fails).
func TestWritersRace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	os := s.place(4)
	const writers = 24
	var wg sync.WaitGroup
	start := make(chan struct{})
	won := make([][]int, writers) // versions made, per order
	for w := range writers {
		wg.Go(func() {
			<-start
			rider := riders[w%len(riders)]
			var cs []Change
			for i := range os {
				o := os[(w+i)%len(os)].ID // each in another order of orders
				accept := by(EventOfferAccepted, rider)
				accept.Offer = offers[w%2]
				cs = append(cs,
					Change{Order: o, Event: Event{Type: EventOffered, At: noon, Actor: Engine, Rider: rider, Offer: offers[w%2]}},
					Change{Order: o, Event: accept})
				if w%3 == 0 {
					cs = append(cs, Change{Order: o, Event: by(EventUnassigned, rider)})
				}
				if w%5 == 0 {
					cs = append(cs, Change{Order: o, Event: by(EventPickedUp, rider)})
				}
				if w%11 == 0 {
					cs = append(cs, Change{Order: o, Event: Event{Type: EventCancelled, At: noon, Actor: System}})
				}
			}
			won[w] = make([]int, len(os))
			out, err := s.tryApplyAll(cs...)
			if err != nil {
				t.Errorf("writer %d: %v", w, err)
			}
			for i, o := range out {
				if o.Err == nil && !o.Repeated {
					won[w][slices.IndexFunc(os, func(x Order) bool { return x.ID == cs[i].Order })]++
				}
			}
		})
	}
	close(start)
	wg.Wait()
	for k, o := range os {
		made := int64(1) // placed
		for w := range won {
			made += int64(won[w][k])
		}
		if got := s.get(o.ID); got.Version != made || int64(len(s.events(o.ID))) != made {
			t.Errorf("order %d is at version %d after %d winners", k, got.Version, made)
		}
		if err := s.replays(o.ID); err != nil {
			t.Errorf("order %d: %v", k, err)
		}
	}
}

// Two accepts of one order can't both win, and neither can two looks at one version.
func TestOneWinner(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.place(1)[0]
	const n = 16
	outs := make([]Outcome, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			out, err := s.tryApplyAll(Change{Order: o.ID, IfVersion: 1, Event: by(EventAssigned, id.NewRider())})
			if err != nil {
				t.Error(err)
				return
			}
			outs[i] = out[0]
		})
	}
	wg.Wait()
	winners := 0
	for _, out := range outs {
		switch {
		case out.Err == nil && !out.Repeated:
			winners++
		case !errors.Is(out.Err, ErrConflict):
			t.Errorf("a loser got %v", out.Err)
		}
	}
	if winners != 1 {
		t.Errorf("%d winners", winners)
	}
}

// The same action sent by many requests at once is done once.
func TestOneActionAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.place(1)[0]
	e := Event{Type: EventReadyEstimateChanged, At: noon, Actor: Actor{Kind: ActorMerchant}, ActionID: uuid.New()}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			e := e
			e.ReadyEstimate = new(noon.Add(time.Duration(i) * time.Minute))
			if out, err := s.tryApplyAll(Change{Order: o.ID, Event: e}); err != nil || out[0].Err != nil {
				t.Error(err, out)
			}
		})
	}
	wg.Wait()
	if got := s.get(o.ID).Version; got != 2 {
		t.Errorf("version %d after one action", got)
	}
}

// Another tenant neither sees nor changes anything, even when it names the first tenant in its queries.
func TestTenantsAreApart(t *testing.T) {
	t.Parallel()
	mine := newShop(t)
	theirs := openShop(t, mine.db)
	o := mine.place(1)[0]
	theirs.tx(func(ctx context.Context, tx pgx.Tx) error {
		for _, named := range []id.Tenant{theirs.tenant, mine.tenant} {
			if _, err := Get(ctx, tx, named, o.ID); !errors.Is(err, ErrNotFound) {
				t.Errorf("Get: %v", err)
			}
			if _, _, err := Apply(ctx, tx, named, o.ID, Event{Type: EventCancelled, At: noon, Actor: System}); !errors.Is(err, ErrNotFound) {
				t.Errorf("Apply: %v", err)
			}
			if evs, err := Events(ctx, tx, named, o.ID); err != nil || len(evs) > 0 {
				t.Errorf("Events: %v, %v", evs, err)
			}
			if os, err := Open(ctx, tx, named, mine.zone); err != nil || len(os) > 0 {
				t.Errorf("Open: %v, %v", os, err)
			}
			if ss, err := Stores(ctx, tx, named, mine.zone); err != nil || len(ss) > 0 {
				t.Errorf("Stores: %v, %v", ss, err)
			}
		}
		return nil
	})
	stolen := mine.newOrder()
	err := theirs.db.Tx(t.Context(), theirs.tenant, func(tx pgx.Tx) error {
		return Place(t.Context(), tx, []Order{stolen}, System)
	})
	if err == nil {
		t.Error("placed an order for another tenant")
	}
	if _, err := GetStore(t.Context(), mine.db, theirs.tenant, mine.store.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("GetStore: %v", err)
	}
	if got := mine.get(o.ID); got.Version != 1 {
		t.Errorf("the order is at version %d", got.Version)
	}
	// History can't be rewritten, not even one's own.
	err = mine.db.Tx(t.Context(), mine.tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "delete from order_events where tenant_id = $1", mine.tenant)
		return err
	})
	if err == nil {
		t.Error("history was deleted")
	}
}

// The CHECKs are alive: what Apply would never write, the database refuses.
func TestTheDatabaseRepeatsTheInvariants(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.place(1)[0]
	for constraint, set := range map[string]string{
		"orders_rider":  "state = 'assigned'",
		"orders_offer":  "state = 'offered'",
		"orders_ended":  "state = 'cancelled', cancel_fault = '', cancel_reason = ''",
		"orders_cancel": "state = 'cancelled', ended_at = updated_at",
	} {
		err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), "update orders set "+set+" where tenant_id = $1 and id = $2", s.tenant, o.ID)
			return err
		})
		if !pg.IsCheck(err, constraint) {
			t.Errorf("%s: %v", set, err)
		}
	}
}
