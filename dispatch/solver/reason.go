package solver

// looksPerOrder bounds the riders examined closely to explain one waiting order.
const looksPerOrder = 24

// hardness ranks the reasons; an order's reason is the softest that any rider has.
var hardness = map[Reason]int{
	ReasonNoRider: 0, ReasonFixed: 1, ReasonSkill: 2, ReasonRefused: 3, ReasonShiftEnd: 4,
	ReasonWork: 5, ReasonCapacity: 6, ReasonDetour: 7, ReasonTogether: 8, ReasonNotWorth: 9, ReasonNoTime: 10,
}

// reason says why waiting order o has no rider.
func (s *state) reason(o int32) Reason {
	why := ReasonNoRider
	looks := 0
	for r := range s.riders {
		if hardness[why] >= hardness[ReasonNotWorth] {
			break
		}
		because, no := s.incompatible(o, int32(r))
		if !no {
			if because, no = s.quickNo(o, int32(r)); !no {
				if looks++; looks > looksPerOrder {
					continue
				}
				because = s.obstacle(o, int32(r))
			}
		}
		if hardness[because] > hardness[why] {
			why = because
		}
	}
	if why != ReasonNotWorth {
		return why
	}
	if s.whole(o) {
		return s.reasonTogether(s.orders[o].group)
	}
	if sl := s.search(o, s.orders[o].penalty, nobody); sl.rider != nobody {
		return ReasonNoTime
	}
	return why
}

// quickNo finds the obstacles that need no look at the route.
func (s *state) quickNo(o, r int32) (Reason, bool) {
	x, ro := &s.orders[o], &s.riders[r]
	switch {
	case max(ro.freeAt+max(0, ro.pace.seconds(ro.at, x.pick)+x.pickService-(ro.freeAt-ro.since)), x.ready) > ro.shiftEnd:
		return ReasonShiftEnd, true
	case s.routes[r].orders >= ro.maxOrders || x.load > ro.capacity:
		return ReasonCapacity, true
	}
	return "", false
}

// obstacle is the constraint that keeps r from taking o at all, or not_worth if
// none does: rules are added from the hardest on until no slot is left.
func (s *state) obstacle(o, r int32) Reason {
	best := slot{rider: nobody, cost: infinite}
	if s.price(o, r, &best); best.rider != nobody {
		return ReasonNotWorth
	}
	if len(s.routes[r].v) > longRoute {
		return ReasonCapacity
	}
	rules := ruleSet(0)
	for _, c := range constraints {
		rules |= c.rule
		if _, ok := s.priceSlowly(o, r, rules); !ok {
			return c.reason
		}
	}
	return ReasonNotWorth
}
