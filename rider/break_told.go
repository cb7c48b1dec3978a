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

// tellBreaks are the breaks that acts say, which are in the order in which they happened. Of an end and a beginning at the same moment the end is first where
// the rider is on a break.
func tellBreaks(acts []breakAct) (told breaksTold) {
	end := func(at time.Time) {
		told.Over, told.Since = append(told.Over, Period{told.Since, at}), time.Time{}
	}
	for len(acts) > 0 {
		at, begins, ends := acts[0].At, false, false
		for ; len(acts) > 0 && acts[0].At.Equal(at); acts = acts[1:] {
			begins, ends = begins || !acts[0].Ends, ends || acts[0].Ends
		}
		on := !told.Since.IsZero()
		if on && ends {
			end(at)
		}
		switch {
		case begins && on && !ends:
			told.Amid = append(told.Amid, at)
		case begins:
			told.Since = at
		}
		if begins && ends && !on {
			end(at)
		}
	}
	return told
}

// breakActs are the beginnings and ends of a shift's breaks that phones told. Who accepts an offer is back from the break.
const breakActs = `
	select least(at, applied_at) as at, kind <> 'start_break' as ends from rider_actions
	where tenant_id = $1 and rider_id = $2 and about = case when kind = 'accept_offer' then about else rider_id end and not waits
		and kind in ('start_break', 'end_break', 'accept_offer') and least(at, applied_at) >= $3 and ($4::timestamptz is null or least(at, applied_at) <= $4)`

// breakBounds are breakActs with what the server did itself: a break began with the last drop, or ended as the shift's were used up.
const breakBounds = breakActs + `
	union select started_at, false from shift_breaks where tenant_id = $1 and shift_id = $5
	union select ended_at, true from shift_breaks where tenant_id = $1 and shift_id = $5
	union select break_since, false from shifts where tenant_id = $1 and id = $5 and break_since is not null`

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
	rows, err := tx.Query(ctx, breakBounds+" order by at", tenant, s.Rider, s.StartedAt, s.EndedAt, s.ID)
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
