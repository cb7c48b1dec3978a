package dispatch

import (
	"context"
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
	return s.breaks(ctx, tenant, who, ActStartBreak, a, func(t *txn, was rider.Shift) (rider.Shift, error) {
		atMost, err := t.breakLeft(ctx, was)
		if err != nil {
			return was, err
		}
		return rider.StartBreak(ctx, t, tenant, who, a.AfterLastDrop, atMost, a.happened(was.StartedAt, t.now))
	})
}

// EndBreak ends the break, or takes back that one was asked for. Without either nothing changes. rider.ErrOffShift, ErrTooOld.
func (s *Service) EndBreak(ctx context.Context, tenant id.Tenant, who id.Rider, a Action) (shift rider.Shift, already bool, err error) {
	return s.breaks(ctx, tenant, who, ActEndBreak, a, func(t *txn, was rider.Shift) (rider.Shift, error) {
		return rider.EndBreak(ctx, t, tenant, who, a.happened(was.StartedAt, t.now))
	})
}

func (s *Service) breaks(ctx context.Context, tenant id.Tenant, who id.Rider, kind ActKind, a Action, do func(*txn, rider.Shift) (rider.Shift, error)) (shift rider.Shift, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if _, err := rider.LockPlan(ctx, t, tenant, who); err != nil {
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
		was, err := rider.ShiftOf(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		if shift, err = do(t, was); err != nil {
			return err
		}
		t.touch(changes{zone: shift.Zone, riders: []id.Rider{who}, wake: true})
		return t.keep(ctx, who, a, kind, who.UUID(), order.Order{})
	})
	return shift, already, err
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
		if changed {
			t.touch(changes{zone: shift.Zone, riders: []id.Rider{r}, wake: true})
		}
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
