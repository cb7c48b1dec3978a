package people

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

func TestDiceRepeatThemselves(t *testing.T) {
	t.Parallel()
	a, b, c := florence.NewDice(1, "rider 7"), florence.NewDice(1, "rider 7"), florence.NewDice(2, "rider 7")
	same, other := true, true
	for range 100 {
		x := a.Float64()
		same = same && x == b.Float64()
		other = other && x == c.Float64()
	}
	if !same || other {
		t.Errorf("same seed same numbers: %v; other seed same numbers: %v", same, other)
	}
}

func TestRidersAnswerAsTheyAreSaidTo(t *testing.T) {
	t.Parallel()
	const riders, offers = 400, 100
	var counts [3]int
	var total time.Duration
	for i := range riders {
		d := florence.NewDice(5, string(rune('a'+i)))
		p := newPerson("motorcycle", usual, d)
		for range offers {
			v, after := p.consider(d)
			counts[v]++
			total += after
			if after < time.Second || after > 2*time.Minute {
				t.Fatalf("answered after %v", after)
			}
		}
	}
	n := float64(riders * offers)
	// The shares vary between riders with a factor whose mean is e^(0.5²/2) ≈ 1.13.
	if d := float64(counts[decline]) / n; math.Abs(d-0.0567) > 0.012 {
		t.Errorf("%.3f are declined", d)
	}
	if d := float64(counts[ignore]) / n; math.Abs(d-0.0113) > 0.004 {
		t.Errorf("%.3f are ignored", d)
	}
	if m := total / (riders * offers); m < 6*time.Second || m > 14*time.Second {
		t.Errorf("answers take %v on average", m)
	}
}

func TestServiceTimesHaveTheirMedian(t *testing.T) {
	t.Parallel()
	d := florence.NewDice(1, "x")
	p := person{vehicle: vehicles["bicycle"], store: time.Minute, door: 90 * time.Second}
	var store, door, further int
	const n = 20_000
	for range n {
		if p.atCounter(d, false) < p.store {
			store++
		}
		if p.atTheDoor(d) < p.door {
			door++
		}
		if p.atCounter(d, true) < 15*time.Second {
			further++
		}
	}
	for name, k := range map[string]int{"store": store, "door": door, "further": further} {
		if math.Abs(float64(k)/n-0.5) > 0.02 {
			t.Errorf("%s: %d of %d below the median", name, k, n)
		}
	}
}

func places() *rapid.Generator[geo.LatLng] {
	return rapid.Custom(func(t *rapid.T) geo.LatLng {
		return geo.LatLng{Lat: rapid.Float64Range(43.6, 43.9).Draw(t, "lat"), Lng: rapid.Float64Range(11.1, 11.4).Draw(t, "lng")}
	})
}

func TestLegs(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"walking", "bicycle", "ebike", "motorcycle", "car"}).Draw(t, "vehicle")
		d := florence.NewDice(rapid.Uint64().Draw(t, "seed"), kind)
		p := newPerson(kind, usual, d)
		from, to := places().Draw(t, "from"), places().Draw(t, "to")
		l := newLeg(p, from, to, now, d)
		if l.at(now) != from && l.drive > 0 || l.at(l.arrive()) != to && l.drive > 0 || l.arrive().Before(now) {
			t.Fatalf("%+v does not lead from %v to %v", l, from, to)
		}
		metres := geo.Distance(from, to)
		if metres < near {
			if l.arrive() != now {
				t.Fatalf("%v to go %.0f m", l.arrive().Sub(now), metres)
			}
			return
		}
		direct := time.Duration(metres * p.detour / p.speed * float64(time.Second))
		if l.drive < direct/3 || l.drive > direct*3 {
			t.Fatalf("%.0f m by %s take %v, usually %v", metres, kind, l.drive, direct)
		}
		before := 0.0
		for i := range 11 {
			at := now.Add(l.drive * time.Duration(i) / 10)
			gone := geo.Distance(from, l.at(at))
			if gone < before-0.5 || gone > metres+0.5 {
				t.Fatalf("after %d/10 of the way %.1f of %.1f m, before that %.1f", i, gone, metres, before)
			}
			if speed := (gone - before) / (l.drive.Seconds() / 10); i > 0 && speed > 20 {
				t.Fatalf("%.1f m/s", speed)
			}
			before = gone
		}
	})
}

func TestShiftMovesByMetres(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := places().Draw(t, "place")
		east, north := rapid.Float64Range(-2000, 2000).Draw(t, "east"), rapid.Float64Range(-2000, 2000).Draw(t, "north")
		want := math.Hypot(east, north)
		if got := geo.Distance(p, geo.Shift(p, east, north)); math.Abs(got-want) > 1+want*0.002 {
			t.Fatalf("%.1f m instead of %.1f", got, want)
		}
	})
}
