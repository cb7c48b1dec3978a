package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// SetFault has something go wrong with an order, in place of what was to go wrong with it before.
// order.ErrNotFound; *order.TransitionError where it is too late for that.
func (s *Sandbox) SetFault(ctx context.Context, tenant id.Tenant, oid id.Order, f Fault) (o order.Order, err error) {
	now := s.clock.Now()
	err = s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		locked, err := order.Lock(ctx, tx, tenant, []id.Order{oid})
		if err != nil {
			return err
		}
		if len(locked) == 0 {
			return order.ErrNotFound
		}
		if o = locked[0]; !f.possible(o) {
			return &order.TransitionError{Order: oid, State: o.State, Event: order.EventType(f), Allowed: o.State.Allowed()}
		}
		before, err := faultOf(ctx, tx, tenant, oid)
		if err != nil || before == f {
			return err
		}
		if f == Delay20Min && o.State == order.AtStore {
			late := lateFood(o, now)
			if o, _, err = order.Apply(ctx, tx, tenant, oid, late.Event); err != nil {
				return err
			}
		}
		return Place(ctx, tx, tenant, oid, f, now)
	})
	if err == nil {
		s.dispatch.Placed(tenant, o.Zone, []id.Order{oid})
	}
	return o, err
}

// Place notes what will go wrong with an order, in the transaction that places it.
func Place(ctx context.Context, tx pgx.Tx, tenant id.Tenant, oid id.Order, f Fault, now time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into test_faults (tenant_id, order_id, fault, set_at) values ($1, $2, $3, $4)
		on conflict (tenant_id, order_id) do update set fault = excluded.fault, set_at = excluded.set_at`, tenant, oid, string(f), now)
	if err != nil {
		return fmt.Errorf("note a test order's fault: %w", err)
	}
	return nil
}

func faultOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, oid id.Order) (f Fault, err error) {
	err = tx.QueryRow(ctx, `select coalesce((select fault from test_faults where tenant_id = $1 and order_id = $2), '')`, tenant, oid).Scan(&f)
	if err != nil {
		return "", fmt.Errorf("read a test order's fault: %w", err)
	}
	return f, nil
}

// FailingWebhooks are those of the orders whose webhooks are to fail at first; outside of sandboxes there are none.
func FailingWebhooks(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) (map[id.Order]bool, error) {
	rows, err := tx.Query(ctx, `select order_id from test_faults where tenant_id = $1 and order_id = any($2) and fault = $3`,
		tenant, orders, string(Webhook500))
	if err != nil {
		return nil, fmt.Errorf("read which test orders' webhooks fail: %w", err)
	}
	out := make(map[id.Order]bool)
	var oid id.Order
	if _, err := pgx.ForEachRow(rows, []any{&oid}, func() error { out[oid] = true; return nil }); err != nil {
		return nil, fmt.Errorf("read which test orders' webhooks fail: %w", err)
	}
	return out, nil
}

// faultsOf reads the faults of a sandbox's open orders.
func faultsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (map[id.Order]Fault, error) {
	rows, err := tx.Query(ctx, `
		select f.order_id, f.fault from test_faults f join orders o on o.tenant_id = f.tenant_id and o.id = f.order_id
		where f.tenant_id = $1 and o.ended_at is null`, tenant)
	if err != nil {
		return nil, fmt.Errorf("read test orders' faults: %w", err)
	}
	out := make(map[id.Order]Fault)
	var oid id.Order
	var f Fault
	if _, err := pgx.ForEachRow(rows, []any{&oid, &f}, func() error { out[oid] = f; return nil }); err != nil {
		return nil, fmt.Errorf("read test orders' faults: %w", err)
	}
	return out, nil
}
