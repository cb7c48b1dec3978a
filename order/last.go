package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// LastEnded is when a rider last ended an order since a time; zero where there is none.
func LastEnded(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, since time.Time) (time.Time, error) {
	var last *time.Time
	err := tx.QueryRow(ctx, `
		select max(o.ended_at) from orders o join shifts s on s.tenant_id = o.tenant_id and s.rider_id = $2 and s.ended_at is null and s.zone_id = o.zone_id
		where o.tenant_id = $1 and o.rider_id = $2 and o.ended_at >= $3`, tenant, rider, since).Scan(&last)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a rider's last drop: %w", err)
	}
	if last == nil {
		return time.Time{}, nil
	}
	return *last, nil
}
