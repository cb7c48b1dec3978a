package solver

import (
	"errors"
	"fmt"
)

// Bounds on a Problem. They are far beyond any real one; within them no
// schedule overflows 32 bits.
const (
	maxTime        = 100_000_000 // seconds, three years
	maxService     = 100_000     // seconds
	maxLoad        = 1_000_000
	maxEndCost     = 10_000 // minutes
	maxRiderOrders = 2000
	maxFaults      = 20 // reported at once
)

// faults gathers what is wrong with a Problem.
type faults struct{ errs []error }

func (f *faults) add(ok bool, format string, args ...any) {
	if !ok && len(f.errs) < maxFaults {
		f.errs = append(f.errs, fmt.Errorf(format, args...))
	}
}

func finite(x, lo, hi float64) bool { return x >= lo && x <= hi } // false for NaN

func within(x, lo, hi int32) bool { return x >= lo && x <= hi }

// Validate reports everything that makes p unusable, naming the fields.
func (p *Problem) Validate() error {
	var f faults
	p.validateWeights(&f)
	orderIDs := make(map[string]int, len(p.Orders))
	for i := range p.Orders {
		p.validateOrder(&f, i, orderIDs)
	}
	riderIDs := make(map[string]int, len(p.Riders))
	owner := make([]int32, len(p.Orders)) // rider+1 whose route has the order
	bound := make([]int32, len(p.Riders))
	for i := range p.Orders {
		if o := &p.Orders[i]; o.bound() && within(o.Rider, 0, int32(len(bound))-1) {
			bound[o.Rider]++
			f.add(bound[o.Rider] != maxRiderOrders+1, "riders[%d]: more than %d fixed orders", o.Rider, maxRiderOrders)
		}
	}
	for i := range p.Riders {
		p.validateRider(&f, i, riderIDs)
		p.validateRoute(&f, i, owner)
	}
	return errors.Join(f.errs...)
}

func (p *Problem) validateWeights(f *faults) {
	for i, v := range p.Travel.Vehicles {
		f.add(i < 8, "travel.vehicles[%d]: at most 8 kinds", i)
		f.add(finite(v.Speed, 0.01, 1000), "travel.vehicles[%d].speed: %v is not in 0.01..1000 m/s", i, v.Speed)
		f.add(finite(v.Detour, 0.01, 1000), "travel.vehicles[%d].detour: %v is not in 0.01..1000", i, v.Detour)
		f.add(within(v.Fixed, 0, maxService), "travel.vehicles[%d].fixed: %d is not in 0..%d s", i, v.Fixed, maxService)
		f.add(within(v.Step, 0, maxService), "travel.vehicles[%d].step: %d is not in 0..%d s", i, v.Step, maxService)
	}
	o := p.Objective
	for _, w := range []struct {
		name string
		v    float64
	}{
		{"click_to_door", o.ClickToDoor}, {"late", o.Late}, {"very_late", o.VeryLate},
		{"work", o.Work}, {"pay", o.Pay}, {"unassigned", o.Unassigned},
	} {
		f.add(finite(w.v, 0, 1e9), "objective.%s: %v is not in 0..1e9", w.name, w.v)
	}
	f.add(within(o.VeryLateAfter, 0, maxTime), "objective.very_late_after: %d is not in 0..%d s", o.VeryLateAfter, maxTime)
	f.add(p.Limits.MaxStops >= 0, "limits.max_stops: %d is negative", p.Limits.MaxStops)
	f.add(p.Limits.MaxDetour >= 0, "limits.max_detour: %d is negative", p.Limits.MaxDetour)
}

func (p *Problem) validateOrder(f *faults, i int, ids map[string]int) {
	o := &p.Orders[i]
	if first, dup := ids[o.ID]; dup {
		f.add(false, "orders[%d].id: %q is also orders[%d]", i, o.ID, first)
	}
	ids[o.ID] = i
	f.add(finite(o.EndCost, -maxEndCost, maxEndCost), "orders[%d].end_cost: %v is not in ±%v", i, o.EndCost, float64(maxEndCost))
	f.add(o.Pickup.Valid(), "orders[%d].pickup: %v is not on earth", i, o.Pickup)
	f.add(o.Dropoff.Valid(), "orders[%d].dropoff: %v is not on earth", i, o.Dropoff)
	for _, t := range []struct {
		name string
		v    int32
	}{{"placed_at", o.PlacedAt}, {"ready_at", o.ReadyAt}, {"target_at", o.TargetAt}} {
		f.add(within(t.v, -maxTime, maxTime), "orders[%d].%s: %d is not within ±%d s", i, t.name, t.v, maxTime)
	}
	f.add(within(o.ReadySpread, 0, maxService), "orders[%d].ready_spread: %d is not in 0..%d s", i, o.ReadySpread, maxService)
	f.add(within(o.PickupService, 0, maxService), "orders[%d].pickup_service: %d is not in 0..%d s", i, o.PickupService, maxService)
	f.add(within(o.DropoffService, 0, maxService), "orders[%d].dropoff_service: %d is not in 0..%d s", i, o.DropoffService, maxService)
	f.add(within(o.Load, 0, maxLoad), "orders[%d].load: %d is not in 0..%d", i, o.Load, maxLoad)
	f.add(within(o.Rider, -1, int32(len(p.Riders))-1), "orders[%d].rider: %d is no rider", i, o.Rider)
	f.add(!o.bound() || o.Rider >= 0, "orders[%d].rider: a fixed order needs one", i)
	for _, r := range o.Refused {
		f.add(within(r, 0, int32(len(p.Riders))-1), "orders[%d].refused: %d is no rider", i, r)
	}
}

func (p *Problem) validateRider(f *faults, i int, ids map[string]int) {
	r := &p.Riders[i]
	if first, dup := ids[r.ID]; dup {
		f.add(false, "riders[%d].id: %q is also riders[%d]", i, r.ID, first)
	}
	ids[r.ID] = i
	f.add(r.At.Valid(), "riders[%d].at: %v is not on earth", i, r.At)
	f.add(within(r.FreeAt, 0, maxTime), "riders[%d].free_at: %d is not in 0..%d s", i, r.FreeAt, maxTime)
	f.add(finite(r.EndCost, -maxEndCost, maxEndCost), "riders[%d].end_cost: %v is not in ±%v", i, r.EndCost, float64(maxEndCost))
	f.add(within(r.Waited, 0, maxTime), "riders[%d].waited: %d is not in 0..%d s", i, r.Waited, maxTime)
	f.add(int(r.Vehicle) < len(p.Travel.Vehicles), "riders[%d].vehicle: %d is no kind in travel.vehicles", i, r.Vehicle)
	f.add(r.Capacity >= 0, "riders[%d].capacity: %d is negative", i, r.Capacity)
	f.add(r.MaxOrders >= 0, "riders[%d].max_orders: %d is negative", i, r.MaxOrders)
	f.add(finite(r.Leaves, 0, 1), "riders[%d].leaves: %v is not in 0..1", i, r.Leaves)
	f.add(finite(r.PayShare, 0, 1), "riders[%d].pay_share: %v is not in 0..1", i, r.PayShare)
	f.add(within(r.Held, 0, int32(len(r.Route))), "riders[%d].held: %d is not in 0..%d, the route's length", i, r.Held, len(r.Route))
	f.add(len(r.Route) <= 2*maxRiderOrders, "riders[%d].route: %d stops are more than %d", i, len(r.Route), 2*maxRiderOrders)
}

// validateRoute checks a warm start: each order once, in one route, pickup first.
func (p *Problem) validateRoute(f *faults, i int, owner []int32) {
	r := &p.Riders[i]
	const picked, dropped = 1, 2
	seen := make(map[int32]int, len(r.Route))
	for k, stop := range r.Route {
		if !within(stop.Order, 0, int32(len(p.Orders))-1) {
			f.add(false, "riders[%d].route[%d].order: %d is no order", i, k, stop.Order)
			continue
		}
		o := &p.Orders[stop.Order]
		f.add(!o.bound() || o.Rider == int32(i), "riders[%d].route[%d]: order %q is fixed to riders[%d]", i, k, o.ID, o.Rider)
		if was := owner[stop.Order]; was != 0 && was != int32(i)+1 {
			f.add(false, "riders[%d].route[%d]: order %q is also in riders[%d].route", i, k, o.ID, was-1)
		}
		owner[stop.Order] = int32(i) + 1
		switch state := seen[stop.Order]; {
		case stop.Pickup:
			f.add(!o.OnBoard, "riders[%d].route[%d]: order %q is on board already", i, k, o.ID)
			f.add(state == 0, "riders[%d].route[%d]: order %q is picked up twice or after its drop-off", i, k, o.ID)
			seen[stop.Order] = state | picked
		default:
			f.add(state&dropped == 0, "riders[%d].route[%d]: order %q is dropped off twice", i, k, o.ID)
			f.add(o.OnBoard || state&picked != 0, "riders[%d].route[%d]: order %q is dropped off before its pickup", i, k, o.ID)
			seen[stop.Order] = state | dropped
		}
	}
	for k, stop := range r.Route {
		if stop.Pickup && seen[stop.Order] == picked {
			f.add(false, "riders[%d].route[%d]: order %q is never dropped off", i, k, p.Orders[stop.Order].ID)
		}
	}
}

// bound reports whether the order must stay with its rider whatever happens.
func (o *Order) bound() bool { return o.Fixed || o.OnBoard }
