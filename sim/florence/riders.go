package florence

import "github.com/paidan/paidan/internal/geo"

// Rider is one of the city's.
type Rider struct {
	Vehicle  string
	Capacity int
	Home     geo.LatLng // in one of the zones
}

// MaxOrders are what a rider has at once.
func (r Rider) MaxOrders() int { return min(4, r.Capacity) }

// NewRider draws a rider.
func NewRider(d Dice) Rider {
	vehicle, capacity := pickVehicle(d)
	q := PickQuarter(d)
	r := Rider{Vehicle: vehicle, Capacity: capacity, Home: q.Scatter(d)}
	for ZoneOf(r.Home) == "" {
		r.Home = q.Scatter(d)
	}
	return r
}

func pickVehicle(d Dice) (vehicle string, capacity int) {
	switch x := d.Float64(); {
	case x < 0.40:
		return "ebike", 5
	case x < 0.65:
		return "bicycle", 4
	case x < 0.92:
		return "motorcycle", 6
	case x < 0.97:
		return "car", 8
	}
	return "walking", 2
}
