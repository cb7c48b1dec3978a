package order

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Follower is a reader of a merchant's feed who passes events on and keeps its own place.
type Follower struct {
	Merchant id.Merchant
	After    Cursor
}

// Mark is an event as far as one must know it to pass it on.
type Mark struct {
	Event EventID
	Type  EventType
	At    time.Time
	Place Cursor
}

// Follow reads up to limit marks for each of many followers in one statement. The answers are parallel to the followers.
func Follow(ctx context.Context, tx pgx.Tx, tenant id.Tenant, followers []Follower, limit int) ([][]Mark, error) {
	n := len(followers)
	out := make([][]Mark, n)
	if n == 0 {
		return out, nil
	}
	merchants, txids, orders, versions := make([]id.Merchant, n), make([]uint64, n), make([]uuid.UUID, n), make([]int64, n)
	for i, f := range followers {
		merchants[i], txids[i], orders[i], versions[i] = f.Merchant, f.After.txid, f.After.order.UUID(), f.After.version
	}
	rows, err := tx.Query(ctx, `select f.nth, v.txid, v.order_id, v.version, v.type, v.at
		from unnest($2::uuid[], $3::xid8[], $4::uuid[], $5::bigint[]) with ordinality as f(merchant_id, txid, order_id, version, nth)
		cross join lateral (
			select txid, order_id, version, type, at from order_events e
			where e.tenant_id = $1 and e.merchant_id = f.merchant_id and (e.txid, e.order_id, e.version) > (f.txid, f.order_id, f.version)
				and e.txid < pg_snapshot_xmin(pg_current_snapshot())
			order by e.txid, e.order_id, e.version limit $6
		) v order by f.nth, v.txid, v.order_id, v.version`, tenant, merchants, txids, orders, versions, limit)
	if err != nil {
		return nil, fmt.Errorf("follow the feeds of %d readers: %w", n, err)
	}
	var nth int
	var m Mark
	_, err = pgx.ForEachRow(rows, []any{&nth, &m.Place.txid, &m.Place.order, &m.Place.version, &m.Type, &m.At}, func() error {
		m.Event, m.At = EventID{m.Place.order, m.Place.version}, m.At.UTC()
		out[nth-1] = append(out[nth-1], m)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("follow the feeds of %d readers: %w", n, err)
	}
	return out, nil
}

// FeedEnd is the place of a follower who begins now: after it comes what is committed from now on. (What committed in the last moments
// may come, too, where an older transaction is still open.)
func FeedEnd(ctx context.Context, tx pgx.Tx) (Cursor, error) {
	var c Cursor
	if err := tx.QueryRow(ctx, `select pg_snapshot_xmin(pg_current_snapshot())`).Scan(&c.txid); err != nil {
		return Cursor{}, fmt.Errorf("find the end of the feed: %w", err)
	}
	return c, nil
}
