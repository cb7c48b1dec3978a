package dispatch

import (
	"context"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Cancel ends an order that has not been picked up. An open offer is withdrawn, a rider's plan loses its stops, and the
// merchant owes what the tariff says.
// ifVersion 0 is any. order.ErrNotFound, order.ErrConflict, *order.TransitionError.
func (s *Service) Cancel(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor, fault, reason string, ifVersion int64) (order.Order, error) {
	return s.takeAway(ctx, tenant, orderID, ifVersion, order.Event{Type: order.EventCancelled, Actor: actor, Fault: fault, Reason: reason})
}

// Unassign takes an order that has not been picked up from its rider and puts it back into the queue.
// The rider is not asked for it again. ifVersion 0 is any. order.ErrNotFound, order.ErrConflict, *order.TransitionError.
func (s *Service) Unassign(ctx context.Context, tenant id.Tenant, orderID id.Order, ifVersion int64, actor order.Actor, reason string) (order.Order, error) {
	return s.takeAway(ctx, tenant, orderID, ifVersion, order.Event{Type: order.EventUnassigned, Actor: actor, Reason: reason})
}

// SendBack has the rider bring an order that is on its way back to the store. ifVersion 0 is any.
// order.ErrNotFound, order.ErrConflict, *order.TransitionError.
func (s *Service) SendBack(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor, reason string, ifVersion int64) (order.Order, error) {
	return s.takeAway(ctx, tenant, orderID, ifVersion, order.Event{Type: order.EventDeliveryFailed, Actor: actor, Fault: string(actor.Kind), Reason: reason})
}

// takeAway applies an event by somebody else than the order's rider that ends an open offer, or changes the rider's stops.
func (s *Service) takeAway(ctx context.Context, tenant id.Tenant, orderID id.Order, ifVersion int64, e order.Event) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		e.At = t.now
		before, plans, err := t.lockWithPlans(ctx, orderID)
		if err != nil {
			return err
		}
		if ifVersion != 0 && before.Version != ifVersion {
			return order.ErrConflict
		}
		if before.State == order.Offered {
			if err := t.withdraw(ctx, before, e.Actor); err != nil {
				return err
			}
		}
		e.Rider = before.Rider
		var repeated bool
		if o, repeated, err = order.Apply(ctx, t, tenant, orderID, e); err != nil || repeated {
			return err
		}
		if plan, ok := plans[before.Rider]; ok {
			if stops, changed := stopsAfter(plan.Stops, o, e.Type); changed {
				plan.Zone, plan.Stops = o.Zone, stops
				if err := t.savePlan(ctx, &plan); err != nil {
					return err
				}
			}
		}
		if err := ledger.EndOrder(ctx, t, tenant, o); err != nil {
			return err
		}
		t.touch(touched(o, true, before.Rider))
		return nil
	})
	return o, err
}

// lockWithPlans locks the plan of the order's rider (and of the others named), then the offer that holds the order, then
// the order itself. errMoved where it changed hands between the first look and the locks: the transaction begins again.
func (t *txn) lockWithPlans(ctx context.Context, orderID id.Order, others ...id.Rider) (order.Order, map[id.Rider]rider.Plan, error) {
	o, err := order.Get(ctx, t, t.tenant, orderID)
	if err != nil {
		return o, nil, err
	}
	riders := others
	if !o.Rider.IsZero() && !o.State.Ended() {
		riders = append(riders, o.Rider)
	}
	plans, err := rider.LockPlans(ctx, t, t.tenant, riders)
	if err != nil {
		return o, nil, err
	}
	if !o.Offer.IsZero() {
		if _, err := rider.LockOffer(ctx, t, t.tenant, o.Offer); err != nil {
			return o, nil, err
		}
	}
	locked, err := order.Lock(ctx, t, t.tenant, []id.Order{orderID})
	if err != nil {
		return o, nil, err
	}
	if len(locked) != 1 || locked[0].Rider != o.Rider || locked[0].Offer != o.Offer {
		return o, nil, errMoved
	}
	return locked[0], plans, nil
}

// withdraw closes the offer that holds an order; the offer's other orders go back to the queue with it.
func (t *txn) withdraw(ctx context.Context, o order.Order, actor order.Actor) error {
	offer, err := rider.GetOffer(ctx, t, t.tenant, o.Offer)
	if err != nil {
		return err
	}
	e := order.Event{Type: order.EventOfferWithdrawn, At: t.now, Actor: actor, Rider: offer.Rider}
	return t.closeOffer(ctx, offer, rider.OfferWithdrawn, e)
}
