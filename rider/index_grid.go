package rider

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/paidan/paidan/internal/geo"
)

// zoneGrid holds one zone's riders by H3 cell.
type zoneGrid struct {
	key   zoneKey
	mu    sync.RWMutex
	count int
	cells map[geo.Cell]*gridCell
}

// gridCell is an H3 cell that riders are, or were, in.
type gridCell struct {
	id     geo.Cell
	shape  cellShape
	tracks []*track
	places []uint64 // the tracks' positions, packed and side by side, so that Nearest reads memory in order; atomic
}

func newZoneGrid(k zoneKey) *zoneGrid {
	return &zoneGrid{key: k, cells: make(map[geo.Cell]*gridCell)}
}

func (g *zoneGrid) add(t *track, c geo.Cell) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.enter(t, c)
	g.count++
}

func (g *zoneGrid) remove(t *track) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leave(t)
	g.count--
}

// shift takes a track to another cell.
func (g *zoneGrid) shift(t *track, c geo.Cell) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leave(t)
	g.enter(t, c)
}

func (g *zoneGrid) enter(t *track, c geo.Cell) {
	cell := g.cells[c]
	if cell == nil {
		cell = &gridCell{id: c, shape: shapeOf(c)}
		g.cells[c] = cell
	}
	t.cell, t.slot = cell, int32(len(cell.tracks))
	cell.tracks = append(cell.tracks, t)
	cell.places = append(cell.places, uint64(t.place))
}

// stay notes a move within the cell. Others may do the same at once, so it only keeps the cells from changing.
func (g *zoneGrid) stay(t *track) {
	g.mu.RLock()
	atomic.StoreUint64(&t.cell.places[t.slot], uint64(t.place))
	g.mu.RUnlock()
}

// maxEmptyCells is how many cells without a rider a grid may keep (their shapes cost cgo calls to find again).
const maxEmptyCells = 4096

func (g *zoneGrid) leave(t *track) {
	cell := t.cell
	last := len(cell.tracks) - 1
	moved := cell.tracks[last]
	cell.tracks[t.slot], cell.places[t.slot], moved.slot = moved, cell.places[last], t.slot
	cell.tracks[last] = nil
	cell.tracks, cell.places = cell.tracks[:last], cell.places[:last]
	if last == 0 {
		cell.tracks, cell.places = nil, nil
		if len(g.cells) > g.count+maxEmptyCells {
			delete(g.cells, cell.id)
		}
	}
}

// all is a copy of the zone's tracks.
func (g *zoneGrid) all() []*track {
	g.mu.RLock()
	defer g.mu.RUnlock()
	out := make([]*track, 0, g.count)
	for _, c := range g.cells {
		out = append(out, c.tracks...)
	}
	return out
}

// cellShape is what the index has to know of a cell's outline, on a flat map around its centre.
type cellShape struct {
	center       geo.LatLng
	cosLat       float64
	inner, outer float64 // radii in metres of the inscribed and the circumscribed circle
	edges        []edge
}

// edge is a side of a cell: the points with x·nx + y·ny < d are on the inner side.
type edge struct{ nx, ny, d float64 }

const metresPerDegree = geo.EarthRadius * math.Pi / 180

const (
	// edgeMargin in metres makes up for measuring a cell of some 400 m on a flat map.
	edgeMargin = 1
	// flatLat is the latitude beyond which the map is not flat enough; nobody delivers there.
	flatLat = 85
)

func shapeOf(c geo.Cell) cellShape {
	center := c.Center()
	s := cellShape{center: center, cosLat: math.Cos(center.Lat * math.Pi / 180), inner: math.Inf(1)}
	corners := c.Boundary()
	for i, p := range corners {
		ax, ay := s.flat(p)
		bx, by := s.flat(corners[(i+1)%len(corners)])
		length := math.Hypot(bx-ax, by-ay)
		e := edge{nx: (by - ay) / length, ny: (ax - bx) / length}
		e.d = ax*e.nx + ay*e.ny
		if e.d < 0 { // the corners run the other way round
			e = edge{-e.nx, -e.ny, -e.d}
		}
		e.d -= edgeMargin
		s.edges = append(s.edges, e)
		s.outer = max(s.outer, math.Hypot(ax, ay))
		s.inner = min(s.inner, e.d)
	}
	if math.Abs(center.Lat) > flatLat {
		s.inner, s.edges = 0, nil
	}
	return s
}

// flat is p in metres east and north of the centre.
func (s *cellShape) flat(p geo.LatLng) (x, y float64) {
	dLng := p.Lng - s.center.Lng
	if dLng > 180 {
		dLng -= 360
	} else if dLng < -180 {
		dLng += 360
	}
	return dLng * s.cosLat * metresPerDegree, (p.Lat - s.center.Lat) * metresPerDegree
}

// surely reports whether p is in the cell for certain: most often it is in the inscribed circle, else the sides decide. Within a
// metre of a side the answer is no, and H3 must be asked.
func (s *cellShape) surely(p geo.LatLng) bool {
	x, y := s.flat(p)
	if x*x+y*y < s.inner*s.inner {
		return true
	}
	for _, e := range s.edges {
		if x*e.nx+y*e.ny >= e.d {
			return false
		}
	}
	return len(s.edges) > 0
}
