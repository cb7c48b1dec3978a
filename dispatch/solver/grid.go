package solver

import (
	"math"
	"slices"

	"github.com/paidan/paidan/internal/geo"
)

// grid is a flat index of points: square cells over an equirectangular
// projection, each cell's points next to each other. Looking outward ring by
// ring costs no more than the points met. Distances that it promises are lower
// bounds, with a margin for the projection.
type grid struct {
	lat0, lng0, scale float64 // degrees; cosine for eastings
	size              float64 // metres
	minX, minY        float64
	boxX, boxY        [2]float64 // places beyond are taken to be at its sides
	nx, ny            int32
	start             []int32 // by cell, one more at the end
	items             []int32
}

// margin covers what the projection errs within a city.
const margin = 0.99

func newGrid(points []vec) grid {
	g := grid{size: 1, nx: 1, ny: 1}
	if len(points) == 0 {
		g.start = []int32{0, 0}
		return g
	}
	g.lat0, g.lng0 = degrees(points[0])
	maxLat := 0.0
	for _, p := range points {
		lat, _ := degrees(p)
		maxLat = max(maxLat, math.Abs(lat))
	}
	g.scale = math.Cos(maxLat * math.Pi / 180)
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = g.project(p)
	}
	var maxX, maxY float64
	g.minX, maxX, g.boxX = extent(xs)
	g.minY, maxY, g.boxY = extent(ys)
	// About two points a cell, and never more cells than some multiple of the points.
	w, h := maxX-g.minX+1, maxY-g.minY+1
	cells := float64(len(points))/2 + 1
	g.size = max(math.Sqrt(w*h/cells), max(w, h)/(4*cells), 50)
	g.nx, g.ny = int32(w/g.size)+1, int32(h/g.size)+1
	g.start = make([]int32, int(g.nx)*int(g.ny)+1)
	at := make([]int32, len(points))
	for i := range points {
		x, y := g.clamp(xs[i], ys[i])
		at[i] = int32((y-g.minY)/g.size)*g.nx + int32((x-g.minX)/g.size)
		g.start[at[i]+1]++
	}
	for c := 1; c < len(g.start); c++ {
		g.start[c] += g.start[c-1]
	}
	g.items = make([]int32, len(points))
	next := append([]int32(nil), g.start...)
	for i, c := range at {
		g.items[next[c]] = int32(i)
		next[c]++
	}
	return g
}

// extent is the range of coordinates that the grid covers: all of them, unless a few lie so far off that the others would share
// hardly a cell. Those few are then moved to the side of a box, as is whatever is looked for beyond it. No two places are
// farther apart for it, so distances stay lower bounds.
func extent(xs []float64) (low, high float64, box [2]float64) {
	sorted := slices.Sorted(slices.Values(xs))
	n := len(sorted)
	low, high = sorted[0], sorted[n-1]
	box = [2]float64{math.Inf(-1), math.Inf(1)}
	most, least := sorted[n-1-n/100], sorted[n/100]
	reach := most - least + 1000
	if low < least-reach {
		low = least - reach
		box[0] = low
	}
	if high > most+reach {
		high = most + reach
		box[1] = high
	}
	return low, high, box
}

// clamp moves a place into the box.
func (g *grid) clamp(x, y float64) (float64, float64) {
	return max(g.boxX[0], min(g.boxX[1], x)), max(g.boxY[0], min(g.boxY[1], y))
}

func degrees(p vec) (lat, lng float64) {
	const deg = 180 / math.Pi
	return math.Asin(max(-1, min(1, p.z/geo.EarthRadius))) * deg, math.Atan2(p.y, p.x) * deg
}

// project gives metres east and north of the first point.
func (g *grid) project(p vec) (x, y float64) {
	lat, lng := degrees(p)
	east := lng - g.lng0
	if east > 180 {
		east -= 360
	} else if east < -180 {
		east += 360
	}
	const metres = geo.EarthRadius * math.Pi / 180
	return east * metres * g.scale, (lat - g.lat0) * metres
}

// centre is a point as the centre of rings.
type centre struct {
	cx, cy int32
	inner  float64 // metres to the nearest side of its cell
}

func (g *grid) centreOf(p vec) centre {
	x, y := g.clamp(g.project(p))
	fx, fy := (x-g.minX)/g.size, (y-g.minY)/g.size
	const far = 1 << 20
	fx, fy = max(-far, min(far, fx)), max(-far, min(far, fy))
	cx, cy := math.Floor(fx), math.Floor(fy)
	inner := min(fx-cx, 1-fx+cx, fy-cy, 1-fy+cy)
	return centre{int32(cx), int32(cy), inner * g.size}
}

// rings is the first and the last ring around c that meet the grid.
func (g *grid) rings(c centre) (first, last int32) {
	first = max(0, -c.cx, c.cx-g.nx+1, -c.cy, c.cy-g.ny+1)
	last = max(c.cx, g.nx-1-c.cx, c.cy, g.ny-1-c.cy)
	return first, last
}

// beyond is a lower bound, in metres, of the distance from c to points of ring k and later ones.
func (g *grid) beyond(c centre, k int32) float64 {
	if k == 0 {
		return 0
	}
	return (float64(k-1)*g.size + c.inner) * margin
}

// ring appends to dst the cells at k steps from c.
func (g *grid) ring(dst []int32, c centre, k int32) []int32 {
	x0, x1 := max(c.cx-k, 0), min(c.cx+k, g.nx-1)
	for y := max(c.cy-k, 0); y <= min(c.cy+k, g.ny-1); y++ {
		if y == c.cy-k || y == c.cy+k {
			for x := x0; x <= x1; x++ {
				dst = append(dst, y*g.nx+x)
			}
			continue
		}
		if c.cx-k >= 0 && c.cx-k < g.nx {
			dst = append(dst, y*g.nx+c.cx-k)
		}
		if k > 0 && c.cx+k >= 0 && c.cx+k < g.nx {
			dst = append(dst, y*g.nx+c.cx+k)
		}
	}
	return dst
}
