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

// arrange puts the meeting into both locked plans. The giver goes there next, after the stop that is being served; the taker's plan has it already.
func (t *txn) arrange(ctx context.Context, h rider.Handover, m Meeting, giver rider.Plan, plan *rider.Plan) error {
	orders, err := order.GetMany(ctx, t, t.tenant, giver.Orders())
	if err != nil {
		return err
	}
	serving := func(st rider.Stop) bool {
		return slices.ContainsFunc(orders, func(o order.Order) bool {
			return o.ID == st.Order && (o.State == order.AtDoor || o.State == order.AtStore && st.Kind == rider.Pickup)
		})
	}
	var first, then []rider.Stop
	for _, st := range giver.Stops {
		switch {
		case slices.Contains(h.Left, st.Order):
		case len(then) == 0 && serving(st):
			first = append(first, st)
		default:
			then = append(then, st)
		}
	}
	for _, o := range h.Left {
		first = append(first, rider.Stop{
			Order: o, Kind: rider.HandOver, At: m.At, ArriveAt: m.From, DepartAt: m.From.Add(meetService * time.Second), Handover: h.ID, With: h.Taker,
		})
	}
	policy, err := PolicyOf(ctx, t, t.tenant, h.Zone)
	if err != nil {
		return err
	}
	giver.Zone, giver.Stops = h.Zone, append(first, then...)
	if err := t.savePlans(ctx, &giver, plan); err != nil {
		return err
	}
	t.touch(changes{zone: h.Zone, orders: h.Left, riders: []id.Rider{h.Giver, h.Taker}})
	h.State, h.Meet, h.MeetAt, h.MeetBy = rider.HandoverAccepted, &m.At, &m.From, policy.MeetBy(m.From)
	return rider.SaveHandover(ctx, t, t.tenant, h)
}

// TakeOver is the taker's word that the orders of an accepted handover are on board: from then on they are the taker's. Saying it twice is one act
// (already = true).
// rider.ErrHandoverNotFound (also for who is not the taker), *HandoverClosedError, ErrTooOld.
func (s *Service) TakeOver(ctx context.Context, tenant id.Tenant, who id.Rider, handover id.Handover, a Action) (plan rider.Plan, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if plan, already, err = t.takeOver(ctx, who, handover, a); err != nil || already {
			return err
		}
		return t.keep(ctx, who, a, ActTakeOver, handover.UUID(), order.Order{})
	})
	return plan, already, err
}

// takeOver is TakeOver within a transaction.
func (t *txn) takeOver(ctx context.Context, who id.Rider, handover id.Handover, a Action) (plan rider.Plan, already bool, err error) {
	h, list, plans, err := t.lockHandover(ctx, handover)
	plan = plans[who]
	switch {
	case err != nil:
		return plan, false, err
	case h.Taker != who:
		return plan, false, rider.ErrHandoverNotFound
	case h.State == rider.HandoverDone:
		return plan, true, nil
	case h.State == rider.HandoverExpired && a.Recorded:
		if h.Left, err = t.metInTime(ctx, h, list, a); err != nil {
			return plan, false, err
		}
		plan = withDoors(plan, h, list, t.now)
	case h.State != rider.HandoverAccepted:
		return plan, false, &HandoverClosedError{h.ID, h.State}
	}
	e := a.event(order.EventTakenOver, who, t.now)
	e.From, e.Reason = h.Giver, h.Reason
	if err := t.applyAll(ctx, h.Left, e); err != nil {
		return plan, false, err
	}
	giver := plans[h.Giver]
	for _, o := range h.Left {
		giver, plan = giver.Without(o), plan.Without(o, rider.TakeOver)
	}
	if err := t.savePlans(ctx, &giver, &plan); err != nil {
		return plan, false, err
	}
	t.wakeFor(h.Giver, rider.NoticePlan)
	return plan, false, t.endHandover(ctx, h, rider.HandoverDone, "")
}

// metInTime are the orders of an expired handover that its taker took over before it was, as is known only now. The giver has not brought them since, nor is
// anybody else to have them: else *HandoverClosedError.
func (t *txn) metInTime(ctx context.Context, h rider.Handover, list []order.Order, a Action) ([]id.Order, error) {
	closed := &HandoverClosedError{h.ID, h.State}
	if h.EndReason != rider.NotMet || a.At.After(*h.EndedAt) {
		return nil, closed
	}
	for _, o := range h.Orders {
		if !slices.ContainsFunc(list, func(x order.Order) bool { return x.ID == o && x.Rider == h.Giver && x.State == order.PickedUp }) {
			return nil, closed
		}
	}
	live, err := rider.LiveHandovers(ctx, t, t.tenant, h.Orders)
	if err == nil && len(live) > 0 {
		err = closed
	}
	return h.Orders, err
}

// withDoors is a taker's plan with the doors of orders that are on board, after all else.
func withDoors(plan rider.Plan, h rider.Handover, list []order.Order, now time.Time) rider.Plan {
	plan.Rider, plan.Zone, plan.Stops = h.Taker, h.Zone, slices.Clone(plan.Stops)
	for _, o := range list {
		if slices.Contains(h.Orders, o.ID) {
			plan.Stops = append(plan.Stops, toDoor(rider.Stop{Order: o.ID, ArriveAt: now, DepartAt: now}, o))
		}
	}
	return plan
}

// takeOverFirst does what a recorded step with an order implies that a colleague was to hand over: the yes where it is still open, as with an offer, and
// that the order is on board where the two were to meet. Both may arrive later, and then are known already. What can't be is left to the step.
func (s *Service) takeOverFirst(ctx context.Context, t *txn, who id.Rider, orderID id.Order, a Action) error {
	live, err := rider.LiveHandovers(ctx, t, t.tenant, []id.Order{orderID})
	if err != nil || len(live) == 0 || live[0].Taker != who {
		return err
	}
	h := live[0]
	if h.State == rider.HandoverOpen {
		_, _, err = s.agree(ctx, t, who, h.ID, Action{At: h.MadeAt, Recorded: true})
		var closed *HandoverClosedError
		if errors.As(err, &closed) {
			return nil
		}
		if err != nil {
			return err
		}
		if h, err = rider.GetHandover(ctx, t, t.tenant, h.ID); err != nil {
			return err
		}
	}
	if h.State != rider.HandoverAccepted {
		return nil
	}
	_, _, err = t.takeOver(ctx, who, h.ID, Action{At: a.At, Recorded: true})
	return err
}
