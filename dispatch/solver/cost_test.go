package solver

import (
	"math"
	"testing"
)

// One rider at minute 0, one order from minute 1 to minute 3: each term by itself.
func TestCostTerms(t *testing.T) {
	t.Parallel()
	only := func(o Objective) func(*Problem) {
		return func(p *Problem) { o.Unassigned = 1000; p.Objective = o }
	}
	order := func(change func(*Order)) func(*Problem) {
		return func(p *Problem) { change(&p.Orders[0]) }
	}
	rider := func(change func(*Rider)) func(*Problem) {
		return func(p *Problem) { change(&p.Riders[0]) }
	}
	for _, c := range []struct {
		name   string
		change []func(*Problem)
		want   float64
	}{
		{"click to door", []func(*Problem){only(Objective{ClickToDoor: 1})}, 3},
		{"since placement", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.PlacedAt = -600 })}, 13},
		{"food is waited for", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.ReadyAt = 240 })}, 6},
		{"service at the store", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.PickupService = 60 })}, 4},
		{"service while waiting", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.PickupService, o.ReadyAt = 60, 120 })}, 4},
		{"service at the door", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.DropoffService = 90 })}, 4.5},
		{"a rider who is free later", []func(*Problem){only(Objective{ClickToDoor: 1}), rider(func(r *Rider) { r.FreeAt = 120 })}, 5},
		{"on time", []func(*Problem){only(Objective{Late: 0.5}), order(func(o *Order) { o.TargetAt = 180 })}, 0},
		{"late", []func(*Problem){only(Objective{Late: 0.5}), order(func(o *Order) { o.TargetAt = 60 })}, 1},
		{"very late", []func(*Problem){only(Objective{VeryLate: 3, VeryLateAfter: 60}), order(func(o *Order) { o.TargetAt = 60 })}, 3},
		{"work", []func(*Problem){only(Objective{Work: 2})}, 6},
		{"uncertain food, come before it may be ready", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.ReadyAt, o.ReadySpread = 240, 120 })}, 6},
		{"uncertain food, come between", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.ReadyAt, o.ReadySpread = 240, 240 })}, 6.5},
		{"work counts waiting", []func(*Problem){only(Objective{Work: 2}), order(func(o *Order) { o.ReadyAt = 240 })}, 12},
		{"work starts when free", []func(*Problem){only(Objective{Work: 2}), rider(func(r *Rider) { r.FreeAt = 600 })}, 6},
		{"pay", []func(*Problem){only(Objective{Pay: 2})}, 2},
		{"pay within the guarantee", []func(*Problem){only(Objective{Pay: 2}), rider(func(r *Rider) { r.PayShare = 0 })}, 0},
		{"pay beyond the guarantee", []func(*Problem){only(Objective{Pay: 2}), rider(func(r *Rider) { r.PayShare = 0.5 })}, 1},
		{"without work for long", []func(*Problem){only(Objective{ClickToDoor: 1}), rider(func(r *Rider) { r.Idle = -0.4 })}, 2.6},
		{"earned more than others", []func(*Problem){only(Objective{ClickToDoor: 1}), rider(func(r *Rider) { r.Earned = 0.5 })}, 3.5},
		{"pay and fairness", []func(*Problem){only(Objective{Pay: 2}), rider(func(r *Rider) { r.Idle, r.Earned = -0.4, 0.1 })}, 1.7},
		{"nobody", []func(*Problem){only(Objective{}), func(p *Problem) { p.Riders = nil }}, 1000},
		{"nobody, waiting for ten minutes", []func(*Problem){only(Objective{ClickToDoor: 1}), order(func(o *Order) { o.PlacedAt = -600 }), func(p *Problem) { p.Riders = nil }}, 1010},
		{"the default objective", []func(*Problem){func(p *Problem) { p.Objective = Objective{} }}, 3 + 0.15*3 + 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := line().withRider(0).withOrder(1, 3)
			for _, change := range c.change {
				change(p)
			}
			if plan := mustSolve(t, p, 10, 1); math.Abs(plan.Cost-c.want) > 1e-9 {
				t.Errorf("cost %v, want %v", plan.Cost, c.want)
			}
		})
	}
}

// Two orders of a store are one stop: one arrival, the longest service, the last food.
func TestPhysicalStop(t *testing.T) {
	t.Parallel()
	p := line().withRider(0).
		withOrder(1, 3, func(o *Order) { o.PickupService = 60 }).
		withOrder(1, 3, func(o *Order) { o.PickupService, o.ReadyAt = 90, 120 })
	plan := mustSolve(t, p, 50, 1)
	route := plan.Routes[0]
	if route.Arrive[0] != 60 || route.Arrive[1] != 60 || route.Depart[0] != 150 || route.Depart[1] != 150 {
		t.Errorf("arrive %v depart %v, want 60 60 and 150 150", route.Arrive, route.Depart)
	}
}

// The cheap distance is the haversine one.
func TestTravelSeconds(t *testing.T) {
	t.Parallel()
	travel := Travel{Vehicles: []VehicleTravel{{Speed: 5, Detour: 1.5, Fixed: 40}, {Speed: 10, Detour: 1}}}
	a := at(0)
	for _, c := range []struct {
		name    string
		vehicle uint8
		minute  float64
		want    int32
	}{
		{"nowhere", 0, 0, 0},
		{"600 m on a bike", 0, 1, 180 + 40},
		{"600 m on the faster", 1, 1, 60},
		{"rounded up", 1, 1.001, 61},
		{"across the ocean", 1, 2000, maxLeg},
		{"unknown vehicle", 9, 1, maxLeg},
	} {
		if got := travel.Seconds(c.vehicle, a, at(c.minute)); got != c.want {
			t.Errorf("%s: %d s, want %d", c.name, got, c.want)
		}
	}
}
