package rider

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// A robot is a rider of a sandbox: an ordinary profile with an open shift and no phone, so that all who read riders need not know.
const (
	robotName     = "Robbie Robot"
	robotCapacity = maxCapacity // whatever the order weighs
	robotShift    = 100 * 365 * 24 * time.Hour
)

// ErrNoSandbox keeps robots out of tenants whose orders people wait for.
var ErrNoSandbox = errors.New("rider: the tenant is no sandbox")

// HireRobots finds n robots of a zone who have nothing to do and no offer, and makes those that are lacking. The caller keeps others from
// hiring in the same sandbox at the same time. ErrNoSandbox.
func HireRobots(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, v Vehicle, n int, now time.Time) ([]id.Rider, error) {
	// As sets, which are hashed: with so many who are busy, asking for each by itself would be quadratic.
	rows, err := tx.Query(ctx, `
		select s.rider_id from shifts s join riders r on r.tenant_id = s.tenant_id and r.id = s.rider_id
			where s.tenant_id = $1 and s.zone_id = $2 and s.ended_at is null and r.vehicle = $3
		except select f.rider_id from offers f where f.tenant_id = $1 and f.state = 'open'
		except select p.rider_id from plans p where p.tenant_id = $1 and p.stops <> '[]'
		order by 1 limit $4`, tenant, zone, v, n)
	if err != nil {
		return nil, wrap("find idle robots", err)
	}
	hired, err := pgx.CollectRows(rows, pgx.RowTo[id.Rider])
	if err != nil {
		return nil, wrap("find idle robots", err)
	}
	if len(hired) == n {
		return hired, nil
	}
	made, err := makeRobots(ctx, tx, tenant, zone, v, n-len(hired), now)
	return append(hired, made...), err
}

func makeRobots(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, v Vehicle, n int, now time.Time) ([]id.Rider, error) {
	ids, shifts, phones := make([]id.Rider, n), make([]id.Shift, n), make([]string, n)
	for i := range ids {
		ids[i], shifts[i] = id.NewRider(), id.NewShift()
		phones[i] = robotPhone(ids[i])
	}
	tag, err := tx.Exec(ctx, `
		insert into riders (tenant_id, id, zone_id, name, phone, vehicle, capacity, max_orders, created_at)
		select $1, x.id, $2, $3, x.phone, $4, $5, 1, $6
		from unnest($7::uuid[], $8::text[]) as x (id, phone)
		where exists (select from tenants t where t.id = $1 and t.sandbox_of is not null)`,
		tenant, zone, robotName, v, robotCapacity, now, ids, phones)
	if err != nil {
		return nil, wrap("make robots", err)
	}
	if tag.RowsAffected() != int64(n) {
		return nil, ErrNoSandbox
	}
	_, err = tx.Exec(ctx, `
		insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at)
		select $1, x.id, x.rider, $2, $3, $4 from unnest($5::uuid[], $6::uuid[]) as x (id, rider)`,
		tenant, zone, now, now.Add(robotShift), shifts, ids)
	return ids, wrap("start the robots' shifts", err)
}

// robotPhone is a number that rings nowhere: no country has +999. It is made of the id's random part, so that no two robots share one.
func robotPhone(r id.Rider) string {
	return fmt.Sprintf("+999%012d", binary.BigEndian.Uint64(r[8:])%1_000_000_000_000)
}

// CountDeliveries adds one delivered order to the open shift of each rider.
func CountDeliveries(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) error {
	_, err := tx.Exec(ctx, "update shifts set delivered = delivered + 1 where tenant_id = $1 and rider_id = any($2) and ended_at is null", tenant, riders)
	return wrap("count deliveries", err)
}
