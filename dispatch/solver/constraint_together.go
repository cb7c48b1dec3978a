package solver

// group is a set of orders that one rider carries: all of them, or nobody any. Once some are bound to a rider, the rest can only
// follow, each for itself: it goes to that rider or waits.
type group struct {
	members []int32 // most urgent first
	anchor  int32   // the rider whom the rest follows, or nobody
	torn    bool    // the kept routes hold only a part of it, so it begins anew
	why     Reason  // why it waits, once somebody has asked
}

// indexGroups numbers the groups from 1 on. An order without others needs none.
func (s *state) indexGroups(p *Problem) {
	s.groups = make([]group, 1)
	size := map[int32]int{}
	for i := range p.Orders {
		if g := p.Orders[i].Group; g != 0 {
			size[g]++
		}
	}
	if len(size) == 0 {
		return
	}
	inside := map[int32]int32{}
	for o := range s.orders {
		g := p.Orders[s.orders[o].outside].Group
		if size[g] < 2 {
			continue
		}
		if inside[g] == 0 {
			inside[g] = int32(len(s.groups))
			s.groups = append(s.groups, group{anchor: nobody})
		}
		x := &s.groups[inside[g]]
		x.members = append(x.members, int32(o))
		s.orders[o].group = inside[g]
	}
	for g := range s.groups {
		s.byUrgency(s.groups[g].members)
	}
}

// anchorGroups notes whom the groups follow: who has orders of it on board, else who is bound to some.
func (s *state) anchorGroups() {
	for g := range s.groups {
		x := &s.groups[g]
		for _, o := range x.members {
			if s.orders[o].onBoard {
				x.anchor = s.orders[o].bound
				break
			}
			if x.anchor == nobody {
				x.anchor = s.orders[o].bound
			}
		}
	}
}

// home is the rider who has orders of group g, or nobody.
func (s *state) home(g int32) int32 {
	x := &s.groups[g]
	if x.anchor != nobody {
		return x.anchor
	}
	for _, o := range x.members {
		if r := s.riderOf[o]; r != nobody {
			return r
		}
	}
	return nobody
}

// only is the one rider who may have o, or nobody if several may: it is bound, or goes where the rest of its group is.
func (s *state) only(o int32) int32 {
	x := &s.orders[o]
	if x.bound != nobody || x.group == 0 {
		return x.bound
	}
	return s.home(x.group)
}

// elsewhere reports whether group g has a rider, and it isn't r.
func (s *state) elsewhere(g, r int32) bool {
	home := s.home(g)
	return home != nobody && home != r
}

// whole reports whether o belongs to a group that nobody has: it goes with all of it, or not at all.
func (s *state) whole(o int32) bool {
	g := s.orders[o].group
	return g != 0 && s.home(g) == nobody
}

// mayLeave reports whether o may be left without a rider while the rest of the plan is as it is.
func (s *state) mayLeave(o int32) bool {
	x := &s.orders[o]
	return x.bound == nobody && (x.group == 0 || s.groups[x.group].anchor != nobody)
}

// tearOut finds a group that the routes hold only a part of, marks it, and returns the rider who has that part; nobody
// when there is none.
func (s *state) tearOut() int32 {
	for g := 1; g < len(s.groups); g++ {
		x := &s.groups[g]
		if x.anchor != nobody || x.torn {
			continue
		}
		has := s.home(int32(g))
		if has == nobody {
			continue
		}
		for _, o := range x.members {
			if s.riderOf[o] == nobody {
				x.torn = true
				return has
			}
		}
	}
	return nobody
}
