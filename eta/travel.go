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
	step := max(1, v.Step.Seconds())
	p50 := step * math.Ceil((geo.Distance(from, to)*v.Detour/v.SpeedMps+v.Fixed.Seconds())/step)
	return Range{P50: seconds(p50), P90: seconds(math.Ceil(p50 * v.Spread))}
}

func seconds(s float64) time.Duration { return time.Duration(s) * time.Second }
