package sim

import (
	"math"
	"testing"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

func TestGini(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		xs   []float64
		want float64
	}{{nil, 0}, {[]float64{0, 0}, 0}, {[]float64{3, 3, 3}, 0}, {[]float64{0, 0, 0, 8}, 0.75}, {[]float64{1, 3}, 0.25}} {
		if got := gini(c.xs); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v: %v, want %v", c.xs, got, c.want)
		}
	}
}

// Two riders at a store with an order every twenty minutes, Anna always a few steps nearer to it. Without fairness she gets nearly all;
// with either term they take turns, and the customers wait no longer for it.
func TestFairnessSharesWork(t *testing.T) {
	t.Parallel()
	store := geo.LatLng{Lat: 43.77, Lng: 11.25}
	play := func(idle, earnings float64) Report {
		d := &Day{
			Name: "turns", Params: eta.Default(), Policy: CityPolicy(), Ready: ReadyExact,
			Stores: []Store{{Name: "s", At: store, Handoff: 60}},
			Riders: []Rider{
				{Name: "Anna", At: store, Off: 12_000, Vehicle: rider.Motorcycle, Capacity: 5, MaxOrders: 5},
				{Name: "Bo", At: geo.Shift(store, 300, 0), Off: 12_000, Vehicle: rider.Bicycle, Capacity: 5, MaxOrders: 5},
			},
		}
		d.Policy.Position = 0
		d.Policy.Fairness.Idle, d.Policy.Fairness.Earnings = idle, earnings
		for i := range 8 {
			at := 1200 * (i + 1)
			d.Orders = append(d.Orders, Order{Name: "o", Dropoff: geo.Shift(store, 60, 0), Placed: at, Ready: at + 600, Promise: at + 3600, Load: 1})
		}
		r, err := Run(t.Context(), d, Options{Iterations: 50, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if want := len(d.Orders); r.Earned[0]+r.Earned[1] != want { // without a tariff orders count
			t.Errorf("%v orders were earned by, of %d", r.Earned, want)
		}
		return r.Report()
	}
	without, idle, earnings := play(0, 0), play(0.1, 0), play(0, 3)
	if without.EarnedGini < 0.4 || without.WaitP90 < 150 || without.EarnedP10 > 0.1 {
		t.Errorf("without fairness %+v", without.Fair)
	}
	for name, v := range map[string]Report{"idle": idle, "earnings": earnings} {
		if v.EarnedGini > 0.13 || v.EarnedP10 < 0.7 || v.WaitP90 > 90 || v.IdleGini >= without.IdleGini {
			t.Errorf("with %s %+v, without %+v", name, v.Fair, without.Fair)
		}
		if v.CTDMean > without.CTDMean+0.5 || v.Undelivered > 0 {
			t.Errorf("with %s click-to-door is %v, without %v", name, v.CTDMean, without.CTDMean)
		}
	}
}
