package solver

import "math"

var infinite = math.Inf(1)

// search finds the cheapest slot for o that costs less than limit; its rider is
// nobody if there is none.
//
// Riders are met outward from the pickup. A rider d metres away can't be there
// before minFree + d × minPace, which bounds the order's own cost from below;
// once the bound reaches the best slot so far, everybody further away is out.
// There is no fixed number of neighbours: popular stores would share the same
// few riders and leave orders to nobody while others idle.
//
// hint is a rider to look at first, or nobody: a good slot early prunes most.
func (s *state) search(o int32, limit float64, hint int32) slot {
	best := slot{rider: nobody, cost: limit}
	x := &s.orders[o]
	if r := s.only(o); r != nobody {
		if _, no := s.incompatible(o, r); !no {
			s.price(o, r, &best)
		}
		return best
	}
	if len(s.riders) == 0 {
		return best
	}
	direct := s.directs(x)
	if hint != nobody {
		s.price(o, hint, &best)
	}
	g := &s.riderGrid
	first, last := g.rings(x.centre)
	for k := first; k <= last; k++ {
		ride := int32(0)
		if d := g.beyond(x.centre, k); d > 0 {
			ride = int32(min(d*s.minPace.perMetre, maxLeg/2)) + s.minPace.fixed
		}
		done := max(s.minFree+ride+x.pickService, x.ready) + direct + x.dropService
		own := s.w.own(x, done) + s.minEach
		bound := own + min(0, x.end-s.maxEnd)
		if bound >= best.cost {
			break
		}
		s.scratch.cells = g.ring(s.scratch.cells[:0], x.centre, k)
		work := ride + x.pickService + direct + x.dropService - s.maxWaited
		for _, cell := range s.scratch.cells {
			// An idle rider works from freeAt on, waiting included, and leaves the place where he is.
			if own+g.leave(cell, x.end)+s.w.work*float64(max(work, done-g.free[cell])) < best.cost+minGain {
				s.searchIdle(o, g.idleIn(cell), &best)
			}
		}
		// Whichever way a busy rider takes it, the tour lasts till done: who would be idle for long before is too dear.
		busyTill := int32(math.MinInt32)
		if s.w.work > 0 {
			busyTill = done - int32(min((best.cost-bound)/s.w.work, maxTime))
		}
		for _, cell := range s.scratch.cells {
			s.searchBusy(o, g.busyIn(cell), busyTill, &best)
		}
	}
	return best
}

// directs fills the scratch with x's direct ride by each vehicle and returns the shortest.
func (s *state) directs(x *order) int32 {
	direct := int32(maxLeg)
	for k, p := range s.paces {
		s.scratch.direct[k] = p.seconds(x.pick, x.drop)
		direct = min(direct, s.scratch.direct[k])
	}
	return direct
}

// searchIdle prices o for riders without a route: straight there and to the door.
func (s *state) searchIdle(o int32, riders []reach, best *slot) {
	x := &s.orders[o]
	s.evaluated += int64(len(riders))
	for i := range riders {
		t := &riders[i]
		arrive := t.end + s.paces[t.vehicle].seconds(t.middle, x.pick)
		if arrive == t.end {
			arrive = t.since // there already
		}
		stop := noSooner(t.end)
		leave := stop.with(x, arrive+x.pickService)
		done := leave + s.scratch.direct[t.vehicle] + x.dropService
		c := s.w.own(x, done) + s.w.work*float64(done-t.end) + x.end*t.stays - t.tail + t.each
		if c >= best.cost || t.full {
			continue
		}
		ro := &s.riders[t.rider]
		if leave > ro.shiftEnd || x.load > ro.capacity {
			continue
		}
		if _, no := s.incompatible(o, t.rider); !no {
			s.offer(o, slot{t.rider, 0, 0, c}, best)
		}
	}
}

// searchBusy prices o for riders with a route, unless a look from afar tells that they are too dear.
func (s *state) searchBusy(o int32, riders []reach, busyTill int32, best *slot) {
	x := &s.orders[o]
	for i := range riders {
		t := &riders[i]
		if t.full {
			continue
		}
		if t.end < busyTill || !s.worth(x, t, best.cost) {
			s.evaluated += t.pairs
			continue
		}
		if _, no := s.incompatible(o, t.rider); !no {
			s.price(o, t.rider, best)
		}
	}
}
