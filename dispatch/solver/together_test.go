package solver

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func inGroup(g int32) func(*Order) { return func(o *Order) { o.Group = g } }

// A group goes to one rider or to nobody, and who has a part of it for good gets the rest.
func TestTogether(t *testing.T) {
	t.Parallel()
	small := func(r *Rider) { r.MaxOrders = 1 }
	skilled := func(r *Rider) { r.Skills = 1 }
	needs := func(o *Order) { o.Skills = 1 }
	two := func() *Problem { return line().withRider(0).withRider(100) }
	runCases(t, []constraintCase{
		{
			"each would go to the rider next to it", two().withOrder(1, 2, inGroup(7)).withOrder(99, 98, inGroup(7)),
			nil, []Stop{pick(0), drop(0), pick(1), drop(1)},
		},
		{
			"alone they do", two().withOrder(1, 2, inGroup(7)).withOrder(99, 98, inGroup(8)),
			nil, []Stop{pick(0), drop(0)},
		},
		{
			"one store, then the doors", two().withOrder(1, 5, inGroup(1)).withOrder(1, 4, inGroup(1)).withOrder(1, 3, inGroup(1)),
			nil, []Stop{pick(0), pick(1), pick(2), drop(2), drop(1), drop(0)},
		},
		{
			"nobody may have so many", line().withRider(0, small).withRider(100, small).withOrder(1, 2, inGroup(1)).withOrder(99, 98, inGroup(1)),
			[]Unassigned{{0, ReasonTogether}, {1, ReasonTogether}}, nil,
		},
		{
			"one of them waits for a skill, so the other waits as well",
			line().withRider(0).withOrder(1, 2, inGroup(1)).withOrder(1, 2, inGroup(1), needs),
			[]Unassigned{{0, ReasonTogether}, {1, ReasonSkill}}, nil,
		},
		{
			"the one with the skill takes both", two().withRider(30, skilled).withOrder(1, 2, inGroup(1)).withOrder(1, 2, inGroup(1), needs), nil, nil,
		},
		{
			"a refusal counts for all",
			two().withOrder(1, 2, inGroup(1)).withOrder(1, 3, inGroup(1), func(o *Order) { o.Refused = []int32{0} }),
			nil, []Stop{},
		},
		{
			"the rest follows what is on board", two().withOrder(1, 2, inGroup(1)).withOrder(3, 98, inGroup(1), aboard(1)),
			nil, []Stop{},
		},
		{
			"and what is accepted", two().withOrder(99, 98, inGroup(1)).withOrder(1, 2, inGroup(1), fixedTo(0)),
			nil, []Stop{pick(1), drop(1), pick(0), drop(0)},
		},
		{
			"the rest that doesn't fit waits",
			line().withRider(0, small).withRider(1).withOrder(1, 2, inGroup(1), aboard(0)).withOrder(1, 2, inGroup(1)),
			[]Unassigned{{1, ReasonCapacity}}, []Stop{drop(0)},
		},
		{
			"one of two that doesn't fit waits, the other goes",
			line().withRider(0, func(r *Rider) { r.MaxOrders = 2 }).withOrder(1, 2, inGroup(1), aboard(0)).
				withOrder(1, 2, inGroup(1)).withOrder(1, 200, inGroup(1)),
			[]Unassigned{{2, ReasonCapacity}}, nil,
		},
		{
			"goods on board draw more than what is only accepted",
			two().withOrder(1, 2, inGroup(1), fixedTo(0)).withOrder(1, 98, inGroup(1), aboard(1)).withOrder(1, 3, inGroup(1)),
			nil, []Stop{pick(0), drop(0)},
		},
		{
			"a kept route with a part of it begins anew",
			line().withRider(0, func(r *Rider) { r.Route, r.MaxOrders = []Stop{pick(0), drop(0)}, 1 }).withRider(50).
				withOrder(1, 2, inGroup(1)).withOrder(1, 3, inGroup(1)),
			nil, []Stop{},
		},
		{
			"a kept route with all of it stays",
			line().withRider(0, func(r *Rider) { r.Route = []Stop{pick(0), pick(1), drop(0), drop(1)} }).withRider(0).
				withOrder(1, 2, inGroup(1)).withOrder(1, 3, inGroup(1)),
			nil, []Stop{pick(0), pick(1), drop(0), drop(1)},
		},
		{"a group of one is none", two().withOrder(1, 2, inGroup(1)).withOrder(99, 98, inGroup(2)), nil, []Stop{pick(0), drop(0)}},
	})
}

// Leaving out is all or nothing too: where a group costs more than leaving it, none of it is served.
func TestTogetherNotWorth(t *testing.T) {
	t.Parallel()
	p := line().withRider(0).withOrder(1, 2, inGroup(1)).withOrder(500, 900, inGroup(1))
	p.Objective.Unassigned = 60
	plan := mustSolve(t, p, 100, 1)
	if want := []Unassigned{{0, ReasonNotWorth}, {1, ReasonNotWorth}}; !slices.Equal(plan.Unassigned, want) {
		t.Errorf("waiting %v, want %v", plan.Unassigned, want)
	}
}

func TestCheckTogether(t *testing.T) {
	t.Parallel()
	free := line().withRider(0).withRider(1).withOrder(1, 2, inGroup(1)).withOrder(1, 3, inGroup(1))
	followed := line().withRider(0).withRider(1).withOrder(1, 2, inGroup(1), aboard(0)).withOrder(1, 3, inGroup(1))
	for _, c := range []struct {
		name, want string
		p          *Problem
		routes     [][]Stop
	}{
		{"both", "", free, [][]Stop{{pick(0), drop(0), pick(1), drop(1)}, {}}},
		{"none", "", free, [][]Stop{{}, {}}},
		{"apart", `group 1: order "o0" and order "o1" don't go together`, free, [][]Stop{{pick(0), drop(0)}, {pick(1), drop(1)}}},
		{"one left", `group 1: order "o0" and order "o1" don't go together`, free, [][]Stop{{pick(0), drop(0)}, {}}},
		{"follows", "", followed, [][]Stop{{drop(0), pick(1), drop(1)}, {}}},
		{"waits", "", followed, [][]Stop{{drop(0)}, {}}},
		{"follows another", `group 1: order "o1" goes to rider "r1", who has none of it`, followed, [][]Stop{{drop(0)}, {pick(1), drop(1)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan, err := Score(c.p, c.routes)
			if err != nil {
				t.Fatal(err)
			}
			err = Check(c.p, &plan)
			if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
				t.Errorf("Check: %v, want %q", err, c.want)
			}
		})
	}
}

// Against every plan that keeps groups together: never better, seldom worse, and not by much.
func TestTogetherAgainstBruteForce(t *testing.T) {
	t.Parallel()
	problems, off := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c := newCity(rapid.Uint64().Draw(t, "city"), rapid.IntRange(2, 4).Draw(t, "orders"), rapid.IntRange(1, 2).Draw(t, "riders"))
		p := c.problem()
		if rapid.Bool().Draw(t, "uncertain") {
			c.uncertain(p)
		}
		if rapid.Bool().Draw(t, "quirks") {
			c.quirks(p)
		}
		for i := range p.Orders {
			p.Orders[i].Group = int32(c.rng.IntN(3))
		}
		if c.rng.IntN(3) == 0 { // somebody has one of them
			p.Orders[0].Rider, p.Orders[0].Fixed = int32(c.rng.IntN(len(p.Riders))), true
			p.Riders[p.Orders[0].Rider] = Rider{
				ID: p.Riders[p.Orders[0].Rider].ID, At: p.Riders[p.Orders[0].Rider].At, Capacity: 8, MaxOrders: 6, Skills: 3, ShiftEnd: 4 * 3600,
			}
		}
		plan := mustSolve(t, p, 1000, 1)
		s := newState(p)
		s.anchorGroups()
		best := bruteForceTogether(s, 0)
		if plan.Cost < best-1e-6 {
			t.Fatalf("cost %v is below the optimum %v", plan.Cost, best)
		}
		if plan.Cost > best*1.02 {
			t.Fatalf("cost %v, the optimum is %v", plan.Cost, best)
		}
		problems++
		if plan.Cost > best+1e-6 {
			off++
		}
	})
	if off*10 > problems {
		t.Errorf("%d of %d plans are not optimal", off, problems)
	}
}

// bruteForceTogether is bruteForce without the plans that part a group.
func bruteForceTogether(s *state, o int32) float64 {
	if int(o) == len(s.orders) {
		return keptTogether(s)
	}
	best := infinite
	x := &s.orders[o]
	if x.bound == nobody {
		best = x.penalty + bruteForceTogether(s, o+1)
	}
	group := x.group
	x.group = 0 // whether it is with its group shows in the end
	defer func() { x.group = group }()
	for r := range s.riders {
		if _, no := s.incompatible(o, int32(r)); no {
			continue
		}
		for j := range len(s.routes[r].v) + 1 {
			for i := range j + 1 {
				s.insert(o, slot{int32(r), int32(i), int32(j), 0})
				x.group = group
				best = min(best, bruteForceTogether(s, o+1))
				x.group = 0
				s.remove(o)
			}
		}
	}
	return best
}

// keptTogether is what the routes cost, infinite where they break a rule or part a group.
func keptTogether(s *state) float64 {
	for _, g := range s.groups[1:] {
		for _, o := range g.members {
			switch r := s.riderOf[o]; {
			case g.anchor == nobody && r != s.riderOf[g.members[0]], g.anchor != nobody && r != nobody && r != g.anchor:
				return infinite
			}
		}
	}
	sum := 0.0
	for r := range s.routes {
		if !s.allows(int32(r), s.routes[r].v, allRules) {
			return infinite
		}
		sum += s.routes[r].cost
	}
	return sum
}

// searchTogether finds what a look at every rider finds.
func TestSearchTogetherMissesNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := newCity(rapid.Uint64().Draw(t, "city"), 40, 40)
		c.spread = rapid.Float64Range(0.001, 0.5).Draw(t, "spread")
		p := c.groups(c.uncertain(c.problem()))
		s := newState(p)
		s.warm(p)
		for _, o := range append([]int32(nil), s.waiting...) {
			switch {
			case s.waitingAt[o] < 0:
			case !s.whole(o):
				if sl := s.search(o, infinite, nobody); sl.rider != nobody {
					s.insert(o, sl)
					s.setWaiting(o, false)
				}
			default:
				list := s.groups[s.orders[o].group].members
				want := whole{rider: nobody, cost: s.penalties(list)}
				for r := range s.riders {
					s.tryTogether(list, int32(r), &want)
				}
				before := snapshot(s)
				got := s.searchTogether(list, s.penalties(list), nobody)
				if math.Abs(got.cost-want.cost) > 1e-6 {
					t.Fatalf("group of %d: search %+v, everybody %+v", o, got, want)
				}
				if after := snapshot(s); before != after {
					t.Fatalf("the search left traces:\n%s\n%s", before, after)
				}
				s.insertTogether(list[0])
			}
		}
	})
}

// An iteration with groups allocates nothing either.
func TestTogetherAllocatesNothing(t *testing.T) { //nolint:paralleltest // counts allocations
	c := newCity(3, 120, 60)
	p := c.groups(c.problem())
	p.Limits = Limits{MaxStops: 12, MaxDetour: 1200}
	s := newState(p)
	s.warm(p)
	s.insertWaiting(nil)
	l := newLNS(s, 1)
	for range 3000 {
		l.iterate()
	}
	if n := testing.AllocsPerRun(300, func() { l.iterate() }); n > 0 {
		t.Errorf("%v allocations an iteration", n)
	}
}

// Candidates for a group are for all of it: the near rider of one order is not the best for both.
func TestRankTogether(t *testing.T) {
	t.Parallel()
	p := line().withRider(0).withRider(5, func(r *Rider) { r.MaxOrders = 1 }).withRider(20).
		withOrder(4, 5, inGroup(1)).withOrder(1, 3, inGroup(1))
	plan := mustSolve(t, p, 50, 1)
	list := Rank(p, &plan, 0, 3)
	var riders []int32
	for _, c := range list {
		riders = append(riders, c.Rider)
	}
	if want := []int32{0, 2, 1}; !slices.Equal(riders, want) {
		t.Fatalf("riders %v, want %v", riders, want)
	}
	// 1 → 3 → 4 → 5: three minutes to the first door, five to the second, all of it work.
	want := Terms{ClickToDoor: 8, Work: 0.75, Pay: 4}
	if best := list[0]; best.Terms != want || best.PickupAt != 60 || best.DropoffAt != 300 {
		t.Errorf("best %+v, want terms %+v", best, want)
	}
	if last := list[2]; last.Feasible || last.Reason != ReasonCapacity {
		t.Errorf("last %+v, want capacity", last)
	}
	p.Orders[1].Fixed, p.Orders[1].Rider = true, 2
	plan = mustSolve(t, p, 50, 1)
	if list := Rank(p, &plan, 0, 3); list[0].Rider != 2 || !list[0].Feasible || list[1].Reason != ReasonFixed {
		t.Errorf("the rest is with rider 2: %+v", list)
	}
}
