package eta

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Travel is how long a vehicle takes from one place to another, in whole steps; nothing when they are the same.
// P50 is the formula of Vehicle, rounded up: the solver computes the same, and a test of dispatch holds them together.
// A kind of vehicle that the parameters don't know is taken as the slowest of those they do.
func (m *Model) Travel(vehicle string, from, to geo.LatLng) Range {
	if from == to {
		return Range{}
	}
	v, ok := m.params.Vehicles[vehicle]
	if !ok {
		v = m.slowest
	}
	p50 := geo.Distance(from, to)*v.Detour/v.SpeedMps + v.Fixed.Seconds()
	if step := v.Step.Seconds(); step > 1 {
		p50 = step * math.Ceil(p50/step-hair)
	}
	p50 = math.Ceil(p50)
	return Range{P50: seconds(p50), P90: seconds(math.Ceil(p50 * v.Spread))}
}

// hair is the part of a step that a leg may exceed a whole one by: more than rounding errors, less than a metre or so would make.
const hair = 1e-8

func seconds(s float64) time.Duration { return time.Duration(s) * time.Second }
