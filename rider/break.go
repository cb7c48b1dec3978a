package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Winding reports whether new orders keep away: the rider has asked for the end or for a break, or is on one.
func (s Shift) Winding() bool {
	return s.EndAskedAt != nil || s.BreakAskedAt != nil || s.BreakSince != nil
}

// AskEnd notes that a rider's shift is to end with the last drop. Who asks twice has asked at the first time. ErrOffShift.
func AskEnd(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) (Shift, error) {
	return changeShift(ctx, tx, "ask for the shift's end", "end_asked_at = coalesce(end_asked_at, $3), break_asked_at = null, break_for = case when break_since is not null then break_for end", tenant, rider, now)
}

// StartBreak begins a break now, or with the last drop where stops remain and the rider would wait for it. It lasts no longer than atMost; nil: as long
// as the rider likes. Who is on a break stays on it. ErrHasWork, ErrOffShift.
func StartBreak(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, afterLastDrop bool, atMost *time.Duration, now time.Time) (Shift, error) {
	plan, err := LockPlan(ctx, tx, tenant, rider)
	switch {
	case err != nil:
		return Shift{}, err
	case len(plan.Stops) == 0:
		return changeShift(ctx, tx, "begin the break", "break_since = coalesce(break_since, greatest($3, started_at)), break_asked_at = null, break_for = case when break_since is null then $4::interval else break_for end", tenant, rider, now, atMost)
	case !afterLastDrop:
		return Shift{}, ErrHasWork
	}
	return changeShift(ctx, tx, "ask for a break", "break_asked_at = coalesce(break_asked_at, $3), break_for = $4::interval", tenant, rider, now, atMost)
}

// EndBreak ends the break, or takes back that one was asked for. Without either nothing changes. ErrOffShift.
func EndBreak(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) (Shift, error) {
	if err := keepBreak(ctx, tx, tenant, rider, now); err != nil {
		return Shift{}, err
	}
	return changeShift(ctx, tx, "end the break", "break_since = null, break_asked_at = null, break_for = null", tenant, rider, now)
}

// WindDown does what a rider has asked for once no stops are left: the shift ends, or the break begins. changed is false where nothing was
// asked for.
func WindDown(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) (s Shift, changed bool, err error) {
	s, err = scanShift(tx.QueryRow(ctx, `
		update shifts set break_asked_at = null,
			ended_at = case when end_asked_at is not null then greatest($3, started_at) end,
			break_since = case when end_asked_at is null then greatest($3, started_at) end,
			break_for = case when end_asked_at is null then break_for end
		where tenant_id = $1 and rider_id = $2 and ended_at is null and break_since is null and (end_asked_at is not null or break_asked_at is not null)
		returning `+shiftColumns, tenant, rider, now))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, false, nil
	}
	return s, err == nil, wrap("wind the shift down", err)
}

// BreaksOver lists who is on a break in a zone that should have ended by now.
func BreaksOver(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) ([]id.Rider, error) {
	rows, err := tx.Query(ctx, `
		select rider_id from shifts where tenant_id = $1 and zone_id = $2 and ended_at is null and break_since + break_for <= $3`, tenant, zone, now)
	if err != nil {
		return nil, wrap("read whose break is over", err)
	}
	riders, err := pgx.CollectRows(rows, pgx.RowTo[id.Rider])
	return riders, wrap("read whose break is over", err)
}

// keepBreak writes down the break under way, as over now, or when it should have ended by itself.
func keepBreak(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into shift_breaks (tenant_id, shift_id, rider_id, started_at, ended_at)
		select tenant_id, id, rider_id, break_since, least(greatest($3, break_since), break_since + break_for) from shifts
		where tenant_id = $1 and rider_id = $2 and ended_at is null and break_since is not null on conflict do nothing`, tenant, rider, now)
	return wrap("keep the break", err)
}

// changeShift changes a rider's open shift; set's $3 is now, and what more it takes follows. ErrOffShift.
func changeShift(ctx context.Context, tx pgx.Tx, what, set string, tenant id.Tenant, rider id.Rider, now time.Time, more ...any) (Shift, error) {
	s, err := scanShift(tx.QueryRow(ctx, "update shifts set "+set+" where tenant_id = $1 and rider_id = $2 and ended_at is null and $3::timestamptz is not null returning "+shiftColumns,
		append([]any{tenant, rider, now}, more...)...))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, ErrOffShift
	}
	return s, wrap(what, err)
}
