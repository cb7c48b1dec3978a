package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// kinds are a rider's stops, in words.
func (c *city) kinds(r id.Rider) (out []rider.StopKind) {
	c.t.Helper()
	for _, st := range c.plan(r).Stops {
		out = append(out, st.Kind)
	}
	return out
}

// meeting is an order on board of a rider that another has agreed to take over.
func (c *city) meeting(giver, taker id.Rider, orders ...id.Order) rider.Handover {
	c.t.Helper()
	h, err := c.propose(giver, taker, orders...)
	must(c.t, err)
	_, _, err = c.s.AcceptHandover(context.Background(), c.tenant, taker, h.ID, c.action())
	must(c.t, err)
	return c.stands(h, rider.HandoverAccepted)
}

// What is on board changes hands where the two meet: planned, kept through rounds, and the taker's once the taker says so.
func TestOrdersChangeHandsOnBoard(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	c.setPrices()
	anna, bea := c.rider(north(-300)), c.rider(north(300))
	o := c.taken(anna, north(-2000), func(o *order.Order) { o.Fee = fee() })
	other, own := c.taken(anna, north(-900)), c.taken(bea, north(-700))
	c.step(anna, o, order.EventPickedUp)
	shown := map[id.Rider]int64{anna: c.plan(anna).Version, bea: c.plan(bea).Version}

	at := func(p geo.LatLng) bool { return geo.Distance(p, north(-300)) < 1 } // where the giver is

	h, err := c.propose(anna, bea, o)
	must(t, err)
	if got := h.Stops; len(got) != 4 || !slices.ContainsFunc(got, func(st rider.Stop) bool { return st.Kind == rider.TakeOver && at(st.At) && st.With == anna }) {
		t.Errorf("the taker is shown %+v", got)
	}
	_, _, err = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action())
	must(t, err)
	h = c.stands(h, rider.HandoverAccepted)
	if c.order(o).Rider != anna || !at(*h.Meet) || h.MeetAt == nil {
		t.Errorf("agreed: %+v", h)
	}
	give := c.plan(anna).Stops
	if give[0].Kind != rider.HandOver || !at(give[0].At) || give[0].With != bea || give[0].Handover != h.ID || len(give) != 3 {
		t.Errorf("the giver's plan: %+v", give)
	}
	for r, want := range map[id.Rider][]PlanChange{anna: {{StopElse, o, rider.HandOver, Meets}}, bea: nil} {
		if got, err := c.changes(r, shown[r]); err != nil || !slices.Equal(got, want) {
			t.Errorf("told %+v, %v, want %+v", got, err, want)
		}
	}
	c.clean()

	// Rounds plan around it, and what they add keeps it.
	for range 2 {
		c.place(north(-600), 0)
		c.round()
		c.clean()
		for _, r := range []id.Rider{anna, bea} {
			if len(c.offers(r)) > 0 {
				c.accept(r)
			}
		}
		c.clean()
	}
	must(t, told(c.s.Assign(ctx, c.tenant, c.place(north(-650), 0), bea, 0, dispatcher)))
	must(t, told(c.s.Assign(ctx, c.tenant, c.place(north(-950), 0), anna, 0, dispatcher)))
	moved := north(-2100)
	_, err = c.s.Update(ctx, c.tenant, o, Change{Update: order.Update{At: &moved}, Actor: dispatcher})
	must(t, err)
	if kinds := c.kinds(bea); !slices.Contains(kinds, rider.TakeOver) || !slices.Contains(c.kinds(anna), rider.HandOver) {
		t.Errorf("after more work: %v and %v", kinds, c.kinds(anna))
	}
	if i := slices.IndexFunc(c.plan(bea).Stops, func(st rider.Stop) bool { return st.Order == o && st.Kind == rider.Dropoff }); i < 0 || c.plan(bea).Stops[i].At != moved {
		t.Errorf("the door that moved: %+v", c.plan(bea).Stops)
	}
	c.clean()

	if _, _, err := c.s.Step(ctx, c.tenant, bea, o, order.EventDelivered, c.action()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("brought before it was taken over: %v", err)
	}
	if _, _, err := c.s.EndShift(ctx, c.tenant, bea, c.action()); !errors.Is(err, rider.ErrHasWork) {
		t.Errorf("home before the meeting: %v", err)
	}
	act := c.action()
	for i := range 2 {
		_, already, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, act)
		if err != nil || already != (i == 1) {
			t.Fatalf("time %d: already %v, %v", i, already, err)
		}
	}
	c.stands(h, rider.HandoverDone)
	events := c.history(o)
	if last := events[len(events)-1]; last.Type != order.EventTakenOver || last.From != anna || last.Rider != bea || last.State != order.PickedUp {
		t.Errorf("the history ends with %+v", last)
	}
	if slices.Contains(c.plan(anna).Orders(), o) || c.order(other).Rider != anna || c.order(own).Rider != bea {
		t.Error("more changed hands, or less")
	}
	c.clean()
	if _, _, err := c.s.Step(ctx, c.tenant, anna, o, order.EventDelivered, c.action()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("brought by who gave it: %v", err)
	}
	c.step(bea, o, order.EventDelivered)
	_, gave := c.earned(anna)
	if _, brought := c.earned(bea); gave != 0 || brought != 300 {
		t.Errorf("who gave it earned %d, who brought it %d", gave, brought)
	}
	c.clean()
}

// Whatever ends a meeting, the giver goes on with the order and the taker without.
func TestMeetingsEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea := c.rider(north(-300)), c.rider(north(300))
	var o id.Order
	for name, x := range map[string]struct {
		end  func(h rider.Handover) error
		want rider.HandoverState
		then order.State
	}{
		"the giver thinks better of it": {func(h rider.Handover) error {
			_, err := c.s.CancelHandover(ctx, c.tenant, h.ID, by(anna), "mended")
			return err
		}, rider.HandoverCancelled, order.PickedUp},
		"the taker does": {func(h rider.Handover) error {
			_, err := c.s.CancelHandover(ctx, c.tenant, h.ID, by(bea), "lost the way")
			return err
		}, rider.HandoverCancelled, order.PickedUp},
		"the taker falls": {func(rider.Handover) error {
			_, err := c.s.Report(ctx, c.tenant, bea, rider.Accident, id.Order{}, nil, c.action())
			return err
		}, rider.HandoverCancelled, order.PickedUp},
		"the giver goes to the door": {func(rider.Handover) error {
			_, _, err := c.s.Step(ctx, c.tenant, anna, o, order.EventArrivedAtDoor, c.action())
			return err
		}, rider.HandoverOvertaken, order.AtDoor},
		"the giver brings it": {func(rider.Handover) error {
			_, _, err := c.s.Step(ctx, c.tenant, anna, o, order.EventDelivered, c.action())
			return err
		}, rider.HandoverOvertaken, order.Delivered},
		"the merchant wants it back": {func(rider.Handover) error { return told(c.s.SendBack(ctx, c.tenant, o, dispatcher, "allergy", 0)) },
			rider.HandoverOvertaken, order.Returning},
	} {
		if name == "the taker falls" {
			bea = c.rider(north(300))
		}
		o = c.taken(anna, north(-2000))
		c.step(anna, o, order.EventPickedUp)
		h := c.meeting(anna, bea, o)
		c.clean()
		must(t, x.end(h))
		c.stands(h, x.want)
		got := c.inState(o, x.then)
		if stops := c.plan(bea).Stops; len(stops) > 0 {
			t.Errorf("%s: the taker still has %+v", name, stops)
		}
		where := map[order.State][]geo.LatLng{order.PickedUp: {got.Dropoff.At}, order.AtDoor: {got.Dropoff.At}, order.Returning: {c.store.At}}[x.then]
		for _, st := range c.plan(anna).Stops {
			if st.Kind != rider.Dropoff || !slices.Contains(where, st.At) {
				t.Errorf("%s: the giver has %+v", name, st)
			}
		}
		var closed *HandoverClosedError
		if _, _, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, c.action()); !errors.As(err, &closed) {
			t.Errorf("%s: taken over afterwards: %v", name, err)
		}
		c.clean()
		if x.then == order.PickedUp || x.then == order.AtDoor {
			c.step(anna, o, order.EventDelivered)
		}
		if x.then == order.Returning {
			c.step(anna, o, order.EventReturned)
		}
		if name == "the taker falls" {
			bea = c.rider(north(300))
		}
	}

	// What is partly on board does not go.
	one, two := c.taken(anna, north(-500)), c.taken(anna, north(-700))
	c.step(anna, one, order.EventPickedUp)
	var cannot *CannotHandOverError
	if _, err := c.propose(anna, bea, one, two); !errors.As(err, &cannot) || cannot.Reason != ReasonMixed {
		t.Errorf("one of two on board: %v", err)
	}
}

// A phone without a network tells later, and in any order: what its rider did with the order says that it was taken over.
func TestTakingOverIsRecorded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for i, asArrived := range [][]ActKind{
		{ActTakeOver, ActArriveDoor, ActDeliver}, {ActDeliver, ActTakeOver, ActArriveDoor}, {ActArriveDoor, ActDeliver, ActTakeOver},
	} {
		c := newCity(t)
		anna, bea := c.rider(north(-300)), c.rider(north(300))
		o := c.taken(anna, north(-2000))
		c.step(anna, o, order.EventPickedUp)
		h := c.meeting(anna, bea, o)
		for _, kind := range asArrived {
			a := Act{Kind: kind, Order: o, Handover: h.ID, Action: c.action()}
			a.Recorded = true
			if _, _, err := c.s.Act(ctx, c.tenant, bea, a); err != nil {
				t.Errorf("%d, %s: %v", i, kind, err)
			}
		}
		if got := c.inState(o, order.Delivered); got.Rider != bea {
			t.Errorf("%d: brought by %s", i, got.Rider)
		}
		late := Act{Kind: ActDeliver, Order: o, Action: c.action()} // the giver's phone thinks that the giver did
		late.Recorded = true
		var away *TakenAwayError
		if _, _, err := c.s.Act(ctx, c.tenant, anna, late); !errors.As(err, &away) {
			t.Errorf("%d: the giver brings it too: %v", i, err)
		}
		c.stands(h, rider.HandoverDone)
		c.clean()
	}
}

// Taking over, calling off and bringing it after all meet in the same instant: one of them is true.
func TestMeetingsRace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea := c.rider(north(-300)), c.rider(north(300))
	for heat := range 8 {
		c.seen(anna, north(-300))
		c.seen(bea, north(300))
		o := c.taken(anna, north(-2000))
		c.step(anna, o, order.EventPickedUp)
		h := c.meeting(anna, bea, o)
		var took, off, brought error
		acts := []func() error{
			func() error { _, _, took = c.s.TakeOver(ctx, c.tenant, bea, h.ID, c.action()); return took },
			func() error { _, off = c.s.CancelHandover(ctx, c.tenant, h.ID, by(anna), "mended"); return off },
			func() error { _, err := c.s.round(ctx, c.of, c.state); return err },
		}
		if heat%2 == 1 {
			acts = append(acts, func() error {
				_, _, brought = c.s.Step(ctx, c.tenant, anna, o, order.EventDelivered, c.action())
				return brought
			})
		}
		var closed *HandoverClosedError
		for i, err := range together(acts...) {
			if err != nil && !errors.As(err, &closed) && (i != 3 || !errors.Is(err, order.ErrNotFound)) {
				t.Errorf("heat %d, act %d: %v", heat, i, err)
			}
		}
		got, x := c.handover(h.ID), c.order(o)
		if got.State.Live() || (took == nil) != (got.State == rider.HandoverDone) || (off == nil) != (got.State == rider.HandoverCancelled) || (x.Rider == bea) != (took == nil) {
			t.Errorf("heat %d: %s, with %s; told %v, %v, %v", heat, got.State, x.Rider, took, off, brought)
		}
		if heat%2 == 1 && (brought == nil) != (x.State == order.Delivered) {
			t.Errorf("heat %d: the order is %s, and its giver was told %v", heat, x.State, brought)
		}
		c.clean()
		if x.State == order.PickedUp {
			c.step(x.Rider, o, order.EventDelivered)
		}
	}
}
