package solver

// Phase is how far a call of Solve has come.
type Phase uint8

// The phases, in their sequence. Improving comes again and again.
const (
	PhaseReady     Phase = iota + 1 // riders and orders are indexed, the kept routes in place
	PhasePlanned                    // each waiting order has been offered its cheapest slot
	PhaseImproving                  // between two iterations
)

// Progress is where a call of Solve stands, for those who measure it. It is valid during Options.Observe only.
type Progress struct {
	Phase      Phase
	Iterations int   // of improvement
	Evaluated  int64 // insertions decided: pairs of places for pickup and drop-off in the routes of the riders looked at, those that a bound ruled out included
	state      *state
}

// Cost is the plan's cost at this moment. It adds the routes up, so don't ask without need.
func (p Progress) Cost() float64 {
	sum := 0.0
	for r := range p.state.routes {
		sum += p.state.routes[r].cost
	}
	for _, o := range p.state.waiting {
		sum += p.state.orders[o].penalty
	}
	return sum
}

// Waiting is how many orders have no rider at this moment.
func (p Progress) Waiting() int { return len(p.state.waiting) }

// tell shows the progress to whoever observes.
func (s *state) tell(o Options, phase Phase, iterations int) {
	if o.Observe != nil {
		o.Observe(Progress{Phase: phase, Iterations: iterations, Evaluated: s.evaluated, state: s})
	}
}

// pairs is how many places a route of n visits, none of them held, has for a pickup and a drop-off.
func pairs(n int) int64 { return int64(n+1) * int64(n+2) / 2 }
