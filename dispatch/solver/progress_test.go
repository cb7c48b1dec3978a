package solver

import (
	"slices"
	"testing"
)

func TestProgressIsToldInSequence(t *testing.T) {
	t.Parallel()
	p := newCity(3, 60, 30).problem()
	var phases []Phase
	var costs []float64
	last := Progress{}
	o := Options{Iterations: 200, Seed: 1, Observe: func(now Progress) {
		if now.Iterations < last.Iterations || now.Evaluated < last.Evaluated {
			t.Errorf("from %+v to %+v", last, now)
		}
		if now.Phase >= PhasePlanned {
			costs = append(costs, now.Cost())
		}
		phases, last = append(phases, now.Phase), now
	}}
	plan, err := Solve(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if phases[0] != PhaseReady || phases[1] != PhasePlanned || len(phases) != 2+200/checkEvery {
		t.Errorf("phases %v", phases)
	}
	if !slices.IsSortedFunc(costs, func(a, b float64) int { return int(b - a) }) || costs[len(costs)-1] < plan.Cost-1e-6 {
		t.Errorf("costs %v, in the end %v", costs, plan.Cost)
	}
	o.Observe = nil
	same, err := Solve(t.Context(), p, o)
	if err != nil || same.Cost != plan.Cost {
		t.Errorf("unobserved it costs %v, observed %v, %v", same.Cost, plan.Cost, err)
	}
}

// One order before three riders, one of whom has a route of two stops: 1 + 1 + 6 pairs.
func TestEvaluatedCountsPairs(t *testing.T) {
	t.Parallel()
	kept := func(r *Rider) { r.Route = []Stop{pick(0), drop(0)} }
	p := line().withRider(0, kept).withRider(0).withRider(0).withOrder(1, 3, fixedTo(0)).withOrder(1, 2)
	before, after := int64(0), int64(0)
	_, err := Solve(t.Context(), p, Options{Iterations: -1, Observe: func(now Progress) {
		if now.Phase == PhaseReady {
			before = now.Evaluated
		} else {
			after = now.Evaluated
		}
	}})
	if err != nil || before != 0 || after-before != 8 {
		t.Errorf("%d pairs, then %d more, %v", before, after-before, err)
	}
}
