package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/order"
)

// A new door reaches the rider's plan, takes an offer back, and moves the promise by the longer ride.
func TestUpdateMovesTheDoor(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r := c.rider(north(100))
	o := c.place(north(-500), 0)
	merchant := order.Actor{Kind: order.ActorMerchant, ID: uuid.New()}
	c.round()
	offered := c.inState(o, order.Offered)

	update := func(door float64, version int64) (order.Order, error) {
		at := north(door)
		return c.s.Update(ctx, c.tenant, o, Change{Update: order.Update{At: &at}, Actor: merchant, IfVersion: version})
	}
	var moved *order.ConflictError
	if _, err := update(-2000, offered.Version-1); !errors.As(err, &moved) || moved.Version != offered.Version || moved.State != order.Offered {
		t.Fatalf("an older version: %v", err)
	}
	got, err := update(-2000, offered.Version)
	must(t, err)
	if got.State != order.Pending || len(c.offers(r)) != 0 || !got.PromiseAt.After(offered.PromiseAt) || got.PromiseAt.After(offered.PromiseAt.Add(20*time.Minute)) {
		t.Fatalf("order %+v", got)
	}
	c.clean()
	c.round()
	c.accept(r)
	before := c.order(o)
	again, err := update(-2000, 0) // nothing new
	must(t, err)
	if again.Version != before.Version {
		t.Fatalf("an update to what is so made version %d of %d", again.Version, before.Version)
	}
	got, err = update(-300, 0)
	must(t, err)
	if !got.PromiseAt.Equal(before.PromiseAt) {
		t.Errorf("a shorter ride moved the promise from %v to %v", before.PromiseAt, got.PromiseAt)
	}
	stops := c.plan(r).Stops
	if len(stops) != 2 || stops[1].At != north(-300) || stops[0].At != c.store.At {
		t.Fatalf("plan %+v", stops)
	}
	c.clean()
	c.step(r, o, order.EventPickedUp)
	_, err = update(-400, 0)
	must(t, err)
	if stops := c.plan(r).Stops; len(stops) != 1 || stops[0].At != north(-400) {
		t.Fatalf("plan %+v", stops)
	}
	c.step(r, o, order.EventArrivedAtDoor)
	var late *order.UpdateError
	if _, err := update(-500, 0); !errors.As(err, &late) || late.State != order.AtDoor {
		t.Fatalf("moved from under the rider's feet: %v", err)
	}
	c.clean()
}

// A window that moves takes along when dispatch begins, the food and the promise.
func TestUpdateMovesTheWindow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	now := c.clock.Now()
	at := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }
	o := c.place(north(-500), 100*time.Minute, func(o *order.Order) {
		o.DueAt, o.PromiseAt, o.DeliverAfter = at(80), at(130), new(at(120))
	})
	change := func(u order.Update, due, ready, promise int) {
		t.Helper()
		got, err := c.s.Update(ctx, c.tenant, o, Change{Update: u, Actor: order.System})
		must(t, err)
		if !got.DueAt.Equal(at(due)) || !got.ReadyEstimate.Equal(at(ready)) || !got.PromiseAt.Equal(at(promise)) || got.State != order.Scheduled {
			t.Errorf("due %v, ready %v, promise %v", got.DueAt.Sub(now), got.ReadyEstimate.Sub(now), got.PromiseAt.Sub(now))
		}
	}
	change(order.Update{DeliverAfter: new(at(150))}, 110, 130, 160)
	change(order.Update{DeliverBefore: new(at(170))}, 110, 130, 170)
	change(order.Update{PromiseAt: new(at(165))}, 110, 130, 165)
	change(order.Update{DeliverAfter: new(at(30))}, 0, 10, 45)
	c.clean()
}
