package rider

import (
	"sync"

	"github.com/paidan/paidan/internal/geo"
)

// ringCache remembers the H3 rings around the cells that are asked about (mostly stores, which don't move): a ring costs a cgo call and
// an allocation to find, a map lookup to remember.
type ringCache struct {
	mu      sync.RWMutex
	origins map[geo.Cell]*origin
}

// maxOrigins bounds the memory; beyond it the cache begins anew.
const maxOrigins = 16384

// origin is a cell with the rings found so far. Its shape never changes, rings only grows (under the cache's lock).
type origin struct {
	shape cellShape
	rings [][]geo.Cell
}

// at returns the origin's shape and its k-th ring.
func (rc *ringCache) at(c geo.Cell, k int) (cellShape, []geo.Cell) {
	rc.mu.RLock()
	o := rc.origins[c]
	if o != nil && k < len(o.rings) {
		shape, ring := o.shape, o.rings[k]
		rc.mu.RUnlock()
		return shape, ring
	}
	rc.mu.RUnlock()

	rc.mu.Lock()
	defer rc.mu.Unlock()
	o = rc.origins[c]
	if o == nil {
		if rc.origins == nil || len(rc.origins) >= maxOrigins {
			rc.origins = make(map[geo.Cell]*origin)
		}
		o = &origin{shape: shapeOf(c)}
		rc.origins[c] = o
	}
	for len(o.rings) <= k {
		o.rings = append(o.rings, c.Ring(len(o.rings)))
	}
	return o.shape, o.rings[k]
}

const (
	// ringStep is how far, in inscribed radii of the origin, each ring's inner border lies further out at the least. In a regular grid it is
	// 2·cos 30° = 1.73; over the earth, pentagons included, 1.69 was the least found in rings 1 to 14 of 1,500 cells.
	ringStep = 1.65
	// ringSlack is how much larger than the origin's a neighbour's circumscribed circle may be.
	ringSlack = 1.05
)

// ringBound is a distance in metres that nothing in ring k or beyond is nearer than, for a point that far from the origin's centre.
func (s *cellShape) ringBound(k int, fromCenter float64) float64 {
	return max(0, float64(k)*ringStep*s.inner-ringSlack*s.outer-fromCenter)
}
