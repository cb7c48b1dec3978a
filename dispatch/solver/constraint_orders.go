package solver

// ordersOK: a route has at most MaxOrders orders, those on board included.
// Bound orders alone may be more.
func ordersOK(s *state, r int32, v []visit) bool {
	n := int32(0)
	for i := range v {
		if !v[i].pickup {
			n++
		}
	}
	return n <= s.riders[r].maxOrders || !s.anyFree(v)
}
