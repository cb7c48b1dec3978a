package api

import (
	"bytes"
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

var errKeyReused = refuse(codeKeyReused, "The Idempotency-Key was used for another body.")

// ownKey is a key among those of its merchant.
type ownKey struct {
	merchant id.Merchant
	key      string
}

// usedKey is what a key was used for.
type usedKey struct {
	order id.Order // zero for a batch
	hash  []byte
}

// claims are different keys that are wanted, as columns.
type claims struct {
	merchants []id.Merchant
	keys      []string
	hashes    [][]byte
	orders    []id.Order
	ats       []time.Time
}

func (c *claims) add(k ownKey, hash []byte, o id.Order, now time.Time) {
	c.merchants, c.keys, c.hashes = append(c.merchants, k.merchant), append(c.keys, k.key), append(c.hashes, hash)
	c.orders, c.ats = append(c.orders, o), append(c.ats, now)
}

// claim takes the keys that are free, in the transaction that will do what they are for, and tells what the others have been used for.
// Whoever uses one at this moment is waited for by the unique index; keys are taken in one order everywhere, so that two transactions
// never wait for each other in a circle.
func (c *claims) claim(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (used map[ownKey]usedKey, err error) {
	if len(c.keys) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO idempotency_keys AS k (tenant_id, merchant_id, key, body_hash, order_id, created_at)
		SELECT $1, n.merchant_id, n.key, n.body_hash, n.order_id, n.created_at
		FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::uuid[], $6::timestamptz[]) AS n(merchant_id, key, body_hash, order_id, created_at)
		ORDER BY n.merchant_id, n.key
		ON CONFLICT (tenant_id, merchant_id, key) DO UPDATE
		SET body_hash = excluded.body_hash, order_id = excluded.order_id, answer = NULL, created_at = excluded.created_at
		WHERE k.created_at <= excluded.created_at - $7::interval
		RETURNING k.merchant_id, k.key`, tenant, c.merchants, c.keys, c.hashes, c.orders, c.ats, keyLife)
	if err != nil {
		return nil, fmt.Errorf("claim %d idempotency keys: %w", len(c.keys), err)
	}
	free := make(map[ownKey]bool, len(c.keys))
	var k ownKey
	if _, err := pgx.ForEachRow(rows, []any{&k.merchant, &k.key}, func() error { free[k] = true; return nil }); err != nil {
		return nil, fmt.Errorf("claim %d idempotency keys: %w", len(c.keys), err)
	}
	if len(free) == len(c.keys) {
		return nil, nil
	}
	return c.used(ctx, tx, tenant, free)
}

// used reads the claims that are not free.
func (c *claims) used(ctx context.Context, tx pgx.Tx, tenant id.Tenant, free map[ownKey]bool) (map[ownKey]usedKey, error) {
	var rest claims
	for i, m := range c.merchants {
		if k := (ownKey{m, c.keys[i]}); !free[k] {
			rest.add(k, nil, id.Order{}, c.ats[i])
		}
	}
	rows, err := tx.Query(ctx, `SELECT k.merchant_id, k.key, k.order_id, k.body_hash
		FROM idempotency_keys k JOIN unnest($2::uuid[], $3::text[]) AS n(merchant_id, key) ON k.merchant_id = n.merchant_id AND k.key = n.key
		WHERE k.tenant_id = $1`, tenant, rest.merchants, rest.keys)
	if err != nil {
		return nil, fmt.Errorf("read %d used idempotency keys: %w", len(rest.keys), err)
	}
	used := make(map[ownKey]usedKey, len(rest.keys))
	var k ownKey
	var u usedKey
	if _, err := pgx.ForEachRow(rows, []any{&k.merchant, &k.key, &u.order, &u.hash}, func() error {
		used[k] = usedKey{u.order, bytes.Clone(u.hash)}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read %d used idempotency keys: %w", len(rest.keys), err)
	}
	return used, nil
}

// releaseKeys gives keys back that the transaction has claimed: what they were claimed for was not done.
func releaseKeys(ctx context.Context, tx pgx.Tx, tenant id.Tenant, keys []ownKey) error {
	if len(keys) == 0 {
		return nil
	}
	merchants, words := make([]id.Merchant, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		merchants[i], words[i] = k.merchant, k.key
	}
	_, err := tx.Exec(ctx, `DELETE FROM idempotency_keys k USING unnest($2::uuid[], $3::text[]) AS n(merchant_id, key)
		WHERE k.tenant_id = $1 AND k.merchant_id = n.merchant_id AND k.key = n.key`, tenant, merchants, words)
	if err != nil {
		return fmt.Errorf("release %d idempotency keys: %w", len(keys), err)
	}
	return nil
}

// claimBatchKey claims a key for a batch: earlier is the answer given then, nil where the key is new.
func claimBatchKey(ctx context.Context, tx pgx.Tx, who merchant, key string, hash []byte, now time.Time) (earlier []byte, err error) {
	var c claims
	k := ownKey{who.Merchant, key}
	c.add(k, hash, id.Order{}, now)
	used, err := c.claim(ctx, tx, who.Tenant)
	if err != nil {
		return nil, err
	}
	if u, ok := used[k]; !ok {
		return nil, nil
	} else if !bytes.Equal(u.hash, hash) {
		return nil, errKeyReused
	}
	err = tx.QueryRow(ctx, `SELECT answer FROM idempotency_keys WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3`,
		who.Tenant, who.Merchant, key).Scan(&earlier)
	if err != nil {
		return nil, fmt.Errorf("read a batch's earlier answer: %w", err)
	}
	return earlier, nil
}

// keepAnswer stores a batch's or a job's answer with its key, in the transaction that claimed it. It is kept whole, because it can't be
// told again from the orders: rows that were refused left none.
func keepAnswer(ctx context.Context, tx pgx.Tx, who merchant, key string, a any) error {
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

// once answers a request that places several things: it has them placed in one transaction, and the answer in a. A request whose key was
// answered before has that answer again, and places nothing. prepare checks the request outside the transaction, and returns what
// is to be done inside, which sets a.
func (s *Server) once(ctx context.Context, who merchant, key string, body any, now time.Time, a any, prepare func() (func(pgx.Tx) error, error)) (placed bool, err error) {
	var hash []byte
	if key != "" {
		hash = bodyHash(body)
		if found, err := s.answered(ctx, who, key, hash, now, a); found || err != nil {
			return false, err
		}
	}
	do, err := prepare()
	if err != nil {
		return false, err
	}
	err = s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		if placed = true; key == "" {
			return do(tx)
		}
		earlier, err := claimBatchKey(ctx, tx, who, key, hash, now)
		if err != nil {
			return err
		}
		if earlier != nil {
			placed = false
			return json.Unmarshal(earlier, a)
		}
		if err := do(tx); err != nil {
			return err
		}
		return keepAnswer(ctx, tx, who, key, a)
	})
	return placed, err
}

// answered finds the answer that the same body had under the key. It is asked for before the body is checked, because what was right an
// hour ago may be wrong now.
func (s *Server) answered(ctx context.Context, who merchant, key string, hash []byte, now time.Time, a any) (found bool, err error) {
	var earlier []byte
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT answer FROM idempotency_keys
			WHERE tenant_id = $1 AND merchant_id = $2 AND key = $3 AND body_hash = $4 AND created_at > $5 AND answer IS NOT NULL`,
			who.Tenant, who.Merchant, key, hash, now.Add(-keyLife)).Scan(&earlier)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for an earlier answer: %w", err)
	}
	return true, json.Unmarshal(earlier, a)
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
