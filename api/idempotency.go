package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// keyLife is how long an idempotency key is remembered.
const keyLife = 24 * time.Hour

// bodyHash is of what was understood, not of the bytes: spaces and the order of fields don't make another order.
func bodyHash(body any) []byte {
	b, err := json.Marshal(body)
	if err != nil { // a decoded body can be encoded
		panic(err)
	}
	h := sha256.Sum256(b)
	return h[:]
}

// claimKey makes the key the caller's, in the transaction that will insert the order. If it has been used it returns the
// order made then; whoever uses it at this moment is waited for by the unique index.
func claimKey(ctx context.Context, tx pgx.Tx, who merchant, key string, hash []byte, o id.Order, now time.Time) (earlier id.Order, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO idempotency_keys AS k (tenant_id, merchant_id, key, body_hash, order_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, merchant_id, key) DO UPDATE
		SET body_hash = excluded.body_hash, order_id = excluded.order_id, answer = NULL, created_at = excluded.created_at WHERE k.created_at <= $7`,
		who.Tenant, who.Merchant, key, hash, o, now, now.Add(-keyLife))
	if err != nil {
		return earlier, fmt.Errorf("claim idempotency key: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return earlier, nil
	}
	var same bool
	err = tx.QueryRow(ctx, `SELECT order_id, body_hash = $4 FROM idempotency_keys WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3`,
		who.Tenant, who.Merchant, key, hash).Scan(&earlier, &same)
	if err != nil {
		return earlier, fmt.Errorf("read idempotency key: %w", err)
	}
	if !same {
		return earlier, refuse(codeKeyReused, "The Idempotency-Key was used for another body.")
	}
	return earlier, nil
}

// claimBatchKey is claimKey for a batch: earlier is the answer given then, nil where the key is new.
func claimBatchKey(ctx context.Context, tx pgx.Tx, who merchant, key string, hash []byte, now time.Time) (earlier []byte, err error) {
	if _, err := claimKey(ctx, tx, who, key, hash, id.Order{}, now); err != nil {
		return nil, err
	}
	err = tx.QueryRow(ctx, `SELECT answer FROM idempotency_keys WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3`,
		who.Tenant, who.Merchant, key).Scan(&earlier)
	if err != nil {
		return nil, fmt.Errorf("read a batch's earlier answer: %w", err)
	}
	return earlier, nil
}

// keepAnswer stores a batch's answer with its key, in the transaction that claimed it. It is kept whole, because it can't be
// told again from the orders: rows that were refused left none.
func keepAnswer(ctx context.Context, tx pgx.Tx, who merchant, key string, a BatchAnswer) error {
	b, err := json.Marshal(a)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE idempotency_keys SET answer = $4 WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3`,
			who.Tenant, who.Merchant, key, b)
	}
	if err != nil {
		return fmt.Errorf("keep a batch's answer: %w", err)
	}
	return nil
}

// asPlaced is an order as the answer to its creation showed it, whatever has happened to it since. What the merchant told is
// taken from the same request, sent again; the history has the rest.
func asPlaced(ctx context.Context, tx pgx.Tx, tenant id.Tenant, oid id.Order, asked order.Order) (order.Order, error) {
	now, err := order.Get(ctx, tx, tenant, oid)
	if err != nil {
		return order.Order{}, err
	}
	history, err := order.Events(ctx, tx, tenant, oid)
	if err != nil {
		return order.Order{}, err
	}
	if len(history) == 0 {
		return order.Order{}, errors.New("order " + oid.String() + " has no history")
	}
	first, err := order.Rebuild(history[:1])
	if err != nil {
		return order.Order{}, fmt.Errorf("order %s as placed: %w", oid, err)
	}
	placed := asked
	placed.ID, placed.Zone, placed.Pickup, placed.Demand, placed.WeightG, placed.Fee = now.ID, now.Zone, now.Pickup, now.Demand, now.WeightG, now.Fee
	placed.State, placed.Version, placed.PlacedAt, placed.DueAt, placed.UpdatedAt = first.State, first.Version, first.PlacedAt, first.DueAt, first.UpdatedAt
	placed.ReadyEstimate, placed.PromiseAt = first.ReadyEstimate, first.PromiseAt
	if placed.PromiseAt.IsZero() { // placed before the history told it
		placed.PromiseAt = now.PromiseAt
	}
	placed.Clean()
	return placed, nil
}

// ForgetKeys clears a tenant's idempotency keys that are no longer remembered; a chore for every hour.
func ForgetKeys(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND created_at <= $2", tenant, now.Add(-keyLife))
	if err != nil {
		return fmt.Errorf("forget idempotency keys: %w", err)
	}
	return nil
}
