package solver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Options say when to stop. The zero value runs until ctx is done.
type Options struct {
	// Iterations of improvement: the stop rule of tests and replays, which makes
	// the plan a function of Problem and Seed alone. 0 = until ctx is done; < 0 = none.
	Iterations int `json:"iterations"`
	// Patience stops after so many iterations in a row that improved nothing; 0 = never.
	Patience int    `json:"patience"`
	Seed     uint64 `json:"seed"`
	// Until ends the improvement when it is closed, but not the first plan, which only ctx cuts short. A context
	// derived from ctx has such a channel. nil = ctx's.
	Until <-chan struct{} `json:"-"`
	// Observe, if set, is called when a phase is over and every few iterations, by the goroutine that solves.
	Observe func(Progress) `json:"-"`
}

// ErrEndless says that nothing would ever end the call.
var ErrEndless = errors.New("solver: neither iterations nor a context that ends")

// checkEvery is how many iterations pass between looks at ctx; one takes some 50 µs.
const checkEvery = 8

// Solve plans p. It keeps the riders' routes so far as they hold, inserts what
// is unplanned, most urgent first, and improves until a stop rule says so. When
// ctx ends first, the best plan so far is the answer, without an error.
func Solve(ctx context.Context, p *Problem, o Options) (Plan, error) {
	if err := p.Validate(); err != nil {
		return Plan{}, fmt.Errorf("solver: %w", err)
	}
	if o.Until == nil {
		o.Until = ctx.Done()
	}
	if o.Iterations == 0 && o.Patience <= 0 && o.Until == nil {
		return Plan{}, ErrEndless
	}
	s := newState(p)
	s.warm(p)
	s.tell(o, PhaseReady, 0)
	complete := s.insertWaiting(ctx.Done())
	n := 0
	if complete {
		s.tell(o, PhasePlanned, 0)
	}
	if complete && o.Iterations >= 0 {
		n = s.improve(o.Until, o)
	}
	plan := s.plan()
	plan.Iterations = n
	return plan, nil
}

// done reports whether the channel is closed, without a clock.
func done(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// insertWaiting gives each waiting order its cheapest slot, most urgent first.
// It reports false when time ran out.
func (s *state) insertWaiting(stop <-chan struct{}) bool {
	list := slices.Clone(s.waiting)
	s.byUrgency(list)
	for i, o := range list {
		if i%checkEvery == 0 && done(stop) {
			return false
		}
		if s.whole(o) {
			s.insertTogether(o)
			continue
		}
		if s.waitingAt[o] < 0 {
			continue // came with its group
		}
		if sl := s.search(o, s.orders[o].penalty, nobody); sl.rider != nobody {
			s.insert(o, sl)
			s.setWaiting(o, false)
		}
	}
	return true
}

// improve runs iterations of ruin and recreate and returns how many.
func (s *state) improve(stop <-chan struct{}, o Options) int {
	l := newLNS(s, o.Seed)
	if len(l.movable) == 0 {
		return 0
	}
	n, idle := 0, 0
	for ; o.Iterations == 0 || n < o.Iterations; n++ {
		if n%checkEvery == 0 {
			if s.tell(o, PhaseImproving, n); done(stop) {
				break
			}
		}
		if l.iterate() {
			idle = 0
		} else if idle++; o.Patience > 0 && idle >= o.Patience {
			n++
			break
		}
	}
	s.blinks = nil
	if !done(stop) {
		s.insertWaiting(stop)
	}
	return n
}

// plan writes the solution in the Problem's terms.
func (s *state) plan() Plan {
	p := Plan{Routes: make([]Route, len(s.routes)), Unassigned: []Unassigned{}}
	visits := 0
	for r := range s.routes {
		visits += len(s.routes[r].v)
	}
	stops, times := make([]Stop, visits), make([]int32, 2*visits)
	for out, in := range s.riderIn {
		t := &s.routes[in]
		n := len(t.v)
		route := Route{Stops: stops[:n:n], Arrive: times[:n:n], Depart: times[n : 2*n : 2*n], Cost: t.cost}
		stops, times = stops[n:], times[2*n:]
		for i := range t.v {
			route.Stops[i] = Stop{Order: s.orders[t.v[i].order].outside, Pickup: t.v[i].pickup}
			route.Arrive[i], route.Depart[i] = t.v[i].arrive, leaves(t.v, i)
		}
		s.tidy(route.Stops, in)
		p.Routes[out] = route
		p.Cost += t.cost
	}
	for _, o := range s.waiting {
		p.Unassigned = append(p.Unassigned, Unassigned{s.orders[o].outside, s.reason(o)})
	}
	slices.SortFunc(p.Unassigned, func(a, b Unassigned) int { return cmp.Compare(a.Order, b.Order) })
	for _, u := range p.Unassigned {
		p.Cost += s.orders[s.orderIn[u.Order]].penalty
	}
	return p
}

// tidy sorts the pickups within each physical stop by order id, held ones
// excepted: their sequence means nothing, and so it never changes for nothing.
func (s *state) tidy(stops []Stop, r int32) {
	v := s.routes[r].v
	for i := int(s.riders[r].held); i < len(v); {
		end := i + 1
		for end < len(v) && v[end].merged {
			end++
		}
		slices.SortFunc(stops[i:end], func(a, b Stop) int { return cmp.Compare(s.orderIn[a.Order], s.orderIn[b.Order]) })
		i = end
	}
}
