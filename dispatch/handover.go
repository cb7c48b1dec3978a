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
//   - What is not picked up is the taker's with the yes, in one step: handed_over. It never waits for a rider in between.
//   - What is on board has to change hands: both plans get a stop at the meeting place (meet.go), and the orders stay the giver's until the taker says
//     to have them (TakeOver): taken_over. Until then either may think better of it. One word is enough, and it is the taker's, who answers for the
//     food from then on: the giver's phone may be what has broken. Those who don't meet in time need not: the giver keeps the orders (meet_round.go).
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
	ReasonHandoverOff = "off"           // the zone's policy
	ReasonSameRider   = "same_rider"    // to the rider who has them
	ReasonMixed       = "part_on_board" // some are, or some of a job are: deliver or pick up first
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
		aboard, cannot := mayHandOver(locked, giver)
		policy, err := PolicyOf(ctx, t, tenant, list[0].Zone)
		if err != nil {
			return err
		}
		switch {
		case policy.HandoverS == 0:
			return &CannotHandOverError{ReasonHandoverOff}
		case giver == p.Taker:
			return &CannotHandOverError{ReasonSameRider}
		case cannot != nil:
			return cannot
		}
		h = rider.Handover{
			ID: id.NewHandover(), Zone: list[0].Zone, Giver: giver, Taker: p.Taker, Orders: idsOf(list), Left: idsOf(list), State: rider.HandoverOpen,
			ByStaff: p.Actor.Kind == order.ActorDispatcher, By: p.Actor.ID, Action: p.Action, Reason: p.Reason, Meet: p.Meet,
			MadeAt: t.now, ExpiresAt: t.now.Add(policy.HandoverTTL()),
		}
		plan, _, err := s.takerPlan(ctx, t, h, list, aboard, plans[p.Taker])
		if err != nil {
			return err
		}
		h.Stops = plan.Stops
		if err := t.tellPay(ctx, list, p.Taker); err != nil {
			return err
		}
		t.touch(changes{zone: h.Zone, orders: h.Orders, riders: []id.Rider{giver, p.Taker}})
		t.notices = append(t.notices, rider.Notice{Rider: p.Taker, Kind: rider.NoticeHandover, Handover: h.ID, ExpiresAt: h.ExpiresAt})
		if h.ByStaff { // the giver has not asked for it, and may call it off
			t.notices = append(t.notices, rider.Notice{Rider: giver, Kind: rider.NoticeHandoverAsked, Handover: h.ID, ExpiresAt: h.ExpiresAt})
		}
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

// mayHandOver tells whether locked orders, with what their jobs keep together, are on board, and refuses those that are partly.
func mayHandOver(list []order.Order, giver id.Rider) (aboard bool, err error) {
	n := 0
	for _, o := range list {
		switch o.State {
		case order.PickedUp:
			n++
		case order.AtDoor:
			return false, &CannotHandOverError{ReasonAtDoor}
		case order.Returning:
			return false, &CannotHandOverError{ReasonGoesBack}
		case order.Assigned, order.AtStore:
		default: // of a job, and still waiting; or over
			if o.Rider == giver {
				return false, &order.TransitionError{Order: o.ID, State: o.State, Event: order.EventHandedOver, Allowed: o.State.Allowed()}
			}
		}
	}
	if n > 0 && n < len(list) {
		return true, &CannotHandOverError{ReasonMixed}
	}
	return n > 0, nil
}

// takerPlan is the taker's locked plan with the giver's orders, and where the two meet if those are on board. rider.ErrOffShift, *CannotAssignError.
func (s *Service) takerPlan(ctx context.Context, t *txn, h rider.Handover, list []order.Order, aboard bool, plan rider.Plan) (rider.Plan, *Meeting, error) {
	shift, err := rider.OnShiftOf(ctx, t, t.tenant, h.Taker)
	if err != nil {
		return plan, nil, err
	}
	if shift.Shift.Zone != h.Zone {
		return plan, nil, &CannotAssignError{Rider: h.Taker, Order: list[0].ID, Reason: ReasonOtherZone}
	}
	plan.Rider, plan.Zone = h.Taker, h.Zone
	if !aboard {
		plan.Stops, err = s.insert(ctx, t, list, plan)
		return plan, nil, err
	}
	m, err := s.meet(ctx, t, h, list[0].Pickup)
	if err != nil {
		return plan, nil, err
	}
	more := make([]order.Order, len(list))
	for i, o := range list {
		more[i] = m.takers(o, t.now)
	}
	if plan.Stops, err = s.insert(ctx, t, more, plan); err != nil {
		return plan, nil, err
	}
	for i, st := range plan.Stops {
		if st.Kind == rider.Pickup && slices.Contains(idsOf(list), st.Order) {
			plan.Stops[i].Kind, plan.Stops[i].Handover, plan.Stops[i].With = rider.TakeOver, h.ID, h.Giver
		}
	}
	return plan, &m, nil
}

// tellPay fixes what a rider earns by orders that are asked about or given now.
func (t *txn) tellPay(ctx context.Context, list []order.Order, who id.Rider) error {
	told := make([]ledger.Told, len(list))
	for i, o := range list {
		told[i] = ledger.Told{Order: o.ID, Rider: who}
	}
	return ledger.TellPay(ctx, t, t.tenant, told, t.now)
}
