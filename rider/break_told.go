package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// breakAct is a beginning or an end of a break that a phone has told.
type breakAct struct {
	At   time.Time
	Ends bool
}

// breaksTold are a shift's breaks as far as they were told.
type breaksTold struct {
	Over  []Period
	Since time.Time   // of the one under way; zero: none is
	Amid  []time.Time // beginnings in the middle of a break: the end before is still to come
}

// tellBreaks are the breaks that acts say, which are in the order in which they happened.
func tellBreaks(acts []breakAct) (told breaksTold) {
	for _, a := range acts {
		switch on := !told.Since.IsZero(); {
		case a.Ends && on:
			told.Over = append(told.Over, Period{told.Since, a.At})
			told.Since = time.Time{}
		case !a.Ends && on:
			told.Amid = append(told.Amid, a.At)
		case !a.Ends:
			told.Since = a.At
		}
	}
	return told
}

// breakActs are those of a shift that are remembered, the earliest first. Who accepts an offer is back from the break.
const breakActs = `
	select least(at, applied_at) as at, kind <> 'start_break' as ends from rider_actions
	where tenant_id = $1 and rider_id = $2 and about = case when kind = 'accept_offer' then about else rider_id end
		and kind in ('start_break', 'end_break', 'accept_offer') and least(at, applied_at) >= $3 and ($4::timestamptz is null or least(at, applied_at) <= $4)`

// BreakToldAfter reports whether the beginning or the end of a break was told that happened after a time in a shift.
func BreakToldAfter(ctx context.Context, tx pgx.Tx, tenant id.Tenant, s Shift, at time.Time) (bool, error) {
	var after bool
	err := tx.QueryRow(ctx, "select exists (select from ("+breakActs+") a where a.at > $5)", tenant, s.Rider, s.StartedAt, s.EndedAt, at).Scan(&after)
	return after, wrap("read breaks told", err)
}

// SettleBreaks makes a shift's breaks what phones have told of them so far, in whichever order it came: what began in the middle of a break waits for
// the end before, and a break that is missing because its acts crossed is had after all, for no longer than atMost (nil: as long as it was). Breaks
// that began by themselves, and those that did not last, stay as they are. idle says that the rider has nothing to do.
func SettleBreaks(ctx context.Context, tx pgx.Tx, tenant id.Tenant, s Shift, idle bool, atMost *time.Duration) (Shift, error) {
	rows, err := tx.Query(ctx, breakActs+" order by 1, kind <> 'start_break'", tenant, s.Rider, s.StartedAt, s.EndedAt)
	if err != nil {
		return s, wrap("read breaks told", err)
	}
	acts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[breakAct])
	if err != nil {
		return s, wrap("read breaks told", err)
	}
	told := tellBreaks(acts)
	if _, err := tx.Exec(ctx, "delete from shift_breaks where tenant_id = $1 and shift_id = $2 and started_at = any($3)", tenant, s.ID, told.Amid); err != nil {
		return s, wrap("take back breaks", err)
	}
	if s.EndedAt != nil && !told.Since.IsZero() {
		told.Over, told.Since = append(told.Over, Period{told.Since, *s.EndedAt}), time.Time{}
	}
	for _, p := range told.Over {
		if s.BreakSince != nil && !s.BreakSince.Before(p.From) && s.BreakSince.Before(p.To) {
			if s, err = EndBreak(ctx, tx, tenant, s.Rider, p.To); err != nil {
				return s, err
			}
			continue
		}
		if err := settleBreak(ctx, tx, tenant, s, p, atMost); err != nil {
			return s, err
		}
	}
	if told.Since.IsZero() || !idle || s.BreakSince != nil || s.BreakAskedAt != nil {
		return s, nil
	}
	again, err := scanShift(tx.QueryRow(ctx, `
		update shifts s set break_since = $3, break_for = $4::interval
		where tenant_id = $1 and id = $2 and ended_at is null
			and not exists (select from shift_breaks b where b.tenant_id = $1 and b.shift_id = $2 and b.started_at >= $3)
		returning `+shiftColumns, tenant, s.ID, told.Since, atMost))
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	return again, wrap("begin the break", err)
}

// settleBreak has a shift have had a break: one that began within it ended with it, and where none did it is added.
func settleBreak(ctx context.Context, tx pgx.Tx, tenant id.Tenant, s Shift, p Period, atMost *time.Duration) error {
	tag, err := tx.Exec(ctx, `
		update shift_breaks set ended_at = least(ended_at, $4)
		where tenant_id = $1 and shift_id = $2 and started_at >= $3 and started_at < $4`, tenant, s.ID, p.From, p.To)
	if err != nil || tag.RowsAffected() > 0 || !p.To.After(p.From) || atMost != nil && *atMost <= 0 {
		return wrap("put a break right", err)
	}
	_, err = tx.Exec(ctx, `
		insert into shift_breaks (tenant_id, shift_id, rider_id, started_at, ended_at) values ($1, $2, $3, $4, least($5, $4::timestamptz + $6::interval))`,
		tenant, s.ID, s.Rider, p.From, p.To, atMost)
	return wrap("add a break", err)
}

// BreakTime is how long the breaks of a shift lasted in all, the one under way left out.
func BreakTime(ctx context.Context, tx pgx.Tx, tenant id.Tenant, shift id.Shift) (d time.Duration, err error) {
	err = tx.QueryRow(ctx, "select coalesce(sum(ended_at - started_at), '0') from shift_breaks where tenant_id = $1 and shift_id = $2", tenant, shift).Scan(&d)
	return d, wrap("add up breaks", err)
}
