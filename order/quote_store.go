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

// LockQuotes reads those of the quotes that the tenant has and keeps others from using them until the transaction ends. Of many who want
// the same one at once one gets it; the others wait, and see how it ended. The rows are locked in the order of their ids, so that two
// never wait for each other in a circle.
func LockQuotes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, quotes []id.Quote) (map[id.Quote]Quote, error) {
	rows, err := tx.Query(ctx, `select `+quoteColumns+` from quotes where tenant_id = $1 and id = any($2) order by id for no key update`, tenant, quotes)
	if err != nil {
		return nil, fmt.Errorf("lock %d quotes: %w", len(quotes), err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Quote, error) { return scanQuote(row) })
	if err != nil {
		return nil, fmt.Errorf("lock %d quotes: %w", len(quotes), err)
	}
	out := make(map[id.Quote]Quote, len(found))
	for _, q := range found {
		out[q.ID] = q
	}
	return out, nil
}

// UseQuotes notes which order has used which quote. The transaction has locked the quotes and places the orders.
func UseQuotes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, used map[id.Quote]id.Order) error {
	quotes, orders := make([]id.Quote, 0, len(used)), make([]id.Order, 0, len(used))
	for q, o := range used {
		quotes, orders = append(quotes, q), append(orders, o)
	}
	_, err := tx.Exec(ctx, `update quotes q set order_id = n.order_id from unnest($2::uuid[], $3::uuid[]) as n(id, order_id)
		where q.tenant_id = $1 and q.id = n.id`, tenant, quotes, orders)
	if err != nil {
		return fmt.Errorf("use %d quotes: %w", len(used), err)
	}
	return nil
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
