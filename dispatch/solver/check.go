package solver

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Check verifies a plan slowly and by obvious code, sharing nothing with Solve
// but Travel.Seconds: every order exactly once, bound orders with their riders,
// held stops unmoved, times and costs recomputed, every constraint kept. It
// returns all that is wrong, naming orders and riders by id.
//
// A constraint that reality has broken is tolerated only among bound orders
// (fixed, on board, or held), and only where the rider's kept route, reduced to
// bound orders, breaks it as well, or lacks one of them.
func Check(p *Problem, plan *Plan) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	c := checker{p: p, plan: plan, bound: boundRiders(p)}
	if len(plan.Routes) != len(p.Riders) {
		c.fail("plan has %d routes for %d riders", len(plan.Routes), len(p.Riders))
		return errors.Join(c.errs...)
	}
	if !c.indexes() {
		return errors.Join(c.errs...)
	}
	c.everyOrderOnce()
	c.together()
	for r := range plan.Routes {
		c.route(int32(r))
	}
	c.totalCost()
	return errors.Join(c.errs...)
}

type checker struct {
	p     *Problem
	plan  *Plan
	bound []int32 // by order: the only rider who may have it, or -1
	errs  []error
}

func (c *checker) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *checker) order(o int32) string { return fmt.Sprintf("order %q", c.p.Orders[o].ID) }
func (c *checker) rider(r int32) string { return fmt.Sprintf("rider %q", c.p.Riders[r].ID) }

// boundRiders lists who must serve each order: by the order itself or because
// one of its stops is under way.
func boundRiders(p *Problem) []int32 {
	bound := make([]int32, len(p.Orders))
	for i := range p.Orders {
		bound[i] = -1
		if p.Orders[i].bound() {
			bound[i] = p.Orders[i].Rider
		}
	}
	for r := range p.Riders {
		for _, stop := range p.Riders[r].Route[:p.Riders[r].Held] {
			bound[stop.Order] = int32(r)
		}
	}
	return bound
}

// indexes reports whether the plan mentions only orders that exist.
func (c *checker) indexes() bool {
	known := func(o int32) bool { return o >= 0 && int(o) < len(c.p.Orders) }
	for r := range c.plan.Routes {
		for k, stop := range c.plan.Routes[r].Stops {
			if !known(stop.Order) {
				c.fail("%s stop %d: no order %d", c.rider(int32(r)), k, stop.Order)
			}
		}
	}
	for _, u := range c.plan.Unassigned {
		if !known(u.Order) {
			c.fail("unassigned: no order %d", u.Order)
		} else if _, ok := hardness[u.Reason]; !ok {
			c.fail("unassigned %s: unknown reason %q", c.order(u.Order), u.Reason)
		}
	}
	return len(c.errs) == 0
}

// everyOrderOnce checks that each order is picked up (unless on board) and
// dropped off once, by one rider, in this sequence, or is unassigned.
func (c *checker) everyOrderOnce() {
	n := len(c.p.Orders)
	pickups, dropoffs, left := make([][]int32, n), make([][]int32, n), make([]int, n)
	for r := range c.plan.Routes {
		for _, stop := range c.plan.Routes[r].Stops {
			o := stop.Order
			if stop.Pickup {
				pickups[o] = append(pickups[o], int32(r))
				if len(dropoffs[o]) > 0 {
					c.fail("%s: %s is dropped off before its pickup", c.rider(int32(r)), c.order(o))
				}
			} else {
				dropoffs[o] = append(dropoffs[o], int32(r))
			}
		}
	}
	for _, u := range c.plan.Unassigned {
		left[u.Order]++
	}
	for i := range c.p.Orders {
		o, want := int32(i), 1
		if c.p.Orders[i].OnBoard {
			want = 0
		}
		switch {
		case left[i] == 1 && len(pickups[i]) == 0 && len(dropoffs[i]) == 0:
			if c.bound[i] >= 0 {
				c.fail("%s is unassigned, but bound to %s", c.order(o), c.rider(c.bound[i]))
			}
		case left[i] != 0 || len(dropoffs[i]) != 1 || len(pickups[i]) != want:
			c.fail("%s: %d pickups, %d drop-offs, %d times unassigned", c.order(o), len(pickups[i]), len(dropoffs[i]), left[i])
		case want == 1 && pickups[i][0] != dropoffs[i][0]:
			c.fail("%s: picked up by %s, dropped off by %s", c.order(o), c.rider(pickups[i][0]), c.rider(dropoffs[i][0]))
		default:
			c.allowed(o, dropoffs[i][0])
		}
	}
}

// allowed checks that rider r may have order o.
func (c *checker) allowed(o, r int32) {
	order, rider := &c.p.Orders[o], &c.p.Riders[r]
	if c.bound[o] >= 0 {
		if c.bound[o] != r {
			c.fail("%s goes to %s, but is bound to %s", c.order(o), c.rider(r), c.rider(c.bound[o]))
		}
		return // whatever the rider lacks
	}
	if order.Skills&rider.Skills != order.Skills {
		c.fail("%s: %s lacks skills", c.order(o), c.rider(r))
	}
	if order.Vehicles != 0 && order.Vehicles&(1<<rider.Vehicle) == 0 {
		c.fail("%s: %s has the wrong vehicle", c.order(o), c.rider(r))
	}
	if slices.Contains(order.Refused, r) {
		c.fail("%s was refused by %s", c.order(o), c.rider(r))
	}
}

// route checks one rider's schedule, cost, held stops and constraints.
func (c *checker) route(r int32) {
	rider, route := &c.p.Riders[r], &c.plan.Routes[r]
	if len(route.Stops) < int(rider.Held) || !slices.Equal(route.Stops[:rider.Held], rider.Route[:rider.Held]) {
		c.fail("%s: the first %d stops are not the held ones", c.rider(r), rider.Held)
	}
	arrive, depart := retime(c.p, r, route.Stops)
	if !slices.Equal(arrive, route.Arrive) {
		c.fail("%s: arrivals %v, should be %v", c.rider(r), route.Arrive, arrive)
	}
	if !slices.Equal(depart, route.Depart) {
		c.fail("%s: departures %v, should be %v", c.rider(r), route.Depart, depart)
	}
	if cost := routeCost(c.p, r, route.Stops, depart); !sameCost(cost, route.Cost) {
		c.fail("%s: cost %v, should be %v", c.rider(r), route.Cost, cost)
	}
	c.constraints(r)
}

func (c *checker) totalCost() {
	sum := 0.0
	for r := range c.plan.Routes {
		sum += c.plan.Routes[r].Cost
	}
	for _, u := range c.plan.Unassigned {
		sum += leftCost(c.p, u.Order)
	}
	if !sameCost(sum, c.plan.Cost) {
		c.fail("plan costs %v, should be %v", c.plan.Cost, sum)
	}
}

func sameCost(a, b float64) bool {
	return math.Abs(a-b) <= 1e-6+1e-9*max(math.Abs(a), math.Abs(b))
}
