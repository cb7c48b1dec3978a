package sim

import (
	"math"
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/rider"
)

// The plane's legs take the same minutes on the globe, for people and solver, also where a leg is a whole number of minutes or the
// least that whole metres can be over it.
func TestPlaneOnTheGlobe(t *testing.T) {
	t.Parallel()
	m := &MDRP{MetresPerMinute: 427}
	params := mdrpParams(m)
	model, err := eta.New(params)
	if err != nil {
		t.Fatal(err)
	}
	in := dispatch.NewInstance(&dispatch.Snapshot{}, params, &dispatch.Memory{})
	from, tried := Point{X: 1200, Y: 800}, 0
	for minutes := 1; minutes <= 25; minutes++ {
		r := float64(minutes) * m.MetresPerMinute
		for dx := 0.0; dx <= r; dx++ {
			dy := math.Floor(math.Sqrt(r*r - dx*dx))
			for ; dx*dx+dy*dy <= r*r+20; dy++ {
				if dx*dx+dy*dy < r*r-20 {
					continue
				}
				tried++
				to := Point{X: from.X + dx, Y: from.Y + dy}
				want := time.Duration(m.Minutes(from, to)) * time.Minute
				if got := model.Travel(string(rider.Car), onGlobe(from), onGlobe(to)).P50; got != want {
					t.Errorf("%v to %v takes %v, estimated as %v", from, to, want, got)
				}
				if got := time.Duration(in.Problem.Travel.Seconds(0, onGlobe(from), onGlobe(to))) * time.Second; got != want {
					t.Errorf("%v to %v takes %v, solved as %v", from, to, want, got)
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("tried %d legs only", tried)
	}
}
