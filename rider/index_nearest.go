package rider

import (
	"bytes"
	"math"
	"slices"
	"sync"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Near is a rider and how far away they are, as the crow flies.
type Near struct {
	Rider     id.Rider
	Place     geo.LatLng
	DistanceM float64
}

// Nearest lists up to n riders of a zone, nearest first (ties by id), within maxM metres of a place (0: however far). With n the number of riders,
// or math.MaxInt, these are all within maxM. Updates go on meanwhile: a rider who crosses from one cell to the next at that moment may be missing,
// and is back a moment later.
func (ix *Index) Nearest(tenant id.Tenant, zone id.Zone, at geo.LatLng, n int, maxM float64) []Near {
	return ix.AppendNearest(nil, tenant, zone, at, n, maxM)
}

// AppendNearest is Nearest for who asks often: it adds the riders to a list whose memory may be used again.
func (ix *Index) AppendNearest(to []Near, tenant id.Tenant, zone id.Zone, at geo.LatLng, n int, maxM float64) []Near {
	g := ix.lookup(tenant, zone)
	if g == nil || n <= 0 || !at.Valid() {
		return to
	}
	b := searches.Get().(*nearest)
	defer searches.Put(b)
	b.begin(at, n, maxM)
	for b.search(g); b.twice(); b.search(g) { // while somebody changed cells and was met in both
		b.begin(at, n, maxM)
	}
	first := len(to)
	to = slices.Grow(to, len(b.ranks))[:first+len(b.ranks)]
	for i, r := range b.ranks {
		to[first+i].Rider = b.found[r.found].rider // most are far away in memory: all at once, while the processor waits for the first
	}
	for i, r := range b.ranks {
		to[first+i].Place, to[first+i].DistanceM = b.found[r.found].place.unpack(), metresOf(r.hav)
	}
	return to
}

// searches are the memory of one search, for the next.
var searches = sync.Pool{New: func() any { return new(nearest) }}

// nearest keeps the n best candidates. Distances are compared as haversines, sin²(d/2R), which grow with the distance and need no
// arcsine.
type nearest struct {
	cell           cellAt
	lat, lng       float64 // in the units of packed
	sinLat, cosLat float64
	n              int
	limit          float64     // no candidate beyond it is of use
	flat           float64     // the same on a flat map; see setLimit
	ranks          []rank      // nearest first
	found          []gridRider // only what never changes may be read of the tracks
}

type rank struct {
	hav   float64
	found int32
}

func (b *nearest) begin(at geo.LatLng, n int, maxM float64) {
	b.cell, b.lat, b.lng = cellOf(pack(at)), at.Lat*packUnits, at.Lng*packUnits
	b.sinLat, b.cosLat = math.Sincos(at.Lat * radPerDegree)
	b.n, b.ranks, b.found = n, b.ranks[:0], b.found[:0]
	b.setLimit(math.Inf(1))
	if maxM > 0 {
		b.setLimit(havOf(maxM))
	}
}

// setLimit also sets the limit on a flat map, whose distances, in units of packed and squared, are dLat² + cos·cos·dLng². Near enough, they are too
// large by less than one part in 10,000, because sin²x ≥ x²·(1-x²/3).
func (b *nearest) setLimit(hav float64) {
	b.limit, b.flat = hav, math.Inf(1)
	if hav < flatHav && b.cosLat > flatCos {
		b.flat = hav * 1.0001 / (halfRadOfUnit * halfRadOfUnit)
	}
}

const (
	flatHav = 2e-6 // 18 km
	flatCos = 0.17 // 80° north or south; nobody delivers beyond
)

// offer looks at a cell's riders. Most are too far away, as two squares tell; cos is the place's cosine of latitude, times one that those in the cell
// are not below.
func (b *nearest) offer(cell *gridCell, cos float64) {
	cell.mu.Lock()
	for _, r := range cell.riders {
		dLat, dLng := float64(int32(r.place>>32))-b.lat, float64(int32(r.place))-b.lng
		if dLat*dLat+cos*dLng*dLng > b.flat {
			continue
		}
		if h := b.hav(r.place); h <= b.limit {
			b.insert(h, r)
		}
	}
	cell.mu.Unlock()
}

// insert ranks a candidate: mostly near the end of a short list, so that no heap would be faster.
func (b *nearest) insert(hav float64, c gridRider) {
	slot, i := len(b.ranks), len(b.ranks)
	if slot < b.n {
		b.found, b.ranks = append(b.found, c), append(b.ranks, rank{})
	} else {
		i--
		if last := b.ranks[i]; hav == last.hav && !b.wins(c, last) {
			return
		}
		slot = int(b.ranks[i].found)
		b.found[slot] = c
	}
	for ; i > 0 && hav <= b.ranks[i-1].hav && (hav < b.ranks[i-1].hav || b.wins(c, b.ranks[i-1])); i-- {
		b.ranks[i] = b.ranks[i-1]
	}
	b.ranks[i] = rank{hav, int32(slot)}
	if len(b.ranks) == b.n {
		b.setLimit(b.ranks[b.n-1].hav)
	}
}

// wins decides between a candidate and a ranked one that are equally near.
func (b *nearest) wins(c gridRider, r rank) bool {
	return bytes.Compare(c.rider[:], b.found[r.found].rider[:]) < 0
}

// twice reports whether a rider was found at two places.
func (b *nearest) twice() bool {
	for i := range b.found {
		for j := range i {
			if b.found[i].track == b.found[j].track {
				return true
			}
		}
	}
	return false
}

const (
	radPerDegree    = math.Pi / 180
	metresPerDegree = geo.EarthRadius * radPerDegree
	halfRadOfUnit   = radPerDegree / 2 / packUnits
	// smallAngle, in radians (64 km): below it three terms of sine's series are exact to a float64.
	smallAngle = 0.01
)

// hav is the haversine of the distance to a place, as exact as geo.Distance but some ten times faster for places nearby. Whoever
// lies too far north or south already gets no more than that told.
func (b *nearest) hav(p packed) float64 {
	dLat, dLng := (float64(int32(p>>32))-b.lat)*halfRadOfUnit, (float64(int32(p))-b.lng)*halfRadOfUnit
	s, t := sin(dLat), sin(dLng)
	ss := s * s
	if ss > b.limit {
		return ss
	}
	// cos(lat+2·dLat) by the angle sum; only |dLat| ≤ 90° occurs, so its cosine is not negative.
	cos := 1 - ss/2
	if ss > smallAngle*smallAngle {
		cos = math.Sqrt(1 - ss)
	}
	return ss + b.cosLat*(b.cosLat*(1-2*ss)-b.sinLat*2*s*cos)*t*t
}

// havOf is the haversine of a distance in metres.
func havOf(metres float64) float64 {
	s := math.Sin(min(metres/(2*geo.EarthRadius), math.Pi/2))
	return s * s
}

// metresOf is the distance of a haversine.
func metresOf(hav float64) float64 { return 2 * geo.EarthRadius * asin(math.Sqrt(min(1, hav))) }

func asin(x float64) float64 {
	if x < smallAngle {
		q := x * x
		return x * (1 + q/6*(1+q*9/20))
	}
	return math.Asin(x)
}

func sin(x float64) float64 {
	if x > -smallAngle && x < smallAngle {
		q := x * x
		return x * (1 - q/6*(1-q/20))
	}
	return math.Sin(x)
}
