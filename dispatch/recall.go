package dispatch

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// recall makes the memory of one who has not watched the zone's rounds: its new owner, or who is asked why. The demand is
// read from the orders; the plan of the last round is not to be had.
func (s *Service) recall(ctx context.Context, tenant id.Tenant, snap *Snapshot) (Memory, error) {
	var m Memory
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		list, err := order.RecentDemand(ctx, tx, tenant, snap.Zone.ID, snap.At, demandHalfLife)
		m.Demand.recall(snap, list)
		return err
	})
	return m, err
}

// recall takes demand over that others have counted. Stores that have left the zone don't count.
func (d *Demand) recall(s *Snapshot, list []order.StoreDemand) {
	d.begin(s.At)
	for _, x := range list {
		if store, ok := s.Stores[x.Store]; ok {
			d.count(x.Store, store.At, x.Orders)
		}
	}
	d.seen = s.At
}
