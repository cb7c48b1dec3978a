package bench

import (
	"reflect"
	"testing"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
)

func TestBatchIsDrawnFromItsSeed(t *testing.T) {
	t.Parallel()
	size := Size{200, 300}
	a, b := Batch(size, 7), Batch(size, 7)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gave another batch")
	}
	if reflect.DeepEqual(a, Batch(size, 8)) {
		t.Error("another seed gave the same batch")
	}
}

func TestBatchIsACity(t *testing.T) {
	t.Parallel()
	for _, size := range []Size{{500, 1000}, {500, 400}, {1, 1}, {3, 40}} {
		t.Run(size.String(), func(t *testing.T) {
			t.Parallel()
			p := Batch(size, 1)
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
			stores, waiting, aboard := map[int32]int{}, 0, make([]int32, len(p.Riders))
			for i := range p.Orders {
				o := &p.Orders[i]
				if far := geo.Distance(o.Pickup, o.Dropoff); far < 299 || far > 4010 {
					t.Errorf("%s is %.0f m from its store", o.ID, far)
				}
				if o.OnBoard {
					aboard[o.Rider] += o.Load
					continue
				}
				waiting++
				stores[o.Store]++
			}
			busy := 0
			for r := range p.Riders {
				if aboard[r] > p.Riders[r].Capacity {
					t.Errorf("%s carries %d of %d", p.Riders[r].ID, aboard[r], p.Riders[r].Capacity)
				}
				if len(p.Riders[r].Route) > 0 {
					busy++
				}
			}
			if waiting != size.Orders || len(p.Riders) != size.Riders {
				t.Errorf("%d orders and %d riders", waiting, len(p.Riders))
			}
			if size.Orders < 500 {
				return
			}
			most := 0
			for _, n := range stores {
				most = max(most, n)
			}
			if most < 3*perStore || most > 20*perStore {
				t.Errorf("the most popular of %d stores has %d orders", len(stores), most)
			}
			if share := float64(busy) / float64(size.Riders); (share > 0.4) != size.Scarce() {
				t.Errorf("%.2f of the riders are busy", share)
			}
		})
	}
}

// A kept route of a batch breaks nothing, so whatever a plan breaks is the planner's.
func TestBatchKeepsTheRules(t *testing.T) {
	t.Parallel()
	p := Batch(Size{100, 80}, 3)
	routes := make([][]solver.Stop, len(p.Riders))
	for r := range routes {
		routes[r] = p.Riders[r].Route
	}
	plan, err := solver.Score(p, routes)
	if err != nil {
		t.Fatal(err)
	}
	if err := solver.Check(p, &plan); err != nil {
		t.Error(err)
	}
}

func TestSizesAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Size{"1000x2000": {1000, 2000}, "7×3": {7, 3}, "1x1000000": {1, 1_000_000}} {
		var got Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "10", "10x", "x10", "0x5", "5x0", "-1x5", "5x5x5", "5x2000000", "a5x5"} {
		if err := new(Size).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
