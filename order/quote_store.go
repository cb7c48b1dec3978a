package order

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// InsertQuote stores a quote.
func InsertQuote(ctx context.Context, tx pgx.Tx, tenant id.Tenant, q Quote) error {
	body, err := json.Marshal(q)
	if err == nil {
		_, err = tx.Exec(ctx, `insert into quotes (tenant_id, id, merchant_id, quote, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
			tenant, q.ID, q.Merchant, body, q.CreatedAt, q.ExpiresAt)
	}
	if err != nil {
		return fmt.Errorf("store a quote: %w", err)
	}
	return nil
}

const quoteColumns = `id, merchant_id, quote, created_at, expires_at, order_id`

func scanQuote(row pgx.Row) (Quote, error) {
	var q Quote
	var body []byte
	var h Quote // the columns: the body has none of them
	if err := row.Scan(&h.ID, &h.Merchant, &body, &h.CreatedAt, &h.ExpiresAt, &h.Order); err != nil {
		return q, err
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return q, fmt.Errorf("quote %s: %w", h.ID, err)
	}
	q.ID, q.Merchant, q.CreatedAt, q.ExpiresAt, q.Order = h.ID, h.Merchant, h.CreatedAt.UTC(), h.ExpiresAt.UTC(), h.Order
	return q, nil
}

// GetQuote reads a merchant's quote, used and expired ones too. ErrQuoteNotFound.
func GetQuote(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, quote id.Quote) (Quote, error) {
	q, err := scanQuote(tx.QueryRow(ctx, `select `+quoteColumns+` from quotes where tenant_id = $1 and id = $2 and merchant_id = $3`,
		tenant, quote, merchant))
	if errors.Is(err, pgx.ErrNoRows) {
		return q, ErrQuoteNotFound
	}
	if err != nil {
		return q, fmt.Errorf("read quote %s: %w", quote, err)
	}
	return q, nil
}

// UseQuote marks a merchant's quote as used by an order that will be placed in the same transaction. One statement asks and takes,
// so of many at once one wins; the others wait for it and learn how it ended. ErrQuoteNotFound, *QuoteUsedError, ErrQuoteExpired.
func UseQuote(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, quote id.Quote, by id.Order, now time.Time) (Quote, error) {
	q, err := scanQuote(tx.QueryRow(ctx, `update quotes set order_id = $4
		where tenant_id = $1 and id = $2 and merchant_id = $3 and order_id is null and expires_at > $5
		returning `+quoteColumns, tenant, quote, merchant, by, now))
	if err == nil {
		return q, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return q, fmt.Errorf("use quote %s: %w", quote, err)
	}
	if q, err = GetQuote(ctx, tx, tenant, merchant, quote); err != nil {
		return q, err
	}
	if !q.Order.IsZero() {
		return q, &QuoteUsedError{q.ID, q.Order}
	}
	return q, ErrQuoteExpired
}

// quoteMemory is how long an expired quote can still be read.
const quoteMemory = 30 * 24 * time.Hour

// ForgetQuotes clears a tenant's quotes that expired long ago; their orders keep the fees.
func ForgetQuotes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `delete from quotes where tenant_id = $1 and expires_at <= $2`, tenant, now.Add(-quoteMemory))
	if err != nil {
		return fmt.Errorf("forget quotes: %w", err)
	}
	return nil
}
