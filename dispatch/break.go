package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// StartBreak begins a break, in which no new orders come: now, or where the act says so with the last drop. Beginning it twice is one act.
// Where the zone's policy caps the breaks of a shift, it ends by itself when they are used up, also one that was recorded as longer.
// rider.ErrHasWork, rider.ErrOffShift, *BreaksUsedError, ErrTooOld.
func (s *Service) StartBreak(ctx context.Context, tenant id.Tenant, who id.Rider, a Action) (shift rider.Shift, already bool, err error) {
	return s.breaks(ctx, tenant, who, ActStartBreak, a)
}

// EndBreak ends the break, or takes back that one was asked for. Without either nothing changes. rider.ErrOffShift, ErrTooOld.
func (s *Service) EndBreak(ctx context.Context, tenant id.Tenant, who id.Rider, a Action) (shift rider.Shift, already bool, err error) {
	return s.breaks(ctx, tenant, who, ActEndBreak, a)
}

func (s *Service) breaks(ctx context.Context, tenant id.Tenant, who id.Rider, kind ActKind, a Action) (shift rider.Shift, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		plan, err := rider.LockPlan(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		if a.ID != uuid.Nil {
			kept, err := rider.KeptActions(ctx, t, tenant, who, []uuid.UUID{a.ID})
			if err != nil {
				return err
			}
			if already = len(kept) > 0; already {
				shift, err = rider.LastShift(ctx, t, tenant, who)
				return err
			}
		}
		if shift, err = t.shiftOf(ctx, who, a); err != nil {
			return err
		}
		shift, err = t.tellBreak(ctx, kind, shift, a, len(plan.Stops) == 0)
		return err
	})
	return shift, already, err
}

// tellBreak applies the beginning or the end of a break in a shift. What was told before of later moments stands.
func (t *txn) tellBreak(ctx context.Context, kind ActKind, shift rider.Shift, a Action, idle bool) (rider.Shift, error) {
	var err error
	a.At = a.happened(shift.StartedAt, t.now)
	if a.AfterLastDrop && idle { // which has been
		if a.At, err = t.lastDrop(ctx, shift, a.At); err != nil {
			return shift, err
		}
		a.AfterLastDrop = false
	}
	late := false
	if a.Recorded {
		if late, err = rider.BreakToldAfter(ctx, t, t.tenant, shift, a.At); err != nil {
			return shift, err
		}
	}
	switch {
	case shift.EndedAt != nil:
	case kind == ActEndBreak && (!late || shift.BreakSince != nil && !shift.BreakSince.After(a.At)):
		shift, err = rider.EndBreak(ctx, t, t.tenant, shift.Rider, a.At)
	case kind == ActStartBreak && (!late || !idle):
		shift, err = t.startBreak(ctx, shift, a)
	}
	if err != nil {
		return shift, err
	}
	t.touch(changes{zone: shift.Zone, riders: []id.Rider{shift.Rider}, wake: true})
	if a.ID == uuid.Nil {
		a.ID = uuid.New() // kept for those that are told later
	}
	if err := t.keep(ctx, shift.Rider, a, kind, shift.Rider.UUID(), order.Order{}); err != nil || !a.Recorded {
		return shift, err
	}
	return t.settleBreaks(ctx, shift, idle)
}

// shiftOf is the shift that an act on a break is about: the open one, or if it was recorded that of its time.
func (t *txn) shiftOf(ctx context.Context, who id.Rider, a Action) (rider.Shift, error) {
	if a.Recorded {
		shift, err := rider.ShiftAt(ctx, t, t.tenant, who, a.At)
		if !errors.Is(err, rider.ErrOffShift) {
			return shift, err
		}
	}
	return rider.ShiftOf(ctx, t, t.tenant, who)
}

func (t *txn) startBreak(ctx context.Context, shift rider.Shift, a Action) (rider.Shift, error) {
	atMost, err := t.breakLeft(ctx, shift)
	if err != nil {
		return shift, err
	}
	return rider.StartBreak(ctx, t, t.tenant, shift.Rider, a.AfterLastDrop, atMost, a.At)
}

// settleBreaks makes a shift's breaks what was told of them, whose acts may have crossed on their way here.
func (t *txn) settleBreaks(ctx context.Context, shift rider.Shift, idle bool) (rider.Shift, error) {
	var left *time.Duration
	var err error
	switch {
	case shift.EndedAt != nil:
		left, err = t.breakWasLeft(ctx, shift)
	case shift.BreakSince != nil:
		left = shift.BreakFor
	default:
		left, err = t.breakLeft(ctx, shift)
	}
	if used := (*BreaksUsedError)(nil); errors.As(err, &used) {
		left, err = new(time.Duration), nil
	}
	if err != nil {
		return shift, err
	}
	return rider.SettleBreaks(ctx, t, t.tenant, shift, idle, left)
}

// emptied notes whether a rider's plan has stops left as it is being saved.
func (t *txn) emptied(p *rider.Plan) {
	at := slices.Index(t.idle, p.Rider)
	switch {
	case len(p.Stops) == 0 && at < 0:
		t.idle = append(t.idle, p.Rider)
	case len(p.Stops) > 0 && at >= 0:
		t.idle = slices.Delete(t.idle, at, at+1)
	}
}

// windDown does what riders have asked for whose last stop this transaction has taken away.
func (t *txn) windDown(ctx context.Context) error {
	at := t.now
	if !t.happened.IsZero() {
		at = t.happened
	}
	for _, r := range t.idle {
		shift, changed, err := rider.WindDown(ctx, t, t.tenant, r, at)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		if !t.happened.IsZero() { // that the break is over may have been told before the drop
			if shift, err = t.settleBreaks(ctx, shift, true); err != nil {
				return err
			}
		}
		t.touch(changes{zone: shift.Zone, riders: []id.Rider{r}, wake: true})
	}
	return nil
}

// lastDrop is when a rider last ended an order of the shift, and not before a time. A phone may tell late that it wanted the shift to end with it.
func (t *txn) lastDrop(ctx context.Context, shift rider.Shift, not time.Time) (time.Time, error) {
	last, err := order.LastEnded(ctx, t, t.tenant, shift.Rider, shift.StartedAt)
	if err != nil || last.Before(not) {
		return not, err
	}
	return last, nil
}
