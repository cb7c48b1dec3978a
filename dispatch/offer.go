package dispatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// OfferClosedError refuses an answer to an offer that is no longer open.
type OfferClosedError struct {
	Offer id.Offer
	State rider.OfferState
}

func (e *OfferClosedError) Error() string {
	return fmt.Sprintf("offer %s is %s", e.Offer, e.State)
}

// AcceptOffer gives the offer's orders to the rider and returns the new plan. Accepting twice is one act.
// rider.ErrOfferNotFound, *OfferClosedError, ErrTooOld.
func (s *Service) AcceptOffer(ctx context.Context, tenant id.Tenant, who id.Rider, offerID id.Offer, a Action) (rider.Plan, error) {
	plan, _, err := s.acceptOffer(ctx, tenant, who, offerID, a)
	return plan, err
}

// acceptOffer is AcceptOffer that tells whether the rider had accepted already.
func (s *Service) acceptOffer(ctx context.Context, tenant id.Tenant, who id.Rider, offerID id.Offer, a Action) (plan rider.Plan, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		var err error
		if plan, err = rider.LockPlan(ctx, t, tenant, who); err != nil {
			return err
		}
		offer, err := rider.LockOffer(ctx, t, tenant, offerID)
		if err != nil {
			return err
		}
		if already, err = t.accept(ctx, who, &plan, offer, a); err != nil || already {
			return err
		}
		return t.keep(ctx, who, a, ActAcceptOffer, offerID.UUID(), order.Order{})
	})
	return plan, already, err
}

// accept gives a locked offer's orders to the rider, whose locked plan it extends.
func (t *txn) accept(ctx context.Context, who id.Rider, plan *rider.Plan, offer rider.Offer, a Action) (already bool, err error) {
	switch {
	case offer.Rider != who:
		return false, rider.ErrOfferNotFound
	case offer.State == rider.OfferAccepted:
		return true, nil
	case offer.State != rider.OfferOpen:
		return false, &OfferClosedError{offer.ID, offer.State}
	case offer.ExpiresAt.Before(t.now):
		// The zone's next round closes it; until then it is as good as closed.
		return false, &OfferClosedError{offer.ID, rider.OfferExpired}
	}
	if a.Recorded {
		a.At = a.happened(offer.MadeAt, t.now)
	}
	if _, err := rider.CloseOffers(ctx, t, t.tenant, []id.Offer{offer.ID}, rider.OfferAccepted, "", t.now); err != nil {
		return false, err
	}
	e := a.event(order.EventOfferAccepted, who, t.now)
	e.Offer = offer.ID
	if err := t.applyAll(ctx, offer.Orders, e); err != nil {
		return false, err
	}
	if _, err := rider.EndBreak(ctx, t, t.tenant, who, t.now); err != nil && !errors.Is(err, rider.ErrOffShift) {
		return false, err // the offer was made just before the break: who takes it is back
	}
	plan.Zone = offer.Zone
	plan.Stops = rider.Merge(plan.Stops, offer.Stops, offer.Orders)
	if err := t.savePlan(ctx, plan); err != nil {
		return false, err
	}
	t.touch(changes{zone: offer.Zone, orders: offer.Orders, riders: []id.Rider{who}})
	return false, nil
}

// DeclineOffer puts the offer's orders back into the queue, where this rider will not be asked for them again.
// Declining twice is one act. rider.ErrOfferNotFound, *OfferClosedError, ErrTooOld.
func (s *Service) DeclineOffer(ctx context.Context, tenant id.Tenant, who id.Rider, offerID id.Offer, a Action) error {
	_, err := s.declineOffer(ctx, tenant, who, offerID, a)
	return err
}

// declineOffer is DeclineOffer that tells whether the rider had declined already.
func (s *Service) declineOffer(ctx context.Context, tenant id.Tenant, who id.Rider, offerID id.Offer, a Action) (already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		offer, err := rider.LockOffer(ctx, t, tenant, offerID)
		if err != nil {
			return err
		}
		switch already = false; {
		case offer.Rider != who:
			return rider.ErrOfferNotFound
		case offer.State == rider.OfferDeclined:
			already = true
			return nil
		case offer.State != rider.OfferOpen:
			return &OfferClosedError{offer.ID, offer.State}
		}
		if err := t.closeOffer(ctx, offer, rider.OfferDeclined, a.event(order.EventOfferDeclined, who, t.now)); err != nil {
			return err
		}
		return t.keep(ctx, who, a, ActDeclineOffer, offerID.UUID(), order.Order{})
	})
	return already, err
}

// SeenOffer notes when the rider first saw the offer. rider.ErrOfferNotFound, ErrTooOld.
func (s *Service) SeenOffer(ctx context.Context, tenant id.Tenant, who id.Rider, offerID id.Offer, a Action) error {
	return s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if err := rider.MarkSeen(ctx, t, tenant, who, offerID, a.happened(time.Time{}, t.now)); err != nil {
			return err
		}
		return t.keep(ctx, who, a, ActSeeOffer, offerID.UUID(), order.Order{})
	})
}

// expireOffers closes a zone's offers whose time is up and frees their orders, all in one go.
func (t *txn) expireOffers(ctx context.Context, zone id.Zone) error {
	expired, err := rider.ExpiredOffers(ctx, t, t.tenant, zone, t.now)
	if err != nil || len(expired) == 0 {
		return err
	}
	ids := make([]id.Offer, len(expired))
	for i, offer := range expired {
		ids[i] = offer.ID
	}
	closed, err := rider.CloseOffers(ctx, t, t.tenant, ids, rider.OfferExpired, "", t.now)
	if err != nil || len(closed) == 0 {
		return err
	}
	var events []order.Change
	c := changes{zone: zone, wake: true}
	for _, offer := range closed {
		c.riders = append(c.riders, offer.Rider)
		c.orders = append(c.orders, offer.Orders...)
		for _, o := range offer.Orders {
			events = append(events, order.Change{Order: o, Event: order.Event{
				Type: order.EventOfferExpired, At: t.now, Actor: order.System, Rider: offer.Rider, Offer: offer.ID,
			}})
		}
	}
	t.touch(c)
	return t.apply(ctx, events)
}

// closeOffer ends an open offer without acceptance: its orders go back to pending with the event.
func (t *txn) closeOffer(ctx context.Context, offer rider.Offer, state rider.OfferState, e order.Event) error {
	closed, err := rider.CloseOffers(ctx, t, t.tenant, []id.Offer{offer.ID}, state, e.Reason, t.now)
	if err != nil || len(closed) == 0 { // somebody else closed it first and freed the orders
		return err
	}
	e.Offer = offer.ID
	if err := t.applyAll(ctx, offer.Orders, e); err != nil {
		return err
	}
	t.touch(changes{zone: offer.Zone, orders: offer.Orders, riders: []id.Rider{offer.Rider}, wake: true})
	return nil
}

// applyAll applies one event to several orders; each must take it.
func (t *txn) applyAll(ctx context.Context, orders []id.Order, e order.Event) error {
	cs := make([]order.Change, len(orders))
	for i, o := range orders {
		cs[i] = order.Change{Order: o, Event: e}
	}
	return t.apply(ctx, cs)
}

// apply applies changes; the first that can't be made fails them all.
func (t *txn) apply(ctx context.Context, cs []order.Change) error {
	outcomes, err := order.ApplyAll(ctx, t, t.tenant, cs)
	if err != nil {
		return err
	}
	for i, out := range outcomes {
		if out.Err != nil {
			return fmt.Errorf("order %s: %w", cs[i].Order, out.Err)
		}
	}
	return nil
}

// savePlan stores a changed plan under its next version.
func (t *txn) savePlan(ctx context.Context, p *rider.Plan) error {
	p.Version++
	p.UpdatedAt = t.now
	t.emptied(p)
	return rider.SavePlans(ctx, t, t.tenant, t.now, []rider.Plan{*p})
}
