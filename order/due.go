package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// EachDue calls fn with each of a zone's orders that were due in [from, to), by that time: of those for right away that is the time of
// placement. Orders that had ended before from (cancelled ahead of their time) are left out.
func EachDue(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, from, to time.Time, fn func(Order) error) error {
	rows, err := tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and zone_id = $2 and (ended_at is null or ended_at >= $3)
		and due_at >= $3 and due_at < $4 order by due_at, id`, tenant, zone, from, to)
	if err != nil {
		return fmt.Errorf("read the orders of a time of zone %s: %w", zone, err)
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scan(rows)
		if err != nil {
			return fmt.Errorf("read the orders of a time of zone %s: %w", zone, err)
		}
		if err := fn(o); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the orders of a time of zone %s: %w", zone, err)
	}
	return nil
}
