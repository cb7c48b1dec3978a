package rider

import (
	"iter"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// Index knows where every rider is, now, by tenant and zone. All methods may be called at once from many goroutines.
//
// Two structures share one *track per rider: shards find it by the rider's id, zones by the cell it is in. A fix inside the
// rider's cell, which is most of them, locks the rider's shard and cell, so that updates and searches hardly ever wait for one another.
//
// Lock order: a shard, a zone, a cell. Nearest looks into no shard; Positions lets go of the zone before it does.
type Index struct {
	shards [shardCount]shard
	mu     sync.RWMutex
	zones  map[zoneKey]*zoneGrid
	node   uint64        // whose this index is, at random; not 0
	unread atomic.Uint64 // messages that Follow could not read
}

const shardCount = 64 // a power of two, well above the cores

type shard struct {
	mu     sync.Mutex
	riders map[riderKey]*track
	_      [48]byte // so that two shards' locks don't share a cache line
}

type riderKey struct {
	tenant id.Tenant
	rider  id.Rider
}

type zoneKey struct {
	tenant id.Tenant
	zone   id.Zone
}

// NewIndex is an empty index.
func NewIndex() *Index {
	ix := &Index{zones: make(map[zoneKey]*zoneGrid), node: rand.Uint64() | 1}
	for i := range ix.shards {
		ix.shards[i].riders = make(map[riderKey]*track)
	}
	return ix
}

func (ix *Index) shard(r id.Rider) *shard { return &ix.shards[shardOf(r)] }

// shardOf takes a UUIDv7's random end.
func shardOf(r id.Rider) int { return int(r[15]^r[14]) % shardCount }

// Update moves a rider, unless the index has a fix as new or newer; it reports whether it did. Coordinates are kept to 1e-7 degrees
// (about 1 cm). A fix off the earth is ignored.
func (ix *Index) Update(tenant id.Tenant, zone id.Zone, rider id.Rider, f Fix) bool {
	if !f.Valid() {
		return false
	}
	return ix.update(tenant, zone, rider, packFix(&f))
}

func (ix *Index) update(tenant id.Tenant, zone id.Zone, rider id.Rider, p packedFix) bool {
	s := ix.shard(rider)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.riders[riderKey{tenant, rider}]
	switch {
	case t == nil:
		t = &track{rider: rider}
		s.riders[riderKey{tenant, rider}] = t
	case t.compare(&p) >= 0:
		return false
	}
	ix.move(t, tenant, zone, p)
	return true
}

func (ix *Index) grid(k zoneKey) *zoneGrid {
	ix.mu.RLock()
	g := ix.zones[k]
	ix.mu.RUnlock()
	if g != nil {
		return g
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if g = ix.zones[k]; g == nil {
		g = newZoneGrid(k)
		ix.zones[k] = g
	}
	return g
}

// Last is a rider's newest fix.
func (ix *Index) Last(tenant id.Tenant, rider id.Rider) (Fix, bool) {
	s := ix.shard(rider)
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.riders[riderKey{tenant, rider}]
	if !ok {
		return Fix{}, false
	}
	return t.fix(), true
}

// Forget drops the riders of whom nothing was heard after a time (they have gone home) and the memory of where nobody is any more.
func (ix *Index) Forget(before time.Time) {
	defer ix.sweep()
	for i := range ix.shards {
		s := &ix.shards[i]
		s.mu.Lock()
		for k, t := range s.riders {
			if t.silentSince(before.UnixMicro()) {
				s.forget(k, t)
			}
		}
		s.mu.Unlock()
	}
}

// forget drops a rider; the shard is locked.
func (s *shard) forget(k riderKey, t *track) {
	delete(s.riders, k)
	t.grid.remove(t)
	t.grid = nil
}

func (ix *Index) sweep() {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, g := range ix.zones {
		g.sweep()
	}
}

// Len is the number of riders in the index.
func (ix *Index) Len() int {
	n := 0
	for i := range ix.shards {
		s := &ix.shards[i]
		s.mu.Lock()
		n += len(s.riders)
		s.mu.Unlock()
	}
	return n
}

// Positions goes through the riders of a zone, in no order. Each fix is current when it is reached; updates go on meanwhile.
func (ix *Index) Positions(tenant id.Tenant, zone id.Zone) iter.Seq2[id.Rider, Fix] {
	return func(yield func(id.Rider, Fix) bool) {
		g := ix.lookup(tenant, zone)
		if g == nil {
			return
		}
		for _, t := range g.all() {
			if f, ok := ix.read(t, g); ok && !yield(t.rider, f) {
				return
			}
		}
	}
}

func (ix *Index) lookup(tenant id.Tenant, zone id.Zone) *zoneGrid {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.zones[zoneKey{tenant, zone}]
}

// read copies a track's fix, if it is still in the grid.
func (ix *Index) read(t *track, g *zoneGrid) (Fix, bool) {
	s := ix.shard(t.rider)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.grid != g {
		return Fix{}, false
	}
	return t.fix(), true
}
