package rider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Shift is a rider's time at work. It ends when the rider says so, not at EndsAt, which only keeps new work away.
type Shift struct {
	ID        id.Shift   `json:"id"`
	Rider     id.Rider   `json:"rider_id"`
	Zone      id.Zone    `json:"zone_id"`
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at"` // planned
	EndedAt   *time.Time `json:"ended_at"`
	Delivered int        `json:"delivered"`

	EndAskedAt   *time.Time `json:"end_asked_at"`   // the rider wants it to end with the last drop
	BreakAskedAt *time.Time `json:"break_asked_at"` // the rider wants a break after the last drop
	BreakSince   *time.Time `json:"break_since"`    // the rider is on a break

	BreakFor *time.Duration `json:"break_for"` // the break asked for or under way lasts no longer; nil: as long as the rider likes
}

// BreakUntil is when the break under way ends by itself; nil where none does.
func (s Shift) BreakUntil() *time.Time {
	if s.BreakSince == nil || s.BreakFor == nil {
		return nil
	}
	return new(s.BreakSince.Add(*s.BreakFor))
}

var (
	// ErrOnShift says that the rider has a shift already, which comes along with it.
	ErrOnShift = errors.New("rider: already on shift")
	// ErrOffShift says that the rider has no open shift.
	ErrOffShift = errors.New("rider: not on shift")
	// ErrHasWork says that stops remain in the rider's plan.
	ErrHasWork = errors.New("rider: stops remain")
)

const shiftColumns = "id, rider_id, zone_id, started_at, ends_at, ended_at, delivered, end_asked_at, break_asked_at, break_since, break_for"

func (s *Shift) fields() []any {
	return []any{&s.ID, &s.Rider, &s.Zone, &s.StartedAt, &s.EndsAt, &s.EndedAt, &s.Delivered, &s.EndAskedAt, &s.BreakAskedAt, &s.BreakSince, &s.BreakFor}
}

func scanShift(row pgx.Row) (Shift, error) {
	var s Shift
	err := row.Scan(s.fields()...)
	return s, err
}

// startAttempts bounds how often StartShift looks again when the shift in its way ends at that very moment.
const startAttempts = 3

// StartShift opens a shift in the rider's home zone, planned until endsAt (later than now). Starting twice returns the open
// shift with ErrOnShift. ErrNotFound, ErrDisabled.
func StartShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now, endsAt time.Time) (Shift, error) {
	for range startAttempts {
		s, err := scanShift(tx.QueryRow(ctx, `
			insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at)
			select tenant_id, $3, id, zone_id, $4, $5 from riders
			where tenant_id = $1 and id = $2 and disabled_at is null
			on conflict (tenant_id, rider_id) where ended_at is null do nothing
			returning `+shiftColumns, tenant, rider, id.NewShift(), now, endsAt))
		if !errors.Is(err, pgx.ErrNoRows) {
			return s, wrap("start a shift", err)
		}
		s, err = ShiftOf(ctx, tx, tenant, rider)
		if err == nil {
			return s, ErrOnShift
		}
		if !errors.Is(err, ErrOffShift) {
			return Shift{}, err
		}
		if err := mayWork(ctx, tx, tenant, rider); err != nil {
			return Shift{}, err
		}
	}
	return Shift{}, fmt.Errorf("start a shift: the rider's shifts changed %d times meanwhile", startAttempts)
}

// mayWork is ErrNotFound or ErrDisabled where the rider is.
func mayWork(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) error {
	var disabled bool
	err := tx.QueryRow(ctx, "select disabled_at is not null from riders where tenant_id = $1 and id = $2", tenant, rider).Scan(&disabled)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return fmt.Errorf("read the rider: %w", err)
	case disabled:
		return ErrDisabled
	}
	return nil
}

// EndShift closes the rider's shift. ErrHasWork while stops remain, ErrOffShift when there is none open. It locks the plan, so
// no stop can be added meanwhile.
func EndShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) (Shift, error) {
	plan, err := LockPlan(ctx, tx, tenant, rider)
	if err != nil {
		return Shift{}, err
	}
	if len(plan.Stops) > 0 {
		return Shift{}, ErrHasWork
	}
	if err := keepBreak(ctx, tx, tenant, rider, now); err != nil {
		return Shift{}, err
	}
	s, err := scanShift(tx.QueryRow(ctx, `
		update shifts set ended_at = $3, break_since = null, break_asked_at = null, break_for = null where tenant_id = $1 and rider_id = $2 and ended_at is null
		returning `+shiftColumns, tenant, rider, now))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, ErrOffShift
	}
	return s, wrap("end the shift", err)
}

// ShiftOf is the rider's open shift; ErrOffShift when there is none.
func ShiftOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (Shift, error) {
	s, err := scanShift(tx.QueryRow(ctx, "select "+shiftColumns+
		" from shifts where tenant_id = $1 and rider_id = $2 and ended_at is null", tenant, rider))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, ErrOffShift
	}
	return s, wrap("read the shift", err)
}

// ShiftAt is the rider's shift at a time, open or not; ErrOffShift where there was none.
func ShiftAt(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, at time.Time) (Shift, error) {
	s, err := scanShift(tx.QueryRow(ctx, "select "+shiftColumns+
		" from shifts where tenant_id = $1 and rider_id = $2 and started_at <= $3 and (ended_at is null or ended_at >= $3) order by started_at desc limit 1", tenant, rider, at))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, ErrOffShift
	}
	return s, wrap("read the shift of a time", err)
}

// LastShift is the rider's latest shift, open or not; ErrOffShift when there has never been one.
func LastShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (Shift, error) {
	s, err := scanShift(tx.QueryRow(ctx, "select "+shiftColumns+
		" from shifts where tenant_id = $1 and rider_id = $2 order by ended_at desc nulls first limit 1", tenant, rider))
	if errors.Is(err, pgx.ErrNoRows) {
		return Shift{}, ErrOffShift
	}
	return s, wrap("read the last shift", err)
}

// CountDelivered adds one delivered order to the rider's open shift. Off shift (ended by a dispatcher on the way) it does nothing.
func CountDelivered(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) error {
	_, err := tx.Exec(ctx, "update shifts set delivered = delivered + 1 where tenant_id = $1 and rider_id = $2 and ended_at is null",
		tenant, rider)
	return wrap("count the delivery", err)
}

// wrap names what failed; nil stays nil.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
