package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// AcceptHandover says yes and returns the taker's plan: with the orders, or where they are on board, with the way to the giver. Accepting twice is
// one act (already = true).
// rider.ErrHandoverNotFound (also for who is not the taker), *HandoverClosedError, *CannotHandOverError (since it was proposed, a part was picked up),
// rider.ErrOffShift, *CannotAssignError, ErrTooOld.
func (s *Service) AcceptHandover(ctx context.Context, tenant id.Tenant, who id.Rider, handover id.Handover, a Action) (plan rider.Plan, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if plan, already, err = s.agree(ctx, t, who, handover, a); err != nil || already {
			return err
		}
		return t.keep(ctx, who, a, ActAcceptHandover, handover.UUID(), order.Order{})
	})
	return plan, already, err
}

// agree is AcceptHandover within a transaction.
func (s *Service) agree(ctx context.Context, t *txn, who id.Rider, handover id.Handover, a Action) (plan rider.Plan, already bool, err error) {
	h, list, plans, err := t.lockHandover(ctx, handover)
	switch {
	case err != nil:
		return plan, false, err
	case h.Taker != who:
		return plan, false, rider.ErrHandoverNotFound
	case h.State == rider.HandoverDone, h.State == rider.HandoverAccepted:
		return plans[who], true, nil
	case h.State != rider.HandoverOpen:
		return plan, false, &HandoverClosedError{h.ID, h.State}
	case h.ExpiresAt.Before(t.now): // the zone's next round closes it
		return plan, false, &HandoverClosedError{h.ID, rider.HandoverExpired}
	}
	if a.Recorded {
		a.At = a.happened(h.MadeAt, t.now)
	}
	move := ofRider(list, h.Giver)
	aboard, err := mayHandOver(list, h.Giver)
	if err != nil {
		return plan, false, err
	}
	plan, meeting, err := s.takerPlan(ctx, t, h, move, aboard, plans[who])
	if err != nil {
		return plan, false, err
	}
	h.AnsweredAt = &t.now
	t.wakeFor(h.Giver, rider.NoticePlan)
	if meeting != nil {
		return plan, false, t.arrange(ctx, h, *meeting, plans[h.Giver], &plan)
	}
	return plan, false, t.handOver(ctx, h, list, plans[h.Giver], &plan, a)
}

// lockHandover locks a handover with its riders' plans and with its orders and what their jobs keep together. rider.ErrHandoverNotFound.
func (t *txn) lockHandover(ctx context.Context, handover id.Handover) (h rider.Handover, list []order.Order, plans map[id.Rider]rider.Plan, err error) {
	before, err := rider.GetHandover(ctx, t, t.tenant, handover)
	if err != nil {
		return h, nil, nil, err
	}
	left, over := before.Left, errMoved // where a part of it went elsewhere at this moment
	if before.EndReason == rider.NotMet {
		left, over = before.Orders, nil // they may have met after all
	}
	var seen []order.Order
	if len(left) > 0 {
		_, seen, err = t.given(ctx, before.Giver, left)
		if errors.Is(err, order.ErrNotFound) {
			seen, err = nil, over
		}
		if err != nil {
			return h, nil, nil, err
		}
	}
	if list, plans, err = t.lockAll(ctx, seen, before.Giver, before.Taker); err != nil {
		return h, nil, nil, err
	}
	if h, err = rider.LockHandover(ctx, t, t.tenant, handover); err == nil && !slices.Equal(h.Left, before.Left) {
		err = errMoved
	}
	return h, list, plans, err
}

// handOver moves locked orders, none of them picked up, to the taker's plan, which has their stops already.
func (t *txn) handOver(ctx context.Context, h rider.Handover, list []order.Order, giver rider.Plan, plan *rider.Plan, a Action) error {
	move := ofRider(list, h.Giver)
	var late []order.Order // joined the job since
	for _, o := range move {
		giver = giver.Without(o.ID)
		if !slices.Contains(h.Orders, o.ID) {
			late = append(late, o)
		}
	}
	if err := t.tellPay(ctx, late, h.Taker); err != nil {
		return err
	}
	for _, o := range list { // what the giver is being asked to bring along
		if o.State == order.Offered {
			if err := t.withdraw(ctx, o, order.System); err != nil {
				return err
			}
		}
	}
	e := a.event(order.EventHandedOver, h.Taker, t.now)
	e.From, e.Reason = h.Giver, h.Reason
	if err := t.applyAll(ctx, idsOf(move), e); err != nil {
		return err
	}
	giver.Zone = h.Zone
	if err := t.savePlans(ctx, &giver, plan); err != nil {
		return err
	}
	t.touch(changes{zone: h.Zone, orders: idsOf(move), wake: true})
	return t.endHandover(ctx, h, rider.HandoverDone, "")
}

func (t *txn) savePlans(ctx context.Context, plans ...*rider.Plan) error {
	for _, p := range plans {
		if err := t.savePlan(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// endHandover closes a locked handover.
func (t *txn) endHandover(ctx context.Context, h rider.Handover, state rider.HandoverState, reason string) error {
	t.touch(changes{zone: h.Zone, orders: h.Left, riders: []id.Rider{h.Giver, h.Taker}})
	h.State, h.EndReason, h.EndedAt, h.Left = state, reason, &t.now, nil
	return rider.SaveHandover(ctx, t, t.tenant, h)
}

// DeclineHandover says no: the orders stay with the giver, who is told. Declining twice is one act (already = true).
// rider.ErrHandoverNotFound, *HandoverClosedError, ErrTooOld.
func (s *Service) DeclineHandover(ctx context.Context, tenant id.Tenant, who id.Rider, handover id.Handover, a Action) (already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		h, err := rider.LockHandover(ctx, t, tenant, handover)
		if err != nil {
			return err
		}
		switch already = false; {
		case h.Taker != who:
			return rider.ErrHandoverNotFound
		case h.State == rider.HandoverDeclined:
			already = true
			return nil
		case h.State != rider.HandoverOpen:
			return &HandoverClosedError{h.ID, h.State}
		}
		h.AnsweredAt = &t.now
		t.wakeFor(h.Giver, rider.NoticeHandoverRefused)
		if err := t.endHandover(ctx, h, rider.HandoverDeclined, a.Reason); err != nil {
			return err
		}
		return t.keep(ctx, who, a, ActDeclineHandover, handover.UUID(), order.Order{})
	})
	return already, err
}

// CancelHandover calls a handover off: by its giver, by a dispatcher, or, once agreed, by its taker. The orders stay the giver's. Doing it twice is one act.
// rider.ErrHandoverNotFound (also for other riders'), *HandoverClosedError.
func (s *Service) CancelHandover(ctx context.Context, tenant id.Tenant, handover id.Handover, by order.Actor, reason string) (h rider.Handover, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		var list []order.Order
		var plans map[id.Rider]rider.Plan
		if h, list, plans, err = t.lockHandover(ctx, handover); err != nil {
			return err
		}
		mine := by.ID == h.Giver.UUID() || by.ID == h.Taker.UUID() && h.State != rider.HandoverOpen
		switch {
		case by.Kind == order.ActorRider && !mine:
			return rider.ErrHandoverNotFound
		case h.State == rider.HandoverCancelled:
			return nil
		case !h.State.Live():
			return &HandoverClosedError{h.ID, h.State}
		}
		if err := t.callOff(ctx, h, list, plans, rider.HandoverCancelled, reason); err != nil {
			return err
		}
		h, err = rider.GetHandover(ctx, t, tenant, handover)
		return err
	})
	return h, err
}

// SeenHandover notes when the taker first saw what is asked. rider.ErrHandoverNotFound.
func (s *Service) SeenHandover(ctx context.Context, tenant id.Tenant, who id.Rider, handover id.Handover, a Action) error {
	return s.tx(ctx, tenant, func(t *txn) error {
		return rider.MarkHandoverSeen(ctx, t, tenant, who, handover, a.happened(time.Time{}, t.now))
	})
}

// expireHandovers closes a zone's open handovers whose time is up, and tells their givers.
func (t *txn) expireHandovers(ctx context.Context, zone id.Zone) error {
	over, err := rider.ExpireHandovers(ctx, t, t.tenant, zone, t.now)
	for _, h := range over {
		t.touch(changes{zone: zone, orders: h.Left, riders: []id.Rider{h.Giver, h.Taker}})
		t.wakeFor(h.Giver, rider.NoticeHandoverRefused)
	}
	return err
}
