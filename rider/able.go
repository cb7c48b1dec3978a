package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Need is what an order asks of its rider.
type Need struct {
	Load     int
	Skills   []string // all of them
	Vehicles []string // one of them; empty = any
}

// CountOnShift counts who is on shift in a zone and means to go on, and how many of them could take an order of that need at all.
// How busy they are is not asked.
func CountOnShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time, n Need) (riders, able int, err error) {
	err = tx.QueryRow(ctx, `
		select count(*), count(*) filter (where r.capacity >= $4 and r.skills @> $5::text[] and (cardinality($6::text[]) = 0 or r.vehicle = any($6)))
		from shifts s join riders r on r.tenant_id = s.tenant_id and r.id = s.rider_id
		where s.tenant_id = $1 and s.zone_id = $2 and s.ended_at is null and s.ends_at > $3 and s.end_asked_at is null and s.break_since is null`,
		tenant, zone, now, n.Load, notNil(n.Skills), notNil(n.Vehicles)).Scan(&riders, &able)
	return riders, able, wrap("count who is on shift", err)
}

// notNil is s as an array that is not NULL.
func notNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
