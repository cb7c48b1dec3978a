package order

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Get reads one order; ErrNotFound if the tenant has no such order.
func Get(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order) (Order, error) {
	os, err := GetMany(ctx, tx, tenant, []id.Order{order})
	if err != nil {
		return Order{}, err
	}
	if len(os) == 0 {
		return Order{}, ErrNotFound
	}
	return os[0], nil
}

// GetMany reads those of the orders that the tenant has, by id.
func GetMany(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) ([]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and id = any($2) order by id`, tenant, orders))
	if err != nil {
		return nil, fmt.Errorf("read %d orders: %w", len(orders), err)
	}
	return os, nil
}

// Open reads a zone's orders that have not ended, scheduled ones included, by id.
func Open(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and zone_id = $2 and ended_at is null order by id`,
		tenant, zone))
	if err != nil {
		return nil, fmt.Errorf("read the open orders of zone %s: %w", zone, err)
	}
	return os, nil
}

// OfRider reads the orders that a rider has now, by id.
func OfRider(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) ([]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and rider_id = $2 and ended_at is null order by id`,
		tenant, rider))
	if err != nil {
		return nil, fmt.Errorf("read the orders of rider %s: %w", rider, err)
	}
	return os, nil
}

// DueScheduled lists a zone's scheduled orders whose time has come, the most overdue first.
func DueScheduled(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) ([]id.Order, error) {
	rows, err := tx.Query(ctx, `select id from orders where tenant_id = $1 and zone_id = $2 and state = 'scheduled' and due_at <= $3
		order by due_at, id`, tenant, zone, now)
	if err != nil {
		return nil, fmt.Errorf("read the due orders of zone %s: %w", zone, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Order])
	if err != nil {
		return nil, fmt.Errorf("read the due orders of zone %s: %w", zone, err)
	}
	return ids, nil
}

// DefaultLimit and MaxLimit bound a List.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
)

// Filter chooses orders; zero fields choose all.
type Filter struct {
	Merchant   id.Merchant
	Stores     []id.Store
	Zone       id.Zone
	States     []State
	ExternalID string
	Job        id.Job
	From, To   time.Time // placed at or after From and before To
	EndedFrom  time.Time // not ended, or ended at or after EndedFrom
	After      id.Order  // the last order of the page before
	Limit      int       // 0 = DefaultLimit; at most MaxLimit
}

// List reads orders, the newest first by id (ids are made in the order of placement).
func List(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f Filter) ([]Order, error) {
	where, args := f.where(tenant)
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where `+where+` order by id desc limit `+strconv.Itoa(f.limit()), args...))
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return os, nil
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return DefaultLimit
	}
	return min(f.Limit, MaxLimit)
}

// where names only the conditions in use, so that the planner sees which index fits.
func (f Filter) where(tenant id.Tenant) (string, []any) {
	conds, args := []string{"tenant_id = $1"}, []any{tenant}
	add := func(use bool, cond string, arg any) {
		if use {
			args = append(args, arg)
			conds = append(conds, fmt.Sprintf(cond, len(args)))
		}
	}
	add(!f.Merchant.IsZero(), "merchant_id = $%d", f.Merchant)
	add(len(f.Stores) > 0, "store_id = any($%d)", f.Stores)
	add(!f.Zone.IsZero(), "zone_id = $%d", f.Zone)
	add(len(f.States) > 0, "state = any($%d)", f.States)
	add(f.ExternalID != "", "external_id = $%d", f.ExternalID)
	add(!f.Job.IsZero(), "job_id = $%d", f.Job)
	add(!f.From.IsZero(), "placed_at >= $%d", f.From)
	add(!f.To.IsZero(), "placed_at < $%d", f.To)
	add(!f.EndedFrom.IsZero(), "(ended_at is null or ended_at >= $%d)", f.EndedFrom)
	add(!f.After.IsZero(), "id < $%d", f.After)
	return strings.Join(conds, " and "), args
}

// WithRiders reads the orders of a whole tenant that riders have now, by id.
func WithRiders(ctx context.Context, tx pgx.Tx, tenant id.Tenant) ([]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and rider_id is not null and ended_at is null order by id`, tenant))
	if err != nil {
		return nil, fmt.Errorf("read the orders that riders have: %w", err)
	}
	return os, nil
}
