package solver

import (
	"errors"
	"fmt"
)

// Score is the plan that serves these routes, one for each rider, with its times and costs: what Solve minimises,
// of a plan made elsewhere. Orders that no route drops off are unassigned. It shares its code with Check, which tells whether
// the plan keeps the rules.
func Score(p *Problem, routes [][]Stop) (Plan, error) {
	if err := p.Validate(); err != nil {
		return Plan{}, fmt.Errorf("score: %w", err)
	}
	if len(routes) != len(p.Riders) {
		return Plan{}, fmt.Errorf("score: %d routes for %d riders", len(routes), len(p.Riders))
	}
	plan := Plan{Routes: make([]Route, len(routes)), Unassigned: []Unassigned{}}
	for r := range routes {
		plan.Routes[r].Stops = routes[r]
	}
	c := checker{p: p, plan: &plan}
	if !c.indexes() {
		return Plan{}, fmt.Errorf("score: %w", errors.Join(c.errs...))
	}
	served := make([]bool, len(p.Orders))
	for r := range plan.Routes {
		route := &plan.Routes[r]
		route.Arrive, route.Depart = retime(p, int32(r), route.Stops)
		route.Cost = routeCost(p, int32(r), route.Stops, route.Depart)
		plan.Cost += route.Cost
		for _, stop := range route.Stops {
			served[stop.Order] = served[stop.Order] || !stop.Pickup
		}
	}
	for o := range p.Orders {
		if !served[o] {
			plan.Unassigned = append(plan.Unassigned, Unassigned{int32(o), ReasonNotWorth})
			plan.Cost += leftCost(p, int32(o))
		}
	}
	return plan, nil
}
