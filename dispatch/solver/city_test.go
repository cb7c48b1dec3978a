package solver

import (
	"fmt"
	"math/rand/v2"

	"github.com/paidan/paidan/internal/geo"
)

// city draws a Problem: stores in a few clusters, customers a ride away, riders anywhere.
type city struct {
	orders, riders int
	spread         float64 // degrees
	late           int32   // food is ready within this time
	rng            *rand.Rand
}

func newCity(seed uint64, orders, riders int) city {
	return city{orders: orders, riders: riders, spread: 0.08, late: 900, rng: rand.New(rand.NewPCG(seed, 1))}
}

func (c city) around(p geo.LatLng, spread float64) geo.LatLng {
	return geo.LatLng{Lat: p.Lat + spread*(c.rng.Float64()*2-1), Lng: p.Lng + spread*(c.rng.Float64()*2-1)}
}

var centreOfTown = geo.LatLng{Lat: 31.23, Lng: 121.47}

func bikes() Travel {
	return Travel{Vehicles: []VehicleTravel{{Speed: 5, Detour: 1.35, Fixed: 30}, {Speed: 9, Detour: 1.4, Fixed: 90}}}
}

func (c city) problem() *Problem {
	p := &Problem{Travel: bikes(), Objective: DefaultObjective()}
	stores := make([]geo.LatLng, c.orders/5+2)
	for i := range stores {
		stores[i] = c.around(centreOfTown, c.spread)
	}
	for i := range c.orders {
		store := c.rng.IntN(len(stores))
		placed := -int32(c.rng.IntN(600))
		ready := placed + 600 + int32(c.rng.IntN(int(c.late)))
		p.Orders = append(p.Orders, Order{
			ID: fmt.Sprintf("o%04d", i), Store: int32(store), Pickup: stores[store],
			Dropoff:  c.around(stores[store], 0.025),
			PlacedAt: placed, ReadyAt: ready, TargetAt: placed + 2400,
			PickupService: 60 + int32(c.rng.IntN(120)), DropoffService: 120, Load: 1 + int32(c.rng.IntN(2)), Rider: -1,
		})
	}
	for i := range c.riders {
		p.Riders = append(p.Riders, Rider{
			ID: fmt.Sprintf("r%04d", i), At: c.around(centreOfTown, c.spread), Capacity: 8, MaxOrders: 6,
			Skills: 1, ShiftEnd: 4 * 3600, Vehicle: uint8(i % 2),
		})
	}
	return p
}

// uncertain makes one order in three a guess.
func (c city) uncertain(p *Problem) *Problem {
	for i := 0; i < len(p.Orders); i += 3 {
		p.Orders[i].ReadySpread = int32(c.rng.IntN(900))
	}
	return p
}

// quirks makes a city's Problem awkward: skills, refusals, short shifts, small bags, limits.
func (c city) quirks(p *Problem) *Problem {
	for i := range p.Orders {
		o := &p.Orders[i]
		switch c.rng.IntN(8) {
		case 0:
			o.Skills = 2
		case 1:
			o.Vehicles = 2
		case 2:
			if len(p.Riders) > 0 {
				o.Refused = []int32{int32(c.rng.IntN(len(p.Riders)))}
			}
		}
	}
	ends := c.rng.Float64() * float64(c.rng.IntN(2)) * 20
	for i := range p.Orders {
		p.Orders[i].EndCost = ends * c.rng.Float64()
	}
	for i := range p.Riders {
		r := &p.Riders[i]
		r.Leaves = float64(c.rng.IntN(3)) / 2
		r.EndCost = ends * c.rng.Float64()
		r.Skills = uint64(1 + c.rng.IntN(3))
		r.ShiftEnd = int32(c.rng.IntN(2 * 3600))
		r.Capacity = int32(c.rng.IntN(8))
		r.MaxOrders = int32(c.rng.IntN(6))
		r.FreeAt = int32(c.rng.IntN(2)) * int32(c.rng.IntN(600))
		if len(p.Orders) > 0 && c.rng.IntN(3) == 0 { // at a store, for a while already
			r.At = p.Orders[c.rng.IntN(len(p.Orders))].Pickup
			r.Waited = int32(c.rng.IntN(300))
		}
		r.PayShare = float64(c.rng.IntN(3)) / 2
	}
	if c.rng.IntN(4) == 0 {
		p.Travel.Vehicles = append([]VehicleTravel(nil), p.Travel.Vehicles...)
		p.Travel.Vehicles[0].Step = 60
	}
	if c.rng.IntN(2) == 0 {
		p.Limits = Limits{MaxStops: int32(c.rng.IntN(8)), MaxDetour: int32(c.rng.IntN(3)) * 300, OneStore: c.rng.IntN(2) == 0}
	}
	return p
}

// fair has some riders without work for long, and some who have earned less or more than others.
func (c city) fair(p *Problem) *Problem {
	for i := range p.Riders {
		p.Riders[i].Idle = -float64(c.rng.IntN(3)) * c.rng.Float64()
		p.Riders[i].Earned = float64(c.rng.IntN(3)-1) * c.rng.Float64()
	}
	return p
}

// groups puts half the orders in groups of some three, each with its own stores and doors.
func (c city) groups(p *Problem) *Problem {
	for i := range p.Orders {
		if c.rng.IntN(2) == 0 {
			p.Orders[i].Group = int32(1 + c.rng.IntN(1+len(p.Orders)/6))
		}
	}
	return p
}

// later is the next round's Problem: the plan is the warm start, some orders are
// fixed, held or on board, and reality has moved on without asking the constraints.
func (c city) later(p *Problem, plan *Plan) *Problem {
	q := *p
	q.Orders = append([]Order(nil), p.Orders...)
	q.Riders = append([]Rider(nil), p.Riders...)
	for r := range q.Riders {
		rider := &q.Riders[r]
		rider.Route = append([]Stop(nil), plan.Routes[r].Stops...)
		for n := c.rng.IntN(3); n > 0 && len(rider.Route) > 0; n-- {
			stop := rider.Route[0]
			if !stop.Pickup {
				break // an order on board stays in the problem
			}
			o := &q.Orders[stop.Order]
			o.OnBoard, o.Fixed, o.Rider = true, true, int32(r)
			rider.At, rider.Route = o.Pickup, rider.Route[1:]
		}
		if len(rider.Route) > 0 && c.rng.IntN(3) == 0 {
			rider.Held = 1
		}
		for _, stop := range rider.Route {
			o := &q.Orders[stop.Order]
			if c.rng.IntN(3) == 0 {
				o.Fixed, o.Rider = true, int32(r)
			}
		}
		switch c.rng.IntN(6) {
		case 0:
			rider.ShiftEnd = 0
		case 1:
			rider.Capacity = 1
		case 2:
			rider.MaxOrders = 1
		case 3: // the kept route is lost
			rider.Route, rider.Held = nil, 0
		}
		rider.FreeAt += int32(c.rng.IntN(300))
	}
	return &q
}
