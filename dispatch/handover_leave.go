package dispatch

import (
	"context"
	"slices"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// leavesHandover are the events after which an order waits for no other rider any more.
var leavesHandover = []order.EventType{
	order.EventArrivedAtDoor, order.EventDelivered, order.EventDeliveryFailed, order.EventReturned, order.EventCancelled, order.EventUnassigned,
}

// leaveHandover takes an order out of the handover in which it waits, after an event that has come in between; whoever applied that looks after the
// giver's plan. A handover that has no orders left is overtaken. plans are those that are locked, the taker's among them if the two were to meet: else
// errMoved.
func (t *txn) leaveHandover(ctx context.Context, o order.Order, after order.EventType, plans map[id.Rider]rider.Plan) error {
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
	if h.State == rider.HandoverAccepted {
		plan, ok := plans[h.Taker]
		if !ok {
			return errMoved
		}
		plan = plan.Without(o.ID)
		if err := t.savePlan(ctx, &plan); err != nil {
			return err
		}
		plans[h.Taker] = plan
		t.wakeFor(h.Taker, rider.NoticePlan)
	}
	if len(h.Left) == 1 {
		return t.endHandover(ctx, h, rider.HandoverOvertaken, string(after))
	}
	h.Left = slices.DeleteFunc(h.Left, func(x id.Order) bool { return x == o.ID })
	t.touch(changes{zone: h.Zone, riders: []id.Rider{h.Giver, h.Taker}})
	return rider.SaveHandover(ctx, t, t.tenant, h)
}

// callOff ends a locked handover whose orders stay with the giver, who brings them to their doors after all: cancelled, or expired.
func (t *txn) callOff(ctx context.Context, h rider.Handover, list []order.Order, plans map[id.Rider]rider.Plan, as rider.HandoverState, reason string) error {
	if h.State == rider.HandoverAccepted {
		giver, taker := plans[h.Giver], plans[h.Taker]
		giver.Stops = slices.Clone(giver.Stops)
		for _, o := range list {
			taker = taker.Without(o.ID)
			for i, st := range giver.Stops {
				if st.Order == o.ID && st.Kind == rider.HandOver {
					giver.Stops[i] = toDoor(st, o)
				}
			}
		}
		if err := t.savePlans(ctx, &giver, &taker); err != nil {
			return err
		}
		plans[h.Giver], plans[h.Taker] = giver, taker
		t.wakeFor(h.Giver, rider.NoticePlan)
		t.wakeFor(h.Taker, rider.NoticePlan)
	}
	return t.endHandover(ctx, h, as, reason)
}

// toDoor is a stop at which an order was to change hands, at its customer's door.
func toDoor(st rider.Stop, o order.Order) rider.Stop {
	return rider.Stop{Order: o.ID, Kind: rider.Dropoff, At: o.Dropoff.At, ArriveAt: st.ArriveAt, DepartAt: st.DepartAt}
}

// takersOf are the riders whose plans must be locked with those of who has the orders: colleagues who are to meet them.
func (t *txn) takersOf(ctx context.Context, orders []id.Order) ([]id.Rider, error) {
	live, err := rider.LiveHandovers(ctx, t, t.tenant, orders)
	var out []id.Rider
	for _, h := range live {
		if h.State == rider.HandoverAccepted {
			out = append(out, h.Taker)
		}
	}
	return out, err
}
