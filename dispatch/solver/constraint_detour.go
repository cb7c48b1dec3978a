package solver

// detourOK: no order stays aboard more than MaxDetour longer than its direct
// ride, from leaving the store to arriving at the door. For orders on board
// already the clock starts now, where the rider is. A bound order that is
// beyond the limit anyway may not be delayed further.
func detourOK(s *state, r int32, v []visit) bool {
	if s.limits.MaxDetour == 0 {
		return true
	}
	for i := range v {
		if !v[i].pickup && s.detour(r, v, i) > s.orders[v[i].order].detourMax {
			return false
		}
	}
	return true
}

// detour is how much longer than directly the order dropped off at v[i] is aboard.
func (s *state) detour(r int32, v []visit, i int) int32 {
	ro, o := &s.riders[r], v[i].order
	from, since := ro.at, ro.freeAt
	for k := range v[:i] {
		if v[k].order == o {
			from, since = v[k].at, leaves(v, k)
			break
		}
	}
	return v[i].arrive - since - ro.pace.seconds(from, v[i].at)
}
