package solver

// price looks at every way to insert order o in rider r's route and keeps the
// best in best if it is cheaper than what is there. The caller has checked that
// the rider may have the order at all (compatible).
//
// The new pickup is tried before each visit; from there one walk forward
// carries the delayed schedule, and at each step the drop-off is tried. What
// follows the drop-off is re-timed only until waiting for food absorbs the
// delay. Nothing is copied. priceSlowly does the same by obvious code.
func (s *state) price(o, r int32, best *slot) {
	x, ro, t := &s.orders[o], &s.riders[r], &s.routes[r]
	if s.dropOnly(o) {
		s.priceDropOnly(o, r, best)
		return
	}
	if t.orders >= ro.maxOrders {
		return
	}
	s.evaluated += pairs(len(t.v) - int(ro.held))
	s.toPick(x, ro, t.v)
	s.scratch.toDrop = s.scratch.toDrop[:0]
	direct := ro.pace.seconds(x.pick, x.drop)
	end := x.end*ro.stays - t.reach.tail // where x is the last
	for i := ro.held; int(i) <= len(t.v); i++ {
		s.pricePickupAt(o, r, i, direct, ro.each, end, best)
	}
}

// toPick fills the scratch with travel between x's store and each place of the
// route; 0 is where the rider is now.
func (s *state) toPick(x *order, ro *rider, v []visit) {
	legs := append(s.scratch.toPick[:0], ro.pace.seconds(ro.at, x.pick))
	for k := range v {
		legs = append(legs, ro.pace.seconds(v[k].at, x.pick))
	}
	s.scratch.toPick = legs
}

// toDrop does the same for x's door, once a pickup has proved affordable.
func (s *state) toDrop(x *order, ro *rider, v []visit) {
	if len(s.scratch.toDrop) > 0 {
		return
	}
	legs := append(s.scratch.toDrop[:0], ro.pace.seconds(ro.at, x.drop))
	for k := range v {
		legs = append(legs, ro.pace.seconds(v[k].at, x.drop))
	}
	s.scratch.toDrop = legs
}

// pricePickupAt tries the pickup before visit i with every place for the drop-off.
func (s *state) pricePickupAt(o, r, i, direct int32, each, end float64, best *slot) {
	x, ro, v := &s.orders[o], &s.riders[r], s.routes[r].v
	toPick := s.scratch.toPick
	now, load := ro.freeAt, ro.load // departure so far, units aboard
	merged := false
	if i > 0 {
		prev := &v[i-1]
		now, load = prev.depart, prev.load
		merged = prev.pickup && s.orders[prev.order].place == x.place
	}
	if load+x.load > ro.capacity {
		return
	}
	arrive := now + toPick[i] // of the physical stop that we are in
	switch {
	case merged:
		arrive = v[i-1].arrive
	case i == 0 && toPick[0] == 0:
		arrive = ro.since
	}
	stop := noSooner(now)
	if merged {
		stop = v[i-1].leaving
	}
	now = stop.with(x, arrive+x.pickService)
	if now > ro.shiftEnd {
		return
	}
	c := each + s.w.own(x, now+direct+x.dropService) + min(0, end)
	if int(i) == len(v) {
		c += max(0, end) + s.w.work*float64(now+direct+x.dropService-s.routes[r].end)
	} else if next := &v[i]; !next.pickup { // it is delayed at least as if the rider turned back at once
		z := &s.orders[next.order]
		c += s.w.delay(z, next.depart, now+toPick[i+1]+z.dropService)
	}
	if c >= best.cost {
		return
	}
	s.toDrop(x, ro, v)
	toDrop := s.scratch.toDrop
	others := 0.0 // delay cost of the drop-offs between
	for j := i; ; j++ {
		ride := direct
		if j > i {
			ride = toDrop[j]
		}
		done := now + ride + x.dropService
		c := others + each + s.w.own(x, done)
		if c+min(0, end) >= best.cost {
			return // later drop-offs cost more still
		}
		if int(j) == len(v) {
			c += end
		}
		if c, ok := s.priceTail(r, j, done, toDrop, c, best.cost); ok {
			s.offer(o, slot{r, i, j, c}, best)
		}
		if int(j) == len(v) {
			return
		}
		y := &v[j]
		z := &s.orders[y.order]
		if y.load+x.load > ro.capacity {
			return
		}
		joined := y.merged
		leg := y.leg
		if j == i {
			joined = y.pickup && z.place == x.place
			leg = toPick[j+1]
		}
		if !joined {
			arrive, stop = now+leg, noSooner(now)
		}
		if y.pickup {
			now = stop.with(z, arrive+z.pickService)
			if now > ro.shiftEnd {
				return
			}
			continue
		}
		now = arrive + z.dropService
		if now != y.depart {
			others += s.w.delay(z, y.depart, now)
		}
	}
}

// priceTail adds to c what the visits from j on cost when they follow a
// drop-off that ends at now. It gives up when the total reaches limit.
func (s *state) priceTail(r, j, now int32, toDrop []int32, c, limit float64) (float64, bool) {
	ro, t := &s.riders[r], &s.routes[r]
	v := t.v
	arrive, stop := int32(0), leaving{}
	for k := int(j); k < len(v); k++ {
		y := &v[k]
		z := &s.orders[y.order]
		joined, leg := y.merged, y.leg
		if k == int(j) {
			joined, leg = false, toDrop[j+1]
		} else if !joined && now == v[k-1].depart {
			return c, c < limit // the rest is as before
		}
		if !joined {
			arrive, stop = now+leg, noSooner(now)
		}
		if y.pickup {
			now = stop.with(z, arrive+z.pickService)
			if now > ro.shiftEnd {
				return c, false
			}
			continue
		}
		now = arrive + z.dropService
		if now != y.depart {
			c += s.w.delay(z, y.depart, now)
			if c >= limit {
				return c, false
			}
		}
	}
	c += s.w.work * float64(now-t.end)
	return c, c < limit
}

// priceDropOnly tries every place for the drop-off of an order on board or
// about to be.
func (s *state) priceDropOnly(o, r int32, best *slot) {
	x, ro, t := &s.orders[o], &s.riders[r], &s.routes[r]
	s.evaluated += int64(len(t.v)) - int64(ro.held) + 1
	s.scratch.toDrop = s.scratch.toDrop[:0]
	s.toDrop(x, ro, t.v)
	end := x.end*ro.stays - t.reach.tail
	for j := int32(0); ; j++ {
		now := ro.freeAt
		if j > 0 {
			now = t.v[j-1].depart
		}
		if j >= ro.held {
			done := now + s.scratch.toDrop[j] + x.dropService
			if j == 0 && s.scratch.toDrop[0] == 0 {
				done = max(now, ro.since+x.dropService)
			}
			c := s.w.own(x, done)
			if int(j) == len(t.v) {
				c += end
			}
			if c < best.cost {
				if c, ok := s.priceTail(r, j, done, s.scratch.toDrop, c, best.cost); ok {
					s.offer(o, slot{r, -1, j, c}, best)
				}
			}
		}
		if int(j) == len(t.v) || t.v[j].load > ro.capacity {
			return // beyond, the rider would be overfull: x counts as aboard to the end
		}
	}
}

// delay is what an order's drop-off at to instead of from costs.
func (w *weights) delay(x *order, from, to int32) float64 {
	c := w.door * float64(to-from)
	if max(to, from) > x.target {
		c += w.late*float64(max(0, to-x.target)-max(0, from-x.target)) +
			w.veryLate*float64(max(0, to-x.veryLate)-max(0, from-x.veryLate))
	}
	return c
}

// offer makes sl the best unless a limit forbids it, or the search blinks.
func (s *state) offer(o int32, sl slot, best *slot) {
	if s.blinks != nil && s.blinks.Uint64() < s.blinkRate {
		return
	}
	if s.limited && !s.limitsAllow(o, sl) {
		return
	}
	*best = sl
}
