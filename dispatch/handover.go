package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// A handover is orders that one rider gives to another, who agrees:
//
//   - The giver, or a dispatcher, proposes it (ProposeHandover). Nothing changes before the taker says yes.
//   - The taker answers in time or not at all (AcceptHandover, DeclineHandover); who proposed it, or gives, may call it off (CancelHandover).
//   - With the yes the orders are the taker's, in one step: handed_over. They never wait for a rider in between.
//   - An order that ends, or goes elsewhere, leaves its handover (leaveHandover). One without orders is overtaken.
//   - A job goes as a whole, as whenever somebody moves one of its orders.
//   - Who brings an order earns it: the taker is told what when asked, the giver earns nothing by it.
//
// The giver's plan is locked by all that changes an accepted handover or gives orders away, so of acts at the same moment one comes first.

// Proposal is what somebody wants one rider to take over from another.
type Proposal struct {
	Giver  id.Rider // who has the orders; zero where a dispatcher asks
	Taker  id.Rider
	Orders []id.Order
	Meet   *geo.LatLng // where to meet, of what is on board; nil: where the giver is
	Reason string
	Actor  order.Actor
	Action uuid.UUID // the same act twice is one
}

// CannotHandOverError says in a stable word why orders can't be handed over.
type CannotHandOverError struct{ Reason string }

// Reasons why orders can't be handed over.
const (
	ReasonHandoverOff = "off"        // the zone's policy
	ReasonSameRider   = "same_rider" // to the rider who has them
	ReasonOnBoard     = "on_board"
	ReasonAtDoor      = "at_door"
	ReasonGoesBack    = "returning"
)

func (e *CannotHandOverError) Error() string { return "the orders can't be handed over: " + e.Reason }

// ReasonOtherZone is why a rider can't take an order: the shift is in another zone.
const ReasonOtherZone = "other_zone"

// HandoverClosedError refuses an answer to a handover that does not wait for it.
type HandoverClosedError struct {
	Handover id.Handover
	State    rider.HandoverState
}

func (e *HandoverClosedError) Error() string {
	return fmt.Sprintf("handover %s is %s", e.Handover, e.State)
}

// ProposeHandover asks a rider to take orders over from the one who has them, and with them what else of their jobs that rider has. The same act
// again is answered with what it proposed (already = true).
// order.ErrNotFound (also for another rider's orders), *order.TransitionError, *CannotHandOverError, rider.ErrInHandover, rider.ErrOffShift (the
// taker), *CannotAssignError (what keeps the taker from it).
func (s *Service) ProposeHandover(ctx context.Context, tenant id.Tenant, p Proposal) (h rider.Handover, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		h, err = rider.HandoverOfAction(ctx, t, tenant, p.Actor.ID, p.Action)
		if already = err == nil; !errors.Is(err, rider.ErrHandoverNotFound) {
			return err
		}
		giver, seen, err := t.given(ctx, p.Giver, p.Orders)
		if err != nil {
			return err
		}
		locked, plans, err := t.lockAll(ctx, seen, giver, p.Taker)
		if err != nil {
			return err
		}
		list := ofRider(locked, giver)
		policy, err := PolicyOf(ctx, t, tenant, list[0].Zone)
		if err != nil {
			return err
		}
		switch err := mayHandOver(list); {
		case policy.HandoverS == 0:
			return &CannotHandOverError{ReasonHandoverOff}
		case giver == p.Taker:
			return &CannotHandOverError{ReasonSameRider}
		case err != nil:
			return err
		}
		plan, err := s.takerPlan(ctx, t, list, plans[p.Taker], p.Taker)
		if err != nil {
			return err
		}
		h = rider.Handover{
			ID: id.NewHandover(), Zone: list[0].Zone, Giver: giver, Taker: p.Taker, Orders: idsOf(list), Left: idsOf(list), State: rider.HandoverOpen,
			ByStaff: p.Actor.Kind == order.ActorDispatcher, By: p.Actor.ID, Action: p.Action, Reason: p.Reason, Stops: plan.Stops,
			MadeAt: t.now, ExpiresAt: t.now.Add(policy.HandoverTTL()),
		}
		if err := t.tellPay(ctx, list, p.Taker); err != nil {
			return err
		}
		t.touch(changes{zone: h.Zone, orders: h.Orders, riders: []id.Rider{giver, p.Taker}})
		t.notices = append(t.notices, rider.Notice{Rider: p.Taker, Kind: rider.NoticeHandover, Handover: h.ID, ExpiresAt: h.ExpiresAt})
		return rider.AddHandover(ctx, t, tenant, h)
	})
	return h, already, err
}

// given reads orders of one rider (zero: of whoever has the first), with what their jobs keep together. order.ErrNotFound.
func (t *txn) given(ctx context.Context, giver id.Rider, ids []id.Order) (id.Rider, []order.Order, error) {
	seen, err := order.GetMany(ctx, t, t.tenant, ids)
	if err != nil {
		return giver, nil, err
	}
	if giver.IsZero() && len(seen) > 0 {
		giver = seen[0].Rider
	}
	var jobs []id.Job
	for _, o := range ids {
		at := slices.IndexFunc(seen, func(x order.Order) bool { return x.ID == o && x.Rider == giver })
		if at < 0 || giver.IsZero() {
			return giver, nil, order.ErrNotFound
		}
		if job := seen[at].Job; !job.IsZero() && !slices.Contains(jobs, job) {
			jobs = append(jobs, job)
		}
	}
	if len(jobs) == 0 {
		return giver, seen, nil
	}
	of, err := order.OfJobs(ctx, t, t.tenant, jobs)
	if err != nil {
		return giver, nil, err
	}
	for _, job := range jobs {
		for _, x := range of[job] {
			if binds(x) && !slices.ContainsFunc(seen, func(o order.Order) bool { return o.ID == x.ID }) {
				seen = append(seen, x)
			}
		}
	}
	return giver, seen, nil
}

// ofRider are those of the orders that a rider has.
func ofRider(list []order.Order, who id.Rider) []order.Order {
	return slices.DeleteFunc(slices.Clone(list), func(o order.Order) bool { return o.Rider != who })
}

func idsOf(list []order.Order) []id.Order {
	out := make([]id.Order, len(list))
	for i, o := range list {
		out[i] = o.ID
	}
	return out
}

// mayHandOver refuses what is not before its pickup.
func mayHandOver(list []order.Order) error {
	for _, o := range list {
		switch o.State {
		case order.Assigned, order.AtStore:
		case order.PickedUp:
			return &CannotHandOverError{ReasonOnBoard}
		case order.AtDoor:
			return &CannotHandOverError{ReasonAtDoor}
		case order.Returning:
			return &CannotHandOverError{ReasonGoesBack}
		default:
			return &order.TransitionError{Order: o.ID, State: o.State, Event: order.EventHandedOver, Allowed: o.State.Allowed()}
		}
	}
	return nil
}

// takerPlan is the taker's locked plan with more orders. rider.ErrOffShift, *CannotAssignError.
func (s *Service) takerPlan(ctx context.Context, t *txn, list []order.Order, plan rider.Plan, taker id.Rider) (rider.Plan, error) {
	shift, err := rider.OnShiftOf(ctx, t, t.tenant, taker)
	if err != nil {
		return plan, err
	}
	if shift.Shift.Zone != list[0].Zone {
		return plan, &CannotAssignError{Rider: taker, Order: list[0].ID, Reason: ReasonOtherZone}
	}
	plan.Rider, plan.Zone = taker, list[0].Zone
	plan.Stops, err = s.insert(ctx, t, list, plan)
	return plan, err
}

// tellPay fixes what a rider earns by orders that are asked about or given now.
func (t *txn) tellPay(ctx context.Context, list []order.Order, who id.Rider) error {
	told := make([]ledger.Told, len(list))
	for i, o := range list {
		told[i] = ledger.Told{Order: o.ID, Rider: who}
	}
	return ledger.TellPay(ctx, t, t.tenant, told, t.now)
}
