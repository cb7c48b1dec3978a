package solver

import (
	"errors"
	"fmt"
	"math"

	"github.com/paidan/paidan/internal/geo"
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

// item is an order or a rider whose fields are looked at. Nothing is written down, or allocated, before there is a fault.
type item struct {
	f    *faults
	list string
	i    int
}

func (it item) fault(field, format string, args ...any) {
	it.f.add(false, "%s[%d].%s: %s", it.list, it.i, field, fmt.Sprintf(format, args...))
}

func (it item) within(field string, v, lo, hi int32) {
	if !within(v, lo, hi) {
		it.fault(field, "%d is not in %d..%d", v, lo, hi)
	}
}

// index is an index into a list of n, or -1 if least says so.
func (it item) index(field string, v, least int32, n int) {
	if v < least || int(v) >= n {
		it.fault(field, "%d is not the index of one of %d", v, n)
	}
}

func (it item) cost(field string, v float64) {
	if !finite(v, -maxEndCost, maxEndCost) {
		it.fault(field, "%v is not in ±%v minutes", v, maxEndCost)
	}
}

func (it item) share(field string, v float64) {
	if !finite(v, 0, 1) {
		it.fault(field, "%v is not in 0..1", v)
	}
}

func (it item) place(field string, at geo.LatLng) {
	if !at.Valid() {
		it.fault(field, "%v is not on earth", at)
	}
}

func (it item) unique(id string, ids map[string]int) {
	if first, dup := ids[id]; dup {
		it.fault("id", "%q is also %s[%d]", id, it.list, first)
	}
	ids[id] = it.i
}

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
			if bound[o.Rider] == maxRiderOrders+1 {
				f.add(false, "riders[%d]: more than %d fixed orders", o.Rider, maxRiderOrders)
			}
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
	it := item{f, "orders", i}
	it.unique(o.ID, ids)
	it.cost("end_cost", o.EndCost)
	it.place("pickup", o.Pickup)
	it.place("dropoff", o.Dropoff)
	it.within("placed_at", o.PlacedAt, -maxTime, maxTime)
	it.within("ready_at", o.ReadyAt, -maxTime, maxTime)
	it.within("target_at", o.TargetAt, -maxTime, maxTime)
	it.within("ready_spread", o.ReadySpread, 0, maxService)
	it.within("pickup_service", o.PickupService, 0, maxService)
	it.within("dropoff_service", o.DropoffService, 0, maxService)
	it.within("load", o.Load, 0, maxLoad)
	if o.bound() && o.Rider < 0 {
		f.add(false, "orders[%d].rider: a fixed order needs one", i)
	}
	it.within("group", o.Group, 0, math.MaxInt32)
	it.index("rider", o.Rider, -1, len(p.Riders))
	for _, r := range o.Refused {
		it.index("refused", r, 0, len(p.Riders))
	}
}

func (p *Problem) validateRider(f *faults, i int, ids map[string]int) {
	r := &p.Riders[i]
	it := item{f, "riders", i}
	it.unique(r.ID, ids)
	it.place("at", r.At)
	it.within("free_at", r.FreeAt, 0, maxTime)
	it.cost("end_cost", r.EndCost)
	it.within("waited", r.Waited, 0, maxTime)
	it.index("vehicle", int32(r.Vehicle), 0, len(p.Travel.Vehicles))
	it.within("capacity", r.Capacity, 0, math.MaxInt32)
	it.within("max_orders", r.MaxOrders, 0, math.MaxInt32)
	it.share("leaves", r.Leaves)
	it.share("pay_share", r.PayShare)
	it.cost("idle", r.Idle)
	it.cost("earned", r.Earned)
	it.within("held", r.Held, 0, int32(len(r.Route)))
	if len(r.Route) > 2*maxRiderOrders {
		f.add(false, "riders[%d].route: %d stops are more than %d", i, len(r.Route), 2*maxRiderOrders)
	}
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
