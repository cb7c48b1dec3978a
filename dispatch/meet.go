package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Meeting is where an order on board changes hands. To the solver it is two orders, each bound to its rider: the giver drops it off at the place,
// and the taker picks it up there, not before the giver is expected, and brings it to the door.
type Meeting struct {
	Handover id.Handover
	Giver    id.Rider
	Taker    id.Rider
	At       geo.LatLng
	From     time.Time  // when the giver is expected there
	By       *time.Time // until when they have to have met; nil: whenever they do
}

// meetService is how long it takes to hand a bag over, in seconds.
const meetService = 60

func meetingOf(h rider.Handover) Meeting {
	return Meeting{Handover: h.ID, Giver: h.Giver, Taker: h.Taker, At: *h.Meet, From: *h.MeetAt, By: h.MeetBy}
}

// meet is where and when the riders of a handover meet: where the giver wants to or is, or else where the orders were picked up.
func (s *Service) meet(ctx context.Context, t *txn, h rider.Handover, store geo.LatLng) (Meeting, error) {
	m := Meeting{Handover: h.ID, Giver: h.Giver, Taker: h.Taker, At: store, From: t.now}
	fix, heard := s.index.Last(t.tenant, h.Giver)
	switch {
	case h.Meet == nil && heard:
		m.At = fix.LatLng
	case h.Meet != nil:
		m.At = *h.Meet
	}
	if !heard {
		return m, nil
	}
	who, err := rider.GetMany(ctx, t, t.tenant, []id.Rider{h.Giver})
	if err == nil && len(who) == 1 && geo.Distance(fix.LatLng, m.At) > here {
		m.From = t.now.Add(s.eta.Travel(string(who[0].Vehicle), fix.LatLng, m.At).P50)
	}
	return m, err
}

// here is how near a rider has to be to a place to be there, in metres.
const here = 50

// readMeets reads the meetings of a zone, by order.
func readMeets(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (map[id.Order]Meeting, error) {
	list, err := rider.MeetingsIn(ctx, tx, tenant, zone)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make(map[id.Order]Meeting)
	for _, h := range list {
		for _, o := range h.Left {
			out[o] = meetingOf(h)
		}
	}
	return out, nil
}

// takers is an order as its taker will have it: to be picked up at the meeting place, as if that were a store.
func (m Meeting) takers(o order.Order, now time.Time) order.Order {
	ready := clock.Later(m.From, now)
	o.Store, o.Pickup, o.ReadyAt, o.Job = id.Store(m.Handover), m.At, &ready, id.Job{}
	o.Rider, o.State, o.RefusedBy = m.Taker, order.Assigned, nil
	return o
}

// legs adds to the problem what takers have to do.
func (b *builder) legs() {
	for i := range b.snap.Orders {
		o := &b.snap.Orders[i]
		m, ok := b.snap.Meets[o.ID]
		if _, planned := b.in.riderAt[m.Taker]; !ok || !planned {
			continue
		}
		b.in.Orders = append(slices.Clip(b.in.Orders), m.takers(*o, b.snap.At)) // clipped: the snapshot keeps its own
		leg := &b.in.Orders[len(b.in.Orders)-1]
		b.in.legAt[o.ID] = int32(len(b.in.Orders) - 1)
		so := b.order(leg)
		so.ID, so.PickupService = so.ID+"+", meetService
		b.in.Problem.Orders = append(b.in.Problem.Orders, so)
	}
}

// find is the problem's order that stands for an order on a rider's route.
func (in *Instance) find(o id.Order, at int32) (int32, bool) {
	if leg, ok := in.legAt[o]; ok && in.Problem.Orders[leg].Rider == at {
		return leg, true
	}
	i, ok := in.orderAt[o]
	return i, ok
}

// kindOf is the solver's stop in the rider's terms.
func (in *Instance) kindOf(st solver.Stop) rider.StopKind {
	o := in.Orders[st.Order].ID
	leg, takes := in.legAt[o]
	takes = takes && leg == st.Order
	_, meets := in.meets[o]
	switch {
	case st.Pickup && takes:
		return rider.TakeOver
	case st.Pickup:
		return rider.Pickup
	case meets && !takes:
		return rider.HandOver
	}
	return rider.Dropoff
}

// meeting is a stop with what it needs where two riders meet.
func (in *Instance) meeting(st rider.Stop) rider.Stop {
	m := in.meets[st.Order]
	switch st.Kind {
	case rider.HandOver:
		st.Handover, st.With = m.Handover, m.Taker
	case rider.TakeOver:
		st.Handover, st.With = m.Handover, m.Giver
	}
	return st
}
