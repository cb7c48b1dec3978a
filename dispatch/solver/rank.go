package solver

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Candidate is how one rider would serve an order, all else in the plan staying.
type Candidate struct {
	Rider     int32   `json:"rider"`
	Cost      float64 `json:"cost"`       // marginal, in minutes: the sum of Terms; of the whole group where the order is in one
	PickupAt  int32   `json:"pickup_at"`  // when the rider leaves the store, the first one for a group; 0 for an order on board
	DropoffAt int32   `json:"dropoff_at"` // when it is handed over, the last one of a group
	Terms     Terms   `json:"terms"`
	Feasible  bool    `json:"feasible"`
	Reason    Reason  `json:"reason,omitempty"` // why not
}

// Terms split a marginal cost, in minutes.
type Terms struct {
	ClickToDoor float64 `json:"click_to_door"` // from placement to drop-off
	Late        float64 `json:"late"`          // beyond the target, both prices
	Work        float64 `json:"work"`          // the rider's longer tour
	Pay         float64 `json:"pay"`           // beyond the guarantee
	Others      float64 `json:"others"`        // delay of the rider's other orders
	Position    float64 `json:"position"`      // where the rider ends up, against where the tour ended without the order
	Idle        float64 `json:"idle"`          // fairness: less for who has been without work
	Earned      float64 `json:"earned"`        // fairness: less for who has earned less than others, more for who has earned more
}

func (t Terms) sum() float64 {
	return t.ClickToDoor + t.Late + t.Work + t.Pay + t.Others + t.Position + t.Idle + t.Earned
}

// Rank returns the n best riders for an order given a plan, cheapest first; its
// present rider is always among them, looked at as if the order were taken out
// first. Where fewer are feasible, the nearest others follow with the reason.
// It returns nil when Problem or plan is malformed. For many orders of one plan
// use a Ranker.
func Rank(p *Problem, plan *Plan, order, n int) []Candidate {
	k, err := NewRanker(p, plan)
	if err != nil {
		return nil
	}
	return k.Rank(order, n)
}

// Ranker ranks riders for the orders of one plan. It is not safe for concurrent use.
type Ranker struct {
	s      *state
	groups map[[2]int32][]Candidate // what was answered, by group and number: the same for each of its orders
}

// NewRanker prepares a plan for Rank. The plan should be one that Check accepts.
func NewRanker(p *Problem, plan *Plan) (*Ranker, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("rank: %w", err)
	}
	c := checker{p: p, plan: plan, bound: boundRiders(p)}
	if len(plan.Routes) != len(p.Riders) {
		return nil, fmt.Errorf("rank: plan has %d routes for %d riders", len(plan.Routes), len(p.Riders))
	}
	if c.indexes() {
		c.everyOrderOnce()
	}
	if len(c.errs) > 0 {
		return nil, fmt.Errorf("rank: %w", errors.Join(c.errs...))
	}
	s := newState(p)
	s.warm(p) // to learn what reality has broken
	for r := range s.routes {
		s.routes[r].v = s.routes[r].v[:0]
	}
	for o := range s.riderOf {
		s.riderOf[o] = nobody
	}
	for out := range plan.Routes {
		s.setRoute(s.riderIn[out], plan.Routes[out].Stops, func(int32) bool { return true })
	}
	return &Ranker{s: s}, nil
}

// Rank is the function Rank for this plan.
func (k *Ranker) Rank(order, n int) []Candidate {
	s := k.s
	if order < 0 || order >= len(s.orders) || n <= 0 || len(s.riders) == 0 {
		return nil
	}
	o := s.orderIn[order]
	if g := s.orders[o].group; g != 0 && s.groups[g].anchor == nobody {
		return k.rankTogether(g, n)
	}
	own := s.riderOf[o]
	if own != nobody {
		was := s.routes[own]
		was.v = slices.Clone(was.v)
		defer func() {
			s.routes[own], s.riderOf[o] = was, own
			s.riderGrid.set(own, &s.routes[own])
		}()
		s.remove(o)
	}
	list := s.cheapest(o, n)
	if own != nobody && !hasRider(list, own) {
		list = append(list[:min(len(list), n-1)], s.candidate(o, own))
	}
	if len(list) < n && s.free(o) {
		list = s.fill(list, o, n)
	}
	return s.bestFirst(list)
}

// bestFirst sorts candidates and names their riders as the Problem does.
func (s *state) bestFirst(list []Candidate) []Candidate {
	slices.SortStableFunc(list, func(a, b Candidate) int {
		if a.Feasible != b.Feasible {
			if a.Feasible {
				return -1
			}
			return 1
		}
		if !a.Feasible {
			return cmp.Compare(hardness[b.Reason], hardness[a.Reason])
		}
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Rider, b.Rider))
	})
	for i := range list {
		list[i].Rider = s.riders[list[i].Rider].outside
	}
	return list
}

func hasRider(list []Candidate, r int32) bool {
	return slices.ContainsFunc(list, func(c Candidate) bool { return c.Rider == r })
}

// cheapest finds the n cheapest feasible riders, each by a search without those found before.
func (s *state) cheapest(o int32, n int) []Candidate {
	x := &s.orders[o]
	refused := x.refused
	defer func() { x.refused = refused }()
	x.refused = slices.Clone(refused)
	var list []Candidate
	for len(list) < n {
		sl := s.search(o, infinite, nobody)
		if sl.rider == nobody {
			break
		}
		list = append(list, s.describe(o, sl))
		if !s.free(o) {
			break
		}
		x.refused = append(x.refused, sl.rider)
	}
	return list
}

// fill adds the riders nearest to the pickup that can't have o.
func (s *state) fill(list []Candidate, o int32, n int) []Candidate {
	near := s.nearest(o, list)
	for _, r := range near[:min(len(near), n-len(list))] {
		list = append(list, s.candidate(o, r))
	}
	return list
}

// nearest are the riders who aren't in list, the first at o's pickup first.
func (s *state) nearest(o int32, list []Candidate) []int32 {
	x := &s.orders[o]
	near := make([]int32, 0, len(s.riders))
	for r := range s.riders {
		if !hasRider(list, int32(r)) {
			near = append(near, int32(r))
		}
	}
	ride := func(r int32) int32 { return s.riders[r].freeAt + s.riders[r].pace.seconds(s.riders[r].at, x.pick) }
	slices.SortFunc(near, func(a, b int32) int { return cmp.Or(cmp.Compare(ride(a), ride(b)), cmp.Compare(a, b)) })
	return near
}

// candidate describes r for o even if r can't have it.
func (s *state) candidate(o, r int32) Candidate {
	because, no := s.incompatible(o, r)
	if !no && s.free(o) {
		because, no = s.quickNo(o, r)
	}
	if !no {
		best := slot{rider: nobody, cost: infinite}
		if s.price(o, r, &best); best.rider != nobody {
			return s.describe(o, best)
		}
		because = s.obstacle(o, r)
	}
	c := Candidate{Rider: r}
	if len(s.routes[r].v) <= longRoute {
		if sl, ok := s.priceSlowly(o, r, 0); ok {
			c = s.describe(o, sl)
		}
	}
	c.Feasible, c.Reason = false, because
	return c
}

// describe splits the cost of a slot into its terms.
func (s *state) describe(o int32, sl slot) Candidate {
	tour := s.splice(nil, s.routes[sl.rider].v, o, sl)
	s.schedule(sl.rider, tour)
	return s.describeTour(sl.rider, tour, []int32{o})
}

// describeTour splits what a scheduled tour of rider r costs more than the present one into terms, those of all added orders
// together.
func (s *state) describeTour(r int32, tour []visit, added []int32) Candidate {
	t, ro := &s.routes[r], &s.riders[r]
	c := Candidate{Rider: r, Feasible: true}
	was := make(map[int32]int32, len(t.v))
	for i := range t.v {
		if !t.v[i].pickup {
			was[t.v[i].order] = t.v[i].depart
		}
	}
	for i := range tour {
		y := &tour[i]
		x, own := &s.orders[y.order], slices.Contains(added, y.order)
		switch {
		case y.pickup:
			if own && c.PickupAt == 0 {
				c.PickupAt = leaves(tour, i)
			}
			continue
		case !own:
			c.Terms.Others += s.w.delay(x, was[y.order], y.depart)
			continue
		}
		c.DropoffAt = y.depart
		door := s.w.door * float64(y.depart-x.placed)
		c.Terms.ClickToDoor += door
		c.Terms.Late += s.w.own(x, y.depart) - door
		if s.riderOf[y.order] == nobody { // else it is the rider's already
			c.Terms.Pay += ro.pay
			c.Terms.Idle += ro.idle
			c.Terms.Earned += ro.earned
		}
	}
	c.Terms.Position = s.endOf(ro, tour) - s.endOf(ro, t.v)
	c.Terms.Work = s.w.work * float64(tour[len(tour)-1].depart-t.end)
	c.Cost = c.Terms.sum()
	return c
}
