package solver

// shiftOK: every pickup stop is left before the shift ends; drop-offs may be
// later. A rider whose bound pickups are late already takes nothing else
// (closed).
func shiftOK(s *state, r int32, v []visit) bool {
	ro := &s.riders[r]
	if ro.closed {
		return !s.anyFree(v)
	}
	for i := range v {
		if v[i].pickup && leaves(v, i) > ro.shiftEnd {
			return false
		}
	}
	return true
}
