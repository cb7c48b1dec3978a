package solver

import "fmt"

// violation is a broken constraint in one route.
type violation struct {
	rule      ruleSet
	order     int32 // whom it concerns; -1 = the whole route
	amount    int32 // how far it goes; comparable within a rule and order
	boundOnly bool  // no free order has a part in it
	text      string
}

// constraints reports what rider r's route breaks and reality had not broken before.
func (c *checker) constraints(r int32) {
	kept, complete := c.boundRoute(r)
	before := c.violations(r, kept)
	for _, v := range c.violations(r, c.plan.Routes[r].Stops) {
		if !v.boundOnly || (complete && !excused(v, before)) {
			c.fail("%s: %s", c.rider(r), v.text)
		}
	}
}

// excused reports whether a violation among bound orders is no worse than one before.
func excused(v violation, before []violation) bool {
	for _, b := range before {
		if b.rule == v.rule && b.amount >= v.amount && (b.order == v.order || v.rule != ruleDetour) {
			return true
		}
	}
	return false
}

// boundRoute is r's kept route without free orders; complete says that no bound one is missing.
func (c *checker) boundRoute(r int32) (stops []Stop, complete bool) {
	dropped := map[int32]bool{}
	for _, stop := range c.p.Riders[r].Route {
		if c.bound[stop.Order] >= 0 {
			stops = append(stops, stop)
			dropped[stop.Order] = true
		}
	}
	for o, b := range c.bound {
		if b == r && !dropped[int32(o)] {
			return stops, false
		}
	}
	return stops, true
}

// violations lists every constraint that a route of rider r breaks.
func (c *checker) violations(r int32, stops []Stop) []violation {
	var out []violation
	add := func(rule ruleSet, order, amount int32, boundOnly bool, format string, args ...any) {
		out = append(out, violation{rule, order, amount, boundOnly, fmt.Sprintf(format, args...)})
	}
	p, rider := c.p, &c.p.Riders[r]
	arrive, depart := retime(p, r, stops)
	aboard := map[int32]bool{} // orders on board
	since, from := map[int32]int32{}, map[int32]Stop{}
	load, orders, physical, allBound := int32(0), int32(0), int32(0), true
	for o := range p.Orders {
		if p.Orders[o].OnBoard && c.bound[o] == r {
			aboard[int32(o)] = true
			load += p.Orders[o].Load
		}
	}
	for i, stop := range stops {
		o := &p.Orders[stop.Order]
		bound := c.bound[stop.Order] >= 0
		allBound = allBound && bound
		if i == 0 || physicalStop(p, stops, i-1) == i {
			physical++
		}
		if stop.Pickup {
			if depart[i] > rider.ShiftEnd {
				add(ruleShift, stop.Order, 0, bound, "%s is picked up at %d, after the shift's end at %d", c.order(stop.Order), depart[i], rider.ShiftEnd)
			}
			for other := range aboard {
				if p.Limits.OneStore && p.Orders[other].Store != o.Store {
					add(ruleOneStore, stop.Order, 0, bound && c.bound[other] >= 0, "%s is picked up with %s of another store aboard", c.order(stop.Order), c.order(other))
				}
			}
			aboard[stop.Order] = true
			since[stop.Order], from[stop.Order] = depart[i], stop
			load += o.Load
		} else {
			delete(aboard, stop.Order)
			load -= o.Load
			orders++
			start, origin := rider.FreeAt, rider.At
			if pickup, ok := from[stop.Order]; ok {
				start, origin = since[stop.Order], placeOf(p, pickup)
			}
			detour := arrive[i] - start - p.Travel.Seconds(rider.Vehicle, origin, o.Dropoff)
			if p.Limits.MaxDetour > 0 && detour > p.Limits.MaxDetour {
				add(ruleDetour, stop.Order, detour, bound, "%s is aboard %d s longer than directly, the limit is %d s", c.order(stop.Order), detour, p.Limits.MaxDetour)
			}
		}
		if load > rider.Capacity {
			boundOnly := true
			for other := range aboard {
				boundOnly = boundOnly && c.bound[other] >= 0
			}
			add(ruleCapacity, -1, load, boundOnly, "load %d after stop %d, capacity %d", load, i, rider.Capacity)
		}
	}
	// More orders or stops than allowed are always excused among bound orders alone.
	if orders > rider.MaxOrders && !allBound {
		add(ruleOrders, -1, orders, false, "%d orders, at most %d", orders, rider.MaxOrders)
	}
	if n := len(stops); rider.WorkEnd != 0 && n > 0 && depart[n-1] > rider.WorkEnd && !allBound {
		add(ruleWork, -1, depart[n-1], false, "the last stop is done at %d, after work's end at %d", depart[n-1], rider.WorkEnd)
	}
	if limit := p.Limits.MaxStops; limit > 0 && physical > limit && !allBound {
		add(ruleStops, -1, physical, false, "%d stops, at most %d", physical, limit)
	}
	return out
}
