package order

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// CountOpen counts a zone's orders that somebody has to act on now: all but the scheduled and the ended ones.
func CountOpen(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from orders where tenant_id = $1 and zone_id = $2 and ended_at is null and state <> 'scheduled'`,
		tenant, zone).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the open orders of zone %s: %w", zone, err)
	}
	return n, nil
}
