package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Step is what a rider did with an order: arrived_at_store, picked_up, arrived_at_door, delivered, delivery_failed or
// returned. The order, the plan, the shift's count and the ledger change together. Doing it twice is one act (repeated = true).
// A recorded step with an order that is offered to the rider says yes to the offer.
// order.ErrNotFound (also for another rider's order), *order.TransitionError, *order.ProofError; recorded ones also *TakenAwayError,
// *OfferClosedError, ErrTooOld.
func (s *Service) Step(ctx context.Context, tenant id.Tenant, who id.Rider, orderID id.Order, kind order.EventType, a Action) (o order.Order, repeated bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if a.Recorded {
			if err := s.takeOverFirst(ctx, t, who, orderID, a); err != nil {
				return err
			}
		}
		takers, err := t.takersOf(ctx, []id.Order{orderID})
		if err != nil {
			return err
		}
		plans, err := rider.LockPlans(ctx, t, tenant, append(takers, who))
		if err != nil {
			return err
		}
		plan := plans[who]
		if a.Recorded {
			t.happened = a.happened(time.Time{}, t.now)
			if err := t.acceptFirst(ctx, who, &plan, orderID); err != nil {
				return err
			}
		}
		o, repeated, err = order.Apply(ctx, t, tenant, orderID, a.event(kind, who, t.now))
		if a.Recorded && o.Rider != who && o.ID == orderID {
			return t.takenAway(ctx, who, o, err)
		}
		var notYours *order.NotYoursError
		if errors.As(err, &notYours) {
			return order.ErrNotFound // what is somebody else's is not told
		}
		if err == nil && !repeated {
			err = order.CheckUploads(ctx, t, tenant, orderID, a.Proof)
		}
		if err != nil || repeated {
			return err
		}
		stops, changed := stopsAfter(plan.Stops, o, kind)
		if changed {
			plan.Zone, plan.Stops = o.Zone, stops
			if err := t.savePlan(ctx, &plan); err != nil {
				return err
			}
		}
		if err := t.leaveHandover(ctx, o, kind, plans); err != nil {
			return err
		}
		if kind == order.EventDelivered || kind == order.EventReturned { // a late arrival changes no books
			if err := ledger.EndOrder(ctx, t, tenant, o); err != nil {
				return err
			}
		}
		if kind == order.EventDelivered {
			if err := rider.CountDelivered(ctx, t, tenant, who); err != nil {
				return err
			}
		}
		t.touch(touched(o, len(stops) == 0, who))
		return t.keep(ctx, who, a, stepAct(kind), orderID.UUID(), o)
	})
	return o, repeated, err
}

// stopsAfter is what remains of a plan once an order's event has happened.
func stopsAfter(stops []rider.Stop, o order.Order, kind order.EventType) ([]rider.Stop, bool) {
	var done func(rider.Stop) bool
	switch kind {
	case order.EventPickedUp, order.EventArrivedAtDoor: // the latter where the pickup was recorded and is still under way
		done = func(st rider.Stop) bool { return st.Kind == rider.Pickup }
		if kind == order.EventArrivedAtDoor && slices.ContainsFunc(stops, func(st rider.Stop) bool { return st.Order == o.ID && st.Kind == rider.HandOver }) {
			return broughtTo(stops, o, o.Dropoff.At), true // brought by who was to hand it over
		}
	case order.EventDelivered, order.EventReturned, order.EventCancelled, order.EventUnassigned:
		done = func(rider.Stop) bool { return true }
	case order.EventDeliveryFailed: // the food goes back: the drop-off is now at the store
		return broughtTo(stops, o, o.Pickup), true
	default:
		return stops, false
	}
	out := make([]rider.Stop, 0, len(stops))
	for _, st := range stops {
		if st.Order != o.ID || !done(st) {
			out = append(out, st)
		}
	}
	return out, len(out) != len(stops)
}

// broughtTo is a plan's stops with nothing left to do for an order but to bring it to a place.
func broughtTo(stops []rider.Stop, o order.Order, to geo.LatLng) []rider.Stop {
	out := rider.Plan{Stops: stops}.Without(o.ID, rider.Pickup).Stops
	for i, st := range out {
		if st.Order == o.ID {
			out[i] = toDoor(st, o)
			out[i].At = to
		}
	}
	return out
}
