package solver

import (
	"math"
	"slices"
	"testing"
)

// Riders at minutes 0, 4 and 9, an order from 1 to 3: who is next, and why not.
func TestRank(t *testing.T) {
	t.Parallel()
	p := line().withRider(9).withRider(0).withRider(4).withRider(1, func(r *Rider) { r.Skills = 0 }).withOrder(1, 3)
	for i := range p.Riders[:3] {
		p.Riders[i].Skills = 1
	}
	p.Orders[0].Skills = 1
	plan := mustSolve(t, p, 10, 1)
	list := Rank(p, &plan, 0, 4)
	var riders []int32
	for _, c := range list {
		riders = append(riders, c.Rider)
	}
	if want := []int32{1, 2, 0, 3}; !slices.Equal(riders, want) {
		t.Fatalf("riders %v, want %v", riders, want)
	}
	best, last := list[0], list[3]
	want := Terms{ClickToDoor: 3, Work: 0.45, Pay: 2}
	if best.Terms != want || !best.Feasible || best.PickupAt != 60 || best.DropoffAt != 180 || math.Abs(best.Cost-5.45) > 1e-9 {
		t.Errorf("best %+v, want terms %+v", best, want)
	}
	if last.Feasible || last.Reason != ReasonSkill {
		t.Errorf("last %+v, want skill", last)
	}
}

// The delay of the rider's other orders is a term of its own.
func TestRankOthers(t *testing.T) {
	t.Parallel()
	p := line().withRider(0, func(r *Rider) { r.Route = []Stop{drop(0)} }).
		withOrder(0, 10, aboard(0)).withOrder(2, 4, func(o *Order) { o.PickupService = 60 })
	plan := mustSolve(t, p, 50, 1)
	list := Rank(p, &plan, 1, 1)
	if len(list) != 1 || list[0].Terms.Others != 1 || list[0].Terms.Work != 0.15 || list[0].Terms.ClickToDoor != 5 {
		t.Errorf("got %+v, want 1 minute for the other, 1 of work, 5 to the door", list)
	}
}

// Bound orders have one candidate; malformed questions none.
func TestRankEdges(t *testing.T) {
	t.Parallel()
	p := line().withRider(0).withRider(1).withOrder(0, 10, aboard(0)).withOrder(1, 2)
	plan := mustSolve(t, p, 50, 1)
	if list := Rank(p, &plan, 0, 5); len(list) != 1 || list[0].Rider != 0 || list[0].PickupAt != 0 || list[0].Terms.Pay != 0 {
		t.Errorf("on board: %+v", list)
	}
	for name, list := range map[string][]Candidate{
		"no such order": Rank(p, &plan, 2, 5), "negative": Rank(p, &plan, -1, 5), "none asked": Rank(p, &plan, 0, 0),
		"empty plan": Rank(p, &Plan{}, 0, 5), "unknown order in plan": Rank(p, &Plan{Routes: []Route{{Stops: []Stop{drop(9)}}, {}}}, 0, 5),
	} {
		if list != nil {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
