package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Endpoints are reference data, but over pgx: one begins at a place in the feed that its own transaction reads.

const endpointColumns = `e.id, e.merchant_id, e.url, e.description, e.event_types, e.state, e.disabled_at, coalesce(e.disabled_reason, ''),
	e.created_at, e.updated_at, p.failures, p.failing_since, p.probe_at, p.last_success_at`

const endpointTables = `webhook_endpoints e join webhook_progress p on p.tenant_id = e.tenant_id and p.endpoint_id = e.id`

func scanEndpoint(row pgx.CollectableRow) (Endpoint, error) {
	var e Endpoint
	err := row.Scan(&e.ID, &e.Merchant, &e.URL, &e.Description, &e.Types, &e.State, &e.DisabledAt, &e.Disabled, &e.CreatedAt, &e.UpdatedAt,
		&e.Health.Failures, &e.Health.FailingSince, &e.Health.ProbeAt, &e.Health.LastSuccessAt)
	e.CreatedAt, e.UpdatedAt = e.CreatedAt.UTC(), e.UpdatedAt.UTC()
	for _, t := range []*time.Time{e.DisabledAt, e.Health.FailingSince, e.Health.ProbeAt, e.Health.LastSuccessAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return e, err
}

// Create adds an endpoint of a merchant, enabled, for what is committed from now on; it answers the secret, too. ErrTooMany, or
// *URLTakenError, after which the transaction is of no more use.
func Create(ctx context.Context, tx pgx.Tx, tenant id.Tenant, e Endpoint, now time.Time) (Endpoint, string, error) {
	e.ID, e.State, e.CreatedAt, e.UpdatedAt = id.NewEndpoint(), Enabled, micro(now), micro(now)
	if e.Types == nil {
		e.Types = []string{}
	}
	if err := lockMerchant(ctx, tx, tenant, e.Merchant); err != nil {
		return Endpoint{}, "", err
	}
	var others int
	err := tx.QueryRow(ctx, `select count(*) from webhook_endpoints where tenant_id = $1 and merchant_id = $2`, tenant, e.Merchant).Scan(&others)
	if err != nil {
		return Endpoint{}, "", fmt.Errorf("create a webhook endpoint: %w", err)
	}
	if others >= MaxEndpoints {
		return Endpoint{}, "", ErrTooMany
	}
	if err := urlFree(ctx, tx, tenant, e); err != nil {
		return Endpoint{}, "", err
	}
	place, err := order.FeedEnd(ctx, tx)
	if err != nil {
		return Endpoint{}, "", err
	}
	secret := newSecret()
	_, err = tx.Exec(ctx, `insert into webhook_endpoints (tenant_id, id, merchant_id, url, description, event_types, secret, state, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`, tenant, e.ID, e.Merchant, e.URL, e.Description, e.Types, secret, e.State, e.CreatedAt)
	if err == nil {
		_, err = tx.Exec(ctx, `insert into webhook_progress (tenant_id, endpoint_id, place) values ($1, $2, $3)`, tenant, e.ID, place.Bytes())
	}
	if err != nil {
		return Endpoint{}, "", fmt.Errorf("create a webhook endpoint: %w", err)
	}
	return e, secret, nil
}

// lockMerchant makes those who add or move endpoints of a merchant at the same time see each other.
func lockMerchant(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant) error {
	if _, err := tx.Exec(ctx, `select 1 from merchants where tenant_id = $1 and id = $2 for no key update`, tenant, merchant); err != nil {
		return fmt.Errorf("lock merchant %s: %w", merchant, err)
	}
	return nil
}

// urlFree is *URLTakenError when another endpoint of the merchant has e's address.
func urlFree(ctx context.Context, tx pgx.Tx, tenant id.Tenant, e Endpoint) error {
	var existing id.Endpoint
	err := tx.QueryRow(ctx, `select id from webhook_endpoints where tenant_id = $1 and merchant_id = $2 and url = $3 and id <> $4`,
		tenant, e.Merchant, e.URL, e.ID).Scan(&existing)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look for a webhook endpoint's address: %w", err)
	}
	return &URLTakenError{existing}
}

// Get reads an endpoint of a merchant. ErrNotFound.
func Get(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint) (Endpoint, error) {
	rows, err := tx.Query(ctx, `select `+endpointColumns+` from `+endpointTables+` where e.tenant_id = $1 and e.merchant_id = $2 and e.id = $3`,
		tenant, merchant, endpoint)
	if err != nil {
		return Endpoint{}, fmt.Errorf("read webhook endpoint %s: %w", endpoint, err)
	}
	e, err := pgx.CollectExactlyOneRow(rows, scanEndpoint)
	if errors.Is(err, pgx.ErrNoRows) {
		return Endpoint{}, ErrNotFound
	}
	if err != nil {
		return Endpoint{}, fmt.Errorf("read webhook endpoint %s: %w", endpoint, err)
	}
	return e, nil
}

// List reads a merchant's endpoints, the oldest first.
func List(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant) ([]Endpoint, error) {
	rows, err := tx.Query(ctx, `select `+endpointColumns+` from `+endpointTables+` where e.tenant_id = $1 and e.merchant_id = $2 order by e.id`,
		tenant, merchant)
	if err != nil {
		return nil, fmt.Errorf("list webhook endpoints: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanEndpoint)
	if err != nil {
		return nil, fmt.Errorf("list webhook endpoints: %w", err)
	}
	return out, nil
}

// Delete forgets an endpoint of a merchant; its log goes with Forget. ErrNotFound.
func Delete(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint) error {
	tag, err := tx.Exec(ctx, `delete from webhook_endpoints where tenant_id = $1 and merchant_id = $2 and id = $3`, tenant, merchant, endpoint)
	if err != nil {
		return fmt.Errorf("delete webhook endpoint %s: %w", endpoint, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNotFound
	}
	return nil
}

// micro is PostgreSQL's precision.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
