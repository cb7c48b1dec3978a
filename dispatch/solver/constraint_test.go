package solver

import (
	"slices"
	"strings"
	"testing"
)

// A case solves one Problem and says who waits and why, and, if stops is given,
// the first rider's route.
type constraintCase struct {
	name    string
	problem *Problem
	waiting []Unassigned
	stops   []Stop
}

func runCases(t *testing.T, cases []constraintCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan := mustSolve(t, c.problem, 200, 1)
			if !slices.Equal(plan.Unassigned, c.waiting) && len(plan.Unassigned)+len(c.waiting) > 0 {
				t.Errorf("waiting %v, want %v", plan.Unassigned, c.waiting)
			}
			if c.stops != nil && !slices.Equal(plan.Routes[0].Stops, c.stops) {
				t.Errorf("stops %v, want %v", plan.Routes[0].Stops, c.stops)
			}
		})
	}
}

func TestCompatible(t *testing.T) {
	t.Parallel()
	skilled := func(r *Rider) { r.Skills = 0b101 }
	runCases(t, []constraintCase{
		{"nobody on shift", line().withOrder(1, 2), []Unassigned{{0, ReasonNoRider}}, nil},
		{"all skills", line().withRider(0, skilled).withOrder(1, 2, func(o *Order) { o.Skills = 0b100 }), nil, nil},
		{"one skill short", line().withRider(0, skilled).withOrder(1, 2, func(o *Order) { o.Skills = 0b110 }), []Unassigned{{0, ReasonSkill}}, nil},
		{"wrong vehicle", line().withRider(0).withOrder(1, 2, func(o *Order) { o.Vehicles = 0b10 }), []Unassigned{{0, ReasonSkill}}, nil},
		{"right vehicle", line().withRider(0).withOrder(1, 2, func(o *Order) { o.Vehicles = 0b11 }), nil, nil},
		{"refused", line().withRider(0).withOrder(1, 2, func(o *Order) { o.Refused = []int32{0} }), []Unassigned{{0, ReasonRefused}}, nil},
		{"refused by one of two", line().withRider(0).withRider(9).withOrder(1, 2, func(o *Order) { o.Refused = []int32{0} }), nil, []Stop{}},
		{"fixed whatever the rider lacks", line().withRider(0).withOrder(1, 2, fixedTo(0), func(o *Order) {
			o.Skills, o.Vehicles, o.Refused = 1, 2, []int32{0}
		}), nil, []Stop{pick(0), drop(0)}},
	})
}

func TestCapacity(t *testing.T) {
	t.Parallel()
	bag := func(n int32) func(*Rider) { return func(r *Rider) { r.Capacity = n } }
	load := func(n int32) func(*Order) { return func(o *Order) { o.Load = n } }
	runCases(t, []constraintCase{
		{"fits", line().withRider(0, bag(3)).withOrder(1, 2, load(3)), nil, nil},
		{"too big", line().withRider(0, bag(2)).withOrder(1, 2, load(3)), []Unassigned{{0, ReasonCapacity}}, nil},
		{
			"together", line().withRider(0, bag(4)).withOrder(1, 2, load(2)).withOrder(1, 3, load(2)), nil,
			[]Stop{pick(0), pick(1), drop(0), drop(1)},
		},
		{
			"one after the other", line().withRider(0, bag(3)).withOrder(1, 2, load(2)).withOrder(1, 3, load(2)), nil,
			[]Stop{pick(0), drop(0), pick(1), drop(1)},
		},
		{
			"overfull with what is aboard: that first", line().withRider(0, bag(1)).
				withOrder(0, 2, load(2), aboard(0)).withOrder(1, 3), nil,
			[]Stop{drop(0), pick(1), drop(1)},
		},
	})
}

func TestMaxOrders(t *testing.T) {
	t.Parallel()
	most := func(n int32) func(*Rider) { return func(r *Rider) { r.MaxOrders = n } }
	runCases(t, []constraintCase{
		{"two of two", line().withRider(0, most(2)).withOrder(1, 2).withOrder(1, 3), nil, nil},
		{"one of two", line().withRider(0, most(1)).withOrder(1, 2).withOrder(1, 9), []Unassigned{{1, ReasonCapacity}}, nil},
		{"those aboard count", line().withRider(0, most(1)).withOrder(0, 1, aboard(0)).withOrder(1, 2), []Unassigned{{1, ReasonCapacity}}, nil},
		{"fixed ones beyond the maximum are served", line().withRider(0, most(1)).withOrder(1, 2, fixedTo(0)).withOrder(1, 3, fixedTo(0)).withOrder(1, 4), []Unassigned{{2, ReasonCapacity}}, []Stop{pick(0), pick(1), drop(0), drop(1)}},
	})
}

func TestWorkEnds(t *testing.T) {
	t.Parallel()
	until := func(minute int32) func(*Rider) { return func(r *Rider) { r.WorkEnd = 60 * minute } }
	runCases(t, []constraintCase{
		{"done at the last minute", line().withRider(0, until(20)).withOrder(5, 20), nil, nil},
		{"done too late", line().withRider(0, until(20)).withOrder(5, 21), []Unassigned{{0, ReasonWork}}, nil},
		{"what is aboard is brought, nothing else", line().withRider(0, until(1)).withOrder(0, 3, aboard(0)).withOrder(0, 1), []Unassigned{{1, ReasonWork}}, []Stop{drop(0)}},
		{"the second would be too late", line().withRider(0, until(6)).withOrder(1, 3).withOrder(1, 9), []Unassigned{{1, ReasonWork}}, []Stop{pick(0), drop(0)}},
	})
}

func TestShift(t *testing.T) {
	t.Parallel()
	until := func(minute int32) func(*Rider) { return func(r *Rider) { r.ShiftEnd = 60 * minute } }
	runCases(t, []constraintCase{
		{"pickup at the last minute, drop-off later", line().withRider(0, until(5)).withOrder(5, 20), nil, nil},
		{"pickup too late", line().withRider(0, until(5)).withOrder(6, 7), []Unassigned{{0, ReasonShiftEnd}}, nil},
		{"food ready too late", line().withRider(0, until(5)).withOrder(1, 7, func(o *Order) { o.ReadyAt = 301 }), []Unassigned{{0, ReasonShiftEnd}}, nil},
		{"food aboard after the shift", line().withRider(0, until(-5)).withOrder(0, 3, aboard(0)).withOrder(0, 3), []Unassigned{{1, ReasonShiftEnd}}, []Stop{drop(0)}},
		{"fixed after the shift, nothing else", line().withRider(0, until(-5)).withOrder(1, 3, fixedTo(0)).withOrder(0, 3), []Unassigned{{1, ReasonShiftEnd}}, []Stop{pick(0), drop(0)}},
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	limit := func(p *Problem, l Limits) *Problem {
		p.Limits = l
		return p
	}
	runCases(t, []constraintCase{
		{"three stops for two orders of a store", limit(line().withRider(0).withOrder(1, 2).withOrder(1, 3), Limits{MaxStops: 3}), nil, nil},
		{"four stops for two stores", limit(line().withRider(0).withOrder(1, 4).withOrder(2, 9), Limits{MaxStops: 3}), []Unassigned{{1, ReasonCapacity}}, nil},
		{"without a detour limit the pickups are first", line().withRider(0).withOrder(1, 3).withOrder(2, 4), nil, []Stop{pick(0), pick(1), drop(0), drop(1)}},
		{
			"waiting with food aboard is a detour",
			limit(line().withRider(0).withOrder(1, 4).withOrder(2, 5, func(o *Order) { o.ReadyAt = 900 }), Limits{MaxDetour: 120}),
			nil, []Stop{pick(0), drop(0), pick(1), drop(1)},
		},
		{
			"one store at a time",
			limit(line().withRider(0).withOrder(1, 3).withOrder(2, 4), Limits{OneStore: true}),
			nil, []Stop{pick(0), drop(0), pick(1), drop(1)},
		},
		{
			"fixed orders of two stores are mixed already, a third is not", limit(line().withRider(0, func(r *Rider) {
				r.Route = []Stop{pick(0), pick(1), drop(0), drop(1)}
			}).withOrder(1, 3, fixedTo(0)).withOrder(2, 4, fixedTo(0)).withOrder(2.5, 5), Limits{OneStore: true}),
			nil, []Stop{pick(0), pick(1), drop(0), drop(1), pick(2), drop(2)},
		},
	})
}

func TestHeldAndFixed(t *testing.T) {
	t.Parallel()
	route := func(held int32, stops ...Stop) func(*Rider) {
		return func(r *Rider) { r.Route, r.Held = stops, held }
	}
	runCases(t, []constraintCase{
		{"a free route is improved", line().withRider(0, route(0, pick(1), drop(1), pick(0), drop(0))).withOrder(1, 2).withOrder(3, 4), nil, []Stop{pick(0), drop(0), pick(1), drop(1)}},
		{"a held stop stays first", line().withRider(0, route(1, pick(1), drop(1), pick(0), drop(0))).withOrder(1, 2).withOrder(3, 4), nil, []Stop{pick(1), drop(1), pick(0), drop(0)}},
		{"a held order stays with its rider", line().withRider(0, route(1, pick(0), drop(0))).withRider(9).withOrder(9, 10), nil, []Stop{pick(0), drop(0)}},
		{"a tentative one goes to the nearer", line().withRider(0, route(0, pick(0), drop(0))).withRider(9).withOrder(9, 10), nil, []Stop{}},
		{"the bundle of a held pickup may grow", line().withRider(0, route(1, pick(0), drop(0))).withOrder(1, 2).withOrder(1, 3), nil, []Stop{pick(0), pick(1), drop(0), drop(1)}},
		{"a drop-off missing from the route is inserted", line().withRider(0, route(0, pick(1), drop(1))).withOrder(0, 2, aboard(0)).withOrder(1, 3, fixedTo(0)), nil, []Stop{pick(1), drop(0), drop(1)}},
		{"not worth it", line().withRider(0).withOrder(600, 1200, func(o *Order) { o.TargetAt = 60 }), []Unassigned{{0, ReasonNotWorth}}, nil},
		{"never too late to deliver", line().withRider(0).withOrder(1, 2, func(o *Order) { o.PlacedAt, o.TargetAt = -36000, -33000 }), nil, []Stop{pick(0), drop(0)}},
	})
}

// Check refuses a good plan after any one thing is spoilt.
func TestCheckFindsEveryFault(t *testing.T) {
	t.Parallel()
	problem := func() *Problem {
		return line().withRider(0, func(r *Rider) {
			r.Route, r.Held = []Stop{pick(0), drop(0)}, 1
		}).withRider(5).withOrder(1, 2).withOrder(6, 7, func(o *Order) { o.Skills = 0 }).withOrder(6, 9, fixedTo(1))
	}
	for _, c := range []struct {
		name, want string
		spoil      func(*Problem, *Plan)
	}{
		{"late arrival", "arrivals", func(_ *Problem, q *Plan) { q.Routes[0].Arrive[1]++ }},
		{"departure", "departures", func(_ *Problem, q *Plan) { q.Routes[0].Depart[1]-- }},
		{"route cost", "cost", func(_ *Problem, q *Plan) { q.Routes[0].Cost++ }},
		{"plan cost", "plan costs", func(_ *Problem, q *Plan) { q.Cost++ }},
		{"lost order", "unassigned", func(_ *Problem, q *Plan) { q.Routes[1] = Route{} }},
		{"doubled order", "1 times unassigned", func(_ *Problem, q *Plan) { q.Unassigned = []Unassigned{{1, ReasonNotWorth}} }},
		{"precedence", "before its pickup", func(_ *Problem, q *Plan) { slices.Reverse(q.Routes[1].Stops) }},
		{"swapped riders", "bound to", func(_ *Problem, q *Plan) { q.Routes[0], q.Routes[1] = q.Routes[1], q.Routes[0] }},
		{"held", "held", func(_ *Problem, q *Plan) { q.Routes[0].Stops[0].Order = 1 }},
		{"unknown order", "no order 77", func(_ *Problem, q *Plan) { q.Routes[0].Stops[0].Order = 77 }},
		{"skills", "lacks skills", func(p *Problem, _ *Plan) { p.Orders[1].Skills = 1 }},
		{"vehicle", "wrong vehicle", func(p *Problem, _ *Plan) { p.Orders[1].Vehicles = 2 }},
		{"refused", "refused", func(p *Problem, _ *Plan) { p.Orders[1].Refused = []int32{1} }},
		{"capacity", "capacity 1", func(p *Problem, _ *Plan) { p.Riders[1].Capacity = 1 }},
		{"orders", "at most 1", func(p *Problem, _ *Plan) { p.Riders[1].MaxOrders = 1 }},
		{"work", "work's end", func(p *Problem, _ *Plan) { p.Riders[1].WorkEnd = 1 }},
		{"shift", "shift's end", func(p *Problem, _ *Plan) { p.Riders[1].ShiftEnd = 0 }},
		{"stops", "at most 2", func(p *Problem, _ *Plan) { p.Limits.MaxStops = 2 }},
		{"one store", "another store", func(p *Problem, _ *Plan) { p.Limits.OneStore, p.Orders[2].Store = true, 1 }},
		{"routes", "2 routes", func(p *Problem, _ *Plan) {
			p.Riders = append(p.Riders, p.Riders[0])
			p.Riders[2].ID, p.Riders[2].Route, p.Riders[2].Held = "r2", nil, 0
		}},
		{"reason", "unknown reason", func(_ *Problem, q *Plan) { q.Unassigned = []Unassigned{{1, "?"}} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := problem()
			plan := mustSolve(t, p, 100, 1)
			c.spoil(p, &plan)
			if err := Check(p, &plan); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Check: %v, want %q", err, c.want)
			}
		})
	}
}
