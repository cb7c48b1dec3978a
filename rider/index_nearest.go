package rider

import (
	"bytes"
	"math"
	"sync/atomic"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Near is a rider and how far away they are, as the crow flies.
type Near struct {
	Rider     id.Rider
	Place     geo.LatLng
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
	out := make([]Near, len(found))
	for i, c := range found {
		out[i] = Near{Rider: c.t.rider, Place: c.place.unpack(), DistanceM: metresOf(c.hav)}
	}
	return out
}

func (ix *Index) search(g *zoneGrid, best *nearest) []candidate {
	center := ix.rings.cellOf(best.at)
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
			if best.tooFar(c.center, shape.outer*ringSlack) {
				continue
			}
			if cell := g.cells[c.id]; cell != nil {
				seen += len(cell.places)
				best.offer(cell)
			}
		}
	}
	return best.found
}

// nearest keeps the n best candidates. Distances are compared as haversines, sin²(d/2R), which grow with the distance and need no
// arcsine.
type nearest struct {
	at             geo.LatLng
	lat, lng       float64 // at, in the units of packed
	sinLat, cosLat float64
	n              int
	limit, reach   float64 // no candidate at or beyond the limit is of use; reach is its root
	found          []candidate
}

type candidate struct {
	hav   float64
	place packed
	t     *track // only what never changes may be read of it
}

// before is the order of candidates.
func (c *candidate) before(d *candidate) bool {
	return c.hav < d.hav || c.hav == d.hav && bytes.Compare(c.t.rider[:], d.t.rider[:]) < 0
}

func newNearest(at geo.LatLng, n int, maxM float64) *nearest {
	b := &nearest{at: at, lat: at.Lat * packUnits, lng: at.Lng * packUnits, n: n}
	b.setLimit(math.Inf(1))
	b.sinLat, b.cosLat = math.Sincos(at.Lat * radPerDegree)
	if maxM > 0 {
		b.setLimit(math.Nextafter(havOf(maxM), 2))
	}
	return b
}

func (b *nearest) expect(count int) { b.found = make([]candidate, 0, min(b.n, count)) }

// tooFar reports whether nothing within some metres of a place is near enough. (sin is concave: sin(a+b) ≤ sin a + sin b, so the
// distances add up.)
func (b *nearest) tooFar(center geo.LatLng, outer float64) bool {
	reach := b.reach + outer*outerSlack/(2*geo.EarthRadius)
	return b.hav(center) > reach*reach
}

// offer looks at a cell's riders.
func (b *nearest) offer(cell *gridCell) {
	for i := range cell.places {
		p := packed(atomic.LoadUint64(&cell.places[i]))
		if h := b.havPacked(p); h < b.limit {
			b.insert(candidate{h, p, cell.tracks[i]})
		}
	}
}

func (b *nearest) insert(c candidate) {
	i := len(b.found)
	if i < b.n {
		b.found = append(b.found, candidate{})
	} else {
		i--
	}
	for ; i > 0 && c.before(&b.found[i-1]); i-- { // short, and mostly near its end: insertion beats a heap
		b.found[i] = b.found[i-1]
	}
	b.found[i] = c
	if len(b.found) == b.n {
		b.setLimit(b.found[b.n-1].hav)
	}
}

func (b *nearest) setLimit(hav float64) { b.limit, b.reach = hav, math.Sqrt(hav) }

// metresOf is the distance of a haversine.
func metresOf(hav float64) float64 { return 2 * geo.EarthRadius * math.Asin(math.Sqrt(min(1, hav))) }

// all looks at every rider of the grid.
func (b *nearest) all(g *zoneGrid) []candidate {
	all := *b
	all.found = b.found[:0]
	// What was found so far comes again; the limit it gave still holds, if only just.
	all.setLimit(math.Nextafter(b.limit, math.Inf(1)))
	for _, c := range g.cells {
		if !all.tooFar(c.shape.center, c.shape.outer) {
			all.offer(c)
		}
	}
	return all.found
}

const (
	// outerSlack is for the corners that were measured on a flat map.
	outerSlack   = 1.01
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
func (b *nearest) hav(q geo.LatLng) float64 {
	return b.havOfAngles((q.Lat-b.at.Lat)*(radPerDegree/2), (q.Lng-b.at.Lng)*(radPerDegree/2))
}

func (b *nearest) havPacked(p packed) float64 {
	const half = radPerDegree / 2 / packUnits
	return b.havOfAngles((float64(int32(p>>32))-b.lat)*half, (float64(int32(p))-b.lng)*half)
}

// havOfAngles takes half the differences of latitude and longitude, in radians. Whoever lies too far north or south already gets no
// more than that told.
func (b *nearest) havOfAngles(dLat, dLng float64) float64 {
	s := sin(dLat)
	ss := s * s
	if ss > b.limit {
		return ss
	}
	t := sin(dLng)
	// cos(lat+2·dLat) by the angle sum; only |dLat| ≤ 90° occurs, so its cosine is not negative.
	cos := b.cosLat*(1-2*ss) - b.sinLat*2*s*math.Sqrt(1-ss)
	return ss + b.cosLat*cos*t*t
}

func sin(x float64) float64 {
	if x > -smallAngle && x < smallAngle {
		q := x * x
		return x * (1 - q/6*(1-q/20))
	}
	return math.Sin(x)
}
