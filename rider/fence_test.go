package rider

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var gate = Fence{EnterM: 60, LeaveM: 120, Dwell: 20 * time.Second}

// passed is the watch after fixes ten seconds apart, each so far from the place.
func passed(f Fence, accuracy float64, metres ...float64) Watch {
	var w Watch
	for i, d := range metres {
		w = f.Next(w, d, Fix{At: noon.Add(time.Duration(i) * 10 * time.Second), AccuracyM: accuracy})
	}
	return w
}

func TestFence(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		accuracy float64
		metres   []float64
		arrived  int // index of the fix that is the arrival; -1: none
	}{
		"comes and stays":                 {10, []float64{300, 50, 40, 10}, 1},
		"not long enough":                 {10, []float64{300, 50, 40}, -1},
		"rides by":                        {10, []float64{300, 50, 20, 300, 400}, -1},
		"the edge between the two radii":  {10, []float64{50, 90, 100, 55}, 0},
		"never near enough":               {10, []float64{61, 70, 80, 90, 100}, -1},
		"too wrong to say":                {200, []float64{10, 10, 10, 10}, -1},
		"wrong, but certainly near":       {60, []float64{50, 50, 50}, 0},
		"leaves and comes back":           {10, []float64{50, 50, 300, 50, 50, 50}, 3},
		"one wild fix that says how wild": {500, []float64{400}, -1},
		"accuracy not told":               {0, []float64{50, 50, 50}, 0},
	} {
		w := passed(gate, tc.accuracy, tc.metres...)
		at, ok := gate.Arrived(w)
		if want := tc.arrived >= 0; ok != want || ok && !at.Equal(noon.Add(time.Duration(tc.arrived)*10*time.Second)) {
			t.Errorf("%s: arrived %v at %v", name, ok, at)
		}
	}
	// A wild fix that admits how wrong it may be does not throw out who is inside.
	w := passed(gate, 10, 50, 50)
	w = gate.Next(w, 400, Fix{At: noon.Add(20 * time.Second), AccuracyM: 350})
	w = gate.Next(w, 50, Fix{At: noon.Add(30 * time.Second), AccuracyM: 10})
	if at, ok := gate.Arrived(w); !ok || !at.Equal(noon) {
		t.Errorf("arrived %v at %v", ok, at)
	}
}

// Whatever the fixes: an arrival is a fix within the inner radius, it lies at least a dwell before the latest one inside, between
// the two no fix is certainly outside, old and repeated fixes change nothing, and better knowledge of a place nearer by never undoes it.
func TestFenceProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := Fence{EnterM: rapid.IntRange(20, 200).Draw(t, "enter")}
		f.LeaveM = f.EnterM + rapid.IntRange(0, 200).Draw(t, "more")
		f.Dwell = time.Duration(rapid.IntRange(0, 120).Draw(t, "dwell")) * time.Second
		type seen struct {
			fix    Fix
			metres float64
		}
		var all []seen
		var w Watch
		at := noon
		for range rapid.IntRange(1, 40).Draw(t, "fixes") {
			at = at.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "seconds")) * time.Second)
			x := seen{Fix{At: at, AccuracyM: float64(rapid.IntRange(0, 150).Draw(t, "accuracy"))}, float64(rapid.IntRange(0, 500).Draw(t, "metres"))}
			next := f.Next(w, x.metres, x.fix)
			if !x.fix.At.After(w.Last) {
				if next != w {
					t.Fatalf("an old fix changed %+v to %+v", w, next)
				}
				continue
			}
			if f.Next(next, x.metres, x.fix) != next {
				t.Fatal("a repeated fix changed something")
			}
			all, w = append(all, x), next
			since, ok := f.Arrived(w)
			if !ok {
				continue
			}
			var last time.Time
			for _, y := range all {
				if y.fix.At.Before(since) {
					continue
				}
				accuracy := y.fix.AccuracyM
				if accuracy == 0 {
					accuracy = unknownAccuracy
				}
				if y.fix.At.Equal(since) && y.metres > float64(f.EnterM) {
					t.Fatalf("arrived %.0f m away", y.metres)
				}
				if y.metres-accuracy > float64(f.LeaveM) {
					t.Fatalf("arrived at %v, and certainly outside at %v", since, y.fix.At)
				}
				if y.metres <= float64(f.EnterM) {
					last = y.fix.At
				}
			}
			if last.Sub(since) < f.Dwell {
				t.Fatalf("stayed %v of %v", last.Sub(since), f.Dwell)
			}
		}
	})
}
