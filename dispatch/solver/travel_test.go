package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
)

func drawPlace(t *rapid.T, name string) geo.LatLng {
	return geo.LatLng{
		Lat: rapid.Float64Range(-90, 90).Draw(t, name+".lat"),
		Lng: rapid.Float64Range(-180, 180).Draw(t, name+".lng"),
	}
}

// Travel is the great circle of internal/geo, whatever the distance, and symmetric.
func TestTravelIsGreatCircle(t *testing.T) {
	t.Parallel()
	travel := Travel{Vehicles: []VehicleTravel{{Speed: 250, Detour: 1}}}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPlace(t, "a"), drawPlace(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = geo.LatLng{Lat: max(-90, min(90, a.Lat+b.Lat/900)), Lng: max(-180, min(180, a.Lng+b.Lng/900))}
		}
		got, metres := travel.Seconds(0, a, b), geo.Distance(a, b)
		if want := math.Ceil(metres / 250); math.Abs(float64(got)-want) > 1 || (metres < 15e6 && float64(got) < metres/250-0.001) {
			t.Fatalf("%v to %v: %d s, %v m are %v s", a, b, got, metres, metres/250)
		}
		if back := travel.Seconds(0, b, a); back != got {
			t.Fatalf("%d s there, %d s back", got, back)
		}
	})
}

// Rings cover each cell once and never promise more distance than there is.
func TestGridRings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := newCity(rapid.Uint64().Draw(t, "city"), 0, 0)
		c.spread = rapid.Float64Range(0.0001, 1).Draw(t, "spread")
		points := make([]vec, rapid.IntRange(0, 60).Draw(t, "points"))
		for i := range points {
			points[i] = vecOf(c.around(centreOfTown, c.spread))
		}
		g := newGrid(points)
		from := vecOf(c.around(centreOfTown, 2*c.spread))
		centre := g.centreOf(from)
		seen := make([]int, len(points))
		first, last := g.rings(centre)
		for k := first; k <= last; k++ {
			for _, cell := range g.ring(nil, centre, k) {
				for _, i := range g.items[g.start[cell]:g.start[cell+1]] {
					seen[i]++
					if d := math.Sqrt(from.chord2(points[i])); d < g.beyond(centre, k) {
						t.Fatalf("point %d is %v m away, ring %d begins at %v", i, d, k, g.beyond(centre, k))
					}
				}
			}
		}
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("point %d met %d times", i, n)
			}
		}
	})
}

// A few points in another town must not cost the others their cells, nor break the bounds.
func TestGridWithStragglers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 4))
	points := make([]vec, 2000)
	for i := range points {
		p := geo.LatLng{Lat: 4.6 + rng.Float64()*0.2, Lng: -74.1 + rng.Float64()*0.2}
		if i%200 == 0 {
			p = geo.LatLng{Lat: 4.6 + rng.NormFloat64()*2, Lng: -74.1 + rng.NormFloat64()*2}
		}
		points[i] = vecOf(p)
	}
	g := newGrid(points)
	if g.size > 5000 {
		t.Errorf("cells of %.0f m", g.size)
	}
	for range 300 {
		from := vecOf(geo.LatLng{Lat: 4.7 + rng.NormFloat64(), Lng: -74 + rng.NormFloat64()})
		c, met := g.centreOf(from), 0
		first, last := g.rings(c)
		for k := first; k <= last; k++ {
			for _, cell := range g.ring(nil, c, k) {
				for _, i := range g.items[g.start[cell]:g.start[cell+1]] {
					met++
					if d := math.Sqrt(from.chord2(points[i])); d < g.beyond(c, k)-1e-6 {
						t.Fatalf("ring %d promises %.0f m, a point is at %.0f m", k, g.beyond(c, k), d)
					}
				}
			}
		}
		if met != len(points) {
			t.Fatalf("%d of %d points met", met, len(points))
		}
	}
}
