package dispatch

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// rings are the phones that have been told of each lot in the pool. They are kept from round to round, so that each round tells those who
// have come near since; forgotten, everybody nearby is told once more.
type rings map[uuid.UUID]map[id.Rider]bool

// rung is how many phones around a store are told of a lot; the others learn of it when they look.
const rung = 200

// ringPool tells riders of the lots that have come into the pool or that they have come near to, and of those that have left it.
func (s *Service) ringPool(of tenure, snap *Snapshot, told rings) {
	changed := make(map[id.Rider]bool)
	open := make(map[uuid.UUID]bool)
	for i := range snap.Orders {
		o := &snap.Orders[i]
		lot := snap.Pool[o.ID].Lot
		if lot == uuid.Nil || o.State != order.Pending || open[lot] {
			continue
		}
		open[lot] = true
		if told[lot] == nil {
			told[lot] = make(map[id.Rider]bool)
		}
		for _, r := range s.around(of.tenant, o, snap.Zone.Policy) {
			if !told[lot][r] {
				told[lot][r], changed[r] = true, true
			}
		}
	}
	for lot, phones := range told {
		if !open[lot] {
			maps.Copy(changed, phones)
			delete(told, lot)
		}
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
