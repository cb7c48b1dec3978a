package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ShiftEarned is what a rider has earned on the open shift.
type ShiftEarned struct {
	Minor  int64         // in the currency of the zone's tariff: posted since the shift began, and told of the orders in hand
	Worked time.Duration // breaks left out
}

// EarnedOnShift is what each rider on shift in a zone has earned so far.
func EarnedOnShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) (map[id.Rider]ShiftEarned, error) {
	rows, err := tx.Query(ctx, `
		with money as (select tariff ->> 'currency' as currency from tariffs where tenant_id = $1 and zone_id = $2 order by version desc limit 1),
			hand as (select o.rider_id, sum(y.minor) as minor from orders o
				join rider_pay y on y.tenant_id = $1 and y.order_id = o.id and y.rider_id = o.rider_id
				where o.tenant_id = $1 and o.zone_id = $2 and o.ended_at is null and o.rider_id is not null and y.currency = (select currency from money)
				group by o.rider_id)
		select s.rider_id,
			(coalesce((select -sum(p.amount) from ledger_postings p where p.tenant_id = $1 and p.rider_id = s.rider_id and p.at >= s.started_at
				and p.currency = (select currency from money)), 0) + coalesce(h.minor, 0))::bigint,
			greatest(0, extract(epoch from coalesce(s.break_since, $3) - s.started_at
				- coalesce((select sum(b.ended_at - b.started_at) from shift_breaks b where b.tenant_id = $1 and b.shift_id = s.id), '0'))::bigint)
		from shifts s left join hand h on h.rider_id = s.rider_id
		where s.tenant_id = $1 and s.zone_id = $2 and s.ended_at is null`, tenant, zone, now)
	if err != nil {
		return nil, fmt.Errorf("earnings on shift: %w", err)
	}
	out := make(map[id.Rider]ShiftEarned)
	var who id.Rider
	var minor, worked int64
	_, err = pgx.ForEachRow(rows, []any{&who, &minor, &worked}, func() error {
		out[who] = ShiftEarned{minor, time.Duration(worked) * time.Second}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("earnings on shift: %w", err)
	}
	return out, nil
}
