package solver

// workOK: the last stop is done before the rider has worked as long as is
// allowed. Bound orders that take longer are brought to their end; nothing is
// added to them.
func workOK(s *state, r int32, v []visit) bool {
	end := s.riders[r].workEnd
	return end == 0 || len(v) == 0 || v[len(v)-1].depart <= end || !s.anyFree(v)
}
