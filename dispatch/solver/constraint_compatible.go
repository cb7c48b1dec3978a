package solver

import "slices"

// incompatible says why rider r may never have order o, if so: vehicle and
// skills, then refusals, then an order fixed to somebody else, by itself or by its group.
func (s *state) incompatible(o, r int32) (Reason, bool) {
	x, ro := &s.orders[o], &s.riders[r]
	switch {
	case x.bound == r:
		return "", false // fixed is fixed, whatever the rider lacks
	case x.bound != nobody:
		return ReasonFixed, true
	case x.group != 0 && s.elsewhere(x.group, r):
		return ReasonFixed, true
	case x.skills&^ro.skills != 0 || (x.vehicles != 0 && x.vehicles>>ro.vehicle&1 == 0):
		return ReasonSkill, true
	case len(x.refused) > 0 && slices.Contains(x.refused, r):
		return ReasonRefused, true
	case ro.closed:
		return ReasonShiftEnd, true
	}
	return "", false
}
