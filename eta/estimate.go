package eta

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Kind tells pickups from drop-offs.
type Kind string

// The kinds of stop.
const (
	Pickup  Kind = "pickup"
	Dropoff Kind = "dropoff"
)

// Moment is when something is expected: as likely sooner as later than P50, and by P90 nine times of ten.
type Moment struct{ P50, P90 time.Time }

// Query is a rider and his remaining stops in order.
type Query struct {
	Now     time.Time // the estimate begins no earlier
	Vehicle string
	From    geo.LatLng
	FreeAt  time.Time // when he can leave From; zero = Now
	FreeP90 time.Time // when he can leave From at the latest, nine times of ten; zero = FreeAt
	Stops   []Stop
}

// Stop is a visit for one order. Consecutive pickups at one store are one visit in fact: the rider leaves when the longest
// of their services is over and all the food is there.
type Stop struct {
	Kind    Kind
	Order   id.Order
	Store   id.Store // pickups; zero = a store of its own
	At      geo.LatLng
	ReadyAt time.Time // pickups: when the food is ready, or expected; zero = it is no matter
	// ReadyP90 is when the food is ready nine times of ten; zero = ReadyAt, for food that is ready or a kitchen never late.
	ReadyP90 time.Time
	Service  Range // parking, finding the counter or the door, handing over; the kitchen goes on meanwhile
}

// Estimate is the schedule of a Query, stop by stop.
type Estimate struct{ Stops []Visit }

// Visit is when a rider comes to a stop and leaves it.
type Visit struct {
	Kind               Kind
	Order              id.Order
	ArriveAt, DepartAt Moment
}

// Dropoff is the visit that delivers an order; false if it is none of the stops.
func (e Estimate) Dropoff(order id.Order) (Visit, bool) { return e.find(Dropoff, order) }

// Pickup is the visit that picks up an order; false if it is none of the stops.
func (e Estimate) Pickup(order id.Order) (Visit, bool) { return e.find(Pickup, order) }

func (e Estimate) find(k Kind, order id.Order) (Visit, bool) {
	for _, v := range e.Stops {
		if v.Kind == k && v.Order == order {
			return v, true
		}
	}
	return Visit{}, false
}

// Estimate is the one estimate of a rider's remaining stops; the package comment says how uncertainty is carried along.
func (m *Model) Estimate(q Query) Estimate {
	out := Estimate{Stops: make([]Visit, 0, len(q.Stops))}
	now := start(q)
	at := q.From
	for i := 0; i < len(q.Stops); {
		n := together(q.Stops[i:])
		visit := q.Stops[i : i+n]
		now = now.plus(m.Travel(q.Vehicle, at, visit[0].At))
		at = visit[0].At
		arrive := now
		var service Range
		for _, s := range visit {
			service.P50, service.P90 = max(service.P50, s.Service.P50), max(service.P90, s.Service.P90)
		}
		now = now.plus(service)
		for _, s := range visit {
			now = now.notBefore(s.ready())
		}
		for _, s := range visit {
			out.Stops = append(out.Stops, Visit{s.Kind, s.Order, arrive.round(), now.round()})
		}
		i += n
	}
	return out
}

func start(q Query) Moment {
	free := Moment{q.FreeAt, q.FreeP90}
	if free.P50.Before(q.Now) {
		free.P50 = q.Now
	}
	return free.notBefore(Moment{P50: free.P50, P90: free.P50})
}

// together counts the stops, from the first, that are one visit.
func together(stops []Stop) int {
	n := 1
	for n < len(stops) && stops[0].Kind == Pickup && stops[n].Kind == Pickup && !stops[0].Store.IsZero() && stops[n].Store == stops[0].Store {
		n++
	}
	return n
}

// ready is when the food is there; for a drop-off always.
func (s Stop) ready() Moment {
	if s.Kind != Pickup {
		return Moment{}
	}
	r := Moment{s.ReadyAt, s.ReadyP90}
	if r.P90.Before(r.P50) {
		r.P90 = r.P50
	}
	return r
}

// plus is the moment after a step that varies independently of it: the distances from P50 to P90 add as squares.
func (t Moment) plus(r Range) Moment {
	gap := math.Hypot(float64(t.P90.Sub(t.P50)), float64(max(0, r.P90-r.P50)))
	p50 := t.P50.Add(r.P50)
	return Moment{P50: p50, P90: p50.Add(time.Duration(math.Ceil(gap)))}
}

// notBefore is the later of two moments, quantile by quantile.
func (t Moment) notBefore(u Moment) Moment {
	if t.P50.Before(u.P50) {
		t.P50 = u.P50
	}
	if t.P90.Before(u.P90) {
		t.P90 = u.P90
	}
	return t
}

// round cuts off what a clock of ours can't tell, upwards where it is a bound.
func (t Moment) round() Moment {
	return Moment{P50: t.P50.Truncate(time.Microsecond), P90: t.P90.Add(time.Microsecond - 1).Truncate(time.Microsecond)}
}
