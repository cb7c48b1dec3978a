package order

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// EventsOf reads the histories of several orders at once, each oldest first.
func EventsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) (map[id.Order][]RecordedEvent, error) {
	type entry struct {
		order id.Order
		event RecordedEvent
	}
	rows, err := tx.Query(ctx, `select version, type, state, at, client_at, actor_kind, actor_id, action_id, data, order_id
		from order_events where tenant_id = $1 and order_id = any($2) order by order_id, version`, tenant, orders)
	if err != nil {
		return nil, fmt.Errorf("read the events of %d orders: %w", len(orders), err)
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (entry, error) {
		var e entry
		var err error
		e.event, err = scanEvent(row, &e.order)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the events of %d orders: %w", len(orders), err)
	}
	out := make(map[id.Order][]RecordedEvent, len(orders))
	for _, e := range entries {
		out[e.order] = append(out[e.order], e.event)
	}
	return out, nil
}

// HadRider reports whether an order was ever the rider's.
func HadRider(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order, rider id.Rider) (had bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from order_events where tenant_id = $1 and order_id = $2 and type = any($3) and data ->> 'rider_id' = $4)`,
		tenant, order, []EventType{EventOfferAccepted, EventAssigned, EventHandedOver, EventTakenOver}, rider.String()).Scan(&had)
	if err != nil {
		return false, fmt.Errorf("read who had order %s: %w", order, err)
	}
	return had, nil
}
