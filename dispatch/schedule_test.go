package dispatch

import (
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// What the console says and what a round plans with must never differ: the solver's times are the estimate's medians.
func TestScheduleAgreesWithTheSolver(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.rider(north(700))
	other := func(o *order.Order) { o.Pickup = north(1200) }
	a, b := c.place(north(-1500), 4*time.Minute), c.place(north(-900), 0)
	for _, o := range []id.Order{a, b} {
		_, err := c.s.Assign(t.Context(), c.tenant, o, r, 0, dispatcher)
		must(t, err)
	}
	for step, act := range []func(){
		func() {},
		func() { c.step(r, a, order.EventArrivedAtStore) },
		func() { c.clock.Advance(45 * time.Second) },
		func() { c.step(r, a, order.EventPickedUp) },
		func() { c.place(north(2000), 0, other) },
		func() { c.step(r, b, order.EventPickedUp); c.clock.Advance(30 * time.Second) },
		func() { c.step(r, b, order.EventArrivedAtDoor) },
		func() { c.clock.Advance(10 * time.Second) },
	} {
		act()
		c.seen(r, geo.LatLng{Lat: center.Lat + 0.001*float64(step), Lng: center.Lng})
		snap, err := c.s.TakeSnapshot(t.Context(), c.tenant, c.zone.ID)
		must(t, err)
		in := NewInstance(snap, c.s.eta.Params(), &Memory{})
		in.Problem.Orders = onlyFixed(in)
		plan, err := solver.Solve(t.Context(), &in.Problem, solver.Options{Iterations: -1})
		must(t, err)
		stops := in.stops(&plan.Routes[0], func(o int32) bool { return in.Problem.Orders[o].Rider >= 0 })

		byID := make(map[id.Order]order.Order)
		for _, o := range snap.Orders {
			byID[o.ID] = o
		}
		at := snap.Positions[r].LatLng
		got := Schedule(c.s.eta, ScheduleQuery{
			Now: snap.At, Vehicle: snap.Riders[0].Vehicle, At: &at, Stops: stops,
			Orders:  func(x id.Order) (order.Order, bool) { o, ok := byID[x]; return o, ok },
			Handoff: func(x id.Store) order.Seconds { return snap.Stores[x].Handoff },
		})
		if len(got.Stops) != len(stops) || len(stops) == 0 {
			t.Fatalf("step %d: %d stops estimated of %d", step, len(got.Stops), len(stops))
		}
		for i, v := range got.Stops {
			if !v.ArriveAt.P50.Equal(stops[i].ArriveAt) || !v.DepartAt.P50.Equal(stops[i].DepartAt) {
				t.Errorf("step %d, stop %d (%s): estimated %v to %v, planned %v to %v", step, i, stops[i].Kind,
					v.ArriveAt.P50, v.DepartAt.P50, stops[i].ArriveAt, stops[i].DepartAt)
			}
		}
	}
}

// onlyFixed makes the waiting orders nobody's business.
func onlyFixed(in *Instance) []solver.Order {
	out := make([]solver.Order, len(in.Problem.Orders))
	copy(out, in.Problem.Orders)
	for i := range out {
		if out[i].Rider < 0 {
			out[i].Vehicles = nobody
		}
	}
	return out
}
