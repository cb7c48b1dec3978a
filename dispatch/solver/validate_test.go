package solver

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestValidateNamesTheField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  string
		spoil func(*Problem)
	}{
		{"orders[1].id", func(p *Problem) { p.Orders[1].ID = p.Orders[0].ID }},
		{"orders[0].pickup", func(p *Problem) { p.Orders[0].Pickup.Lat = math.NaN() }},
		{"orders[0].dropoff", func(p *Problem) { p.Orders[0].Dropoff.Lng = 200 }},
		{"orders[0].placed_at", func(p *Problem) { p.Orders[0].PlacedAt = math.MinInt32 }},
		{"orders[0].ready_at", func(p *Problem) { p.Orders[0].ReadyAt = math.MaxInt32 }},
		{"orders[0].target_at", func(p *Problem) { p.Orders[0].TargetAt = math.MaxInt32 }},
		{"orders[0].pickup_service", func(p *Problem) { p.Orders[0].PickupService = -1 }},
		{"orders[0].dropoff_service", func(p *Problem) { p.Orders[0].DropoffService = -1 }},
		{"orders[0].load", func(p *Problem) { p.Orders[0].Load = -1 }},
		{"orders[0].rider", func(p *Problem) { p.Orders[0].Rider = 2 }},
		{"orders[0].rider: a fixed", func(p *Problem) { p.Orders[0].Fixed = true }},
		{"orders[0].refused", func(p *Problem) { p.Orders[0].Refused = []int32{-1} }},
		{"riders[1].id", func(p *Problem) { p.Riders[1].ID = p.Riders[0].ID }},
		{"riders[0].at", func(p *Problem) { p.Riders[0].At.Lat = math.Inf(1) }},
		{"riders[0].free_at", func(p *Problem) { p.Riders[0].FreeAt = -1 }},
		{"riders[0].vehicle", func(p *Problem) { p.Riders[0].Vehicle = 1 }},
		{"riders[0].capacity", func(p *Problem) { p.Riders[0].Capacity = -1 }},
		{"riders[0].max_orders", func(p *Problem) { p.Riders[0].MaxOrders = -1 }},
		{"riders[0].held", func(p *Problem) { p.Riders[0].Held = 1 }},
		{"riders[0].route[0].order", func(p *Problem) { p.Riders[0].Route = []Stop{pick(2)} }},
		{"dropped off before its pickup", func(p *Problem) { p.Riders[0].Route = []Stop{drop(0), pick(0)} }},
		{"never dropped off", func(p *Problem) { p.Riders[0].Route = []Stop{pick(0)} }},
		{"picked up twice", func(p *Problem) { p.Riders[0].Route = []Stop{pick(0), pick(0), drop(0)} }},
		{"dropped off twice", func(p *Problem) { p.Riders[0].Route = []Stop{pick(0), drop(0), drop(0)} }},
		{"also in riders[0].route", func(p *Problem) {
			p.Riders[0].Route, p.Riders[1].Route = []Stop{pick(0), drop(0)}, []Stop{pick(0), drop(0)}
		}},
		{"on board already", func(p *Problem) { aboard(0)(&p.Orders[0]); p.Riders[0].Route = []Stop{pick(0), drop(0)} }},
		{"fixed to riders[1]", func(p *Problem) { fixedTo(1)(&p.Orders[0]); p.Riders[0].Route = []Stop{pick(0), drop(0)} }},
		{"travel.vehicles[0].speed", func(p *Problem) { p.Travel.Vehicles[0].Speed = 0 }},
		{"travel.vehicles[0].detour", func(p *Problem) { p.Travel.Vehicles[0].Detour = math.NaN() }},
		{"travel.vehicles[0].fixed", func(p *Problem) { p.Travel.Vehicles[0].Fixed = -1 }},
		{"objective.work", func(p *Problem) { p.Objective.Work = -1 }},
		{"objective.very_late_after", func(p *Problem) { p.Objective.VeryLateAfter = -1 }},
		{"limits.max_stops", func(p *Problem) { p.Limits.MaxStops = -1 }},
		{"limits.max_detour", func(p *Problem) { p.Limits.MaxDetour = -1 }},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			p := line().withRider(0).withRider(1).withOrder(1, 2).withOrder(1, 2)
			c.spoil(p)
			_, err := Solve(context.Background(), p, Options{Iterations: 1})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestStopRules(t *testing.T) {
	t.Parallel()
	p := newCity(1, 12, 4).problem()
	if _, err := Solve(context.Background(), p, Options{}); !errors.Is(err, ErrEndless) {
		t.Errorf("without an end: %v", err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	plan, err := Solve(over, p, Options{})
	if err != nil || plan.Iterations != 0 || len(plan.Unassigned) != 12 || plan.Unassigned[0].Reason != ReasonNoTime {
		t.Errorf("after the deadline: %v, %+v", err, plan)
	}
	if err := Check(p, &plan); err != nil {
		t.Error(err)
	}
	plan, err = Solve(context.Background(), p, Options{Until: over.Done()})
	if err != nil || plan.Iterations != 0 || len(plan.Unassigned) != 0 {
		t.Errorf("a budget that is used up still gives the first plan: %v, %+v", err, plan)
	}
	plan, err = Solve(context.Background(), p, Options{Patience: 100})
	if err != nil || plan.Iterations < 100 {
		t.Errorf("patience: %v, %d iterations", err, plan.Iterations)
	}
}
