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

// keepRoutes is how long it is kept where an offer would have led its rider: to customers' doors.
const keepRoutes = 7 * 24 * time.Hour

// ForgetRoutes deletes the stops of offers answered long ago. Who was offered what, and when, stays.
func ForgetRoutes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `update offers set stops = '[]' where tenant_id = $1 and answered_at < $2 and state <> 'open' and stops <> '[]'`,
		tenant, now.Add(-keepRoutes))
	return wrap("forget the routes of offers", err)
}

// ForgetDevices deletes the refresh tokens that have expired.
func ForgetDevices(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `delete from rider_devices where tenant_id = $1 and expires_at < $2`, tenant, now)
	return wrap("forget devices", err)
}
