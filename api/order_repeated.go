package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// placedBefore answers a request that was found wrong. What was right an hour ago may be wrong now, its window in the past: a repetition of
// what was placed then has the answer of then. It is asked only here, so that requests that are right don't pay for it.
func (s *Server) placedBefore(ctx context.Context, who merchant, in *createOrderInput, hash []byte, now time.Time, wrong error) (*out[Order], error) {
	if in.IdempotencyKey == "" {
		return nil, wrong
	}
	var o order.Order
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		earlier, err := earlierOrder(ctx, tx, who, in.IdempotencyKey, hash, now)
		if err != nil {
			return err
		}
		asked, err := in.Body.order()
		if err != nil {
			return err
		}
		asked.Tenant, asked.Merchant, asked.Store = who.Tenant, who.Merchant, in.Body.StoreID
		o, err = asPlaced(ctx, tx, who.Tenant, earlier, asked)
		return err
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, wrong
	case err != nil:
		return nil, err
	}
	return answer(s.placedOrder(o)), nil
}

// earlierOrder is the order that the same body made under the key, if it is remembered. pgx.ErrNoRows.
func earlierOrder(ctx context.Context, tx pgx.Tx, who merchant, key string, hash []byte, now time.Time) (earlier id.Order, err error) {
	err = tx.QueryRow(ctx, `SELECT order_id FROM idempotency_keys
		WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3 AND body_hash = $4 AND created_at > $5`,
		who.Tenant, who.Merchant, key, hash, now.Add(-keyLife)).Scan(&earlier)
	if err != nil {
		return earlier, fmt.Errorf("look for an earlier order: %w", err)
	}
	return earlier, nil
}
