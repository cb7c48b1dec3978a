package dispatch

import (
	"context"
	"slices"

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

// SendBack has the rider bring an order that is on its way back to the store. ifVersion 0 is any.
// order.ErrNotFound, order.ErrConflict, *order.TransitionError.
func (s *Service) SendBack(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor, reason string, ifVersion int64) (order.Order, error) {
	return s.takeAway(ctx, tenant, orderID, ifVersion, order.Event{Type: order.EventDeliveryFailed, Actor: actor, Fault: string(actor.Kind), Reason: reason})
}

// takeAway applies an event by somebody else than the order's rider that ends an open offer, or changes the rider's stops.
func (s *Service) takeAway(ctx context.Context, tenant id.Tenant, orderID id.Order, ifVersion int64, e order.Event) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		before, plans, err := t.lockWithPlans(ctx, orderID)
		if err != nil {
			return err
		}
		if ifVersion != 0 && before.Version != ifVersion {
			return order.ErrConflict
		}
		o, _, err = t.take(ctx, before, plans, e)
		return err
	})
	return o, err
}

// take is takeAway for an order that is locked, with the plans that it may be on. repeated: it was so already.
func (t *txn) take(ctx context.Context, before order.Order, plans map[id.Rider]rider.Plan, e order.Event) (o order.Order, repeated bool, err error) {
	if before.State == order.Offered {
		if err := t.withdraw(ctx, before, e.Actor); err != nil {
			return o, false, err
		}
	}
	e.At, e.Rider = t.now, before.Rider
	if o, repeated, err = order.Apply(ctx, t, t.tenant, before.ID, e); err != nil || repeated {
		return o, repeated, err
	}
	if err := t.leavePlan(ctx, plans, before.Rider, o, e.Type); err != nil {
		return o, false, err
	}
	if err := t.leaveHandover(ctx, o, e.Type, plans); err != nil {
		return o, false, err
	}
	if err := ledger.EndOrder(ctx, t, t.tenant, o); err != nil {
		return o, false, err
	}
	t.touch(touched(o, true, before.Rider))
	if e.Actor.Kind != order.ActorRider { // who knows
		t.wakeFor(before.Rider, rider.NoticePlan)
	}
	return o, false, nil
}

// lockWithPlans locks the plan of the order's rider (and of the others named), then the offer that holds the order, then
// the order itself. errMoved where it changed hands between the first look and the locks: the transaction begins again.
func (t *txn) lockWithPlans(ctx context.Context, orderID id.Order, others ...id.Rider) (order.Order, map[id.Rider]rider.Plan, error) {
	o, err := order.Get(ctx, t, t.tenant, orderID)
	if err != nil {
		return o, nil, err
	}
	locked, plans, err := t.lockAll(ctx, []order.Order{o}, others...)
	if err != nil {
		return o, nil, err
	}
	return locked[0], plans, nil
}

// lockAll is lockWithPlans for orders as they were just seen; the answer is parallel to them.
func (t *txn) lockAll(ctx context.Context, seen []order.Order, others ...id.Rider) ([]order.Order, map[id.Rider]rider.Plan, error) {
	riders := others
	ids := make([]id.Order, len(seen))
	var offers []id.Offer
	for i, o := range seen {
		ids[i] = o.ID
		if !o.Rider.IsZero() && !o.State.Ended() && !slices.Contains(riders, o.Rider) {
			riders = append(riders, o.Rider)
		}
		if !o.Offer.IsZero() && !slices.Contains(offers, o.Offer) {
			offers = append(offers, o.Offer)
		}
	}
	takers, err := t.takersOf(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	plans, err := rider.LockPlans(ctx, t, t.tenant, append(slices.Clip(riders), takers...))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(offers, func(a, b id.Offer) int { return slices.Compare(a[:], b[:]) })
	for _, offer := range offers {
		if _, err := rider.LockOffer(ctx, t, t.tenant, offer); err != nil {
			return nil, nil, err
		}
	}
	rows, err := order.Lock(ctx, t, t.tenant, ids)
	if err != nil {
		return nil, nil, err
	}
	locked := make([]order.Order, 0, len(seen))
	for _, o := range seen {
		at := slices.IndexFunc(rows, func(x order.Order) bool { return x.ID == o.ID })
		if at < 0 || rows[at].Rider != o.Rider || rows[at].Offer != o.Offer {
			return nil, nil, errMoved
		}
		locked = append(locked, rows[at])
	}
	return locked, plans, nil
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
