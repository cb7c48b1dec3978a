package geo

import "math"

// Simplify says which points of a line to keep, by index, so that none that is left out lies farther than tolerance metres from the line between
// its neighbours that are kept (Douglas and Peucker, 1973). The first and the last are kept. It is meant for lines within a city: they
// are measured on a flat map.
func Simplify(line []LatLng, tolerance float64) []int {
	if len(line) == 0 {
		return nil
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	type part struct{ first, last int }
	for parts := []part{{0, len(line) - 1}}; len(parts) > 0; {
		p := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		farthest, at := tolerance, -1
		for i := p.first + 1; i < p.last; i++ {
			if d := toSegment(line[i], line[p.first], line[p.last]); d > farthest {
				farthest, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			parts = append(parts, part{p.first, at}, part{at, p.last})
		}
	}
	var out []int
	for i, k := range keep {
		if k {
			out = append(out, i)
		}
	}
	return out
}

// toSegment is the distance in metres from p to the nearest point between a and b.
func toSegment(p, a, b LatLng) float64 {
	const perDegree = EarthRadius * radPerDeg
	perLng := perDegree * math.Cos(a.Lat*radPerDeg)
	flat := func(q LatLng) (x, y float64) {
		return math.Remainder(q.Lng-a.Lng, 360) * perLng, (q.Lat - a.Lat) * perDegree
	}
	px, py := flat(p)
	bx, by := flat(b)
	if length := bx*bx + by*by; length > 0 {
		t := min(1, max(0, (px*bx+py*by)/length))
		px, py = px-t*bx, py-t*by
	}
	return math.Hypot(px, py)
}
