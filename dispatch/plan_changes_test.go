package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func (c *city) changes(r id.Rider, since int64) (out []PlanChange, err error) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		plan, readErr := rider.GetPlan(context.Background(), tx, c.tenant, r)
		if readErr == nil {
			out, err = PlanChanges(context.Background(), tx, c.tenant, plan, since)
		}
		return readErr
	}))
	return out, err
}

// A rider is told what others did to the plan since it was looked at, and not what the rider did.
func TestPlanChangesAreTold(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r, other := c.rider(north(100)), c.rider(north(3000))
	var orders []id.Order
	for i := range 5 {
		orders = append(orders, c.place(north(-500-100*float64(i)), 0))
	}
	byHand := func(o id.Order) {
		t.Helper()
		c.clock.Advance(time.Second)
		_, err := c.s.Assign(ctx, c.tenant, o, r, 0, dispatcher)
		must(t, err)
	}
	for _, o := range orders[:4] {
		byHand(o)
	}
	c.step(r, orders[0], order.EventPickedUp)
	seen := c.plan(r).Version
	if got, err := c.changes(r, seen); err != nil || len(got) > 0 {
		t.Fatalf("nothing has happened, and %v %v is told", got, err)
	}
	c.clock.Advance(time.Second)
	c.step(r, orders[0], order.EventDelivered) // the rider's own
	_, err := c.s.Cancel(ctx, c.tenant, orders[1], dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	_, err = c.s.Assign(ctx, c.tenant, orders[2], other, 0, dispatcher)
	must(t, err)
	door := north(-2000)
	_, err = c.s.Update(ctx, c.tenant, orders[3], Change{Update: order.Update{At: &door}, Actor: dispatcher})
	must(t, err)
	byHand(orders[4])
	got, err := c.changes(r, seen)
	must(t, err)
	got = slices.DeleteFunc(got, func(x PlanChange) bool { return x.Kind == StopMoved })
	want := []PlanChange{
		{Kind: StopsRemoved, Order: orders[1], Reason: WasCancelled}, {Kind: StopsRemoved, Order: orders[2], Reason: WasTakenAway},
		{Kind: StopElse, Order: orders[3], Stop: rider.Dropoff, Reason: AddressChanged}, {Kind: StopsAdded, Order: orders[4], Reason: ByDispatcher},
	}
	byOrder := func(a, b PlanChange) int { return slices.Compare(a.Order[:], b.Order[:]) }
	slices.SortFunc(got, byOrder)
	slices.SortFunc(want, byOrder)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("told: %s", d)
	}
	if _, err := c.changes(r, 0); !errors.Is(err, rider.ErrVersionUnknown) {
		t.Errorf("a version that never was: %v", err)
	}

	offered := c.place(north(-500), 0)
	c.offer(other, offered)
	seen = c.plan(other).Version
	c.accept(other)
	if got, err := c.changes(other, seen); err != nil || slices.ContainsFunc(got, func(x PlanChange) bool { return x.Kind == StopsAdded }) {
		t.Errorf("an offer that the rider accepted is told as %v %v", got, err)
	}
	for range 60 { // versions are kept for a while, not for ever
		must(t, c.s.tx(ctx, c.tenant, func(t *txn) error {
			plan, err := rider.LockPlan(ctx, t, c.tenant, other)
			if err != nil {
				return err
			}
			return t.savePlan(ctx, &plan)
		}))
	}
	if _, err := c.changes(other, seen); !errors.Is(err, rider.ErrVersionUnknown) {
		t.Errorf("a version of long ago: %v", err)
	}
	c.clean()
}

// A route that the rider said yes to is no news; what others moved since is.
func TestOwnMovesAreNotTold(t *testing.T) {
	t.Parallel()
	who := id.NewRider()
	stops := func(orders ...id.Order) (out []rider.Stop) {
		for _, o := range orders {
			out = append(out, rider.Stop{Order: o, Kind: rider.Dropoff})
		}
		return out
	}
	a, b, mine := id.NewOrder(), id.NewOrder(), id.NewOrder()
	accepted := map[id.Order][]order.RecordedEvent{mine: {{Event: order.Event{Type: order.EventOfferAccepted, Rider: who}}}}
	given := map[id.Order][]order.RecordedEvent{mine: {{Event: order.Event{Type: order.EventAssigned, Rider: who, Actor: dispatcher}}}}
	first, second := rider.PlanVersion{Stops: stops(a, b)}, rider.PlanVersion{Stops: stops(b, mine, a)}
	moved := func(o id.Order) []PlanChange {
		return []PlanChange{{Kind: StopMoved, Order: o, Stop: rider.Dropoff, Reason: MadeRoom}}
	}
	for name, x := range map[string]struct {
		versions []rider.PlanVersion
		events   map[id.Order][]order.RecordedEvent
		want     []PlanChange
	}{
		"accepted":                 {[]rider.PlanVersion{first, second}, accepted, nil},
		"given by a dispatcher":    {[]rider.PlanVersion{first, second}, given, append([]PlanChange{{Kind: StopsAdded, Order: mine, Reason: ByDispatcher}}, moved(a)...)},
		"accepted, and then moved": {[]rider.PlanVersion{first, second, {Stops: stops(mine, a, b)}}, accepted, moved(b)},
		"moved before":             {[]rider.PlanVersion{{Stops: stops(b, a)}, first, second}, accepted, nil},
	} {
		now := x.versions[len(x.versions)-1].Stops
		if got := changesOf(who, x.versions[0].Stops, agreed(who, x.versions, x.events), now, x.events); len(got) != len(x.want) || len(got) > 0 && !slices.Equal(got, x.want) {
			t.Errorf("%s: told %+v, want %+v", name, got, x.want)
		}
	}
}

// With append_only what a rider has accepted stays in its order, before all that is new.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	for _, only := range []bool{true, false} {
		c := newCity(t, func(p *Policy) { p.AppendOnly, p.Mode, p.CommitAheadS = only, ModeForce, 3600 })
		r := c.rider(north(100))
		c.place(north(-3000), 0)
		c.round()
		first := c.plan(r).Stops
		c.place(north(-1500), 0) // from the same store, on the way
		c.round()
		got := c.plan(r).Stops
		if len(first) != 2 || len(got) != 4 {
			t.Fatalf("append_only %v: %d stops, then %d", only, len(first), len(got))
		}
		kept := got[0].Order == first[0].Order && got[1].Order == first[1].Order && got[1].Kind == rider.Dropoff
		if kept != only {
			t.Errorf("append_only %v: the new plan is %v", only, got)
		}
		c.clean()
	}
}

// What moved is the least that explains the new order: putting those stops back where they were gives the old one.
func TestMovedStopsAreTheFewest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 7).Draw(t, "stops")
		was := make([]rider.Stop, n)
		for i := range was {
			was[i] = rider.Stop{Order: id.NewOrder(), Kind: rider.Pickup}
		}
		now := rapid.Permutation(was).Draw(t, "now")
		moved := movedStops(was, now)
		place := func(st rider.Stop) int { return slices.Index(was, st) }
		most := 0
		for set := range 1 << n { // each choice of stops that could have stayed
			last, size, follows := -1, 0, true
			for i, st := range now {
				if set&(1<<i) != 0 {
					follows = follows && place(st) > last
					last, size = place(st), size+1
				}
			}
			if follows {
				most = max(most, size)
			}
		}
		if len(moved) != n-most {
			t.Fatalf("%d moved, %d would do", len(moved), n-most)
		}
		last := -1
		for _, st := range now {
			if !slices.Contains(moved, st) {
				if place(st) < last {
					t.Fatal("the others don't follow each other as before")
				}
				last = place(st)
			}
		}
	})
}
