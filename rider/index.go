package rider

import (
	"iter"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Index knows where every rider is, now, by tenant and zone. All methods may be called at once from many goroutines.
//
// Two structures share one *track per rider: shards find it by the rider's id, zones by the H3 cell it is in. A fix inside the
// rider's cell, which is most of them, needs neither H3 (2 µs through cgo) nor the zone's lock.
//
// Lock order: a shard, then a zone. Nearest and Positions let go of the zone before they look into a shard.
type Index struct {
	shards [shardCount]shard
	mu     sync.RWMutex
	zones  map[zoneKey]*zoneGrid
	rings  ringCache
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

// track is what is known of one rider. Its shard's lock guards all of it but cell and slot, which change under both its shard's and the
// zone's lock (slot also when another rider leaves the cell).
type track struct {
	place    packed
	rider    id.Rider
	at, seq  int64 // at in µs since 1970
	accuracy float32
	speed    float32 // NaN: not known
	heading  float32 // NaN: not known
	slot     int32   // where cell.tracks holds it
	cell     *gridCell
	grid     *zoneGrid // nil once forgotten
}

// NewIndex is an empty index.
func NewIndex() *Index {
	ix := &Index{zones: make(map[zoneKey]*zoneGrid)}
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
	s := ix.shard(rider)
	s.mu.Lock()
	defer s.mu.Unlock()
	t, known := s.riders[riderKey{tenant, rider}]
	if known && !t.olderThan(f) {
		return false
	}
	if !known {
		t = &track{rider: rider}
		s.riders[riderKey{tenant, rider}] = t
	}
	ix.move(t, tenant, zone, f)
	return true
}

// olderThan is the rule of Fix.compare.
func (t *track) olderThan(f Fix) bool {
	at := f.At.UnixMicro()
	return t.at < at || t.at == at && t.seq < f.Seq
}

// move sets a track to a fix; its shard is locked.
func (ix *Index) move(t *track, tenant id.Tenant, zone id.Zone, f Fix) {
	t.at, t.seq, t.accuracy = f.At.UnixMicro(), f.Seq, float32(f.AccuracyM)
	t.speed, t.heading = float32Or(f.SpeedMps), float32Or(f.HeadingDeg)
	t.place = pack(f.LatLng)
	at := t.place.unpack()
	if t.grid == nil || t.grid.key.zone != zone {
		if t.grid != nil {
			t.grid.remove(t)
		}
		t.grid = ix.grid(zoneKey{tenant, zone})
		t.grid.add(t, geo.CellOf(at, geo.RiderRes))
		return
	}
	if !t.cell.shape.surely(at) {
		if c := geo.CellOf(at, geo.RiderRes); c != t.cell.id {
			t.grid.shift(t, c)
			return
		}
	}
	t.grid.stay(t)
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
	if !ok || t.grid == nil {
		return Fix{}, false
	}
	return t.fix(), true
}

// Forget drops a rider, whose shift has ended.
func (ix *Index) Forget(tenant id.Tenant, rider id.Rider) {
	s := ix.shard(rider)
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.riders[riderKey{tenant, rider}]
	if !ok {
		return
	}
	delete(s.riders, riderKey{tenant, rider})
	if t.grid != nil {
		t.grid.remove(t)
		t.grid = nil
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

func (t *track) fix() Fix {
	return Fix{
		Seq: t.seq, At: time.UnixMicro(t.at).UTC(), LatLng: t.place.unpack(),
		AccuracyM: float64(t.accuracy), SpeedMps: float64Of(t.speed), HeadingDeg: float64Of(t.heading),
	}
}

func float32Or(x *float64) float32 {
	if x == nil {
		return float32(math.NaN())
	}
	return float32(*x)
}

func float64Of(x float32) *float64 {
	if x != x {
		return nil
	}
	v := float64(x)
	return &v
}

// packed is a position in one word: latitude and longitude in units of 1e-7 degrees.
type packed uint64

const packUnits = 1e7

func pack(p geo.LatLng) packed {
	return packed(uint64(uint32(int32(math.Round(p.Lat*packUnits))))<<32 | uint64(uint32(int32(math.Round(p.Lng*packUnits)))))
}

func (p packed) unpack() geo.LatLng {
	return geo.LatLng{Lat: float64(int32(p>>32)) / packUnits, Lng: float64(int32(p)) / packUnits}
}
