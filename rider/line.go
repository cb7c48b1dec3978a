package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/relay"
)

// KeptLine is the line between a rider and an order's customer that was lent before and is good until a time at least; the zero Line if
// there is none.
func KeptLine(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, order id.Order, until time.Time) (l relay.Line, err error) {
	err = tx.QueryRow(ctx, "select number, until from order_lines where tenant_id = $1 and order_id = $2 and rider_id = $3 and until >= $4",
		tenant, order, rider, until).Scan(&l.Number, &l.Until)
	if errors.Is(err, pgx.ErrNoRows) {
		return relay.Line{}, nil
	}
	l.Until = l.Until.UTC()
	return l, wrap("find the line to the customer", err)
}

// KeepLine keeps a line in place of the one before.
func KeepLine(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, order id.Order, l relay.Line) error {
	_, err := tx.Exec(ctx, `
		insert into order_lines (tenant_id, order_id, rider_id, number, until) values ($1, $2, $3, $4, $5)
		on conflict (tenant_id, order_id, rider_id) do update set number = excluded.number, until = excluded.until`, tenant, order, rider, l.Number, l.Until)
	return wrap("keep the line to the customer", err)
}

// ForgetLines deletes the lines that are over.
func ForgetLines(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, "delete from order_lines where tenant_id = $1 and until < $2", tenant, now)
	return wrap("forget lines", err)
}
