package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// StoreDemand is how much a store has been ordered from lately.
type StoreDemand struct {
	Store  id.Store
	Orders float64 // each counts 2^(−age/half-life)
}

// recentHalfLives is how far back RecentDemand looks: what is older counts less than a sixtieth.
const recentHalfLives = 6

// RecentDemand sums up a zone's orders that were due until now, by store.
func RecentDemand(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time, halfLife time.Duration) ([]StoreDemand, error) {
	rows, err := tx.Query(ctx, `
		select store_id, sum(exp(-ln(2.0::float8) * extract(epoch from $3::timestamptz - due_at)::float8 / $5)) from orders
		where tenant_id = $1 and zone_id = $2 and (ended_at is null or ended_at >= $4) and due_at >= $4 and due_at <= $3
		group by store_id order by store_id`, tenant, zone, now, now.Add(-recentHalfLives*halfLife), halfLife.Seconds())
	if err != nil {
		return nil, fmt.Errorf("recent demand of zone %s: %w", zone, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (StoreDemand, error) {
		var d StoreDemand
		err := row.Scan(&d.Store, &d.Orders)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("recent demand of zone %s: %w", zone, err)
	}
	return list, nil
}
