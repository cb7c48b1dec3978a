package api

import (
	"math"

	"github.com/paidan/paidan/internal/geo"
)

// corner is a cell's corner on a grid of about a centimetre: neighbours compute the same corner a little differently.
type corner struct{ lat, lng int64 }

func cornerOf(p geo.LatLng) corner {
	return corner{int64(math.Round(p.Lat * 1e6)), int64(math.Round(p.Lng * 1e6))}
}

// outline is the common boundary of cells: their edges without those that two of them share, joined into rings.
func outline(cells []geo.Cell) [][]geo.LatLng {
	type edge struct{ from, to corner }
	edges := make(map[edge]geo.LatLng, 6*len(cells)) // to where it begins
	var order []edge                                 // so that equal cells give equal rings
	for _, c := range cells {
		ring := c.Boundary()
		for i, p := range ring {
			e := edge{cornerOf(p), cornerOf(ring[(i+1)%len(ring)])}
			if _, shared := edges[edge{e.to, e.from}]; shared {
				delete(edges, edge{e.to, e.from})
				continue
			}
			edges[e] = p
			order = append(order, e)
		}
	}
	next := make(map[corner][]edge, len(edges))
	for _, e := range order {
		if _, ok := edges[e]; ok {
			next[e.from] = append(next[e.from], e)
		}
	}
	rings := [][]geo.LatLng{}
	for _, first := range order {
		var ring []geo.LatLng
		for at := first.from; ; {
			out := next[at]
			if len(out) == 0 {
				break
			}
			e := out[0]
			next[at] = out[1:]
			ring = append(ring, edges[e])
			at = e.to
		}
		if len(ring) > 0 {
			rings = append(rings, ring)
		}
	}
	return rings
}

// disk is all zone cells whose centre lies in a circle; at least the one in its middle.
func disk(at geo.LatLng, radius float64) []geo.Cell {
	middle := geo.CellOf(at, geo.ZoneRes)
	cells := []geo.Cell{middle}
	for k := 1; ; k++ {
		near := false
		for _, c := range middle.Ring(k) {
			if geo.Distance(at, c.Center()) <= radius {
				cells = append(cells, c)
				near = true
			}
		}
		if !near {
			return cells
		}
	}
}
