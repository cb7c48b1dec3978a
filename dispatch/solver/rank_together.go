package solver

import "slices"

// rankTogether is Rank for an order whose group is nobody's for good: candidates are for all of it, so are their costs. Times are
// those of order o.
func (k *Ranker) rankTogether(o int32, n int) []Candidate {
	s := k.s
	g := s.orders[o].group
	list, own := s.groups[g].members, s.home(g)
	if own != nobody {
		was := s.routes[own]
		was.v = slices.Clone(was.v)
		defer func() {
			s.routes[own] = was
			for _, m := range list {
				s.riderOf[m] = own
			}
			s.riderGrid.set(own, &s.routes[own])
		}()
		for _, m := range list {
			s.remove(m)
		}
	}
	out := s.cheapestTogether(o, list, n)
	if own != nobody && !hasRider(out, own) {
		out = append(out[:min(len(out), n-1)], s.candidateTogether(o, list, own))
	}
	near := s.nearest(o, out)
	for _, r := range near[:min(len(near), n-len(out))] {
		out = append(out, s.candidateTogether(o, list, r))
	}
	return s.bestFirst(out)
}

// cheapestTogether finds the n cheapest riders for all of list, each by a search without those found before.
func (s *state) cheapestTogether(o int32, list []int32, n int) []Candidate {
	x := &s.orders[list[0]]
	refused := x.refused
	defer func() { x.refused = refused }()
	x.refused = slices.Clone(refused)
	var out []Candidate
	for len(out) < n {
		w := s.searchTogether(list, infinite, nobody)
		if w.rider == nobody {
			break
		}
		out = append(out, s.describeTour(o, w.rider, s.scratch.best, list))
		x.refused = append(x.refused, w.rider)
	}
	return out
}

// candidateTogether describes r for all of list, or says why r can't have it.
func (s *state) candidateTogether(o int32, list []int32, r int32) Candidate {
	because := s.obstacleTogether(list, r)
	if because == "" {
		best := whole{rider: nobody, cost: infinite}
		if s.tryTogether(list, r, &best); best.rider != nobody {
			return s.describeTour(o, r, s.scratch.best, list)
		}
		because = ReasonTogether
	}
	return Candidate{Rider: r, Reason: because}
}
