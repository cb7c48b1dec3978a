package solver

// slot is where an order may go: its pickup before visit pick and its drop-off
// before visit drop of rider's present route. pick is -1 when only the drop-off
// is to be placed. cost is the marginal cost in minutes.
type slot struct {
	rider, pick, drop int32
	cost              float64
}

// splice writes v with order o inserted at sl to dst, without a schedule.
func (s *state) splice(dst, v []visit, o int32, sl slot) []visit {
	x := &s.orders[o]
	drop := visit{order: o, at: x.drop}
	if sl.pick < 0 {
		dst = append(append(dst, v[:sl.drop]...), drop)
		return append(dst, v[sl.drop:]...)
	}
	dst = append(append(dst, v[:sl.pick]...), visit{order: o, at: x.pick, pickup: true})
	dst = append(append(dst, v[sl.pick:sl.drop]...), drop)
	return append(dst, v[sl.drop:]...)
}

// insert applies a slot.
func (s *state) insert(o int32, sl slot) {
	t := &s.routes[sl.rider]
	s.lay(o, sl, t)
	s.riderGrid.set(sl.rider, t)
}

// lay is insert for a trial: the riders' grid does not hear of it.
func (s *state) lay(o int32, sl slot, t *route) {
	s.scratch.tour = s.splice(s.scratch.tour[:0], t.v, o, sl)
	t.v = append(t.v[:0], s.scratch.tour...)
	if s.riderOf[o] == nobody {
		t.orders++
	}
	s.riderOf[o] = sl.rider
	s.recompute(sl.rider, t)
}

// remove takes o out of its route; of an order whose pickup is under way only
// the drop-off, to be placed anew.
func (s *state) remove(o int32) {
	r := s.riderOf[o]
	t := &s.routes[r]
	keepPickup := s.orders[o].heldPickup
	kept := t.v[:0]
	for _, x := range t.v {
		if x.order != o || (x.pickup && keepPickup) {
			kept = append(kept, x)
		}
	}
	t.v = kept
	if !s.dropOnly(o) {
		t.orders--
		s.riderOf[o] = nobody
	}
	s.refresh(r)
}

// dropOnly reports whether o's pickup is done or under way.
func (s *state) dropOnly(o int32) bool { return s.orders[o].onBoard || s.orders[o].heldPickup }
