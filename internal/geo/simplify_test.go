package geo

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// obvious is Simplify as one would write it without thinking of the stack.
func obvious(line []LatLng, first, last int, tolerance float64) []int {
	farthest, at := tolerance, -1
	for i := first + 1; i < last; i++ {
		if d := toSegment(line[i], line[first], line[last]); d > farthest {
			farthest, at = d, i
		}
	}
	if at < 0 {
		return []int{last}
	}
	return append(obvious(line, first, at, tolerance), obvious(line, at, last, tolerance)...)
}

func TestSimplifyLeavesOutOnlyWhatLiesNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := LatLng{rapid.Float64Range(-80, 80).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lng")}
		var line []LatLng
		for range rapid.IntRange(1, 80).Draw(t, "points") {
			line = append(line, p)
			p = Shift(p, rapid.Float64Range(-50, 200).Draw(t, "east"), rapid.Float64Range(-60, 60).Draw(t, "north"))
		}
		tolerance := rapid.SampledFrom([]float64{0, 5, 30, 1000}).Draw(t, "tolerance")
		got := Simplify(line, tolerance)
		want := []int{0}
		if len(line) > 1 {
			want = append(want, obvious(line, 0, len(line)-1, tolerance)...)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for k := 1; k < len(got); k++ {
			for i := got[k-1] + 1; i < got[k]; i++ {
				// Slowly: walk along the segment and look how near it comes.
				a, b, nearest := line[got[k-1]], line[got[k]], 1e9
				for step := range 201 {
					s := float64(step) / 200
					nearest = min(nearest, Distance(line[i], LatLng{a.Lat + s*(b.Lat-a.Lat), a.Lng + s*(b.Lng-a.Lng)}))
				}
				if nearest > tolerance+0.02*Distance(a, b)+0.1 && p.Lng < 179 && a.Lng > -179 {
					t.Fatalf("point %d lies %.1f m off", i, nearest)
				}
			}
		}
	})
	if got := Simplify(nil, 1); got != nil {
		t.Errorf("of nothing %v", got)
	}
}

func TestSimplifyOfAStraightLineIsItsEnds(t *testing.T) {
	t.Parallel()
	var line []LatLng
	for i := range 100 {
		line = append(line, Shift(florence, float64(10*i), 0))
	}
	if got := Simplify(line, 1); !slices.Equal(got, []int{0, 99}) {
		t.Errorf("%v", got)
	}
	line[50] = Shift(line[50], 0, 20) // a detour
	if got := Simplify(line, 1); !slices.Contains(got, 50) || len(got) > 5 {
		t.Errorf("%v", got)
	}
}
