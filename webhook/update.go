package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Change is what to change of an endpoint; nil stays.
type Change struct {
	URL         *string
	Description *string
	EventTypes  *[]string
	State       *State
}

// Update changes an endpoint of a merchant. One that is enabled again goes on where it stopped. A new address, and being enabled again, are
// a new beginning: what the endpoint failed at before is forgotten. ErrNotFound, or *URLTakenError.
func Update(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint, c Change, now time.Time) (Endpoint, error) {
	if err := lockMerchant(ctx, tx, tenant, merchant); err != nil {
		return Endpoint{}, err
	}
	if _, err := tx.Exec(ctx, `select 1 from webhook_endpoints where tenant_id = $1 and id = $2 for no key update`, tenant, endpoint); err != nil {
		return Endpoint{}, fmt.Errorf("lock webhook endpoint %s: %w", endpoint, err)
	}
	was, err := Get(ctx, tx, tenant, merchant, endpoint)
	if err != nil {
		return Endpoint{}, err
	}
	e := was
	if c.URL != nil {
		e.URL = *c.URL
	}
	if c.Description != nil {
		e.Description = *c.Description
	}
	if c.EventTypes != nil {
		e.Types = *c.EventTypes
	}
	if c.State != nil && *c.State != was.State {
		e.State, e.DisabledAt, e.Disabled = *c.State, nil, ""
		if e.State == Disabled {
			e.DisabledAt, e.Disabled = new(micro(now)), ByMerchant
		}
	}
	e.UpdatedAt = micro(now)
	if err := urlFree(ctx, tx, tenant, e); err != nil {
		return Endpoint{}, err
	}
	var reason *Reason
	if e.Disabled != "" {
		reason = &e.Disabled
	}
	_, err = tx.Exec(ctx, `update webhook_endpoints set url = $3, description = $4, event_types = $5, state = $6, disabled_at = $7,
		disabled_reason = $8, updated_at = $9 where tenant_id = $1 and id = $2`,
		tenant, endpoint, e.URL, e.Description, e.Types, e.State, e.DisabledAt, reason, e.UpdatedAt)
	if err != nil {
		return Endpoint{}, fmt.Errorf("change webhook endpoint %s: %w", endpoint, err)
	}
	if e.URL != was.URL || e.State == Enabled && was.State == Disabled {
		e.Health = Health{LastSuccessAt: e.Health.LastSuccessAt}
		_, err := tx.Exec(ctx, `update webhook_progress set failures = 0, failing_since = null, probe_at = null where tenant_id = $1 and endpoint_id = $2`,
			tenant, endpoint)
		if err != nil {
			return Endpoint{}, fmt.Errorf("forget failures of webhook endpoint %s: %w", endpoint, err)
		}
		if err := retryNow(ctx, tx, tenant, endpoint, now); err != nil {
			return Endpoint{}, err
		}
	}
	return e, nil
}

const retryAtOnce = `update webhook_deliveries set next_at = $3 where tenant_id = $1 and endpoint_id = $2 and state = 'pending' and next_at > $3`

// retryNow makes all that waits for its next attempt due.
func retryNow(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endpoint id.Endpoint, now time.Time) error {
	if _, err := tx.Exec(ctx, retryAtOnce, tenant, endpoint, micro(now)); err != nil {
		return fmt.Errorf("retry the deliveries of webhook endpoint %s: %w", endpoint, err)
	}
	return nil
}
