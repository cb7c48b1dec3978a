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

// EarnedOnShift is what each rider on shift in a zone has earned so far. Each part is computed once, for all riders: left to itself the database may, where
// it does not yet know how many there are, compute the orders in hand anew for each.
func EarnedOnShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) (map[id.Rider]ShiftEarned, error) {
	rows, err := tx.Query(ctx, `
		with money as materialized (select tariff ->> 'currency' as currency from tariffs where tenant_id = $1 and zone_id = $2 order by version desc limit 1),
			here as materialized (select id, rider_id, started_at, break_since from shifts where tenant_id = $1 and zone_id = $2 and ended_at is null),
			posted as materialized (select s.rider_id, -sum(p.amount) as minor from here s
				join ledger_postings p on p.tenant_id = $1 and p.rider_id = s.rider_id and p.at >= s.started_at and p.currency = (select currency from money)
				group by s.rider_id),
			hand as materialized (select o.rider_id, sum(y.minor) as minor from orders o
				join rider_pay y on y.tenant_id = $1 and y.order_id = o.id and y.rider_id = o.rider_id
				where o.tenant_id = $1 and o.zone_id = $2 and o.ended_at is null and o.rider_id is not null and y.currency = (select currency from money)
				group by o.rider_id),
			rested as materialized (select b.shift_id, sum(b.ended_at - b.started_at) as long from here s
				join shift_breaks b on b.tenant_id = $1 and b.shift_id = s.id group by b.shift_id)
		select s.rider_id, (coalesce(p.minor, 0) + coalesce(h.minor, 0))::bigint,
			greatest(0, extract(epoch from coalesce(s.break_since, $3) - s.started_at - coalesce(r.long, '0'))::bigint)
		from here s left join posted p on p.rider_id = s.rider_id left join hand h on h.rider_id = s.rider_id left join rested r on r.shift_id = s.id`, tenant, zone, now)
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
