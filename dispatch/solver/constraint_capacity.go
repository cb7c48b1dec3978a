package solver

// capacityOK: the load aboard stays within the rider's capacity. While only
// bound orders are aboard it may be as much as they load anyway.
func capacityOK(s *state, r int32, v []visit) bool {
	ro := &s.riders[r]
	freeAboard := 0
	for i := range v {
		if s.free(v[i].order) {
			if v[i].pickup {
				freeAboard++
			} else {
				freeAboard--
			}
		}
		if v[i].load > ro.capacity && (freeAboard > 0 || v[i].load > ro.loadMax) {
			return false
		}
	}
	return true
}
