package dispatch

import (
	"context"
	"errors"
	"slices"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ErrNotOnBoard refuses to send back what the rider has not picked up, or has brought to its end.
var ErrNotOnBoard = errors.New("dispatch: the order is not on board")

// Report takes in what went wrong, and does what its kind leads to: orders that are not picked up go back to the queue, the one that
// can't be delivered back to its store. Everything changes together. Reporting twice is once: the answer is the incident as it is now.
// order.ErrNotFound (also for another rider's order), ErrNotOnBoard.
func (s *Service) Report(ctx context.Context, tenant id.Tenant, who id.Rider, kind rider.IncidentKind, about id.Order, place *geo.LatLng, a Action) (i rider.Incident, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		plans, err := t.lockPartners(ctx, who) // two reports of one rider, one after the other
		if err != nil {
			return err
		}
		i, err = rider.IncidentOfAction(ctx, t, tenant, who, a.ID)
		if !errors.Is(err, rider.ErrIncidentNotFound) {
			return err
		}
		zone, err := rider.ZoneOf(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		i = rider.Incident{
			ID: id.NewIncident(), Rider: who, Zone: zone, Kind: kind, Order: about, Action: a.ID, At: t.now, ClientAt: a.At, Place: place, Note: a.Note,
		}
		if i.Place == nil {
			if fix, ok := s.index.Last(tenant, who); ok {
				i.Place = &fix.LatLng
			}
		}
		flow, _ := kind.Flow()
		if flow.Stops {
			if err := t.stayAway(ctx, who, kind); err != nil {
				return err
			}
			if plans, err = t.lockPartners(ctx, who); err != nil {
				return err
			}
		}
		if err := t.follow(ctx, &i, flow, plans, a); err != nil {
			return err
		}
		t.touch(changes{zone: zone, riders: []id.Rider{who}, wake: flow.Stops})
		return rider.AddIncident(ctx, t, tenant, i)
	})
	return i, err
}

// follow does what an incident leads to, and writes it into the history of each order that it touches.
func (t *txn) follow(ctx context.Context, i *rider.Incident, flow rider.Flow, plans map[id.Rider]rider.Plan, a Action) error {
	plan := plans[i.Rider]
	orders, err := order.GetMany(ctx, t, t.tenant, plan.Orders())
	if err != nil {
		return err
	}
	a.Reason = string(i.Kind)
	var cs []order.Change
	add := func(o order.Order, kind order.EventType) {
		e := a.event(kind, i.Rider, t.now)
		cs = append(cs, order.Change{Order: o.ID, Event: e})
	}
	mine := false
	stops, changed := plan.Stops, false
	for _, o := range orders {
		if o.Rider != i.Rider { // a colleague still has it
			continue
		}
		named := o.ID == i.Order
		mine = mine || named
		var kind order.EventType
		switch {
		case flow.Stops && !o.State.OnBoard() && !partOnBoard(orders, o): // the rest of a job follows the goods
			kind = order.EventUnassigned
			i.Released = append(i.Released, o.ID)
		case flow.Returns && named && o.State == order.Returning:
		case flow.Returns && named && !o.State.OnBoard():
			return ErrNotOnBoard
		case flow.Returns && named:
			kind = order.EventDeliveryFailed
			i.Returning = append(i.Returning, o.ID)
		case named, flow.Stops, i.Kind == rider.Alarm:
			kind = order.EventIncident
		}
		if kind == "" {
			continue
		}
		add(o, kind)
		var moved bool
		stops, moved = stopsAfter(stops, o, kind)
		changed = changed || moved
	}
	if !i.Order.IsZero() && !mine {
		return order.ErrNotFound
	}
	if err := t.apply(ctx, cs); err != nil {
		return err
	}
	for _, c := range cs {
		if err := t.leaveHandover(ctx, order.Order{ID: c.Order}, c.Event.Type, plans); err != nil {
			return err
		}
	}
	if changed {
		plan.Stops = stops
		if plan.Zone.IsZero() {
			plan.Zone = i.Zone
		}
		if err := t.savePlan(ctx, &plan); err != nil {
			return err
		}
	}
	for _, c := range cs {
		t.touch(changes{zone: i.Zone, orders: []id.Order{c.Order}})
	}
	if flow.Stops {
		return rider.CutShift(ctx, t, t.tenant, i.Rider, t.now)
	}
	return nil
}

// lockPartners locks a rider's plan, and those of the colleagues with whom the rider is to meet.
func (t *txn) lockPartners(ctx context.Context, who id.Rider) (map[id.Rider]rider.Plan, error) {
	meetings, err := rider.MeetingsOf(ctx, t, t.tenant, who)
	if err != nil {
		return nil, err
	}
	riders := []id.Rider{who}
	for _, h := range meetings {
		riders = append(riders, h.Giver, h.Taker)
	}
	return rider.LockPlans(ctx, t, t.tenant, riders)
}

// stayAway calls off the meetings to which a rider can't come who was to take orders over; who gives waits where the others come.
func (t *txn) stayAway(ctx context.Context, who id.Rider, kind rider.IncidentKind) error {
	meetings, err := rider.MeetingsOf(ctx, t, t.tenant, who)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		if m.Taker != who {
			continue
		}
		h, list, plans, err := t.lockHandover(ctx, m.ID)
		if err != nil {
			return err
		}
		if h.State != rider.HandoverAccepted {
			continue
		}
		if err := t.callOff(ctx, h, list, plans, rider.HandoverCancelled, string(kind)); err != nil {
			return err
		}
	}
	return nil
}

// partOnBoard reports whether another order of the same job is on board.
func partOnBoard(orders []order.Order, o order.Order) bool {
	return !o.Job.IsZero() && slices.ContainsFunc(orders, func(x order.Order) bool { return x.Job == o.Job && x.State.OnBoard() })
}

// Acknowledge notes that a dispatcher has taken care of an incident; the first to do so stays. rider.ErrIncidentNotFound.
func (s *Service) Acknowledge(ctx context.Context, tenant id.Tenant, incident id.Incident, by id.User) (i rider.Incident, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		i, err = rider.Acknowledge(ctx, t, tenant, incident, by, t.now)
		if err == nil {
			t.touch(changes{zone: i.Zone, riders: []id.Rider{i.Rider}})
		}
		if err == nil && i.Kind == rider.Alarm && i.AcknowledgedAt.Equal(t.now) { // not who came second
			t.wakeFor(i.Rider, rider.NoticeAlarm)
		}
		return err
	})
	return i, err
}
