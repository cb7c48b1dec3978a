package dispatch

import (
	"math"
	"testing"
	"time"

	"github.com/paidan/paidan/eta"
)

// A shift of four hours that pays for six orders anyway, at one order an hour.
func TestPayCountsAsFarAsItIsLikely(t *testing.T) {
	t.Parallel()
	share := func(guarantee float64, delivered int, left time.Duration) float64 {
		s := aSnapshot(0)
		s.Zone.Policy.GuaranteePerHour = guarantee
		shift := &s.Riders[0].Shift
		shift.StartedAt, shift.EndsAt, shift.Delivered = s.At.Add(left-4*time.Hour), s.At.Add(left), delivered
		m := &Memory{}
		m.Demand.begin(s.At)
		m.Demand.total = 1 / math.Ln2
		return NewInstance(s, eta.Default(), m).Problem.Riders[0].PayShare
	}
	for _, c := range []struct {
		name      string
		guarantee float64
		delivered int
		left      time.Duration
		low, high float64
	}{
		{"without a guarantee every order costs", 0, 0, time.Hour, 1, 1},
		{"far beyond", 1.5, 9, time.Hour, 0.99, 1},
		{"hardly any so far, and no time", 1.5, 1, 10 * time.Minute, 0, 0.01},
		{"half an order short on average", 1.5, 2, 3*time.Hour + 30*time.Minute, 0.5, 0.5},
		{"may be reached", 1.5, 3, 2 * time.Hour, 0.1, 0.4},
	} {
		if got := share(c.guarantee, c.delivered, c.left); got < c.low-1e-9 || got > c.high+1e-9 {
			t.Errorf("%s: %v is not in %v..%v", c.name, got, c.low, c.high)
		}
	}
}
