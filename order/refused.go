package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Refused is an order that waits for a rider, and that one will not be asked for again for a while.
type Refused struct {
	Order id.Order
	Zone  id.Zone
	At    time.Time // when something last happened to it: since then the refusal counts
}

// RefusedBy lists the orders that still wait for a rider, or are offered to another, and that rider refused, by id.
func RefusedBy(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) ([]Refused, error) {
	rows, err := tx.Query(ctx, `select id, zone_id, updated_at from orders
		where tenant_id = $1 and ended_at is null and rider_id is null and refused_by @> array[$2::uuid] order by id`, tenant, rider)
	if err != nil {
		return nil, fmt.Errorf("read what rider %s refused: %w", rider, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Refused, error) {
		var r Refused
		err := row.Scan(&r.Order, &r.Zone, &r.At)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what rider %s refused: %w", rider, err)
	}
	return list, nil
}
