package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestAssignByHandTakesItFromTheOtherRider(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(2000))
	o := c.place(north(-500), 0)
	c.round()
	offered := c.inState(o, order.Offered)

	if _, err := c.s.Assign(ctx, c.tenant, o, far, offered.Version-1, dispatcher); !errors.Is(err, order.ErrConflict) {
		t.Fatalf("assigning an older version: %v", err)
	}
	got, err := c.s.Assign(ctx, c.tenant, o, far, offered.Version, dispatcher)
	must(t, err)
	if got.State != order.Assigned || got.Rider != far || len(c.offers(near)) > 0 {
		t.Fatalf("order %+v", got)
	}
	c.clean()

	why, err := c.s.Why(ctx, c.tenant, o)
	must(t, err)
	if len(why.Candidates) != 2 || why.Candidates[0].Rider != near || !why.Candidates[0].Feasible {
		t.Fatalf("who could take it from the far rider: %+v", why.Candidates)
	}
	got, err = c.s.Assign(ctx, c.tenant, o, near, got.Version, dispatcher)
	must(t, err)
	if got.Rider != near || len(c.plan(far).Stops) != 0 || len(c.plan(near).Stops) != 2 {
		t.Fatalf("order %+v", got)
	}
	c.clean()

	got, err = c.s.Unassign(ctx, c.tenant, o, got.Version, dispatcher, "bicycle broke")
	must(t, err)
	if got.State != order.Pending || len(c.plan(near).Stops) != 0 {
		t.Fatalf("order %+v", got)
	}
	c.clean()
}

func TestAssignByHandRespectsLimits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	small := c.rider(north(100), func(n *rider.New) { n.Capacity = 2 })
	o := c.place(north(-500), 0, func(o *order.Order) { o.Load = 3 })
	var no *CannotAssignError
	if _, err := c.s.Assign(ctx, c.tenant, o, small, 0, dispatcher); !errors.As(err, &no) || no.Reason != "capacity" {
		t.Fatalf("assigned beyond capacity: %v", err)
	}
	if _, err := c.s.Assign(ctx, c.tenant, o, id.NewRider(), 0, dispatcher); !errors.Is(err, rider.ErrOffShift) {
		t.Fatalf("assigned to nobody: %v", err)
	}
	c.inState(o, order.Pending)
	c.clean()
}

func TestStepsAreRefusedToOthersAndRepeatable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r, other := c.rider(north(100)), c.rider(north(5000))
	o := c.place(north(-500), 0)
	c.round()
	c.accept(r)
	if _, _, err := c.s.Step(ctx, c.tenant, other, o, order.EventArrivedAtStore, c.action()); !errors.Is(err, order.ErrNotFound) {
		t.Fatalf("another rider's step: %v", err)
	}
	var wrong *order.TransitionError
	if _, _, err := c.s.Step(ctx, c.tenant, r, o, order.EventDelivered, c.action()); !errors.As(err, &wrong) {
		t.Fatalf("delivering what was never picked up: %v", err)
	}
	a := c.action()
	first, repeated, err := c.s.Step(ctx, c.tenant, r, o, order.EventPickedUp, a)
	must(t, err)
	second, again, err := c.s.Step(ctx, c.tenant, r, o, order.EventPickedUp, a)
	must(t, err)
	if repeated || !again || first.Version != second.Version {
		t.Fatalf("the same act twice: %v %v, versions %d and %d", repeated, again, first.Version, second.Version)
	}
	c.clean()
}

func TestFailedDeliveryGoesBackToTheStore(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.rider(north(100))
	o := c.place(north(-500), 0)
	c.round()
	c.accept(r)
	c.step(r, o, order.EventPickedUp)
	a := c.action()
	a.Reason = "customer absent"
	_, _, err := c.s.Step(context.Background(), c.tenant, r, o, order.EventDeliveryFailed, a)
	must(t, err)
	plan := c.plan(r)
	if len(plan.Stops) != 1 || plan.Stops[0].At != c.store.At {
		t.Fatalf("plan %+v", plan)
	}
	c.place(north(-700), 0)
	c.round() // the engine plans around a return
	c.clean()
	c.step(r, o, order.EventReturned)
	if len(c.plan(r).Stops) != 0 {
		t.Fatal("stops are left after the return")
	}
	c.clean()
}

// A merchant who wants the food back turns the rider round, once and not before the pickup.
func TestSendBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r := c.rider(north(100))
	o := c.place(north(-500), 0)
	c.round()
	c.accept(r)
	merchant := order.Actor{Kind: order.ActorMerchant, ID: uuid.New()}
	var wrong *order.TransitionError
	if _, err := c.s.SendBack(ctx, c.tenant, o, merchant, "allergy", 0); !errors.As(err, &wrong) {
		t.Fatalf("sent back before the pickup: %v", err)
	}
	c.step(r, o, order.EventPickedUp)
	for range 2 {
		got, err := c.s.SendBack(ctx, c.tenant, o, merchant, "allergy", 0)
		must(t, err)
		if got.State != order.Returning || got.Rider != r {
			t.Fatalf("order %+v", got)
		}
	}
	if stops := c.plan(r).Stops; len(stops) != 1 || stops[0].At != c.store.At {
		t.Fatalf("plan %+v", stops)
	}
	c.clean()
	c.step(r, o, order.EventReturned)
	c.clean()
}

func TestKitchenEventsReachTheOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	o := c.place(north(-500), 20*time.Minute)
	later := c.clock.Now().Add(30 * time.Minute)
	merchant := order.Actor{Kind: order.ActorMerchant, ID: uuid.New()}
	got, err := c.s.DelayReady(ctx, c.tenant, o, merchant, Delay{At: later})
	must(t, err)
	if !got.ReadyEstimate.Equal(later) {
		t.Fatalf("ready estimate %v", got.ReadyEstimate)
	}
	by := Delay{By: 10 * time.Minute, Reason: "the oven", Action: uuid.New()}
	for range 2 { // the same act twice
		got, err = c.s.DelayReady(ctx, c.tenant, o, merchant, by)
		must(t, err)
		if !got.ReadyEstimate.Equal(later.Add(10 * time.Minute)) {
			t.Fatalf("ready estimate %v", got.ReadyEstimate)
		}
	}
	c.clock.Advance(2 * time.Hour) // the estimate is history: the delay counts from now
	got, err = c.s.DelayReady(ctx, c.tenant, o, merchant, Delay{By: time.Minute})
	must(t, err)
	if !got.ReadyEstimate.Equal(c.clock.Now().Add(time.Minute)) {
		t.Fatalf("ready estimate %v", got.ReadyEstimate)
	}
	got, err = c.s.Accept(ctx, c.tenant, o, merchant)
	must(t, err)
	if got.AcceptedAt == nil {
		t.Fatalf("order %+v", got)
	}
	got, err = c.s.Ready(ctx, c.tenant, o, merchant)
	must(t, err)
	if got.ReadyAt == nil || got.State != order.Pending {
		t.Fatalf("order %+v", got)
	}
	c.clean()
}
