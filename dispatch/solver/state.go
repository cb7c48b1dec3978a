package solver

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const nobody = int32(-1)

// order is an Order ready for the search. Orders and riders are held sorted by
// id, so that a shuffled Problem is solved the same way.
type order struct {
	pick, drop                      vec
	ready, placed, target, veryLate int32 // veryLate: when the second price of lateness starts
	spread                          int32 // of ready, see leaving
	pickService, dropService        int32
	load, store                     int32
	group                           int32 // index in state.groups, 0 = none
	place                           int32 // same place = same Store and coordinates: one physical stop
	detourMax                       int32 // seconds allowed aboard beyond the direct ride
	bound                           int32 // the only rider who may have it, or nobody
	onBoard                         bool
	heldPickup                      bool // its pickup is under way: only the drop-off may move
	pinned                          bool // not to be ruined
	vehicles                        uint8
	skills                          uint64
	refused                         []int32
	penalty, floor                  float64 // cost when left out; lower bound when served
	end                             float64 // cost of being the last door
	outside                         int32   // its index in the Problem
	centre                          centre  // of the pickup, in the riders' grid
}

// rider is a Rider ready for the search.
type rider struct {
	at                  vec
	pace                pace
	freeAt, shiftEnd    int32
	workEnd             int32 // 0 = no limit
	since               int32 // came to at: a first stop there began then, ≤ freeAt
	capacity, maxOrders int32
	load                int32   // on board at the start
	each                float64 // what an order costs with this rider whatever the route: the sum of the next three
	pay, idle, earned   float64
	held                int32
	loadMax             int32 // what bound orders alone may load: more than capacity if they already do
	vehicle             uint8
	closed              bool // takes no free order: its bound ones end after the shift
	broken              bool // its bound orders already break a constraint; they are not reordered
	skills              uint64
	outside             int32
	end                 float64 // cost of staying where the rider is, times stays
	stays               float64 // part of end costs that count
}

// visit is a stop in a route with its schedule. In a run of pickups at one
// place (one physical stop) all but the first are merged, and depart is the
// departure if the run ended there.
type visit struct {
	at             vec
	arrive, depart int32
	leg            int32 // seconds of travel from the visit before
	load           int32 // aboard when leaving
	order          int32
	pickup, merged bool
	leaving        leaving // of a pickup
}

// route is a rider's tour.
type route struct {
	v      []visit
	orders int32 // whose drop-off is in v, or is being moved
	end    int32 // last departure
	cost   float64
	reach  reach
}

// state is a solution under construction together with its Problem.
type state struct {
	w         weights
	limits    Limits
	limited   bool // some limit is on, so candidates need the slow look
	orders    []order
	riders    []rider
	routes    []route
	riderOf   []int32 // by order; nobody = unassigned
	waiting   []int32 // unassigned orders
	waitingAt []int32 // by order: index in waiting or -1
	groups    []group // from 1
	paces     []pace  // by vehicle kind
	minPace   pace    // no rider is faster
	minFree   int32   // nobody begins a stop sooner
	maxWaited int32
	maxEnd    float64 // of orders and riders
	minEach   float64 // what one more order costs, whoever gets it and whatever the route
	orderIn   []int32 // inside index by outside index
	riderIn   []int32
	riderGrid riderGrid
	scratch   scratch
	blinks    *rand.PCG // nil = the search sees everything
	blinkRate uint64    // the chance, of 2⁶⁴, that it overlooks an improvement
	evaluated int64     // see Progress
}

// scratch are buffers that a search reuses.
type scratch struct {
	toPick, toDrop []int32 // travel between the new order and each visit of the route looked at
	direct         [8]int32
	cells          []int32
	tour           []visit // a route with a candidate inserted, for the limits
	was, best      []visit // of searchTogether: the route as it is, and with the group at its best
}

// newState indexes a valid Problem. All routes are empty.
func newState(p *Problem) *state {
	s := &state{w: p.Objective.orDefault().weights(), limits: p.Limits}
	s.limited = p.Limits.MaxStops > 0 || p.Limits.MaxDetour > 0 || p.Limits.OneStore
	for _, v := range p.Travel.Vehicles {
		s.paces = append(s.paces, v.pace())
	}
	s.indexRiders(p)
	s.riderGrid = newRiderGrid(s.riders)
	s.indexOrders(p)
	s.indexGroups(p)
	for r := range s.routes {
		s.refresh(int32(r)) // idle
	}
	return s
}

func (s *state) indexRiders(p *Problem) {
	n := len(p.Riders)
	s.riders, s.routes, s.riderIn = make([]rider, n), make([]route, n), make([]int32, n)
	s.minEach = math.Inf(1)
	s.minPace, s.minFree = pace{perMetre: math.Inf(1), fixed: math.MaxInt32}, math.MaxInt32
	byID := sorted(n, func(i int32) string { return p.Riders[i].ID })
	arena := make([]visit, 8*n)
	for in, out := range byID {
		r := &p.Riders[out]
		s.riderIn[out] = int32(in)
		s.riders[in] = rider{
			at: vecOf(r.At), pace: s.paces[r.Vehicle], freeAt: r.FreeAt, since: r.FreeAt - r.Waited, shiftEnd: r.ShiftEnd, workEnd: r.WorkEnd,
			capacity: r.Capacity, maxOrders: min(r.MaxOrders, maxRiderOrders), loadMax: r.Capacity,
			pay: s.w.pay * r.PayShare, idle: r.Idle, earned: r.Earned, held: r.Held, vehicle: r.Vehicle, skills: r.Skills, outside: out, end: r.EndCost * (1 - r.Leaves), stays: 1 - r.Leaves,
		}
		s.riders[in].each = s.riders[in].pay + r.Idle + r.Earned
		s.maxEnd = max(s.maxEnd, r.EndCost)
		s.limited = s.limited || r.WorkEnd != 0
		s.routes[in] = route{v: arena[8*in : 8*in : 8*in+8]}
		s.minPace.perMetre = min(s.minPace.perMetre, s.paces[r.Vehicle].perMetre)
		s.minPace.fixed = min(s.minPace.fixed, s.paces[r.Vehicle].fixed)
		s.minFree = min(s.minFree, s.riders[in].since)
		s.maxWaited = max(s.maxWaited, r.Waited)
		s.minEach = min(s.minEach, s.riders[in].each)
	}
}

func (s *state) indexOrders(p *Problem) {
	n := len(p.Orders)
	s.orders, s.riderOf, s.orderIn = make([]order, n), make([]int32, n), make([]int32, n)
	type spot struct { // identifies a place
		store int32
		at    vec
	}
	places := make(map[spot]int32, n)
	byID := sorted(n, func(i int32) string { return p.Orders[i].ID })
	for i := range p.Orders {
		s.maxEnd = max(s.maxEnd, p.Orders[i].EndCost)
	}
	veryLateAfter := p.Objective.orDefault().VeryLateAfter
	for in, out := range byID {
		o := &p.Orders[out]
		s.orderIn[out], s.riderOf[in] = int32(in), nobody
		x := &s.orders[in]
		*x = order{
			pick: vecOf(o.Pickup), drop: vecOf(o.Dropoff), ready: o.ReadyAt, spread: o.ReadySpread, placed: o.PlacedAt,
			target: o.TargetAt, veryLate: o.TargetAt + veryLateAfter,
			pickService: o.PickupService, dropService: o.DropoffService, load: o.Load, store: o.Store,
			detourMax: math.MaxInt32, bound: nobody, onBoard: o.OnBoard, vehicles: o.Vehicles, skills: o.Skills, outside: out, end: o.EndCost,
		}
		if p.Limits.MaxDetour > 0 {
			x.detourMax = p.Limits.MaxDetour
		}
		if o.bound() {
			x.bound = s.riderIn[o.Rider]
		}
		if o.OnBoard {
			s.riders[x.bound].load += o.Load
		}
		for _, r := range o.Refused {
			x.refused = append(x.refused, s.riderIn[r])
		}
		at := spot{o.Store, x.pick}
		if _, ok := places[at]; !ok {
			places[at] = int32(len(places))
		}
		x.place = places[at]
		x.centre = s.riderGrid.centreOf(x.pick)
		x.penalty = s.w.penalty(x)
		x.floor = s.floor(x)
	}
}

// floor is a lower bound of x's marginal cost, whoever serves it.
func (s *state) floor(x *order) float64 {
	if len(s.riders) == 0 {
		return 0
	}
	t := s.minFree
	if x.bound != nobody { // perhaps only the drop-off is placed
		return s.w.own(x, t+x.dropService) + x.end - s.maxEnd
	}
	t = max(t+x.pickService, x.ready) + s.minPace.seconds(x.pick, x.drop)
	return s.w.own(x, t+x.dropService) + s.minEach + x.end - s.maxEnd
}

// sorted returns 0..n-1 by ascending id.
func sorted(n int, id func(int32) string) []int32 {
	idx := make([]int32, n)
	for i := range idx {
		idx[i] = int32(i)
	}
	slices.SortFunc(idx, func(a, b int32) int { return cmp.Compare(id(a), id(b)) })
	return idx
}
