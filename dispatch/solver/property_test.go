package solver

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawProblem(t *rapid.T) (*Problem, city) {
	c := newCity(rapid.Uint64().Draw(t, "city"), rapid.IntRange(0, 14).Draw(t, "orders"), rapid.IntRange(0, 6).Draw(t, "riders"))
	p := c.problem()
	if rapid.Bool().Draw(t, "uncertain") {
		c.uncertain(p)
	}
	if rapid.Bool().Draw(t, "quirks") {
		c.quirks(p)
	}
	if rapid.Bool().Draw(t, "groups") {
		c.groups(p)
	}
	if rapid.Bool().Draw(t, "work ends") {
		for i := range p.Riders {
			p.Riders[i].WorkEnd = rapid.Int32Range(0, 2*3600).Draw(t, "when")
		}
	}
	if rapid.Bool().Draw(t, "fair") {
		c.fair(p)
	}
	return p, c
}

func mustSolve(t interface {
	Helper()
	Fatalf(string, ...any)
}, p *Problem, iterations int, seed uint64) Plan {
	t.Helper()
	plan, err := Solve(context.Background(), p, Options{Iterations: iterations, Seed: seed})
	if err != nil {
		t.Fatalf("Solve: %v", err)
	}
	if err := Check(p, &plan); err != nil {
		t.Fatalf("Check: %v", err)
	}
	return plan
}

// Every plan passes Check, round after round, and improvement never makes it dearer.
func TestEveryPlanPassesCheck(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		for range 3 {
			greedy := mustSolve(t, p, -1, 1)
			plan := mustSolve(t, p, 60, 1)
			if plan.Cost > greedy.Cost+1e-6 {
				t.Fatalf("cost %v after improvement, %v before", plan.Cost, greedy.Cost)
			}
			p = c.later(p, &plan)
		}
	})
}

// The same seed gives the same plan; shuffled input gives the same cost.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		a, b := mustSolve(t, p, 50, 7), mustSolve(t, p, 50, 7)
		if x, y := asJSON(a), asJSON(b); x != y {
			t.Fatalf("two plans:\n%s\n%s", x, y)
		}
		shuffled := mustSolve(t, shuffle(p, c), 50, 7)
		if math.Abs(shuffled.Cost-a.Cost) > 1e-6 {
			t.Fatalf("cost %v, shuffled %v", a.Cost, shuffled.Cost)
		}
	})
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// shuffle renumbers orders and riders of a Problem without routes.
func shuffle(p *Problem, c city) *Problem {
	q := *p
	orders, riders := c.rng.Perm(len(p.Orders)), c.rng.Perm(len(p.Riders))
	q.Orders, q.Riders = make([]Order, len(orders)), make([]Rider, len(riders))
	for to, from := range riders {
		q.Riders[to] = p.Riders[from]
	}
	for to, from := range orders {
		q.Orders[to] = p.Orders[from]
		q.Orders[to].Refused = nil
		for _, r := range p.Orders[from].Refused {
			q.Orders[to].Refused = append(q.Orders[to].Refused, int32(slices.Index(riders, int(r))))
		}
	}
	return &q
}

// price agrees with priceSlowly about every rider.
func TestPriceAgreesWithSlowPrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		for range 2 {
			plan := mustSolve(t, p, 20, 3)
			s := newState(p)
			s.warm(p)
			s.insertWaiting(nil)
			for o := range s.orders {
				o := int32(o)
				if s.orders[o].pinned {
					continue
				}
				if s.riderOf[o] != nobody {
					s.remove(o)
				}
				for r := range s.riders {
					if _, no := s.incompatible(o, int32(r)); no {
						continue
					}
					best := slot{rider: nobody, cost: infinite}
					s.price(o, int32(r), &best)
					rules := allRules
					want, ok := s.priceSlowly(o, int32(r), rules)
					if found := best.rider != nobody; found != ok || (ok && math.Abs(best.cost-want.cost) > 1e-6) {
						t.Fatalf("order %d rider %d: %+v (%v), slowly %+v (%v)", o, r, best, found, want, ok)
					}
				}
				best := slot{rider: nobody, cost: infinite}
				if s.orders[o].bound != nobody {
					s.price(o, s.orders[o].bound, &best)
				} else {
					best = s.search(o, infinite, nobody)
				}
				if best.rider != nobody {
					was := s.routes[best.rider].cost
					s.insert(o, best)
					if got := s.routes[best.rider].cost - was; math.Abs(got-best.cost) > 1e-6 {
						t.Fatalf("slot costs %v, route grew by %v", best.cost, got)
					}
				} else if s.orders[o].bound != nobody {
					return // left out: not a state that the search meets
				}
			}
			p = c.later(p, &plan)
		}
	})
}

// search finds what a look at every rider finds, also for riders under way and with costs of where they end.
func TestSearchMissesNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := newCity(rapid.Uint64().Draw(t, "city"), 40, 60)
		c.spread = rapid.Float64Range(0.001, 0.5).Draw(t, "spread")
		p := c.uncertain(c.problem())
		if rapid.Bool().Draw(t, "quirks") {
			c.quirks(p)
			p.Limits = Limits{} // what they forbid depends on the sequence
		}
		if rapid.Bool().Draw(t, "fair") {
			c.fair(p)
		}
		for range rapid.IntRange(1, 3).Draw(t, "rounds") {
			s := newState(p)
			s.warm(p)
			for _, o := range append([]int32(nil), s.waiting...) {
				x := &s.orders[o]
				want := slot{rider: nobody, cost: x.penalty}
				for r := range s.riders {
					if x.bound != nobody && x.bound != int32(r) {
						continue
					}
					if _, no := s.incompatible(o, int32(r)); !no {
						s.price(o, int32(r), &want)
					}
				}
				got := s.search(o, x.penalty, nobody)
				if math.Abs(got.cost-want.cost) > 1e-6 {
					t.Fatalf("order %d: search %+v, everybody %+v", o, got, want)
				}
				if got.rider != nobody {
					s.insert(o, got)
				}
			}
			plan := s.plan()
			p = c.later(p, &plan)
		}
	})
}

// A rolled-back iteration leaves no trace.
func TestRollbackRestoresEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		plan := mustSolve(t, p, 20, 3)
		p = c.later(p, &plan)
		s := newState(p)
		s.warm(p)
		s.insertWaiting(nil)
		l := newLNS(s, 5)
		if len(l.movable) == 0 {
			return
		}
		for range 50 {
			before := snapshot(s)
			cost := total(s)
			if l.iterate() {
				if got := total(s); math.Abs(got-cost-l.balance) > 1e-6 || got >= cost {
					t.Fatalf("kept a change from %v to %v, balance %v", cost, got, l.balance)
				}
			} else if after := snapshot(s); after != before {
				t.Fatalf("before\n%s\nafter\n%s", before, after)
			}
		}
	})
}

func snapshot(s *state) string {
	type view struct {
		Visits []string
		Orders int32
		Cost   float64
		Busy   bool
	}
	var out []view
	for r := range s.routes {
		w := view{Orders: s.routes[r].orders, Cost: s.routes[r].cost, Busy: s.riderGrid.busy(int32(r))}
		for _, v := range s.routes[r].v {
			w.Visits = append(w.Visits, asJSON([]any{v.order, v.pickup, v.merged, v.arrive, v.depart, v.leg, v.load}))
		}
		out = append(out, w)
	}
	return asJSON([]any{out, s.riderOf, s.waiting, s.waitingAt})
}

func total(s *state) float64 {
	sum := 0.0
	for r := range s.routes {
		sum += s.routes[r].cost
	}
	for _, o := range s.waiting {
		sum += s.orders[o].penalty
	}
	return sum
}

// Rank agrees with the plan and with itself.
func TestRankProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawProblem(t)
		for range 2 {
			plan := mustSolve(t, p, 20, 3)
			k, err := NewRanker(p, &plan)
			if err != nil {
				t.Fatal(err)
			}
			before := snapshot(k.s)
			for o := range p.Orders {
				list := k.Rank(o, 3)
				if len(list) > 3 {
					t.Fatalf("%d candidates", len(list))
				}
				own := k.s.riderOf[k.s.orderIn[o]]
				seen := own == nobody
				for _, cand := range list {
					if cand.Feasible != (cand.Reason == "") {
						t.Fatalf("feasible and reason disagree: %+v", cand)
					}
					if cand.Feasible && math.Abs(cand.Cost-cand.Terms.sum()) > 1e-9 {
						t.Fatalf("terms don't add up: %+v", cand)
					}
					seen = seen || cand.Rider == k.s.riders[own].outside
				}
				if !seen {
					t.Fatalf("order %d: its rider is missing in %+v", o, list)
				}
			}
			if after := snapshot(k.s); before != after {
				t.Fatalf("Rank changed the plan:\n%s\n%s", before, after)
			}
			p = c.later(p, &plan)
		}
	})
}
