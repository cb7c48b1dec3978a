package solver

import "slices"

// rankTogether is Rank for any order of group g, to whose orders nobody is bound: candidates are for all of it.
func (k *Ranker) rankTogether(g int32, n int) []Candidate {
	s := k.s
	key := [2]int32{g, int32(n)}
	if out, ok := k.groups[key]; ok {
		return slices.Clone(out)
	}
	list, own := s.groups[g].members, s.home(g)
	if own != nobody {
		was := s.routes[own]
		was.v = slices.Clone(was.v)
		defer func() {
			s.routes[own] = was
			for _, o := range list {
				s.riderOf[o] = own
			}
			s.riderGrid.set(own, &s.routes[own])
		}()
		for _, o := range list {
			s.remove(o)
		}
	}
	out := s.cheapestTogether(list, n)
	if own != nobody && !hasRider(out, own) {
		out = append(out[:min(len(out), n-1)], s.candidateTogether(list, own))
	}
	near := s.nearest(list[0], out)
	for _, r := range near[:min(len(near), n-len(out))] {
		out = append(out, s.candidateTogether(list, r))
	}
	if k.groups == nil {
		k.groups = make(map[[2]int32][]Candidate)
	}
	k.groups[key] = s.bestFirst(out)
	return slices.Clone(out)
}

// cheapestTogether finds the n cheapest riders for all of list, each by a search without those found before.
func (s *state) cheapestTogether(list []int32, n int) []Candidate {
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
		out = append(out, s.describeTour(w.rider, s.scratch.best, list))
		x.refused = append(x.refused, w.rider)
	}
	return out
}

// candidateTogether describes r for all of list, or says why r can't have it.
func (s *state) candidateTogether(list []int32, r int32) Candidate {
	because := s.obstacleTogether(list, r)
	if because == "" {
		best := whole{rider: nobody, cost: infinite}
		if s.tryTogether(list, r, &best); best.rider != nobody {
			return s.describeTour(r, s.scratch.best, list)
		}
		because = ReasonTogether
	}
	return Candidate{Rider: r, Reason: because}
}
