package solver

// A constraint is a hard rule on the tour of one rider. This is the slow,
// whole-tour form, one file each; capacity, orders and shift are woven into
// price as well.
//
// Reality may break any of them: an order is fixed to a rider who is full, a
// shift ends with food aboard. Such a route is kept and served. The rules bind
// what is free to go elsewhere, and nothing may make the break worse.
type constraint struct {
	rule   ruleSet
	reason Reason // of an order that nobody takes because of it
	ok     func(s *state, r int32, v []visit) bool
}

// ruleSet is a set of constraints.
type ruleSet uint8

const (
	ruleShift ruleSet = 1 << iota
	ruleCapacity
	ruleOrders
	ruleStops
	ruleDetour
	ruleOneStore
	ruleWork
	allRules ruleSet = 1<<iota - 1
)

// constraints, from the hardest to the softest reason.
var constraints = [...]constraint{
	{ruleShift, ReasonShiftEnd, shiftOK},
	{ruleWork, ReasonWork, workOK},
	{ruleCapacity, ReasonCapacity, capacityOK},
	{ruleOrders, ReasonCapacity, ordersOK},
	{ruleStops, ReasonCapacity, stopsOK},
	{ruleDetour, ReasonDetour, detourOK},
	{ruleOneStore, ReasonDetour, oneStoreOK},
}

// allows reports whether a scheduled tour of r keeps the rules.
func (s *state) allows(r int32, v []visit, rules ruleSet) bool {
	for i := range constraints {
		if rules&constraints[i].rule != 0 && !constraints[i].ok(s, r, v) {
			return false
		}
	}
	return true
}

// limitsAllow checks the zone's limits, which price leaves out, on a candidate.
func (s *state) limitsAllow(o int32, sl slot) bool {
	tour := s.splice(s.scratch.tour[:0], s.routes[sl.rider].v, o, sl)
	s.scratch.tour = tour
	s.schedule(sl.rider, tour)
	return s.allows(sl.rider, tour, ruleStops|ruleDetour|ruleOneStore|ruleWork)
}

// free reports whether o could go to another rider.
func (s *state) free(o int32) bool { return s.orders[o].bound == nobody }

// anyFree reports whether a tour has a free order.
func (s *state) anyFree(v []visit) bool {
	for i := range v {
		if s.free(v[i].order) {
			return true
		}
	}
	return false
}
