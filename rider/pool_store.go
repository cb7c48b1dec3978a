package rider

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// PoolIn lists a zone's pool, by order id. It may hold orders that were taken since the zone's last round.
func PoolIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Pooled, error) {
	return pooled(ctx, tx, "where tenant_id = $1 and zone_id = $2 order by order_id", tenant, zone)
}

// PooledOrders are those of the orders that are in the pool, by order id.
func PooledOrders(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) ([]Pooled, error) {
	return pooled(ctx, tx, "where tenant_id = $1 and order_id = any($2) order by order_id", tenant, orders)
}

func pooled(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Pooled, error) {
	rows, err := tx.Query(ctx, "select order_id, lot_id, zone_id, since, closes_at from pool_orders "+where, args...)
	if err != nil {
		return nil, wrap("read the pool", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Pooled, error) {
		var p Pooled
		err := row.Scan(&p.Order, &p.Lot, &p.Zone, &p.Since, &p.ClosesAt)
		return p, err
	})
	return out, wrap("read the pool", err)
}

// AddPooled puts orders into the pool; those that are there already stay as they are.
func AddPooled(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Pooled) error {
	n := len(list)
	orders, lots, zones := make([]id.Order, n), make([]uuid.UUID, n), make([]id.Zone, n)
	since, closes := make([]time.Time, n), make([]time.Time, n)
	for i, p := range list {
		orders[i], lots[i], zones[i], since[i], closes[i] = p.Order, p.Lot, p.Zone, p.Since, p.ClosesAt
	}
	_, err := tx.Exec(ctx, `
		insert into pool_orders (tenant_id, order_id, lot_id, zone_id, since, closes_at)
		select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) order by 2
		on conflict do nothing`, tenant, orders, lots, zones, since, closes)
	return wrap("add to the pool", err)
}

// RemovePooled takes orders out of the pool. Claims of their lots that are still open are lost for the reason; it returns whose those were.
func RemovePooled(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order, reason string, now time.Time) ([]id.Rider, error) {
	rows, err := tx.Query(ctx, `
		with gone as (
			delete from pool_orders where tenant_id = $1 and order_id = any($2) returning lot_id
		)
		update pool_claims c set state = 'lost', decided_at = $4, reason = $3
		from (select distinct lot_id from gone) g where c.tenant_id = $1 and c.lot_id = g.lot_id and c.state = 'open'
		returning c.rider_id`, tenant, orders, reason, now)
	if err != nil {
		return nil, wrap("remove from the pool", err)
	}
	losers, err := pgx.CollectRows(rows, pgx.RowTo[id.Rider])
	return losers, wrap("remove from the pool", err)
}

const claimColumns = "lot_id, order_id, rider_id, action_id, at, state, decided_at, reason"

func claims(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Claim, error) {
	rows, err := tx.Query(ctx, "select "+claimColumns+" from pool_claims "+where, args...)
	if err != nil {
		return nil, wrap("read claims", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Claim, error) {
		var c Claim
		err := row.Scan(&c.Lot, &c.Order, &c.Rider, &c.Action, &c.At, &c.State, &c.DecidedAt, &c.Reason)
		return c, err
	})
	return out, wrap("read claims", err)
}

// OpenClaims lists the open claims of lots, the earliest first.
func OpenClaims(ctx context.Context, tx pgx.Tx, tenant id.Tenant, lots []uuid.UUID) ([]Claim, error) {
	return claims(ctx, tx, "where tenant_id = $1 and lot_id = any($2) and state = 'open' order by at, rider_id", tenant, lots)
}

// ClaimOf is a rider's latest claim of a lot; nil where there is none.
func ClaimOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, lot uuid.UUID, rider id.Rider) (*Claim, error) {
	found, err := claims(ctx, tx, "where tenant_id = $1 and lot_id = $2 and rider_id = $3", tenant, lot, rider)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// maxClaimsOf bounds what a phone is told of its claims.
const maxClaimsOf = 50

// ClaimsOf lists a rider's claims since a time, the newest first.
func ClaimsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, since time.Time) ([]Claim, error) {
	return claims(ctx, tx, "where tenant_id = $1 and rider_id = $2 and at >= $3 order by at desc, lot_id limit $4", tenant, rider, since, maxClaimsOf)
}

// SaveClaim stores a claim in place of the rider's earlier one of the same lot.
func SaveClaim(ctx context.Context, tx pgx.Tx, tenant id.Tenant, c Claim) error {
	_, err := tx.Exec(ctx, `
		insert into pool_claims (tenant_id, lot_id, order_id, rider_id, action_id, at, state, decided_at, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (tenant_id, lot_id, rider_id) do update set order_id = excluded.order_id, action_id = excluded.action_id, at = excluded.at,
			state = excluded.state, decided_at = excluded.decided_at, reason = excluded.reason`,
		tenant, c.Lot, c.Order, c.Rider, c.Action, c.At, c.State, c.DecidedAt, c.Reason)
	return wrap("save the claim", err)
}
