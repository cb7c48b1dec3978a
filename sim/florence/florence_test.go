package florence

import (
	"math"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

func TestZonesShareTheCity(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	for zone, cells := range ZoneCells() {
		if len(cells) < 10 {
			t.Errorf("%s has %d cells", zone, len(cells))
		}
		for _, c := range cells {
			if other := owner[c]; other != "" {
				t.Errorf("%s is in %s and %s", c, zone, other)
			}
			owner[c] = zone
		}
	}
	for _, q := range Quarters { // every quarter lies in a cell of some zone
		if owner[geo.CellOf(q.At, geo.ZoneRes).String()] == "" {
			t.Errorf("%s is nowhere", q.Name)
		}
	}
}

func TestCustomersAreNear(t *testing.T) {
	t.Parallel()
	d := NewDice(3, "customers")
	for range 1000 {
		if away := geo.Distance(duomo, Doorstep(d, duomo)); away < 199 || away > 2405 {
			t.Fatalf("%.0f m from the store", away)
		}
	}
}

func TestChooseByWeight(t *testing.T) {
	t.Parallel()
	d, weights, chosen := NewDice(3, "choice"), []float64{1, 0, 3}, [3]int{}
	for range 4000 {
		chosen[Choose(d, len(weights), func(i int) float64 { return weights[i] })]++
	}
	if chosen[1] > 0 || chosen[0] < 900 || chosen[0] > 1100 {
		t.Errorf("chosen %v by weights %v", chosen, weights)
	}
}

func TestDemandVariesOverTheHour(t *testing.T) {
	t.Parallel()
	hour := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	least, most, sum := math.Inf(1), 0.0, 0.0
	for m := range 60 {
		r := Rate(22, hour.Add(time.Duration(m)*time.Minute))
		least, most, sum = min(least, r), max(most, r), sum+r
	}
	if least < 14 || most > 30 || math.Abs(sum/60-22) > 0.5 {
		t.Errorf("%.1f to %.1f, %.1f on average", least, most, sum/60)
	}
}
