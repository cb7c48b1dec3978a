package solver

import (
	"fmt"

	"github.com/paidan/paidan/internal/geo"
)

// Tables use a straight road: one vehicle at 10 m/s and places by their distance
// in minutes' ride, east along the equator. Rides between them are whole minutes.

func at(minute float64) geo.LatLng {
	// A breath less than whole, as rides are rounded up.
	const metre = 180 / (geo.EarthRadius * 3.141592653589793)
	return geo.LatLng{Lng: (minute*600 - 0.001*minute) * metre}
}

func line() *Problem {
	return &Problem{
		Travel:    Travel{Vehicles: []VehicleTravel{{Speed: 10, Detour: 1}}},
		Objective: DefaultObjective(),
	}
}

func (p *Problem) withRider(minute float64, change ...func(*Rider)) *Problem {
	r := Rider{ID: fmt.Sprintf("r%d", len(p.Riders)), At: at(minute), Capacity: 10, MaxOrders: 10, ShiftEnd: 36000, PayShare: 1}
	for _, c := range change {
		c(&r)
	}
	p.Riders = append(p.Riders, r)
	return p
}

// withOrder adds an order ready now, due in an hour, from store minute to door minute.
func (p *Problem) withOrder(store, door float64, change ...func(*Order)) *Problem {
	o := Order{
		ID: fmt.Sprintf("o%d", len(p.Orders)), Store: int32(store * 10), Pickup: at(store), Dropoff: at(door),
		TargetAt: 3600, Load: 1, Rider: -1,
	}
	for _, c := range change {
		c(&o)
	}
	p.Orders = append(p.Orders, o)
	return p
}

func fixedTo(r int32) func(*Order) {
	return func(o *Order) { o.Fixed, o.Rider = true, r }
}

func aboard(r int32) func(*Order) {
	return func(o *Order) { o.Fixed, o.OnBoard, o.Rider = true, true, r }
}

func pick(o int32) Stop { return Stop{Order: o, Pickup: true} }
func drop(o int32) Stop { return Stop{Order: o} }
