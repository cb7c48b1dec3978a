package dispatch

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// aSnapshot is one rider in the middle and n orders a kilometre north, without a database.
func aSnapshot(n int) *Snapshot {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	s := &Snapshot{
		Zone: Zone{Policy: DefaultPolicy()}, At: now, Plans: map[id.Rider]rider.Plan{}, Stores: map[id.Store]order.Store{},
		Riders:    []rider.OnShift{{Rider: rider.Rider{ID: id.NewRider(), Vehicle: "ebike", Capacity: 5, MaxOrders: 5}, Shift: rider.Shift{EndsAt: now.Add(time.Hour)}}},
		Positions: map[id.Rider]rider.Fix{},
	}
	s.Positions[s.Riders[0].ID] = rider.Fix{At: now, LatLng: center}
	for range n {
		s.Orders = append(s.Orders, order.Order{
			ID: id.NewOrder(), State: order.Pending, Pickup: north(1000), Dropoff: order.Dropoff{At: north(2000)}, Load: 1,
			PlacedAt: now, DueAt: now, PromiseAt: now.Add(time.Hour), ReadyEstimate: now, UpdatedAt: now,
		})
	}
	return s
}

func TestMoreSkillsThanBitsKeepOrdersFromTheUnskilled(t *testing.T) {
	t.Parallel()
	s := aSnapshot(maxSkills + 3)
	for i := range s.Orders {
		s.Orders[i].Skills = []string{fmt.Sprint("skill ", i)}
	}
	s.Riders[0].Skills = []string{"skill 1", "singing"}
	p := NewInstance(s, eta.Default(), &Memory{}).Problem
	for i, o := range p.Orders {
		can := o.Vehicles != nobody && o.Skills&^p.Riders[0].Skills == 0
		if can != (i == 1) {
			t.Errorf("order %d: skills %b of %b, vehicles %b", i, o.Skills, p.Riders[0].Skills, o.Vehicles)
		}
	}
}

func TestEqualSnapshotsGiveEqualProblems(t *testing.T) {
	t.Parallel()
	s := aSnapshot(20)
	warm := Tentative{s.Riders[0].ID: {
		{Order: s.Orders[3].ID, Kind: rider.Pickup}, {Order: s.Orders[5].ID, Kind: rider.Pickup},
		{Order: s.Orders[3].ID, Kind: rider.Dropoff}, {Order: s.Orders[5].ID, Kind: rider.Dropoff},
	}}
	a, b := NewInstance(s, eta.Default(), &Memory{Tentative: warm}).Problem, NewInstance(s, eta.Default(), &Memory{Tentative: warm}).Problem
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("-first +second\n%s", diff)
	}
	if len(a.Riders[0].Route) != 4 {
		t.Errorf("the warm start was not taken: %+v", a.Riders[0].Route)
	}
}

func TestWarmStartLeavesOutWhatNoLongerFits(t *testing.T) {
	t.Parallel()
	s := aSnapshot(3)
	gone := id.NewOrder()
	s.Riders[0].MaxOrders = 1
	warm := Tentative{s.Riders[0].ID: {
		{Order: gone, Kind: rider.Pickup}, {Order: s.Orders[0].ID, Kind: rider.Pickup}, {Order: s.Orders[1].ID, Kind: rider.Pickup},
		{Order: gone, Kind: rider.Dropoff}, {Order: s.Orders[0].ID, Kind: rider.Dropoff}, {Order: s.Orders[1].ID, Kind: rider.Dropoff},
	}}
	p := NewInstance(s, eta.Default(), &Memory{Tentative: warm}).Problem
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(p.Riders[0].Route) != 2 {
		t.Errorf("route %+v", p.Riders[0].Route)
	}
}

// An order of a rider who isn't there is left alone, and the others are dispatched.
func TestAnOrderAstrayStopsNobody(t *testing.T) {
	t.Parallel()
	for _, state := range []order.State{order.Assigned, order.AtStore, order.PickedUp, order.AtDoor, order.Returning} {
		s := aSnapshot(2)
		s.Orders[0].State, s.Orders[0].Rider = state, id.NewRider()
		in := NewInstance(s, eta.Default(), &Memory{})
		if err := in.Problem.Validate(); err != nil {
			t.Errorf("%s: %v", state, err)
		}
		if len(in.Orders) != 1 || in.Orders[0].ID != s.Orders[1].ID || len(in.Problem.Orders) != 1 {
			t.Errorf("%s: %d orders", state, len(in.Orders))
		}
	}
}
