package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// workBack is how far back work is looked at: the rest before a working day of 24 hours lies within it.
const workBack = 48 * time.Hour

// WorkedBy reads what riders have worked in the last two days.
func WorkedBy(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider, now time.Time) (map[id.Rider]Worked, error) {
	rows, err := tx.Query(ctx, `
		select rider_id, false, started_at, coalesce(ended_at, greatest($4, started_at)), ended_at is null from shifts
			where tenant_id = $1 and rider_id = any($2) and (ended_at > $3 or ended_at is null)
		union all select rider_id, true, started_at, ended_at, false from shift_breaks
			where tenant_id = $1 and rider_id = any($2) and started_at > $3::timestamptz - interval '1 day'
		union all select rider_id, true, break_since, least(greatest($4, break_since), break_since + break_for), break_for is null or break_since + break_for > $4 from shifts
			where tenant_id = $1 and rider_id = any($2) and ended_at is null and break_since is not null
		order by 3`, tenant, riders, now.Add(-workBack), now)
	if err != nil {
		return nil, wrap("read hours worked", err)
	}
	out := make(map[id.Rider]Worked, len(riders))
	var who id.Rider
	var isBreak, open bool
	var s Period
	_, err = pgx.ForEachRow(rows, []any{&who, &isBreak, &s.From, &s.To, &open}, func() error {
		w := out[who]
		if isBreak {
			w.Breaks, w.OnBreak = append(w.Breaks, s), open
		} else {
			w.Shifts, w.OnShift = append(w.Shifts, s), w.OnShift || open
		}
		out[who] = w
		return nil
	})
	return out, wrap("read hours worked", err)
}
