package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// MaxReplay is how many deliveries one call replays.
const MaxReplay = 10_000

// early is by how much the clock of who made a delivery may be behind that of who made its event.
const early = time.Minute

// Replay sends an event to an endpoint of a merchant once more, whatever became of it, with all its attempts before it. ErrNotFound,
// ErrDisabled.
func Replay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint, event order.EventID, now time.Time) (Delivery, error) {
	if err := takes(ctx, tx, tenant, merchant, endpoint); err != nil {
		return Delivery{}, err
	}
	tag, err := tx.Exec(ctx, `update webhook_deliveries set state = 'pending', attempts = 0, next_at = $5
		where tenant_id = $1 and endpoint_id = $2 and order_id = $3 and version = $4`, tenant, endpoint, event.Order, event.Version, micro(now))
	if err != nil {
		return Delivery{}, fmt.Errorf("replay %s: %w", event, err)
	}
	if tag.RowsAffected() == 0 {
		return Delivery{}, ErrNotFound
	}
	return GetDelivery(ctx, tx, tenant, endpoint, event)
}

// ReplayRange sends the events of a time, from inclusive to exclusive, once more to an endpoint of a merchant: those in its log and in one
// of the states. It takes the oldest MaxReplay; next is the time to go on from when there were more, else zero. ErrNotFound, ErrDisabled.
func ReplayRange(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint, states []DeliveryState, from, to, now time.Time) (n int, next time.Time, err error) {
	if err := takes(ctx, tx, tenant, merchant, endpoint); err != nil {
		return 0, next, err
	}
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = string(s)
	}
	var more *time.Time
	err = tx.QueryRow(ctx, `with found as (
			select order_id, version, at, row_number() over (order by at, order_id, version) as nth from webhook_deliveries
			where tenant_id = $1 and endpoint_id = $2 and created_at >= $3::timestamptz - $8::interval and at >= $3 and at < $4 and state = any($5)
			order by at, order_id, version limit $6::integer + 1
		), replayed as (
			update webhook_deliveries d set state = 'pending', attempts = 0, next_at = $7 from found f
			where d.tenant_id = $1 and d.endpoint_id = $2 and d.order_id = f.order_id and d.version = f.version and f.nth <= $6
			returning 1
		) select (select count(*) from replayed), (select at from found where nth > $6)`,
		tenant, endpoint, from, to, words, MaxReplay, micro(now), early).Scan(&n, &more)
	if err != nil {
		return 0, next, fmt.Errorf("replay to webhook endpoint %s: %w", endpoint, err)
	}
	if more != nil {
		next = more.UTC()
	}
	return n, next, nil
}
