package rider

import "github.com/paidan/paidan/internal/id"

// track is what is known of one rider. Its shard's lock guards all of it but slot, which the cell's lock guards: it changes also when another
// rider leaves the cell.
type track struct {
	packedFix
	rider  id.Rider
	slot   int32 // where cell.tracks holds it
	cell   *gridCell
	grid   *zoneGrid    // nil once forgotten
	filter *filterState // nil while the rider's phone reports to another node
}

// move sets a track to a fix; its shard is locked.
func (ix *Index) move(t *track, tenant id.Tenant, zone id.Zone, f packedFix) {
	t.packedFix = f
	switch {
	case t.grid == nil:
		t.grid = ix.grid(zoneKey{tenant, zone})
		t.grid.add(t)
	case t.grid.key.zone != zone:
		t.grid.remove(t)
		t.grid = ix.grid(zoneKey{tenant, zone})
		t.grid.add(t)
	case t.cell.at == cellOf(t.place):
		t.cell.stay(t)
	default:
		t.grid.shift(t)
	}
}

// silentSince reports whether nothing was heard of the rider after a time (µs since 1970).
func (t *track) silentSince(before int64) bool {
	return t.at < before && (t.filter == nil || t.filter.heard < before)
}
