package dispatch

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// bigCity is a day's rush with many stores, and a learned demand.
func bigCity(stores int) (*Snapshot, *Instance, *Demand) {
	rng := rand.New(rand.NewPCG(1, uint64(stores)))
	s := aSnapshot(0)
	s.Zone.Policy.Position, s.Zone.Policy.Reposition = 0.2, true
	for i := range stores {
		var store id.Store
		binary.BigEndian.PutUint64(store[8:], uint64(i+1))
		p := geo.Shift(center, rng.NormFloat64()*2500, rng.NormFloat64()*2500)
		for range 1 + rng.IntN(3) {
			s.Orders = append(s.Orders, order.Order{
				ID: id.NewOrder(), State: order.Pending, Store: store, Pickup: p, Dropoff: order.Dropoff{At: geo.Shift(p, rng.NormFloat64()*1000, 0)}, Load: 1,
				PlacedAt: s.At, DueAt: s.At, PromiseAt: s.At.Add(time.Hour), ReadyEstimate: s.At, UpdatedAt: s.At,
			})
		}
	}
	s.Riders, s.Positions = nil, map[id.Rider]rider.Fix{}
	for range 1000 {
		r := rider.OnShift{Rider: rider.Rider{ID: id.NewRider(), Vehicle: rider.Motorcycle, Capacity: 5, MaxOrders: 5}, Shift: rider.Shift{EndsAt: s.At.Add(3 * time.Hour)}}
		s.Riders = append(s.Riders, r)
		s.Positions[r.ID] = rider.Fix{At: s.At, LatLng: geo.Shift(center, rng.NormFloat64()*4000, rng.NormFloat64()*4000)}
	}
	m := &Memory{}
	in := NewInstance(s, eta.Default(), m)
	return s, in, &m.Demand
}

// With thousands of stores a place's price comes from areas and small squares; it must be about what all stores say.
func TestDemandByAreaIsAboutThatOfStores(t *testing.T) {
	t.Parallel()
	_, in, d := bigCity(3000)
	if !d.areas.inUse() || len(d.areas.spots) > 500 {
		t.Fatalf("%d areas of %d stores", len(d.areas.spots), len(d.spots))
	}
	kind := commonest(&in.Problem)
	if rider.Vehicles()[kind] != rider.Motorcycle {
		t.Errorf("the commonest vehicle is %s", rider.Vehicles()[kind])
	}
	var sum, worst float64
	for i := range in.Problem.Riders {
		if geo.Distance(center, in.Problem.Riders[i].At) > 7000 {
			continue // as far as can be
		}
		exact := 0.0
		for k := range d.spots {
			exact += d.spots[k].rate * math.Exp(-float64(in.Problem.Travel.Seconds(kind, in.Problem.Riders[i].At, d.spots[k].at))/reachTau)
		}
		off := math.Abs(in.Problem.Riders[i].EndCost/0.2 + reachTau/60.0*math.Log(exact/d.total))
		sum, worst = sum+off, max(worst, off)
	}
	if mean := sum / float64(len(in.Problem.Riders)); mean > 0.5 || worst > 2.5 {
		t.Errorf("prices are off by %.2f minutes on average, %.2f at worst", mean, worst)
	}
}

// Where there are too few stores for areas, each counts, as ever.
func TestFewStoresHaveNoAreas(t *testing.T) {
	t.Parallel()
	_, _, d := bigCity(manySpots)
	if d.areas.inUse() || len(d.areas.spots) > 0 {
		t.Errorf("%d areas of %d stores", len(d.areas.spots), len(d.spots))
	}
}

// Idle riders of a big city move a few at a time, to places that pull more than theirs, and in the end they stay.
func TestIdleRidersOfABigCitySettle(t *testing.T) {
	t.Parallel()
	_, in, d := bigCity(3000)
	plan := &solver.Plan{Routes: make([]solver.Route, len(in.Problem.Riders))}
	byID := map[id.Rider]int{}
	for i := range in.Riders {
		byID[in.Riders[i].Rider.ID] = i
	}
	var moved []int
	for range 20 {
		moves := d.repositionByArea(in, plan)
		if len(moves) > movedAtOnce {
			t.Fatalf("%d moves in one round", len(moves))
		}
		for _, m := range moves {
			if far := geo.Distance(in.Problem.Riders[byID[m.Rider]].At, m.To); far > 8000 {
				t.Errorf("a move of %.0f m", far)
			}
			in.Problem.Riders[byID[m.Rider]].At = m.To
		}
		moved = append(moved, len(moves))
	}
	if moved[0] == 0 || moved[19] > 5 {
		t.Errorf("moves by round: %v", moved)
	}
}

// Nobody is sent elsewhere whose break is due, nor so far that it falls due on the way.
func TestRidersAreNotMovedIntoTheirBreaks(t *testing.T) {
	t.Parallel()
	for _, stores := range []int{manySpots, 3000} {
		s, in, d := bigCity(stores)
		plan := &solver.Plan{Routes: make([]solver.Route, len(in.Problem.Riders))}
		byID := map[id.Rider]int32{}
		for i := range in.Riders {
			byID[in.Riders[i].Rider.ID] = int32(i)
			in.Problem.Riders[i].WorkEnd = 200
			if i%2 == 0 {
				in.barred[int32(i)] = ReasonBreakDue
			}
		}
		moves := d.reposition(s, in, plan)
		if len(moves) < 10 {
			t.Errorf("%d stores: only %d moves", stores, len(moves))
		}
		for _, m := range moves {
			r := &in.Problem.Riders[byID[m.Rider]]
			if ride := in.Problem.Travel.Seconds(r.Vehicle, r.At, m.To); byID[m.Rider]%2 == 0 || ride > 200 {
				t.Errorf("%d stores: rider %d is sent %d s away", stores, byID[m.Rider], ride)
			}
		}
	}
}
