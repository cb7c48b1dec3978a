package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Rating is what a customer says of a delivery.
type Rating struct {
	Stars   int // 1 to 5
	Comment string
	At      time.Time
}

// ErrRated means that the customer has rated the order already.
var ErrRated = errors.New("the order is rated already")

// Rate notes a rating, once. ErrRated.
func Rate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order, r Rating) error {
	tag, err := tx.Exec(ctx, `insert into ratings (tenant_id, order_id, stars, comment, at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		tenant, order, r.Stars, printable(r.Comment), micro(r.At))
	if err != nil {
		return fmt.Errorf("rate order %s: %w", order, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrRated
	}
	return nil
}

// Ratings reads those of the orders that have one.
func Ratings(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) (map[id.Order]Rating, error) {
	rows, err := tx.Query(ctx, `select order_id, stars, comment, at from ratings where tenant_id = $1 and order_id = any($2)`, tenant, orders)
	if err != nil {
		return nil, fmt.Errorf("read the ratings of %d orders: %w", len(orders), err)
	}
	out := make(map[id.Order]Rating)
	var o id.Order
	var r Rating
	_, err = pgx.ForEachRow(rows, []any{&o, &r.Stars, &r.Comment, &r.At}, func() error {
		r.At = r.At.UTC()
		out[o] = r
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the ratings of %d orders: %w", len(orders), err)
	}
	return out, nil
}
