package rider

import (
	"math"
	"sync"

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
}

// maxEmptyCells is how many cells without a rider a grid may keep (their shapes cost cgo calls to find again).
const maxEmptyCells = 4096

func (g *zoneGrid) leave(t *track) {
	cell := t.cell
	last := len(cell.tracks) - 1
	moved := cell.tracks[last]
	cell.tracks[t.slot], moved.slot = moved, t.slot
	cell.tracks[last] = nil
	cell.tracks = cell.tracks[:last]
	if last == 0 {
		cell.tracks = nil
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

// cellShape is what the index has to know of a cell's outline.
type cellShape struct {
	center       geo.LatLng
	cosLat       float64
	inner, outer float64 // radii in metres of the inscribed and the circumscribed circle
}

const metresPerDegree = geo.EarthRadius * math.Pi / 180

const (
	// innerMargin makes up for measuring a cell of some 400 m on a flat map.
	innerMargin = 0.99
	// flatLat is the latitude beyond which the map is not flat enough; nobody delivers there.
	flatLat = 85
)

func shapeOf(c geo.Cell) cellShape {
	center := c.Center()
	s := cellShape{center: center, cosLat: math.Cos(center.Lat * math.Pi / 180), inner: math.Inf(1)}
	edge := c.Boundary()
	for i, p := range edge {
		ax, ay := s.flat(p)
		bx, by := s.flat(edge[(i+1)%len(edge)])
		s.outer = max(s.outer, math.Hypot(ax, ay))
		// the centre's distance from the line through both corners
		s.inner = min(s.inner, math.Abs(ax*by-ay*bx)/math.Hypot(bx-ax, by-ay))
	}
	s.inner *= innerMargin
	if math.Abs(center.Lat) > flatLat {
		s.inner = 0
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

// inside reports whether p is in the inscribed circle, so surely in the cell.
func (c *gridCell) inside(p geo.LatLng) bool {
	x, y := c.shape.flat(p)
	return x*x+y*y < c.shape.inner*c.shape.inner
}
