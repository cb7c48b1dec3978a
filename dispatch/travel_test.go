package dispatch

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

// The estimate that people are told and the solver agree to the second on every leg, whole steps included.
func TestTravelIsTheSolvers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	for _, step := range []time.Duration{0, time.Second, time.Minute} {
		params := eta.Default()
		for kind, v := range params.Vehicles {
			v.Step = step
			params.Vehicles[kind] = v
		}
		model, err := eta.New(params)
		must(t, err)
		in := NewInstance(aSnapshot(0), params, &Memory{})
		differ := 0
		const legs = 20_000
		for range legs {
			a := geo.Shift(center, rng.NormFloat64()*3000, rng.NormFloat64()*3000)
			b := geo.Shift(a, rng.NormFloat64()*3000, rng.NormFloat64()*3000)
			k := rng.IntN(len(rider.Vehicles()))
			told := int32(model.Travel(string(rider.Vehicles()[k]), a, b).P50 / time.Second)
			if in.Problem.Travel.Seconds(uint8(k), a, b) != told {
				differ++
			}
		}
		if differ > 0 {
			t.Errorf("step %v: %d of %d legs differ", step, differ, legs)
		}
		// A leg of exactly one step, whatever the rounding of its metres.
		p := solver.Travel{Vehicles: []solver.VehicleTravel{{Speed: 1, Detour: 1, Step: 60}}}
		for lat := 0.0; lat < 60; lat += 7 {
			from := geo.LatLng{Lat: lat}
			if got := p.Seconds(0, from, geo.LatLng{Lat: lat + 60/(geo.EarthRadius*math.Pi/180)}); got != 60 {
				t.Errorf("a leg of 60 m at %v° takes %d s", lat, got)
			}
		}
	}
}
