package dispatch

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// rings are the phones that have been told of each lot in the pool, each with the look at which it was last nearby: who comes near, or comes back,
// is told in the next round. Forgotten, everybody nearby is told once more.
type rings struct {
	look int
	told map[uuid.UUID]map[id.Rider]int
}

func newRings() *rings { return &rings{told: make(map[uuid.UUID]map[id.Rider]int)} }

// rung is how many phones around a store are told of a lot; the others learn of it when they look.
const rung = 200

// ringPool tells riders of the lots that have come into the pool or that they have come near to, and of those that have left it.
func (s *Service) ringPool(of tenure, snap *Snapshot, r *rings) {
	r.look++
	changed := make(map[id.Rider]bool)
	open := make(map[uuid.UUID]bool)
	for i := range snap.Orders {
		o := &snap.Orders[i]
		lot := snap.Pool[o.ID].Lot
		if lot == uuid.Nil || o.State != order.Pending || open[lot] {
			continue
		}
		open[lot] = true
		told := r.told[lot]
		if told == nil {
			told = make(map[id.Rider]int)
			r.told[lot] = told
		}
		for _, who := range s.around(of.tenant, o, snap.Zone.Policy) {
			if last, known := told[who]; !known || last != r.look-1 {
				changed[who] = true
			}
			told[who] = r.look
		}
	}
	for lot, told := range r.told {
		if open[lot] {
			continue
		}
		for who := range told {
			changed[who] = true
		}
		delete(r.told, lot)
	}
	if len(changed) > 0 {
		s.tell(of.tenant, changes{zone: of.zone, phones: slices.Collect(maps.Keys(changed))})
	}
}

// around are the riders close enough to an order's store to claim it.
func (s *Service) around(tenant id.Tenant, o *order.Order, p Policy) []id.Rider {
	found := s.index.Nearest(tenant, o.Zone, o.Pickup, rung, float64(p.PoolRadiusM))
	riders := make([]id.Rider, len(found))
	for i, n := range found {
		riders[i] = n.Rider
	}
	return riders
}
