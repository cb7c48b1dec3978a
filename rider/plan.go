package rider

import (
	"slices"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// StopKind says what happens at a stop.
type StopKind string

// The kinds of stop.
const (
	Pickup  StopKind = "pickup"
	Dropoff StopKind = "dropoff"

	HandOver StopKind = "hand_over" // to a colleague, who meets the rider there
	TakeOver StopKind = "take_over" // from a colleague
)

// Loads reports whether the rider has an order on board after such a stop.
func (k StopKind) Loads() bool { return k == Pickup || k == TakeOver }

// Stop is what a rider does with one order at one place. Consecutive pickups at one place are one physical stop.
type Stop struct {
	Order    id.Order   `json:"order_id"`
	Kind     StopKind   `json:"kind"`
	At       geo.LatLng `json:"at"`
	ArriveAt time.Time  `json:"arrive_at"` // estimated
	DepartAt time.Time  `json:"depart_at"`

	Handover id.Handover `json:"handover_id,omitzero"` // hand_over, take_over
	With     id.Rider    `json:"with_id,omitzero"`     // hand_over, take_over: the colleague

	// DepartP90 is when it is over nine times of ten; it is estimated when it is looked at, and not stored.
	DepartP90 time.Time `json:"-"`
}

type stopKey struct {
	order id.Order
	kind  StopKind
}

func (s Stop) key() stopKey { return stopKey{s.Order, s.Kind} }

// Plan is what a rider has still to do, in order. An idle rider's plan has no stops.
type Plan struct {
	Rider     id.Rider
	Zone      id.Zone
	Version   int64 // grows by one with each change; 0 = never had one
	Stops     []Stop
	UpdatedAt time.Time
}

// Without is the plan with an order's stops gone: those of the given kinds, or all of them. p stays as it is.
func (p Plan) Without(order id.Order, kinds ...StopKind) Plan {
	p.Stops = slices.DeleteFunc(slices.Clone(p.Stops), func(s Stop) bool {
		return s.Order == order && (len(kinds) == 0 || slices.Contains(kinds, s.Kind))
	})
	return p
}

// Orders lists the orders in the plan, in the order of their first stops.
func (p Plan) Orders() []id.Order {
	var out []id.Order
	seen := make(map[id.Order]bool, len(p.Stops))
	for _, s := range p.Stops {
		if !seen[s.Order] {
			seen[s.Order] = true
			out = append(out, s.Order)
		}
	}
	return out
}
