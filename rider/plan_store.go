package rider

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ErrPlanVersion refuses a plan that is not newer than the stored one: it was not made from a locked plan.
var ErrPlanVersion = errors.New("rider: plan is not newer than the stored one")

const planColumns = "p.rider_id, p.zone_id, p.version, p.stops, p.updated_at"

func scanPlan(row pgx.CollectableRow) (Plan, error) {
	var p Plan
	var stops []byte
	if err := row.Scan(&p.Rider, &p.Zone, &p.Version, &stops, &p.UpdatedAt); err != nil {
		return p, err
	}
	var err error
	if p.Stops, err = decodeStops(stops); err != nil {
		return p, fmt.Errorf("plan of %s: %w", p.Rider, err)
	}
	return p, nil
}

// GetPlan is a rider's plan; empty and of version 0 when there has never been one.
func GetPlan(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (Plan, error) {
	plans, err := getPlans(ctx, tx, tenant, []id.Rider{rider})
	return plans[rider], err
}

// LockPlan is GetPlan for writing: until the transaction ends nobody else gets the same plan by LockPlan or LockPlans.
func LockPlan(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (Plan, error) {
	plans, err := LockPlans(ctx, tx, tenant, []id.Rider{rider})
	return plans[rider], err
}

// LockPlans locks the plans of several riders, always in the same order, so that callers can't deadlock. A rider who has no plan
// yet is locked too (by an advisory lock: there is no row), and is in the result with an empty one.
func LockPlans(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) (map[id.Rider]Plan, error) {
	if len(riders) == 0 {
		return map[id.Rider]Plan{}, nil
	}
	keys := make([]int64, len(riders))
	for i, r := range riders {
		keys[i] = planLock(tenant, r)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	// A statement of its own: the plans must be read by a snapshot taken after the locks are held.
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(k) from unnest($1::bigint[]) k", keys); err != nil {
		return nil, wrap("lock plans", err)
	}
	return getPlans(ctx, tx, tenant, riders)
}

// planLock is the advisory lock's key. Two riders sharing one by accident only wait for each other.
func planLock(tenant id.Tenant, rider id.Rider) int64 {
	return int64(binary.BigEndian.Uint64(rider[8:])*0x9E3779B97F4A7C15 ^ binary.BigEndian.Uint64(rider[:8]) ^ binary.BigEndian.Uint64(tenant[8:]))
}

// PlansOf reads the plans of several riders; those who have none are in the result with an empty one.
func PlansOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) (map[id.Rider]Plan, error) {
	return getPlans(ctx, tx, tenant, riders)
}

func getPlans(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) (map[id.Rider]Plan, error) {
	rows, err := tx.Query(ctx, "select "+planColumns+" from plans p where p.tenant_id = $1 and p.rider_id = any($2)", tenant, riders)
	if err != nil {
		return nil, wrap("read plans", err)
	}
	found, err := pgx.CollectRows(rows, scanPlan)
	if err != nil {
		return nil, wrap("read plans", err)
	}
	out := make(map[id.Rider]Plan, len(riders))
	for _, r := range riders {
		out[r] = Plan{Rider: r}
	}
	for _, p := range found {
		out[p.Rider] = p
	}
	return out, nil
}

// SavePlans stores changed plans in one statement, each under the version that the caller gave it (one more than the
// locked plan's). UpdatedAt becomes now. A rider twice, or ErrPlanVersion where the stored plan is as new: nothing is to be kept, roll back.
func SavePlans(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time, plans []Plan) error {
	if len(plans) == 0 {
		return nil
	}
	riders := make([]id.Rider, len(plans))
	zones := make([]id.Zone, len(plans))
	versions := make([]int64, len(plans))
	stops := make([]string, len(plans))
	for i, p := range plans {
		js, err := encodeStops(p.Stops)
		if err != nil {
			return fmt.Errorf("plan of %s: %w", p.Rider, err)
		}
		riders[i], zones[i], versions[i], stops[i] = p.Rider, p.Zone, p.Version, js
	}
	tag, err := tx.Exec(ctx, `
		with saved as (
			insert into plans (tenant_id, rider_id, zone_id, version, stops, updated_at)
			select $1, rider, zone, version, stops::jsonb, $6
			from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) as x (rider, zone, version, stops)
			on conflict (tenant_id, rider_id) do update
			set zone_id = excluded.zone_id, version = excluded.version, stops = excluded.stops, updated_at = excluded.updated_at
			where plans.version < excluded.version
			returning rider_id, version, stops
		), forgotten as (
			delete from plan_versions v using saved s
			where v.tenant_id = $1 and v.rider_id = s.rider_id and v.version <= s.version - $7
		)
		insert into plan_versions (tenant_id, rider_id, version, at, stops)
		select $1, rider_id, version, $6, coalesce(
			(select jsonb_agg(jsonb_build_object('order_id', e->'order_id', 'kind', e->'kind') order by n) from jsonb_array_elements(stops) with ordinality x (e, n)), '[]')
		from saved`, tenant, riders, zones, versions, stops, now, keptVersions)
	if err != nil {
		return wrap("save plans", err)
	}
	if tag.RowsAffected() != int64(len(plans)) {
		return ErrPlanVersion
	}
	return nil
}

// PlansIn lists the plans of a zone, by rider: all that have stops, and the empty ones of riders on shift.
func PlansIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Plan, error) {
	rows, err := tx.Query(ctx, `
		select `+planColumns+` from plans p
		where p.tenant_id = $1 and p.zone_id = $2 and (p.stops <> '[]' or exists
			(select from shifts s where s.tenant_id = p.tenant_id and s.rider_id = p.rider_id and s.ended_at is null))
		order by p.rider_id`, tenant, zone)
	if err != nil {
		return nil, wrap("read the zone's plans", err)
	}
	out, err := pgx.CollectRows(rows, scanPlan)
	return out, wrap("read the zone's plans", err)
}

func encodeStops(stops []Stop) (string, error) {
	if len(stops) == 0 {
		return "[]", nil // never null
	}
	js, err := json.Marshal(stops)
	return string(js), err
}

func decodeStops(js []byte) ([]Stop, error) {
	if bytes.Equal(js, []byte("[]")) {
		return nil, nil
	}
	var stops []Stop
	if err := json.Unmarshal(js, &stops); err != nil {
		return nil, fmt.Errorf("stops: %w", err)
	}
	return stops, nil
}

// AllPlans reads every plan with stops, of all zones and whether or not its rider is on shift, by rider id.
func AllPlans(ctx context.Context, tx pgx.Tx, tenant id.Tenant) ([]Plan, error) {
	rows, err := tx.Query(ctx, `select `+planColumns+` from plans p where p.tenant_id = $1 and p.stops <> '[]' order by p.rider_id`, tenant)
	if err != nil {
		return nil, wrap("read all plans", err)
	}
	out, err := pgx.CollectRows(rows, scanPlan)
	return out, wrap("read all plans", err)
}
