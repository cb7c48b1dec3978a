package solver

import (
	"cmp"
	"slices"
)

// warm puts the riders' kept routes in place, so far as they still hold: bound
// orders always, free ones while every constraint allows, groups as a whole. Bound orders that no
// route mentions are inserted.
func (s *state) warm(p *Problem) {
	s.bindHeld(p)
	s.anchorGroups()
	missing := s.missing(p)
	for r := range s.riders {
		s.warmRider(int32(r), p.Riders[s.riders[r].outside].Route, missing[int32(r)])
	}
	for r := s.tearOut(); r != nobody; r = s.tearOut() {
		s.warmRider(r, p.Riders[s.riders[r].outside].Route, missing[r])
	}
	s.listWaiting()
}

// bindHeld binds the orders of the stops under way to their riders.
func (s *state) bindHeld(p *Problem) {
	for r := range s.riders {
		ro := &s.riders[r]
		for _, stop := range p.Riders[ro.outside].Route[:ro.held] {
			x := &s.orders[s.orderIn[stop.Order]]
			x.bound = int32(r)
			x.floor = s.floor(x)
			if stop.Pickup {
				x.heldPickup = true
			} else {
				x.pinned = true
			}
		}
	}
}

// missing lists, by rider, the bound orders that the rider's route lacks, most urgent first.
func (s *state) missing(p *Problem) map[int32][]int32 {
	planned := make([]bool, len(s.orders))
	for i := range p.Riders {
		for _, stop := range p.Riders[i].Route {
			planned[s.orderIn[stop.Order]] = true
		}
	}
	missing := map[int32][]int32{}
	for o := range s.orders {
		if b := s.orders[o].bound; b != nobody && !planned[o] {
			missing[b] = append(missing[b], int32(o))
		}
	}
	for _, list := range missing {
		s.byUrgency(list)
	}
	return missing
}

func (s *state) byUrgency(list []int32) {
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.orders[a].target, s.orders[b].target), cmp.Compare(a, b))
	})
}

func (s *state) warmRider(r int32, stops []Stop, missing []int32) {
	if len(stops) == 0 && len(missing) == 0 {
		return
	}
	s.setRoute(r, stops, func(o int32) bool { return !s.free(o) })
	for _, o := range missing {
		s.force(o, r)
	}
	s.judge(r)
	base := len(s.routes[r].v)
	keep := func(o int32) bool {
		_, no := s.incompatible(o, r)
		return !no && !s.groups[s.orders[o].group].torn
	}
	for {
		s.setRoute(r, stops, keep)
		for _, o := range missing {
			s.force(o, r)
		}
		if len(s.routes[r].v) == base || s.allows(r, s.routes[r].v, allRules) {
			return // without free orders it is as judged
		}
		last := s.lastFree(r)
		if last == nobody {
			return
		}
		next := keep
		keep = func(o int32) bool { return o != last && next(o) }
	}
}

// lastFree is the free order that r picks up last.
func (s *state) lastFree(r int32) int32 {
	v := s.routes[r].v
	for i := len(v) - 1; i >= 0; i-- {
		if v[i].pickup && s.free(v[i].order) {
			return v[i].order
		}
	}
	return nobody
}

// setRoute replaces r's route by those of stops whose order is to be kept.
func (s *state) setRoute(r int32, stops []Stop, keep func(o int32) bool) {
	t := &s.routes[r]
	for i := range t.v {
		s.riderOf[t.v[i].order] = nobody
	}
	t.v, t.orders = t.v[:0], 0
	for _, stop := range stops {
		o := s.orderIn[stop.Order]
		if !keep(o) {
			continue
		}
		x := visit{order: o, at: s.orders[o].drop, pickup: stop.Pickup}
		if stop.Pickup {
			x.at = s.orders[o].pick
		} else {
			t.orders++
		}
		t.v = append(t.v, x)
		s.riderOf[o] = r
	}
	s.refresh(r)
}

// longRoute is from where on a bound order without a feasible place is appended
// instead of tried everywhere.
const longRoute = 40

// force inserts a bound order in its rider's route: where the constraints
// allow, else where it costs least.
func (s *state) force(o, r int32) {
	t := &s.routes[r]
	n := int32(len(t.v))
	sl := slot{rider: r, pick: n, drop: n, cost: infinite}
	if s.dropOnly(o) {
		sl.pick = -1
	}
	if n > 10*longRoute {
		s.insert(o, sl)
		return
	}
	s.price(o, r, &sl)
	if sl.cost == infinite && n <= longRoute {
		if best, ok := s.priceSlowly(o, r, 0); ok {
			sl = best
		}
	}
	s.insert(o, sl)
}

// judge looks at what r is bound to and notes which constraints reality has
// broken: see the fields of rider and order.
func (s *state) judge(r int32) {
	ro, t := &s.riders[r], &s.routes[r]
	v, stops := t.v, int32(0)
	ro.loadMax = max(ro.capacity, ro.load)
	for i := range v {
		x := &s.orders[v[i].order]
		ro.loadMax = max(ro.loadMax, v[i].load)
		if !v[i].merged {
			stops++
		}
		if v[i].pickup {
			ro.closed = ro.closed || leaves(v, i) > ro.shiftEnd
		} else if d := s.detour(r, v, i); d > x.detourMax {
			x.detourMax, ro.broken = d, true
		}
	}
	if ro.closed || ro.loadMax > ro.capacity || t.orders > ro.maxOrders ||
		(s.limits.MaxStops > 0 && stops > s.limits.MaxStops) || !oneStoreOK(s, r, v) {
		ro.broken = true
	}
	if ro.broken {
		for i := range v {
			s.orders[v[i].order].pinned = true
		}
	}
}

// listWaiting collects the orders without a rider.
func (s *state) listWaiting() {
	s.waiting, s.waitingAt = s.waiting[:0], make([]int32, len(s.orders))
	for o, r := range s.riderOf {
		s.waitingAt[o] = -1
		if r == nobody {
			s.setWaiting(int32(o), true)
		}
	}
}

// setWaiting adds o to the waiting orders or takes it out.
func (s *state) setWaiting(o int32, waits bool) {
	at := s.waitingAt[o]
	switch {
	case waits && at < 0:
		s.waitingAt[o] = int32(len(s.waiting))
		s.waiting = append(s.waiting, o)
	case !waits && at >= 0:
		last := s.waiting[len(s.waiting)-1]
		s.waiting[at], s.waitingAt[last] = last, at
		s.waiting, s.waitingAt[o] = s.waiting[:len(s.waiting)-1], -1
	}
}
