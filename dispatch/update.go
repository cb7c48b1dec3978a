package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Change is an update of an order, and who asks for it.
type Change struct {
	Update    order.Update
	Actor     order.Actor
	IfVersion int64     // the version that the caller looked at; 0 = any
	Action    uuid.UUID // the client's id of this act, kept over retries; zero = none
}

// Update changes an order. A new place withdraws an open offer, because its rider was asked for another way, and moves the stop on
// the plan of a rider who has the order. An update that changes nothing is none.
// order.ErrNotFound, *order.ConflictError, *order.UpdateError, *order.InvalidError.
func (s *Service) Update(ctx context.Context, tenant id.Tenant, orderID id.Order, c Change) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		before, plans, err := t.lockWithPlans(ctx, orderID)
		if err != nil {
			return err
		}
		after, changed, err := before.Updated(c.Update, t.now)
		if c.IfVersion != 0 && before.Version != c.IfVersion && (err != nil || len(changed) > 0) {
			return &order.ConflictError{Order: before.ID, State: before.State, Version: before.Version}
		}
		if err != nil {
			return err
		}
		moved := slices.Contains(changed, "dropoff.location")
		if moved && before.State == order.Offered {
			if err := t.withdraw(ctx, before, c.Actor); err != nil {
				return err
			}
		}
		e := order.Event{Type: order.EventUpdated, At: t.now, Actor: c.Actor, ActionID: c.Action, Update: &c.Update}
		s.retime(&e, before, after, t.now)
		var repeated bool
		if o, repeated, err = order.Apply(ctx, t, tenant, orderID, e); err != nil || repeated {
			return err
		}
		for r, plan := range plans { // the rider's, or that of the colleague who will have it
			stops := moveDoor(plan.Stops, o)
			if !moved || slices.Equal(stops, plan.Stops) {
				continue
			}
			plan.Zone, plan.Stops = o.Zone, stops
			if err := t.savePlan(ctx, &plan); err != nil {
				return err
			}
			t.wakeFor(r, rider.NoticePlan)
			t.touch(changes{zone: o.Zone, riders: []id.Rider{r}})
		}
		t.touch(touched(o, true, before.Rider))
		return nil
	})
	return o, err
}

// retime sets the times that follow from an update: a window moves all that was planned for it, and a longer ride the promise.
// A promise that was made is not taken back for a shorter one.
func (s *Service) retime(e *order.Event, before, after order.Order, now time.Time) {
	promise := after.PromiseAt
	if a, b := before.DeliverAfter, after.DeliverAfter; a != nil && b != nil && !a.Equal(*b) {
		by := b.Sub(*a)
		e.DueAt = new(clock.Later(before.DueAt.Add(by), now))
		e.ReadyEstimate = new(clock.Later(before.ReadyEstimate.Add(by), now))
		promise = promise.Add(by)
	}
	if before.Dropoff.At != after.Dropoff.At {
		vehicle := string(rider.Bicycle) // as when it was promised
		if len(after.Vehicles) > 0 {
			vehicle = after.Vehicles[0]
		}
		was, is := s.eta.Travel(vehicle, before.Pickup, before.Dropoff.At).P50, s.eta.Travel(vehicle, after.Pickup, after.Dropoff.At).P50
		promise = promise.Add(max(0, is-was))
	}
	if b := after.DeliverBefore; b != nil && (before.DeliverBefore == nil || !b.Equal(*before.DeliverBefore)) {
		promise = *b
	}
	if !after.PromiseAt.Equal(before.PromiseAt) { // told by whoever asks
		promise = after.PromiseAt
	}
	if !promise.Equal(before.PromiseAt) {
		e.PromiseAt = &promise
	}
}

// moveDoor is a plan's stops with an order's drop-off where the order goes now.
func moveDoor(stops []rider.Stop, o order.Order) []rider.Stop {
	out := slices.Clone(stops)
	for i := range out {
		if out[i].Order == o.ID && out[i].Kind == rider.Dropoff {
			out[i].At = o.Dropoff.At
		}
	}
	return out
}
