package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomMDRP is a small town with a busy hour and too few couriers now and then.
func randomMDRP(seed uint64) *MDRP {
	r := rand.New(rand.NewPCG(seed, 7))
	m := &MDRP{Name: fmt.Sprint("random", seed), MetresPerMinute: 300 + float64(r.IntN(200)), PickupService: 4, DropoffService: 4, Target: 40, PayPerOrder: 10, PayPerHour: 15}
	place := func() Point { return Point{float64(r.IntN(9000)), float64(r.IntN(9000))} }
	for i := range 2 + r.IntN(6) {
		m.Restaurants = append(m.Restaurants, MDRPRestaurant{fmt.Sprint("r", i), place()})
	}
	for i := range 1 + r.IntN(6) {
		on := r.IntN(60)
		m.Couriers = append(m.Couriers, MDRPCourier{fmt.Sprint("c", i), place(), on, on + 60 + r.IntN(120)})
	}
	for i := range 5 + r.IntN(30) {
		placed := r.IntN(150)
		m.Orders = append(m.Orders, MDRPOrder{fmt.Sprint("o", i), place(), placed, placed + 3 + r.IntN(30), r.IntN(len(m.Restaurants))})
	}
	sortByPlacement(m.Orders)
	return m
}

var quick = Options{Iterations: 200, Patience: 30, Seed: 1}

func play(t *testing.T, m *MDRP, rules MDRPRules, ready ReadyTimes) ([]Instruction, *Solution) {
	t.Helper()
	log, solution, _, err := RunMDRP(context.Background(), m, rules, ready, MDRPPolicy(rules, ready), quick)
	if err != nil {
		t.Fatal(err)
	}
	return log, solution
}

// Whatever the town, its day keeps the rules that the checker knows.
func TestRandomDaysKeepTheRules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		m := randomMDRP(seed)
		for _, ready := range []ReadyTimes{ReadyExact, ReadyEstimated} {
			log, solution := play(t, m, MDRPStrict, ready)
			if err := CheckStrict(m, log, solution); err != nil {
				t.Errorf("%s, strict, %s: %v", m.Name, ready, err)
			}
			log, solution = play(t, m, MDRPPlatform, ready)
			if err := CheckPlatform(m, log, solution); err != nil {
				t.Errorf("%s, platform, %s: %v", m.Name, ready, err)
			}
		}
	}
}

// Riders who go on alone between rare rounds are told nothing sooner than they could be.
func TestRareRoundsKeepTheRules(t *testing.T) {
	t.Parallel()
	policy := MDRPPolicy(MDRPPlatform, ReadyEstimated)
	policy.IntervalS = 5 * minute
	for seed := range uint64(4) {
		m := randomMDRP(seed)
		for _, ready := range []ReadyTimes{ReadyExact, ReadyEstimated} {
			log, solution, _, err := RunMDRP(context.Background(), m, MDRPPlatform, ready, policy, quick)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckPlatform(m, log, solution); err != nil {
				t.Errorf("%s, %s: %v", m.Name, ready, err)
			}
		}
	}
}

func TestARoundMustEnd(t *testing.T) {
	t.Parallel()
	_, _, _, err := RunMDRP(context.Background(), randomMDRP(1), MDRPStrict, ReadyExact, MDRPPolicy(MDRPStrict, ReadyExact), Options{})
	if !errors.Is(err, ErrEndless) {
		t.Errorf("a run without an end of its rounds: %v", err)
	}
}

// The future has no influence: when orders placed later are taken away, or their food is ready at another time, couriers
// are told the same until then.
func TestNothingIsKnownBeforeItHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		m := randomMDRP(seed)
		for _, rules := range []MDRPRules{MDRPStrict, MDRPPlatform} {
			for _, ready := range []ReadyTimes{ReadyExact, ReadyEstimated} {
				noon := m.Orders[len(m.Orders)/2].Placed
				other := *m
				other.Orders = slices.Clone(m.Orders)
				first := slices.IndexFunc(other.Orders, func(o MDRPOrder) bool { return o.Placed > noon })
				if first < 0 {
					continue
				}
				other.Orders = other.Orders[:first+(len(other.Orders)-first)/2] // some never come
				for i := range other.Orders {
					o := &other.Orders[i]
					switch {
					case o.Placed > noon:
						o.At.X, o.Ready = 9000-o.At.X, o.Ready+5
					case ready == ReadyEstimated && o.Ready > noon:
						o.Ready += 7
					}
				}
				is, _ := play(t, m, rules, ready)
				would, _ := play(t, &other, rules, ready)
				until := func(log []Instruction) []Instruction {
					return slices.DeleteFunc(slices.Clone(log), func(x Instruction) bool { return x.At > noon })
				}
				if d := cmp.Diff(until(is), until(would)); d != "" {
					t.Errorf("%s, %s, %s: what couriers are told until minute %d hangs on what comes later:\n%s", m.Name, rules, ready, noon, d)
				}
			}
		}
	}
}

func TestSameSeedSameDay(t *testing.T) {
	t.Parallel()
	m := randomMDRP(3)
	a, _ := play(t, m, MDRPStrict, ReadyExact)
	b, _ := play(t, m, MDRPStrict, ReadyExact)
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
}

// One of Grubhub's days: the published means of a strict policy that re-plans every five minutes are beaten.
func TestAPublishedDay(t *testing.T) {
	t.Parallel()
	dir := mdrpDir(t)
	reference, err := ReadReferences(dir)
	if err != nil {
		t.Fatal(err)
	}
	const name = "0o50t100s1p100"
	all, err := PlayMDRP(context.Background(), []string{filepath.Join(dir, name)}, MDRPOptions{
		Rules: MDRPStrict, Ready: ReadyExact, Policy: MDRPPolicy(MDRPStrict, ReadyExact), Options: quick, Out: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	v, ref := all[0], reference[name]
	if v.Undelivered > 0 || v.CTDMean < ref.CTDBound || v.CTDMean > ref.Reyes {
		t.Errorf("click-to-door %.2f, %.2f %% undelivered; bound %.2f, published %.2f", v.CTDMean, v.Undelivered, ref.CTDBound, ref.Reyes)
	}
}
