package bench

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
)

// The two kinds of vehicle, indexes into Travel.Vehicles.
const (
	bicycle uint8 = iota
	scooter
)

// Batch is the problem of this size and seed: waiting orders first, then those that riders have on board.
func Batch(size Size, seed uint64) *solver.Problem {
	c := newCity(size, seed)
	p := &solver.Problem{
		Travel: solver.Travel{Vehicles: []solver.VehicleTravel{
			bicycle: {Speed: 4.2, Detour: 1.3, Fixed: 30},
			scooter: {Speed: 6.5, Detour: 1.4, Fixed: 60},
		}},
		Objective: solver.DefaultObjective(),
	}
	for i := range size.Orders {
		p.Orders = append(p.Orders, c.waiting(fmt.Sprintf("o%06d", i)))
	}
	for i := range size.Riders {
		p.Riders = append(p.Riders, c.rider(fmt.Sprintf("r%06d", i)))
		for range c.aboard(size) {
			c.board(p, int32(i))
		}
		r := &p.Riders[i]
		slices.SortStableFunc(r.Route, func(a, b solver.Stop) int {
			return cmp.Compare(geo.Distance(r.At, p.Orders[a.Order].Dropoff), geo.Distance(r.At, p.Orders[b.Order].Dropoff))
		})
	}
	return p
}

// waiting draws an order that was placed a few minutes ago.
func (c *city) waiting(id string) solver.Order {
	return c.order(id, c.popular(), -c.between(0, 480))
}

// order draws one of the store's orders. The kitchen takes 5 to 20 minutes, the promise is what a customer is told: preparation,
// a handover and a ride at an easy pace, at least half an hour.
func (c *city) order(id string, store int, placed int32) solver.Order {
	s := &c.stores[store]
	door, far := c.door(s.at)
	prep := c.between(300, 1200)
	o := solver.Order{
		ID: id, Store: int32(store), Pickup: s.at, Dropoff: door,
		PlacedAt: placed, ReadyAt: placed + prep, TargetAt: placed + max(1800, prep+600+int32(far/3.5)),
		PickupService: s.service, DropoffService: c.between(60, 180), Load: c.between(1, 3), Rider: -1,
	}
	switch c.rng.IntN(40) {
	case 0: // too bulky for a bicycle
		o.Load, o.Vehicles = 5, 1<<scooter
	case 1, 2: // needs a rider who may carry it
		o.Skills = 1
	}
	return o
}

// rider draws somebody on shift: two in three wait around the stores, the others are anywhere.
func (c *city) rider(id string) solver.Rider {
	r := solver.Rider{ID: id, At: c.anywhere(), Vehicle: scooter, Capacity: 10, MaxOrders: 6, PayShare: 1, ShiftEnd: c.between(2*3600, 6*3600)}
	if c.rng.IntN(3) > 0 {
		r.At = c.near(c.stores[c.rng.IntN(len(c.stores))].at, 1000)
	}
	if c.rng.IntN(3) == 0 {
		r.Vehicle, r.Capacity, r.MaxOrders = bicycle, 6, 4
	}
	if c.rng.IntN(5) < 3 {
		r.Skills = 1
	}
	return r
}

// aboard draws how many orders a rider has aboard: none, one, or seldom two.
func (c *city) aboard(size Size) int {
	busy := 0.25
	if size.Scarce() {
		busy = 0.6
	}
	switch u := c.rng.Float64(); {
	case u < busy/3:
		return 2
	case u < busy:
		return 1
	}
	return 0
}

// board gives rider r an order that was picked up already. The first decides where the rider is: between store and door, or at a
// stop for another two minutes at most. The second is of the same store.
func (c *city) board(p *solver.Problem, r int32) {
	rider, store := &p.Riders[r], c.popular()
	if n := len(rider.Route); n > 0 {
		store = int(p.Orders[rider.Route[0].Order].Store)
	}
	o := c.order(fmt.Sprintf("b%06d", len(p.Orders)), store, -c.between(1200, 2100))
	o.ReadyAt = min(o.ReadyAt, -60)
	o.Load, o.Vehicles, o.Skills = min(o.Load, 3), 0, 0 // whatever the rider may carry
	o.Rider, o.OnBoard, o.Fixed = r, true, true
	if len(rider.Route) == 0 {
		f := c.rng.Float64()
		rider.At = geo.LatLng{Lat: round(o.Pickup.Lat + f*(o.Dropoff.Lat-o.Pickup.Lat)), Lng: round(o.Pickup.Lng + f*(o.Dropoff.Lng-o.Pickup.Lng))}
		if c.rng.IntN(5) == 0 {
			rider.FreeAt = c.between(10, 120)
		}
	}
	rider.Route = append(rider.Route, solver.Stop{Order: int32(len(p.Orders))})
	p.Orders = append(p.Orders, o)
}
