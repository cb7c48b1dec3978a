package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Arrival is that a rider seems to have come to where an order is picked up or dropped off. It suggests the tap; it proves nothing.
type Arrival struct {
	Order id.Order
	Rider id.Rider
	Kind  StopKind
	At    time.Time // of the first fix inside
}

// AddArrivals stores arrivals and returns those that are new: a rider arrives once for each order and stop.
func AddArrivals(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Arrival, now time.Time) ([]Arrival, error) {
	if len(list) == 0 {
		return nil, nil
	}
	n := len(list)
	orders, riders, kinds, ats := make([]id.Order, n), make([]id.Rider, n), make([]string, n), make([]time.Time, n)
	for i, a := range list {
		orders[i], riders[i], kinds[i], ats[i] = a.Order, a.Rider, string(a.Kind), a.At
	}
	return arrivals(ctx, tx, `
		insert into arrivals (tenant_id, order_id, rider_id, kind, at, noticed_at)
		select $1, o, r, k, at, $6 from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) as x (o, r, k, at)
		on conflict do nothing
		returning order_id, rider_id, kind, at`, tenant, orders, riders, kinds, ats, now)
}

// ArrivalsOf are a rider's arrivals for some orders.
func ArrivalsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, orders []id.Order) ([]Arrival, error) {
	return arrivals(ctx, tx, `select order_id, rider_id, kind, at from arrivals where tenant_id = $1 and order_id = any($2) and rider_id = $3`, tenant, orders, rider)
}

func arrivals(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]Arrival, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap("arrivals", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Arrival, error) {
		var a Arrival
		err := row.Scan(&a.Order, &a.Rider, &a.Kind, &a.At)
		a.At = a.At.UTC()
		return a, err
	})
	return out, wrap("arrivals", err)
}
