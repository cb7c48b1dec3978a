package solver

// leaving is when a pickup stop can be left: with all food ready as soon, or as late, as it may be. Without a spread the two
// are one.
type leaving struct{ soon, late int32 }

// noSooner begins a stop that is left at t at the soonest.
func noSooner(t int32) leaving { return leaving{t, t} }

// with has the rider also wait for x, whose service ends at served, and returns the expected departure: the mean of the two.
// It is convex in time and never below max(served, ready), which lower bounds may use.
func (l *leaving) with(x *order, served int32) int32 {
	l.soon = max(l.soon, served, x.ready-x.spread)
	l.late = max(l.late, served, x.ready+x.spread)
	return l.soon + (l.late-l.soon)/2
}

// schedule computes legs, times and loads of a tour of rider r and returns its
// last departure.
//
// A pickup stop is left when its service is over (counted once from arrival,
// the longest of its orders) and all its food is ready, on the mean of its
// spread; a drop-off ends DropoffService after arrival.
func (s *state) schedule(r int32, v []visit) (end int32) {
	ro := &s.riders[r]
	from, now, load := ro.at, ro.freeAt, ro.load
	for i := range v {
		x := &v[i]
		o := &s.orders[x.order]
		x.merged = i > 0 && s.joins(&v[i-1], x)
		if x.merged {
			x.leg, x.arrive = 0, v[i-1].arrive
		} else {
			x.leg = ro.pace.seconds(from, x.at)
			x.arrive = now + x.leg
			if i == 0 && x.leg == 0 {
				x.arrive = ro.since
			}
		}
		if x.pickup {
			if x.leaving = noSooner(now); x.merged {
				x.leaving = v[i-1].leaving
			}
			now = x.leaving.with(o, x.arrive+o.pickService)
			load += o.load
		} else {
			now = max(now, x.arrive+o.dropService)
			load -= o.load
		}
		x.depart, x.load, from = now, load, x.at
	}
	return now
}

// joins reports whether pickup b, right after a, is part of the same physical stop.
func (s *state) joins(a, b *visit) bool {
	return a.pickup && b.pickup && s.orders[a.order].place == s.orders[b.order].place
}

// leaves is when the physical stop of v[i] is left.
func leaves(v []visit, i int) int32 {
	for i+1 < len(v) && v[i+1].merged {
		i++
	}
	return v[i].depart
}

// costOf is the cost of a scheduled tour with n orders, in minutes.
func (s *state) costOf(r int32, v []visit, n, end int32) float64 {
	ro := &s.riders[r]
	c := s.w.work * float64(end-ro.freeAt)
	for i := range v {
		if !v[i].pickup {
			c += s.w.own(&s.orders[v[i].order], v[i].depart)
		}
	}
	return c + ro.each*float64(n) + s.endOf(ro, v) - ro.end
}

// endOf is the cost of where a tour leaves its rider.
func (s *state) endOf(ro *rider, v []visit) float64 {
	if len(v) == 0 {
		return ro.end
	}
	return s.orders[v[len(v)-1].order].end * ro.stays
}

// refresh recomputes the schedule and the cost of rider r's route after a change.
func (s *state) refresh(r int32) {
	t := &s.routes[r]
	s.recompute(r, t)
	s.riderGrid.set(r, t)
}

// recompute is refresh for a trial: the riders' grid does not hear of it.
func (s *state) recompute(r int32, t *route) {
	t.end = s.schedule(r, t.v)
	t.cost = s.costOf(r, t.v, t.orders, t.end)
	t.reach = s.reachOf(r, t)
}
