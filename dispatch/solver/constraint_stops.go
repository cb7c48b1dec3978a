package solver

// stopsOK: a route has at most MaxStops physical stops. Bound orders alone may
// need more.
func stopsOK(s *state, _ int32, v []visit) bool {
	if s.limits.MaxStops == 0 {
		return true
	}
	n := int32(0)
	for i := range v {
		if !v[i].merged {
			n++
		}
	}
	return n <= s.limits.MaxStops || !s.anyFree(v)
}
