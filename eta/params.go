package eta

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Range is how long something takes: half of the time at most P50, nine times of ten at most P90.
type Range struct{ P50, P90 time.Duration }

// Params are all that a Model knows.
type Params struct {
	// Vehicles by kind: walking, bicycle, ebike, motorcycle, car, or the tenant's own.
	Vehicles map[string]Vehicle
	// DoorHandoff is from arriving at the customer's door to leaving it.
	DoorHandoff Range
	// DefaultPrep and DefaultHandoff serve stores that told none: placement to food ready, and handing it to a rider who is there.
	DefaultPrep, DefaultHandoff Range
	// Approach is from placement to a rider being at the store: finding one, and his way there.
	Approach Range
}

// Vehicle is how one kind moves. A leg takes great-circle distance × Detour / SpeedMps + Fixed.
type Vehicle struct {
	SpeedMps float64       // metres per second on the road, stops at lights included
	Detour   float64       // road metres per great-circle metre, at least 1
	Fixed    time.Duration // per leg, whole seconds: parking, locking, the way from the kerb
	Step     time.Duration // a leg takes whole steps; 0 = whole seconds
	Spread   float64       // P90 over P50 of a leg, at least 1
}

// Default is where an installation starts before it has learned from its own legs.
//
// Speeds: walking 1.35 m/s, a comfortable adult gait (Bohannon and Andrews 2011, a meta-analysis: 1.2–1.4). Bicycle 4.2 m/s (15 km/h),
// what courier cargo bikes averaged in central London over 19,000 km (Pedal Me 2020: 15.0, inner London 16.4); free-flow
// measurements lie higher, around 16–19 km/h. Ebike 5.2 m/s (18.7 km/h): on streets 21 against 17 km/h for bicycles
// (Langford, Chen and Cherry 2015), scaled to 15. Car 6.4 m/s (23 km/h), as floating-car data of the city of Berlin (ITIS 2008:
// 24) and inner London (TfL 2018: 18.7) bracket it. Motorcycle 6.9 m/s (25 km/h), a little more because it filters through queues;
// couriers' own data agree that the difference is small (Deliveroo 2018: bicycles are often faster than either in towns).
//
// Detour: network distance is about 1.2–1.4 of the straight line in cities and more on short trips, which deliveries are
// (Newell 1980: 1.2; Giacomin and Levinson 2015, 51 US metropolitan areas). 1.35 for those who may cut through, 1.4 for motor
// vehicles with one-way streets and turn bans (Pedal Me 2020: their bicycles' trips were 6–8 % shorter than a van's).
//
// Fixed times, spreads, hand-offs, preparation and approach are our judgement, to be replaced by what is learned.
func Default() Params {
	return Params{
		Vehicles: map[string]Vehicle{
			"walking":    {SpeedMps: 1.35, Detour: 1.35, Fixed: 30 * time.Second, Spread: 1.25},
			"bicycle":    {SpeedMps: 4.2, Detour: 1.35, Fixed: 45 * time.Second, Spread: 1.35},
			"ebike":      {SpeedMps: 5.2, Detour: 1.35, Fixed: 45 * time.Second, Spread: 1.35},
			"motorcycle": {SpeedMps: 6.9, Detour: 1.4, Fixed: 45 * time.Second, Spread: 1.4},
			"car":        {SpeedMps: 6.4, Detour: 1.4, Fixed: 60 * time.Second, Spread: 1.5},
		},
		DoorHandoff:    Range{P50: 90 * time.Second, P90: 4 * time.Minute},
		DefaultPrep:    Range{P50: 12 * time.Minute, P90: 20 * time.Minute},
		DefaultHandoff: Range{P50: time.Minute, P90: 3 * time.Minute},
		Approach:       Range{P50: 8 * time.Minute, P90: 15 * time.Minute},
	}
}

// Validate finds the first thing wrong with p.
func (p Params) Validate() error {
	if len(p.Vehicles) == 0 {
		return errors.New("no vehicles")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Vehicles)) {
		v := p.Vehicles[name]
		switch {
		case !positive(v.SpeedMps):
			return fmt.Errorf("vehicle %s: speed %v m/s is not positive", name, v.SpeedMps)
		case !positive(v.Detour) || v.Detour < 1:
			return fmt.Errorf("vehicle %s: detour %v is below 1", name, v.Detour)
		case !positive(v.Spread) || v.Spread < 1:
			return fmt.Errorf("vehicle %s: spread %v is below 1", name, v.Spread)
		case v.Fixed < 0 || v.Fixed%time.Second != 0:
			return fmt.Errorf("vehicle %s: fixed time %v is not in whole seconds", name, v.Fixed)
		case v.Step < 0 || v.Step%time.Second != 0:
			return fmt.Errorf("vehicle %s: step %v is not in whole seconds", name, v.Step)
		}
	}
	for _, x := range []struct {
		name string
		Range
	}{{"door hand-off", p.DoorHandoff}, {"preparation", p.DefaultPrep}, {"hand-off", p.DefaultHandoff}, {"approach", p.Approach}} {
		if x.P50 < 0 || x.P90 < x.P50 {
			return fmt.Errorf("%s: p50 %v and p90 %v are not in order", x.name, x.P50, x.P90)
		}
	}
	return nil
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
