package order

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// The feed is all events of a merchant's orders, each once, in the order of (txid, order, version). A reader keeps a Cursor
// and asks for what comes after it.
//
// Versions or times would not do: a transaction that began early may commit late, and a reader who has passed its place would
// never see its events. So a reader sees only events with txid < xmin, where xmin is the lowest transaction that was running
// when its snapshot was taken. That skips nothing:
//
//   - insertEvents writes a txid that is at least the writer's own transaction.
//   - An event that a snapshot does not show was written by a transaction that it saw running, or that began later: its number
//     is at least xmin, hence so is the event's txid. It comes after everything that this reader got, and waits its turn.
//
// The txid may be higher than the writer's own: a transaction may get its number before it gets the order's lock, while another with
// a higher number writes to the order in between. Its events then take that higher txid, so that an order's versions ascend in the feed.
// By the first rule that is as safe, and it delays nothing: the higher transaction had committed, or the lock would not have been free.
//
// The price: the feed stands still while any transaction that writes stays open on the database server. Ours end within seconds.

// FeedEvent is an event in the feed, with what its order is called.
type FeedEvent struct {
	RecordedEvent
	Order      id.Order
	ExternalID string
	Store      id.Store
	Job        id.Job // zero = none
}

// ID names the event.
func (e FeedEvent) ID() EventID { return EventID{e.Order, e.Version} }

const feedColumns = `v.version, v.type, v.state, v.at, v.client_at, v.actor_kind, v.actor_id, v.action_id, v.data,
	v.order_id, coalesce(o.external_id, ''), o.store_id, o.job_id`

func scanFeed(row pgx.CollectableRow, more ...any) (FeedEvent, error) {
	var e FeedEvent
	var err error
	e.RecordedEvent, err = scanEvent(row, append([]any{&e.Order, &e.ExternalID, &e.Store, &e.Job}, more...)...)
	return e, err
}

// Feed reads up to limit of a merchant's events that come after a cursor, and the cursor of the last; without any, after itself.
func Feed(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, after Cursor, limit int) ([]FeedEvent, Cursor, error) {
	rows, err := tx.Query(ctx, `select `+feedColumns+`, v.txid from (
			select version, type, state, at, client_at, actor_kind, actor_id, action_id, data, order_id, txid
			from order_events where tenant_id = $1 and merchant_id = $2 and (txid, order_id, version) > ($3::xid8, $4::uuid, $5::bigint)
				and txid < pg_snapshot_xmin(pg_current_snapshot())
			order by txid, order_id, version limit $6
		) v join orders o on o.tenant_id = $1 and o.id = v.order_id
		order by v.txid, v.order_id, v.version`,
		tenant, merchant, after.txid, after.order.UUID(), after.version, limit)
	if err != nil {
		return nil, after, fmt.Errorf("read the feed of merchant %s: %w", merchant, err)
	}
	next := after
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (FeedEvent, error) {
		e, err := scanFeed(row, &next.txid)
		next.order, next.version = e.Order, e.Version
		return e, err
	})
	if err != nil {
		return nil, after, fmt.Errorf("read the feed of merchant %s: %w", merchant, err)
	}
	return events, next, nil
}

// FeedEvents reads events by their names. One that the tenant does not have is left out.
func FeedEvents(ctx context.Context, tx pgx.Tx, tenant id.Tenant, names []EventID) (map[EventID]FeedEvent, error) {
	orders, versions := make([]id.Order, len(names)), make([]int64, len(names))
	for i, n := range names {
		orders[i], versions[i] = n.Order, n.Version
	}
	rows, err := tx.Query(ctx, `select `+feedColumns+` from unnest($2::uuid[], $3::bigint[]) as n(order_id, version)
		join order_events v on v.tenant_id = $1 and v.order_id = n.order_id and v.version = n.version
		join orders o on o.tenant_id = $1 and o.id = n.order_id`, tenant, orders, versions)
	if err != nil {
		return nil, fmt.Errorf("read %d events: %w", len(names), err)
	}
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (FeedEvent, error) { return scanFeed(row) })
	if err != nil {
		return nil, fmt.Errorf("read %d events: %w", len(names), err)
	}
	out := make(map[EventID]FeedEvent, len(events))
	for _, e := range events {
		out[e.ID()] = e
	}
	return out, nil
}
