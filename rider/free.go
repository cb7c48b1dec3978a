package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// FreeSince is since when the riders on shift in a zone have been without work: since the shift began, the last stop was done, a break ended,
// or an offer was declined or ran out, whichever was last. Who has stops or an open offer, or is on a break, is left out.
func FreeSince(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (map[id.Rider]time.Time, error) {
	rows, err := tx.Query(ctx, `
		with free as materialized (
			select s.id, s.rider_id, greatest(s.started_at, p.updated_at) as since
			from shifts s left join plans p on p.tenant_id = $1 and p.rider_id = s.rider_id
			where s.tenant_id = $1 and s.zone_id = $2 and s.ended_at is null and s.break_since is null and coalesce(p.stops, '[]') = '[]'
		), rested as materialized (
			select b.shift_id, max(b.ended_at) as until from free join shift_breaks b on b.tenant_id = $1 and b.shift_id = free.id group by b.shift_id
		)
		select free.rider_id, greatest(free.since, r.until, case when f.state in ('declined', 'expired') then f.answered_at end)
		from free
			left join rested r on r.shift_id = free.id
			left join lateral (select state, answered_at from offers o where o.tenant_id = $1 and o.rider_id = free.rider_id order by o.id desc limit 1) f on true
		where f.state is distinct from 'open'`, tenant, zone)
	if err != nil {
		return nil, wrap("read since when riders are free", err)
	}
	out := make(map[id.Rider]time.Time)
	var who id.Rider
	var since time.Time
	_, err = pgx.ForEachRow(rows, []any{&who, &since}, func() error {
		out[who] = since
		return nil
	})
	return out, wrap("read since when riders are free", err)
}
