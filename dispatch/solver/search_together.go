package solver

// A whole is a rider for all orders of a group that has none yet, with the route as it would be in scratch.best.
type whole struct {
	rider int32
	cost  float64 // marginal, of all of them
}

// searchTogether finds the cheapest rider for all orders of list, a group that nobody has, who costs less than limit; nobody
// if there is none. Within a route they are placed one after the other in the sequence of list, each where it costs least.
//
// Riders are met as in search, around the pickup of the first; what the others cost at the very least tightens the bounds.
func (s *state) searchTogether(list []int32, limit float64, hint int32) whole {
	best := whole{rider: nobody, cost: limit}
	if len(s.riders) == 0 {
		return best
	}
	x, rest := &s.orders[list[0]], 0.0
	for _, o := range list[1:] {
		rest += s.orders[o].floor
	}
	if hint != nobody {
		s.tryTogether(list, hint, &best)
	}
	g, direct := &s.riderGrid, s.directs(x)
	first, last := g.rings(x.centre)
	for k := first; k <= last; k++ {
		ride := int32(0)
		if d := g.beyond(x.centre, k); d > 0 {
			ride = int32(min(d*s.minPace.perMetre, maxLeg/2)) + s.minPace.fixed
		}
		done := max(s.minFree+ride+x.pickService, x.ready) + direct + x.dropService
		if s.w.own(x, done)+s.minEach+min(0, x.end-s.maxEnd)+rest >= best.cost {
			break
		}
		s.scratch.cells = g.ring(s.scratch.cells[:0], x.centre, k)
		for _, cell := range s.scratch.cells {
			for i := g.start[cell]; i < g.start[cell+1]; i++ {
				t := &g.seen[i]
				if t.full || t.rider == hint || !s.worth(x, t, best.cost-rest) {
					continue
				}
				s.tryTogether(list, t.rider, &best)
			}
		}
	}
	return best
}

// tryTogether places list in r's route, keeps the result if it is cheaper than best, and takes all out again.
func (s *state) tryTogether(list []int32, r int32, best *whole) {
	t := &s.routes[r]
	if t.orders+int32(len(list)) > s.riders[r].maxOrders {
		return
	}
	rest := 0.0
	for _, o := range list {
		if _, no := s.incompatible(o, r); no {
			return
		}
		rest += s.orders[o].floor
	}
	was := *t
	s.scratch.was = append(s.scratch.was[:0], t.v...)
	placed := 0
	for _, o := range list {
		rest -= s.orders[o].floor
		sl := slot{rider: nobody, cost: best.cost - (t.cost - was.cost) - rest}
		if s.price(o, r, &sl); sl.rider == nobody {
			break
		}
		s.lay(o, sl, t)
		placed++
	}
	if cost := t.cost - was.cost; placed == len(list) && cost < best.cost {
		*best = whole{r, cost}
		s.scratch.best = append(s.scratch.best[:0], t.v...)
	}
	for _, o := range list[:placed] {
		s.riderOf[o] = nobody
	}
	v := append(t.v[:0], s.scratch.was...)
	*t = was
	t.v = v
}

// placeTogether applies what searchTogether found.
func (s *state) placeTogether(list []int32, w whole) {
	t := &s.routes[w.rider]
	t.v = append(t.v[:0], s.scratch.best...)
	t.orders += int32(len(list))
	for _, o := range list {
		s.riderOf[o] = w.rider
	}
	s.refresh(w.rider)
}

// insertTogether gives the group of waiting order o its cheapest rider, once: when o is its most urgent.
func (s *state) insertTogether(o int32) {
	list := s.groups[s.orders[o].group].members
	if o != list[0] {
		return
	}
	w := s.searchTogether(list, s.penalties(list), nobody)
	if w.rider == nobody {
		return
	}
	s.placeTogether(list, w)
	for _, o := range list {
		s.setWaiting(o, false)
	}
}

// penalties is what it costs to leave all of list out.
func (s *state) penalties(list []int32) float64 {
	sum := 0.0
	for _, o := range list {
		sum += s.orders[o].penalty
	}
	return sum
}

// reasonTogether says why group g waits, of whose orders each could go alone: no rider can have them all, as far as a
// look at some tells, or it is not worth it, or time was short.
func (s *state) reasonTogether(g int32) Reason {
	x := &s.groups[g]
	if x.why != "" {
		return x.why
	}
	x.why = ReasonTogether
	for r, looks := 0, 0; r < len(s.riders) && looks < looksPerOrder; r++ {
		best := whole{rider: nobody, cost: infinite}
		if s.obstacleTogether(x.members, int32(r)) != "" {
			continue
		}
		looks++
		if s.tryTogether(x.members, int32(r), &best); best.rider == nobody {
			continue
		}
		if x.why = ReasonNotWorth; best.cost < s.penalties(x.members) {
			x.why = ReasonNoTime
			break
		}
	}
	return x.why
}

// obstacleTogether is why r may not have one of list, or can't have so many, before a look at the route; "" if neither.
func (s *state) obstacleTogether(list []int32, r int32) Reason {
	for _, o := range list {
		if because, no := s.incompatible(o, r); no {
			return because
		}
		if because, no := s.quickNo(o, r); no {
			return because
		}
	}
	if s.routes[r].orders+int32(len(list)) > s.riders[r].maxOrders {
		return ReasonCapacity
	}
	return ""
}
