package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ErrOpen means that the order has not ended, so what it tells of its customer is still needed.
var ErrOpen = errors.New("the order has not ended")

// Erase deletes what orders tell of their customers: address, contact, instructions, items, tags and metadata, the proof demanded and given,
// texts that people wrote, and the place beyond a kilometre. States, times and money stay. Of orders that have not ended, were erased before or
// are not those of the transaction's tenant nothing changes; the answer tells which were erased now. Their pictures are erased by ErasePictures.
func Erase(ctx context.Context, tx pgx.Tx, orders []id.Order, now time.Time) ([]id.Order, error) {
	return orderIDs(ctx, tx, `select erase_customers($1, $2)`, orders, micro(now))
}

// Unerased lists orders that ended before a time and still tell of their customers, the oldest first.
func Unerased(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endedBefore time.Time, limit int) ([]id.Order, error) {
	return orderIDs(ctx, tx, `select id from orders where tenant_id = $1 and ended_at < $2 and erased_at is null order by ended_at limit $3`,
		tenant, endedBefore, limit)
}

// EraseCustomer erases the orders for who is called at a phone number, as the orders have it. Those under way are answered as open and stay.
func EraseCustomer(ctx context.Context, tx pgx.Tx, tenant id.Tenant, phone string, now time.Time) (erased, open []id.Order, err error) {
	const theirs = `select id from orders where tenant_id = $1 and dropoff ->> 'contact_phone' = $2 and ended_at is `
	ended, err := orderIDs(ctx, tx, theirs+`not null`, tenant, phone)
	if err != nil {
		return nil, nil, err
	}
	if open, err = orderIDs(ctx, tx, theirs+`null order by id`, tenant, phone); err != nil {
		return nil, nil, err
	}
	erased, err = Erase(ctx, tx, ended, now)
	return erased, open, err
}

func orderIDs(ctx context.Context, tx pgx.Tx, query string, args ...any) ([]id.Order, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("erase customers: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Order])
	if err != nil {
		return nil, fmt.Errorf("erase customers: %w", err)
	}
	return ids, nil
}
