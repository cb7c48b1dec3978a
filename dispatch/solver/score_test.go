package solver

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The routes of a plan, scored, are that plan.
func TestScoreOfOwnRoutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		for range 2 {
			plan := mustSolve(t, p, 40, 1)
			routes := make([][]Stop, len(plan.Routes))
			for r := range plan.Routes {
				routes[r] = plan.Routes[r].Stops
			}
			scored, err := Score(p, routes)
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(p, &scored); err != nil {
				t.Fatalf("Check: %v", err)
			}
			if !sameCost(scored.Cost, plan.Cost) || len(scored.Unassigned) != len(plan.Unassigned) {
				t.Fatalf("cost %v and %d unassigned, planned %v and %d", scored.Cost, len(scored.Unassigned), plan.Cost, len(plan.Unassigned))
			}
			p = c.later(p, &plan)
		}
	})
}

func TestScoreNeedsRoutesOfThisProblem(t *testing.T) {
	t.Parallel()
	p := line().withRider(0).withOrder(1, 2)
	for want, routes := range map[string][][]Stop{
		"2 routes for 1 riders":          {{}, {}},
		`rider "r0" stop 1: no order 7`:  {{pick(0), drop(7)}},
		`rider "r0" stop 0: no order -1`: {{pick(-1)}},
	} {
		if _, err := Score(p, routes); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, not %s", routes, err, want)
		}
	}
	plan, err := Score(p, [][]Stop{{}})
	if err != nil || !reflect.DeepEqual(plan.Unassigned, []Unassigned{{0, ReasonNotWorth}}) || plan.Cost != DefaultObjective().Unassigned {
		t.Errorf("left alone: %+v, %v", plan, err)
	}
}
