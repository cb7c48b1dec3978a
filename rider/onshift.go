package rider

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// OnShift is a rider at work.
type OnShift struct {
	Rider
	Shift Shift
}

const riderColumns = "r.tenant_id, r.id, r.zone_id, coalesce(r.external_id, ''), r.name, r.phone, r.vehicle, r.capacity, r.max_orders, r.skills, r.disabled_at, r.created_at"

func (r *Rider) fields() []any {
	return []any{&r.Tenant, &r.ID, &r.Zone, &r.ExternalID, &r.Name, &r.Phone, &r.Vehicle, &r.Capacity, &r.MaxOrders, &r.Skills, &r.DisabledAt, &r.CreatedAt}
}

// selectOnShift reads what fields takes.
const selectOnShift = "select " + riderColumns + `, s.id, s.rider_id, s.zone_id, s.started_at, s.ends_at, s.ended_at, s.delivered, s.end_asked_at, s.break_asked_at, s.break_since, s.break_for
	from shifts s join riders r on r.tenant_id = s.tenant_id and r.id = s.rider_id `

func (o *OnShift) fields() []any { return append(o.Rider.fields(), o.Shift.fields()...) }

// OnShiftIn lists who is on shift in a zone, by rider id. The zone is the shift's: a rider may have moved home since.
func OnShiftIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]OnShift, error) {
	return onShift(tx.Query(ctx, selectOnShift+`where s.tenant_id = $1 and s.zone_id = $2 and s.ended_at is null
		order by r.id`, tenant, zone))
}

// OnShiftAmong lists those of the riders who are on shift in a zone, by rider id.
func OnShiftAmong(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, riders []id.Rider) ([]OnShift, error) {
	return onShift(tx.Query(ctx, selectOnShift+`where s.tenant_id = $1 and s.zone_id = $2 and s.rider_id = any($3) and s.ended_at is null order by r.id`, tenant, zone, riders))
}

func onShift(rows pgx.Rows, err error) ([]OnShift, error) {
	if err != nil {
		return nil, wrap("read who is on shift", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (OnShift, error) {
		var o OnShift
		err := row.Scan(o.fields()...)
		return o, err
	})
	return out, wrap("read who is on shift", err)
}

// OnShiftOf is a rider at work; ErrOffShift where there is no open shift.
func OnShiftOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (OnShift, error) {
	var o OnShift
	err := tx.QueryRow(ctx, selectOnShift+`where s.tenant_id = $1 and s.rider_id = $2 and s.ended_at is null`, tenant, rider).
		Scan(o.fields()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, ErrOffShift
	}
	return o, wrap("read whether a rider is on shift", err)
}

// GetMany reads profiles within a transaction, those that exist, by id.
func GetMany(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) ([]Rider, error) {
	rows, err := tx.Query(ctx, "select "+riderColumns+" from riders r where r.tenant_id = $1 and r.id = any($2) order by r.id", tenant, riders)
	if err != nil {
		return nil, wrap("read riders", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Rider, error) {
		var r Rider
		err := row.Scan(r.fields()...)
		return r, err
	})
	return out, wrap("read riders", err)
}
