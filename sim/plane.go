package sim

import (
	"cmp"
	"math"
	"slices"

	"github.com/paidan/paidan/internal/geo"
)

// ceilDiv is the whole minutes from a to b at metres per minute. A hair's breadth below a whole minute is that minute:
// distances of whole minutes must not depend on rounding.
func ceilDiv(a, b Point, metresPerMinute float64) int {
	return int(math.Ceil(math.Hypot(a.X-b.X, a.Y-b.Y)/metresPerMinute - 1e-9))
}

// planeScale shrinks the plane before it is laid on the globe around 0° N 0° E, where some hundred metres are flat to a
// ten-billionth. Speeds shrink alike.
const planeScale = 1.0 / 100

// onGlobe lays a place of the plane on the globe.
func onGlobe(p Point) geo.LatLng {
	const degree = geo.EarthRadius * math.Pi / 180
	return geo.LatLng{Lat: p.Y * planeScale / degree, Lng: p.X * planeScale / degree}
}

func sortByPlacement(orders []MDRPOrder) {
	slices.SortStableFunc(orders, func(a, b MDRPOrder) int { return cmp.Compare(a.Placed, b.Placed) })
}
