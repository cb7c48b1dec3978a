package sim

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

var smallCity = CityOptions{Riders: 12, Stores: 8, PerMinute: 1.2, Hours: 1}

func cityDay(t *testing.T, o CityOptions, seed uint64) *Day {
	t.Helper()
	d, err := CityDay(o, CityPolicy(), seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOneSeedOneDay(t *testing.T) {
	t.Parallel()
	play := func(seed uint64) []Event {
		r, err := Run(t.Context(), cityDay(t, smallCity, seed), Options{Iterations: 50, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return r.Log
	}
	first := play(1)
	if diff := cmp.Diff(first, play(1)); diff != "" {
		t.Errorf("the same seed went otherwise:\n%s", diff)
	}
	if cmp.Equal(first, play(2)) {
		t.Error("another seed went the same way")
	}
}

func TestPoliciesMeetTheSameCustomers(t *testing.T) {
	t.Parallel()
	a, b := cityDay(t, smallCity, 3), cityDay(t, smallCity, 3)
	Greedy(b, &Options{})
	if !cmp.Equal(a.Orders, b.Orders) || !cmp.Equal(a.Riders, b.Riders) {
		t.Fatal("the days differ")
	}
	if other := cityDay(t, smallCity, 4); cmp.Equal(a.Orders, other.Orders) || !slices.Equal(a.Stores, other.Stores) {
		t.Error("another day has the same orders, or other stores")
	}
	for i, o := range a.Orders {
		if o.Ready <= o.Placed || o.Promise <= o.Placed || i > 0 && o.Placed < a.Orders[i-1].Placed {
			t.Errorf("order %d: %+v", i, o)
		}
	}
	way := Way{"default", func(seed uint64) (*Day, Options, error) {
		d, err := CityDay(smallCity, CityPolicy(), seed)
		return d, Options{Iterations: 20, Seed: seed}, err
	}}
	series, err := PlayWays(t.Context(), []Way{way, way}, 1, 3, io.Discard)
	if err != nil || len(series) != 2 || len(series[0].Days) != 3 {
		t.Fatal(series, err)
	}
	for _, d := range Compare(series[0].Days, series[1].Days) {
		if d.Mean != 0 || *d.Low != 0 || *d.High != 0 || d.A != d.B {
			t.Errorf("a policy differs from itself: %+v", d)
		}
	}
}

// By hand: the differences 1 to 5 have mean 3 and standard deviation √2.5, so half the interval is 2.776 · √(2.5/5) = 1.963.
func TestCompareByHand(t *testing.T) {
	t.Parallel()
	var a, b []Report
	for i := range 5 {
		a = append(a, Report{CTDMean: 30 + float64(i*i)})
		b = append(b, Report{CTDMean: 30 + float64(i*i) + float64(i+1), Late: 2})
	}
	d := Compare(a, b)
	if x := d[0]; math.Abs(x.Mean-3) > 1e-9 || math.Abs(*x.Low-1.0371) > 1e-3 || math.Abs(*x.High-4.9629) > 1e-3 || x.A != 36 || x.B != 39 {
		t.Errorf("%+v: %g to %g", x, *x.Low, *x.High)
	}
	if x := d[1]; x.Mean != 2 || *x.Low != 2 || *x.High != 2 {
		t.Errorf("%+v", x)
	}
	if one := Compare(a[:1], b[:1]); one[0].Mean != 1 || one[0].Low != nil {
		t.Errorf("one day: %+v", one[0])
	}
	for freedom, want := range map[int]float64{1: 12.706, 4: 2.776, 30: 2.042, 59: 2.042, 60: 2, 5000: 1.984} {
		if got := student975(freedom); got != want {
			t.Errorf("t with %d degrees of freedom: %g", freedom, got)
		}
	}
}

// Anna is far away when the order is placed; Bo starts at the store before she gets there. An order that may change
// hands goes to Bo, greedy's stays with Anna.
func TestGreedySticks(t *testing.T) {
	t.Parallel()
	const hour = 3600
	store := geo.LatLng{Lat: 43.77, Lng: 11.25}
	day := func() *Day {
		return &Day{
			Name: "two", Params: eta.Default(), Policy: CityPolicy(), Ready: ReadyExact,
			Stores: []Store{{Name: "s", At: store, Handoff: 60}},
			Orders: []Order{{Name: "o", Store: 0, Dropoff: geo.Shift(store, 500, 0), Placed: 0, Ready: 5000, Promise: 2 * hour, Load: 1}},
			Riders: []Rider{
				{Name: "Anna", At: geo.Shift(store, 30_000, 0), Off: 4 * hour, Vehicle: rider.Motorcycle, Capacity: 5, MaxOrders: 5},
				{Name: "Bo", At: store, On: 4800, Off: 4 * hour, Vehicle: rider.Motorcycle, Capacity: 5, MaxOrders: 5},
			},
		}
	}
	for _, test := range []struct {
		name   string
		greedy bool
		want   int
	}{{"default", false, 1}, {"greedy", true, 0}} {
		d, o := day(), Options{Iterations: 20, Seed: 1}
		if test.greedy {
			Greedy(d, &o)
		}
		r, err := Run(t.Context(), d, o)
		if err != nil {
			t.Fatal(err)
		}
		if f := r.Orders[0]; !f.Done || f.Rider != test.want {
			t.Errorf("%s: %+v, want rider %d", test.name, f, test.want)
		}
	}
}

// Greedy's orders never change hands, whatever comes later: a rider sent to a store for an order picks it up.
func TestGreedyNeverTakesBack(t *testing.T) {
	t.Parallel()
	d, o := cityDay(t, CityOptions{Riders: 10, Stores: 8, PerMinute: 1.5, Hours: 1}, 5), Options{Seed: 1}
	Greedy(d, &o)
	r, err := Run(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Log {
		for _, x := range e.Orders {
			if e.Rider != r.Orders[x].Rider {
				t.Errorf("at %d rider %d was sent for order %d, which rider %d took", e.At, e.Rider, x, r.Orders[x].Rider)
			}
		}
	}
	if v := r.Report(); v.Undelivered > 0 {
		t.Errorf("%g %% undelivered", v.Undelivered)
	}
}

func TestStoppedDayTellsWhatWas(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	d := cityDay(t, smallCity, 1)
	v, err := Play(ctx, d, Options{Iterations: 5, Watch: func(_, placed int) {
		if placed > len(d.Orders)/2 {
			stop()
		}
	}}, io.Discard)
	if !errors.Is(err, context.Canceled) || !v.Partial || v.Orders <= len(d.Orders)/2 || v.Orders >= len(d.Orders) || v.CTDMean <= 0 {
		t.Errorf("%+v, %v", v, err)
	}
}
