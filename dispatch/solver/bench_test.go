package solver

import (
	"context"
	"fmt"
	"testing"
)

// sizes are the two that the targets name: a big city and five of them.
var sizes = []struct {
	orders, riders int
	spread         float64
}{{1000, 2000, 0.1}, {5000, 10000, 0.22}}

func benchCity(orders, riders int, spread float64) *Problem {
	c := newCity(42, orders, riders)
	c.spread = spread
	return c.problem()
}

// BenchmarkFirstPlan is the whole call from cold without improvement.
func BenchmarkFirstPlan(b *testing.B) {
	for _, size := range sizes {
		p := benchCity(size.orders, size.riders, size.spread)
		b.Run(fmt.Sprintf("%dx%d", size.orders, size.riders), func(b *testing.B) {
			var plan Plan
			for b.Loop() {
				plan, _ = Solve(context.Background(), p, Options{Iterations: -1})
			}
			b.ReportMetric(plan.Cost/float64(size.orders), "cost/order")
		})
	}
}

// BenchmarkLNS is one iteration on a plan that has been improved for a while.
func BenchmarkLNS(b *testing.B) {
	for _, size := range sizes {
		p := benchCity(size.orders, size.riders, size.spread)
		b.Run(fmt.Sprintf("%dx%d", size.orders, size.riders), func(b *testing.B) {
			s := newState(p)
			s.warm(p)
			s.insertWaiting(nil)
			l := newLNS(s, 1)
			for range 5000 {
				l.iterate()
			}
			b.ReportAllocs()
			kept := 0
			for b.Loop() {
				if l.iterate() {
					kept++
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "iter/s")
			b.ReportMetric(float64(kept)/float64(b.N), "kept")
			b.ReportMetric(total(s)/float64(size.orders), "cost/order")
		})
	}
}

// BenchmarkTogether is an iteration where half the orders are in groups of three.
func BenchmarkTogether(b *testing.B) { benchIterations(b, city.groups) }

// BenchmarkFair is one where riders stand differently: what the wider bounds cost.
func BenchmarkFair(b *testing.B) { benchIterations(b, city.fair) }

func benchIterations(b *testing.B, with func(city, *Problem) *Problem) {
	b.Helper()
	c := newCity(42, 1000, 2000)
	c.spread = 0.1
	p := with(c, c.problem())
	s := newState(p)
	s.warm(p)
	s.insertWaiting(nil)
	l := newLNS(s, 1)
	for range 5000 {
		l.iterate()
	}
	b.ReportAllocs()
	for b.Loop() {
		l.iterate()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "iter/s")
	b.ReportMetric(total(s)/float64(len(p.Orders)), "cost/order")
}

// BenchmarkPrice counts pairs of pickup and drop-off places decided, those that
// a bound rules out included.
func BenchmarkPrice(b *testing.B) {
	p := benchCity(1000, 200, 0.1)
	s := newState(p)
	s.warm(p)
	s.insertWaiting(nil)
	o := s.waiting
	if len(o) == 0 {
		o = []int32{0}
		s.remove(0)
	}
	pairs := 0
	for r := range s.routes {
		if n := len(s.routes[r].v); s.routes[r].orders < s.riders[r].maxOrders {
			pairs += (n + 1) * (n + 2) / 2
		}
	}
	for b.Loop() {
		for r := range s.riders {
			best := slot{rider: nobody, cost: infinite}
			s.price(o[0], int32(r), &best)
		}
	}
	b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
}
