package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// DropPartitions drops the positions of the days before a time's (UTC), of all tenants: whole partitions, so it costs nothing, and the few fixes of days that
// have none.
func DropPartitions(ctx context.Context, db *pg.DB, before time.Time) error {
	_, err := db.Pool.Exec(ctx, `select drop_position_partitions($1::date)`, before.UTC().Truncate(24*time.Hour))
	return wrap("drop old positions", err)
}

// keepRoutes is how long it is kept where an offer or a handover would have led its rider: to customers' doors.
const keepRoutes = 7 * 24 * time.Hour

// ForgetRoutes deletes the stops of offers answered, and of handovers ended, long ago. Who was asked for what, and when, stays.
func ForgetRoutes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	for _, old := range []string{
		`update offers set stops = '[]' where tenant_id = $1 and answered_at < $2 and state <> 'open' and stops <> '[]'`,
		`update handovers set stops = '[]' where tenant_id = $1 and ended_at < $2 and stops <> '[]'`,
	} {
		if _, err := tx.Exec(ctx, old, tenant, now.Add(-keepRoutes)); err != nil {
			return wrap("forget the routes of offers and handovers", err)
		}
	}
	return nil
}

// ForgetDevices deletes the refresh tokens that have expired.
func ForgetDevices(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `delete from rider_devices where tenant_id = $1 and expires_at < $2`, tenant, now)
	return wrap("forget devices", err)
}
