package dispatch

import (
	"context"
	"fmt"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// CannotAssignError says why a rider can't take an order, in the solver's stable word.
type CannotAssignError struct {
	Rider  id.Rider
	Order  id.Order
	Reason string
}

func (e *CannotAssignError) Error() string {
	return fmt.Sprintf("rider %s can't take order %s: %s", e.Rider, e.Order, e.Reason)
}

// Assign gives an order to a rider by a dispatcher's will, and with it what else of its job has not been picked up: open offers
// are withdrawn, another rider's plan loses it, and it is put at the cheapest place of the new rider's plan. The rider's
// refusals are overridden, the limits are not.
// ifVersion 0 is any. order.ErrNotFound, order.ErrConflict, *order.TransitionError, rider.ErrNotFound, *CannotAssignError,
// *JobOnBoardError.
func (s *Service) Assign(ctx context.Context, tenant id.Tenant, orderID id.Order, to id.Rider, ifVersion int64, actor order.Actor) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		before, mates, plans, err := t.lockTogether(ctx, orderID, to)
		if err != nil {
			return err
		}
		if ifVersion != 0 && before.Version != ifVersion {
			return order.ErrConflict
		}
		o = before
		move, err := moving(before, mates, to)
		if err != nil || len(move) == 0 {
			return err
		}
		plan := plans[to]
		plan.Rider, plan.Zone = to, before.Zone
		if plan.Stops, err = s.insert(ctx, t, move, plan); err != nil {
			return err
		}
		for _, x := range move {
			if err := t.free(ctx, x, plans, actor); err != nil {
				return err
			}
			if err := ledger.TellPay(ctx, t, tenant, []ledger.Told{{Order: x.ID, Rider: to}}, t.now); err != nil {
				return err
			}
			e := order.Event{Type: order.EventAssigned, At: t.now, Actor: actor, Rider: to}
			after, _, err := order.Apply(ctx, t, tenant, x.ID, e)
			if err != nil {
				return err
			}
			if x.ID == orderID {
				o = after
			}
			t.touch(touched(after, false, to, x.Rider))
			t.wakeFor(to, rider.NoticePlan)
			t.wakeFor(x.Rider, rider.NoticePlan)
		}
		return t.savePlan(ctx, &plan)
	})
	return o, err
}

// free takes an order from whoever holds it: an open offer, or another rider.
func (t *txn) free(ctx context.Context, o order.Order, plans map[id.Rider]rider.Plan, actor order.Actor) error {
	if o.State == order.Offered {
		return t.withdraw(ctx, o, actor)
	}
	if o.Rider.IsZero() {
		return nil
	}
	e := order.Event{Type: order.EventUnassigned, At: t.now, Actor: actor, Rider: o.Rider, Reason: "reassigned"}
	freed, _, err := order.Apply(ctx, t, t.tenant, o.ID, e)
	if err != nil {
		return err
	}
	if err := t.leaveHandover(ctx, freed, e.Type, plans); err != nil {
		return err
	}
	return t.leavePlan(ctx, plans, o.Rider, freed, e.Type)
}

// leavePlan takes from a rider's plan the stops that an event has done away with.
func (t *txn) leavePlan(ctx context.Context, plans map[id.Rider]rider.Plan, of id.Rider, o order.Order, kind order.EventType) error {
	plan, ok := plans[of]
	if !ok {
		return nil
	}
	stops, changed := stopsAfter(plan.Stops, o, kind)
	if !changed {
		return nil
	}
	plan.Zone, plan.Stops = o.Zone, stops
	if err := t.savePlan(ctx, &plan); err != nil {
		return err
	}
	plans[of] = plan
	return nil
}

// insert finds the best plan of one rider with some more orders, by the solver on a problem of that rider alone.
func (s *Service) insert(ctx context.Context, t *txn, more []order.Order, plan rider.Plan) ([]rider.Stop, error) {
	zone, err := readZone(ctx, t, t.tenant, plan.Zone)
	if err != nil {
		return nil, err
	}
	who, err := rider.OnShiftOf(ctx, t, t.tenant, plan.Rider)
	if err != nil {
		return nil, err
	}
	own := make([]id.Order, 0, len(plan.Stops))
	for _, st := range plan.Stops {
		if !st.Kind.Loads() {
			own = append(own, st.Order)
		}
	}
	orders, err := order.GetMany(ctx, t, t.tenant, own)
	if err != nil {
		return nil, err
	}
	meets, err := readMeets(ctx, t, t.tenant, plan.Zone)
	if err != nil {
		return nil, err
	}
	stores, err := storesIn(ctx, t, t.tenant, plan.Zone)
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{
		Zone: zone, At: t.now, Orders: orders, Riders: []rider.OnShift{who},
		Plans: map[id.Rider]rider.Plan{plan.Rider: plan}, Stores: stores, Meets: meets, Positions: map[id.Rider]rider.Fix{},
	}
	if err := snap.hours(ctx, t, t.tenant); err != nil {
		return nil, err
	}
	fix, ok := s.index.Last(t.tenant, plan.Rider)
	if !ok {
		fix = rider.Fix{At: t.now, LatLng: more[0].Pickup} // nothing better is known of a rider never heard of
	}
	snap.Positions[plan.Rider] = fix
	stops, _, err := s.fit(ctx, snap, more)
	return stops, err
}

// fit is the best route of a snapshot's only rider with some more orders, as if they were free and had never been refused, and what it costs. *CannotAssignError.
func (s *Service) fit(ctx context.Context, snap *Snapshot, more []order.Order) ([]rider.Stop, float64, error) {
	for _, o := range more {
		o.Rider, o.Offer, o.State, o.RefusedBy = id.Rider{}, id.Offer{}, order.Pending, nil
		snap.Orders = append(snap.Orders, o)
	}
	snap.Zone.Policy.StaleAfterS = 1 << 30 // whether the position is good enough was judged before
	in := NewInstance(snap, s.eta.Params(), &Memory{})
	best, err := solver.Solve(ctx, &in.Problem, solver.Options{Seed: 1, Iterations: 50})
	if err != nil {
		return nil, 0, fmt.Errorf("insert by hand: %w", err)
	}
	if len(best.Unassigned) > 0 {
		return nil, 0, &CannotAssignError{Rider: snap.Riders[0].Rider.ID, Order: in.Orders[best.Unassigned[0].Order].ID, Reason: in.whyNobody(string(best.Unassigned[0].Reason))}
	}
	return in.stops(&best.Routes[0], func(int32) bool { return true }), best.Cost, nil
}
