package sim

import (
	"math"
	"math/rand/v2"
	"testing"
)

// An unready order's estimate changes with what is seen, and with nothing else.
func TestKitchenSeesNoFuture(t *testing.T) {
	t.Parallel()
	day := func(second int) *Day {
		return &Day{Ready: ReadyEstimated, Stores: make([]Store, 1), Orders: []Order{{Placed: 0, Ready: 900}, {Placed: 60, Ready: second}}}
	}
	a, b := newKitchen(day(2000)), newKitchen(day(5000))
	for now := 60; now < 2000; now += minute {
		for _, k := range []*kitchen{a, b} {
			if now == 60 {
				k.placed(0)
				k.placed(1)
			}
			k.watch(now)
		}
		ready, spread := a.expects(1, now)
		if r, s := b.expects(1, now); r != ready || s != spread {
			t.Fatalf("at %d: %d ± %d or %d ± %d, for the same past", now, ready, spread, r, s)
		}
		if ready < now+overdue || ready-spread < now || spread < 0 {
			t.Fatalf("at %d: %d ± %d", now, ready, spread)
		}
	}
	if ready, spread := a.expects(1, 2000); ready != 2000 || spread != 0 || !a.known(1, 2000) {
		t.Errorf("ready at 2000: %d ± %d", ready, spread)
	}
}

func TestBeyond(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	variance := math.Log1p(0.09)
	for _, a := range []float64{-100, 0, 900, 1000, 1400} {
		var p preps
		for range 400_000 {
			if x := 1000 * math.Exp(math.Sqrt(variance)*rng.NormFloat64()-variance/2); x > a {
				p.add(x)
			}
		}
		m := p.sum / p.n
		mean, sd := beyond(1000, 300, a)
		if want := math.Sqrt(p.squares/p.n - m*m); math.Abs(mean-m) > 3 || math.Abs(sd-want) > 3 {
			t.Errorf("beyond %v: %v ± %v, want %v ± %v", a, mean, sd, m, want)
		}
	}
}

// Far out, where other sums begin, nothing jumps, and nothing is expected before now.
func TestBeyondTheTail(t *testing.T) {
	t.Parallel()
	for _, sd := range []float64{10, 300, 1000, 5000} {
		before, _ := beyond(1000, sd, 1000)
		for a := 1001.0; a < 20_000; a++ {
			mean, spread := beyond(1000, sd, a)
			if mean < a || mean < before || mean-before > 0.05*a || math.IsNaN(spread) || spread < 0 {
				t.Fatalf("beyond %v of 1000 ± %v: %v ± %v, before %v", a, sd, mean, spread, before)
			}
			before = mean
		}
	}
}
