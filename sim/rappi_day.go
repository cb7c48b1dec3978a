package sim

import (
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sim/florence"
	"github.com/paidan/paidan/sim/rappi"
)

// What the records of a city's day don't tell is taken as a server takes it of stores and riders that told nothing.
const (
	storeHandoff  = 60 // seconds
	riderCapacity = 5  // orders, each a load of 1
)

// RappiDay is a recorded day as the simulator plays it: platform rules, ready times known from placement on, the promise
// what the customer was told (expected_drop_off_time). Couriers whose shift has no length never work.
func RappiDay(r rappi.Day, policy dispatch.Policy) *Day {
	d := &Day{Name: r.Name, Params: eta.Default(), Policy: policy, Ready: ReadyExact, Pay: florence.Tariff().RiderPay}
	stores := map[rappi.Site]int{}
	for _, s := range r.Sites() {
		stores[s] = len(d.Stores)
		d.Stores = append(d.Stores, Store{At: s.Center(), Handoff: storeHandoff})
	}
	for _, o := range r.Orders {
		d.Orders = append(d.Orders, Order{Name: o.ID, Store: stores[rappi.SiteOf(o.Pickup)], Dropoff: o.Dropoff, Placed: whole(o.Placed),
			Ready: whole(o.Ready), Promise: whole(o.Expected), Load: 1})
	}
	for _, c := range r.Couriers {
		if c.Off > c.On {
			d.Riders = append(d.Riders, Rider{Name: c.ID, At: c.At, On: whole(c.On), Off: whole(c.Off), Vehicle: rider.Vehicle(c.Vehicle),
				Capacity: riderCapacity, MaxOrders: riderCapacity})
		}
	}
	return d
}

func whole(d time.Duration) int { return int(d / time.Second) }

// CityPolicy is what the simulator's cities are dispatched with when nobody says otherwise: the default one, except that riders
// are told, a round each 30 s, what to do until the next.
func CityPolicy() dispatch.Policy {
	p := dispatch.DefaultPolicy()
	p.IntervalS, p.Mode, p.CommitAheadS = 30, dispatch.ModeForce, 30
	return p
}

// Greedy makes a day's rules and policy, and a run's options, those of the plain baseline: each round gives each new order,
// the most urgent first, to the rider with whom it costs least, and there it stays. There is no improvement, no waiting for a better
// rider, no price of places and no repositioning. Costs and limits remain the policy's, so greedy bundles as well.
func Greedy(d *Day, o *Options) {
	d.Rules.Sticky = true
	d.Policy.CommitAheadS = 1 << 20 // at once
	d.Policy.Position, d.Policy.Reposition = 0, false
	o.Iterations, o.Patience, o.Budget = -1, 0, 0
}
