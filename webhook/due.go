package webhook

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// target is an endpoint as a sender needs it.
type target struct {
	url     string
	secrets secrets
	health  Health
}

// due reads an endpoint and what is due to it, the oldest first. An endpoint that is disabled or deleted has nothing.
func (s *Service) due(ctx context.Context, tenant id.Tenant, endpoint id.Endpoint, limit int) (t target, ps []parcel, err error) {
	var ds []Delivery
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		if t, err = readTarget(ctx, tx, tenant, endpoint); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `select `+deliveryColumns+` from webhook_deliveries
			where tenant_id = $1 and endpoint_id = $2 and state = 'pending' and next_at <= $3
			order by next_at, order_id, version limit $4`, tenant, endpoint, s.clock.Now(), limit)
		if err != nil {
			return err
		}
		if ds, err = pgx.CollectRows(rows, scanDelivery); err != nil {
			return err
		}
		events, err := EventsOf(ctx, tx, tenant, ds)
		if err != nil {
			return err
		}
		orders := make([]id.Order, len(ds))
		for i, d := range ds {
			orders[i] = d.Event.Order
		}
		failing, err := s.failing(ctx, tx, tenant, orders)
		if err != nil {
			return err
		}
		for _, d := range ds {
			e, known := events[d.Event]
			var payload []byte
			if d.Test() {
				payload, err = d.Payload(endpoint, nil, s.show)
			} else if known {
				payload, err = d.Payload(endpoint, &e, s.show)
			} else {
				err = errors.New("there is no such event")
			}
			if err != nil {
				return fmt.Errorf("delivery %s: %w", d.Event, err)
			}
			ps = append(ps, parcel{d.Event, d.At, d.Attempts, payload, failing[d.Event.Order] && d.Attempts == 0})
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return target{}, nil, nil
	}
	if err != nil {
		return target{}, nil, fmt.Errorf("read what is due to webhook endpoint %s: %w", endpoint, err)
	}
	return t, ps, nil
}

// readTarget is ErrNotFound for an endpoint that takes nothing.
func readTarget(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endpoint id.Endpoint) (t target, err error) {
	err = tx.QueryRow(ctx, `select e.url, e.secret, e.old_secrets, p.failures, p.failing_since, p.probe_at, p.last_success_at
		from `+endpointTables+` where e.tenant_id = $1 and e.id = $2 and e.state = 'enabled'`, tenant, endpoint).
		Scan(&t.url, &t.secrets.now, &t.secrets.old, &t.health.Failures, &t.health.FailingSince, &t.health.ProbeAt, &t.health.LastSuccessAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, ErrNotFound
	}
	return t, err
}
