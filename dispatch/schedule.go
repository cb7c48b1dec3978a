package dispatch

import (
	"time"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ScheduleQuery is a rider with the stops that remain.
type ScheduleQuery struct {
	Now     time.Time
	Vehicle rider.Vehicle
	At      *geo.LatLng // nil where the rider was never heard of: the first stop's place is taken
	Stops   []rider.Stop
	Orders  func(id.Order) (order.Order, bool)
	Handoff func(id.Store) order.Seconds // at the store's counter
}

// Schedule estimates when a rider will be at the stops that remain. It is the one estimate of the API, the console and
// the rounds: for the same situation the solver's times are its medians. Stops of unknown orders are passed over.
func Schedule(m *eta.Model, q ScheduleQuery) eta.Estimate {
	if len(q.Stops) == 0 {
		return eta.Estimate{}
	}
	door := m.Params().DoorHandoff
	query := eta.Query{Now: q.Now, Vehicle: string(q.Vehicle), From: q.Stops[0].At}
	if q.At != nil {
		query.From = *q.At
	}
	for _, st := range q.Stops {
		o, ok := q.Orders(st.Order)
		if !ok {
			continue
		}
		stop := eta.Stop{Kind: eta.Dropoff, Order: o.ID, At: st.At, Service: door}
		switch st.Kind {
		case rider.HandOver:
			stop.Service = toHandOver
		case rider.TakeOver: // the colleague comes there at a time of their own
			stop.Kind, stop.ReadyAt, stop.Service = eta.Pickup, clock.Later(st.DepartAt, q.Now), toHandOver
		case rider.Pickup:
			h := q.Handoff(o.Store)
			stop.Kind, stop.Store, stop.ReadyAt = eta.Pickup, o.Store, readyAt(&o, q.Now)
			stop.Service = eta.Range{P50: time.Duration(h.P50) * time.Second, P90: time.Duration(h.P90) * time.Second}
		}
		switch o.State { // there already: no way to go, and part of the handover is over
		case order.AtStore:
			query.From, stop.Service = o.Pickup, remaining(stop.Service, o.AtStoreAt, q.Now, st.Kind == rider.Pickup)
		case order.AtDoor:
			query.From, stop.Service = o.Dropoff.At, remaining(stop.Service, o.AtDoorAt, q.Now, true)
		}
		query.Stops = append(query.Stops, stop)
	}
	return m.Estimate(query)
}

// toHandOver is how long it takes to hand orders over once both riders are there.
var toHandOver = eta.Range{P50: meetService * time.Second, P90: 3 * meetService * time.Second}

func remaining(service eta.Range, began *time.Time, now time.Time, here bool) eta.Range {
	if began == nil || !here {
		return service
	}
	over := now.Sub(*began).Truncate(time.Second)
	return eta.Range{P50: max(0, service.P50-over), P90: max(0, service.P90-over)}
}
