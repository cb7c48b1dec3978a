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

// AcceptHandover gives the handover's orders to its taker and returns the taker's plan. Accepting twice is one act (already = true).
// rider.ErrHandoverNotFound (also for who is not the taker), *HandoverClosedError, rider.ErrOffShift, *CannotAssignError, ErrTooOld.
func (s *Service) AcceptHandover(ctx context.Context, tenant id.Tenant, who id.Rider, handover id.Handover, a Action) (plan rider.Plan, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		h, list, plans, err := t.lockHandover(ctx, handover)
		if err != nil {
			return err
		}
		plan = plans[who]
		switch already = false; {
		case h.Taker != who:
			return rider.ErrHandoverNotFound
		case h.State == rider.HandoverDone, h.State == rider.HandoverAccepted:
			already = true
			return nil
		case h.State != rider.HandoverOpen:
			return &HandoverClosedError{h.ID, h.State}
		case h.ExpiresAt.Before(t.now): // the zone's next round closes it
			return &HandoverClosedError{h.ID, rider.HandoverExpired}
		}
		if a.Recorded {
			a.At = a.happened(h.MadeAt, t.now)
		}
		if plan, err = s.handOver(ctx, t, h, list, plans, a); err != nil {
			return err
		}
		return t.keep(ctx, who, a, ActAcceptHandover, handover.UUID(), order.Order{})
	})
	return plan, already, err
}

// lockHandover locks a handover with its riders' plans and with its orders and what their jobs keep together. rider.ErrHandoverNotFound.
func (t *txn) lockHandover(ctx context.Context, handover id.Handover) (h rider.Handover, list []order.Order, plans map[id.Rider]rider.Plan, err error) {
	before, err := rider.GetHandover(ctx, t, t.tenant, handover)
	if err != nil {
		return h, nil, nil, err
	}
	var seen []order.Order
	if len(before.Left) > 0 {
		_, seen, err = t.given(ctx, before.Giver, before.Left)
		if errors.Is(err, order.ErrNotFound) { // a part of it went elsewhere at this moment
			err = errMoved
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

// handOver moves locked orders, none of them picked up, to the taker's plan.
func (s *Service) handOver(ctx context.Context, t *txn, h rider.Handover, list []order.Order, plans map[id.Rider]rider.Plan, a Action) (rider.Plan, error) {
	giver, move := plans[h.Giver], ofRider(list, h.Giver)
	if err := mayHandOver(move); err != nil {
		return rider.Plan{}, err
	}
	plan, err := s.takerPlan(ctx, t, move, plans[h.Taker], h.Taker)
	if err != nil {
		return plan, err
	}
	var late []order.Order // joined the job since
	for _, o := range move {
		giver = giver.Without(o.ID)
		if !slices.Contains(h.Orders, o.ID) {
			late = append(late, o)
		}
	}
	if err := t.tellPay(ctx, late, h.Taker); err != nil {
		return plan, err
	}
	for _, o := range list { // what the giver is being asked to bring along
		if o.State == order.Offered {
			if err := t.withdraw(ctx, o, order.System); err != nil {
				return plan, err
			}
		}
	}
	e := a.event(order.EventHandedOver, h.Taker, t.now)
	e.From, e.Reason = h.Giver, h.Reason
	if err := t.applyAll(ctx, idsOf(move), e); err != nil {
		return plan, err
	}
	giver.Zone = h.Zone
	for _, p := range []*rider.Plan{&giver, &plan} {
		if err := t.savePlan(ctx, p); err != nil {
			return plan, err
		}
	}
	t.touch(changes{zone: h.Zone, orders: idsOf(move), riders: []id.Rider{h.Giver, h.Taker}, wake: true})
	t.wakeFor(h.Giver, rider.NoticePlan)
	h.AnsweredAt = &t.now
	return plan, t.endHandover(ctx, h, rider.HandoverDone, "")
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

// CancelHandover calls an open handover off, by its giver or by a dispatcher. Doing it twice is one act.
// rider.ErrHandoverNotFound (also for other riders'), *HandoverClosedError.
func (s *Service) CancelHandover(ctx context.Context, tenant id.Tenant, handover id.Handover, by order.Actor, reason string) (h rider.Handover, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if h, err = rider.LockHandover(ctx, t, tenant, handover); err != nil {
			return err
		}
		switch {
		case by.Kind == order.ActorRider && by.ID != h.Giver.UUID():
			return rider.ErrHandoverNotFound
		case h.State == rider.HandoverCancelled:
			return nil
		case h.State != rider.HandoverOpen:
			return &HandoverClosedError{h.ID, h.State}
		}
		if err := t.endHandover(ctx, h, rider.HandoverCancelled, reason); err != nil {
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

// leavesHandover are the events after which an order waits for no other rider any more.
var leavesHandover = []order.EventType{
	order.EventArrivedAtDoor, order.EventDelivered, order.EventDeliveryFailed, order.EventReturned, order.EventCancelled, order.EventUnassigned,
}

// leaveHandover takes an order out of the handover in which it waits, after an event that has come in between. One that has none left is overtaken.
func (t *txn) leaveHandover(ctx context.Context, o order.Order, after order.EventType) error {
	if !slices.Contains(leavesHandover, after) {
		return nil
	}
	live, err := rider.LiveHandovers(ctx, t, t.tenant, []id.Order{o.ID})
	if err != nil || len(live) == 0 {
		return err
	}
	h, err := rider.LockHandover(ctx, t, t.tenant, live[0].ID)
	if err != nil || !slices.Contains(h.Left, o.ID) {
		return err
	}
	if len(h.Left) == 1 {
		return t.endHandover(ctx, h, rider.HandoverOvertaken, string(after))
	}
	h.Left = slices.DeleteFunc(h.Left, func(x id.Order) bool { return x == o.ID })
	t.touch(changes{zone: h.Zone, riders: []id.Rider{h.Giver, h.Taker}})
	return rider.SaveHandover(ctx, t, t.tenant, h)
}
