package solver

// oneStoreOK: with Limits.OneStore nothing is picked up while orders of another
// store are aboard. Two bound orders may already be mixed.
func oneStoreOK(s *state, r int32, v []visit) bool {
	if !s.limits.OneStore {
		return true
	}
	for i := range v {
		if !v[i].pickup {
			continue
		}
		for k := i + 1; k < len(v); k++ { // v[k] is dropped off after the pickup: was it aboard then?
			if !v[k].pickup && !s.pickedWithin(v, v[k].order, i, k) && s.clash(r, v[i].order, v[k].order) {
				return false
			}
		}
	}
	return true
}

// pickedWithin reports whether o's pickup is one of v[i:k].
func (s *state) pickedWithin(v []visit, o int32, i, k int) bool {
	for ; i < k; i++ {
		if v[i].order == o {
			return true
		}
	}
	return false
}

// clash reports whether a and b may not be aboard together.
func (s *state) clash(r, a, b int32) bool {
	if s.orders[a].store == s.orders[b].store {
		return false
	}
	return s.free(a) || s.free(b) || !s.riders[r].broken
}
