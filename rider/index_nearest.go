package rider

import (
	"cmp"
	"math"
	"slices"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Near is a rider and how far away they are, as the crow flies.
type Near struct {
	Rider     id.Rider
	Fix       Fix
	DistanceM float64
}

// Nearest lists up to n riders of a zone, nearest first (ties by id), within maxM metres of a place (0: however far). It looks at the
// place's H3 cell and at ring after ring around it, until no rider further out can be nearer than the n-th found; where riders are so few that
// this would visit more cells than there are, it looks at all of them.
func (ix *Index) Nearest(tenant id.Tenant, zone id.Zone, at geo.LatLng, n int, maxM float64) []Near {
	g := ix.lookup(tenant, zone)
	if g == nil || n <= 0 || !at.Valid() {
		return nil
	}
	found := ix.search(g, newNearest(at, n, maxM))
	out := make([]Near, 0, len(found))
	for _, c := range found {
		// Read last, with its own lock: riders move on while we look.
		if fix, ok := ix.read(c.t, g); ok {
			out = append(out, Near{Rider: c.t.rider, Fix: fix, DistanceM: geo.Distance(at, fix.LatLng)})
		}
	}
	slices.SortFunc(out, func(a, b Near) int {
		return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), slices.Compare(a.Rider[:], b.Rider[:]))
	})
	return out
}

func (ix *Index) search(g *zoneGrid, best *nearest) []candidate {
	center := geo.CellOf(best.at, geo.RiderRes)
	g.mu.RLock()
	defer g.mu.RUnlock()
	best.expect(g.count)
	seen, visited, fromCenter := 0, 0, 0.0
	for k := 0; seen < g.count; k++ {
		if visited > len(g.cells) {
			return best.all(g)
		}
		shape, ring := ix.rings.at(center, k)
		if k == 0 {
			fromCenter = geo.Distance(best.at, shape.center)
		} else if havOf(shape.ringBound(k, fromCenter)) > best.limit {
			break
		}
		visited += len(ring)
		for _, c := range ring {
			if cell := g.cells[c]; cell != nil {
				seen += len(cell.tracks)
				for _, t := range cell.tracks {
					best.offer(t)
				}
			}
		}
	}
	return best.found
}

// nearest keeps the n best candidates. Distances are compared as haversines, sin²(d/2R), which grow with the distance and need no
// arcsine.
type nearest struct {
	at             geo.LatLng
	sinLat, cosLat float64
	n              int
	limit          float64 // no candidate at or beyond it is of use
	found          []candidate
}

type candidate struct {
	hav float64
	t   *track
}

func newNearest(at geo.LatLng, n int, maxM float64) *nearest {
	b := &nearest{at: at, n: n, limit: math.Inf(1)}
	b.sinLat, b.cosLat = math.Sincos(at.Lat * radPerDegree)
	if maxM > 0 {
		b.limit = math.Nextafter(havOf(maxM), 2)
	}
	return b
}

func (b *nearest) expect(count int) { b.found = make([]candidate, 0, min(b.n, count)) }

func (b *nearest) offer(t *track) {
	h := b.hav(packed(t.place.Load()))
	if h >= b.limit {
		return
	}
	i := len(b.found)
	if i < b.n {
		b.found = append(b.found, candidate{})
	} else {
		i--
	}
	for ; i > 0 && b.found[i-1].hav > h; i-- { // short, and mostly near its end: insertion beats a heap
		b.found[i] = b.found[i-1]
	}
	b.found[i] = candidate{h, t}
	if len(b.found) == b.n {
		b.limit = b.found[b.n-1].hav
	}
}

// all looks at every rider of the grid.
func (b *nearest) all(g *zoneGrid) []candidate {
	all := *b
	all.found = b.found[:0]
	// What was found so far comes again; the limit it gave still holds, if only just.
	all.limit = math.Nextafter(b.limit, math.Inf(1))
	for _, c := range g.cells {
		for _, t := range c.tracks {
			all.offer(t)
		}
	}
	return all.found
}

const (
	radPerDegree = math.Pi / 180
	// smallAngle, in radians (64 km): below it three terms of sine's series are exact to a float64.
	smallAngle = 0.01
)

// havOf is the haversine of a distance in metres.
func havOf(metres float64) float64 {
	s := math.Sin(min(metres/(2*geo.EarthRadius), math.Pi/2))
	return s * s
}

// hav is the haversine of the distance from b.at, as exact as geo.Distance but some ten times faster for places nearby.
func (b *nearest) hav(p packed) float64 {
	q := p.unpack()
	dLat, dLng := (q.Lat-b.at.Lat)*(radPerDegree/2), (q.Lng-b.at.Lng)*(radPerDegree/2)
	s, t := sin(dLat), sin(dLng)
	// cos(lat+2·dLat) by the angle sum; only |dLat| ≤ 90° occurs, so its cosine is not negative.
	c := math.Sqrt(1 - s*s)
	cos := b.cosLat*(1-2*s*s) - b.sinLat*2*s*c
	return s*s + b.cosLat*cos*t*t
}

func sin(x float64) float64 {
	if x > -smallAngle && x < smallAngle {
		q := x * x
		return x * (1 - q/6*(1-q/20))
	}
	return math.Sin(x)
}
