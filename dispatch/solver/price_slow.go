package solver

// priceSlowly is price by obvious code: build every route, schedule it, check
// the rules asked for and compare whole costs. It serves the rare questions
// (which rule is in the way? where does an order go that must go somewhere?)
// and is what the tests hold price against.
func (s *state) priceSlowly(o, r int32, rules ruleSet) (slot, bool) {
	v, held := s.routes[r].v, s.riders[r].held
	best := slot{rider: nobody, cost: infinite}
	n := s.routes[r].orders
	if s.riderOf[o] == nobody {
		n++
	}
	try := func(i, j int32) {
		sl := slot{rider: r, pick: i, drop: j}
		tour := s.splice(nil, v, o, sl)
		end := s.schedule(r, tour)
		if sl.cost = s.costOf(r, tour, n, end) - s.routes[r].cost; sl.cost < best.cost && s.allows(r, tour, rules) {
			best = sl
		}
	}
	for j := held; int(j) <= len(v); j++ {
		if s.dropOnly(o) {
			try(-1, j)
			continue
		}
		for i := held; i <= j; i++ {
			try(i, j)
		}
	}
	return best, best.rider != nobody
}
