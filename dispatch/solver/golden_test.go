package solver

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGolden compares plans of small cities, written for people, with testdata.
// A better plan is no fault: look at the difference and run with -update.
func TestGolden(t *testing.T) {
	t.Parallel()
	lunch := newCity(11, 10, 3)
	scarce := newCity(12, 14, 2)
	quirky := newCity(13, 10, 4)
	together := newCity(15, 10, 3)
	next := newCity(14, 8, 3)
	first := next.problem()
	plan := mustSolve(t, first, 300, 1)
	for _, c := range []struct {
		name    string
		problem *Problem
	}{
		{"lunch", lunch.problem()},
		{"scarce", scarce.problem()},
		{"together", together.groups(together.problem())},
		{"quirky", quirky.quirks(quirky.problem())},
		{"next_round", next.later(first, &plan)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan := mustSolve(t, c.problem, 1000, 1)
			got, file := describePlan(c.problem, &plan), filepath.Join("testdata", c.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs:\n%s\nwant\n%s", file, got, want)
			}
		})
	}
}

func describePlan(p *Problem, plan *Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "cost %.2f min, %d unassigned\n", plan.Cost, len(plan.Unassigned))
	clock := func(s int32) string { return fmt.Sprintf("%d:%02d", s/60, s%60) }
	for r, route := range plan.Routes {
		rider := &p.Riders[r]
		fmt.Fprintf(&b, "\n%s from %s, shift to %s, bag %d, cost %.2f\n", rider.ID, clock(rider.FreeAt), clock(rider.ShiftEnd), rider.Capacity, route.Cost)
		for i, stop := range route.Stops {
			o := &p.Orders[stop.Order]
			what, note := "drop", "target "+clock(o.TargetAt)
			if stop.Pickup {
				what, note = "pick", fmt.Sprintf("store %d, ready %s", o.Store, clock(max(0, o.ReadyAt)))
			}
			if i < int(rider.Held) {
				note += ", held"
			}
			if o.bound() {
				note += ", fixed"
			}
			if o.Group != 0 {
				note += fmt.Sprintf(", group %d", o.Group)
			}
			fmt.Fprintf(&b, "  %5s %5s  %s %s  %s\n", clock(route.Arrive[i]), clock(route.Depart[i]), what, o.ID, note)
		}
	}
	for _, u := range plan.Unassigned {
		fmt.Fprintf(&b, "\n%s waits: %s\n", p.Orders[u.Order].ID, u.Reason)
	}
	return b.String()
}
