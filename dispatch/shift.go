package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// StartShift opens a shift in the rider's home zone, planned until endsAt. One that is open already, or that the same act opened, is
// answered as it is (already = true). A recorded start counts from the phone's time, but not from before the end of the shift before. The zone's policy
// may want it booked (then it ends when the booked time does) and the rider to be there.
// rider.ErrNotFound, rider.ErrDisabled, ErrTooOld, ErrShiftOver, *RestError, *NotBookedError, ErrNotInZone.
func (s *Service) StartShift(ctx context.Context, tenant id.Tenant, who id.Rider, endsAt time.Time, a Action) (shift rider.Shift, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		if _, err := rider.LockPlan(ctx, t, tenant, who); err != nil { // two acts of one rider, one after the other
			return err
		}
		last, err := rider.LastShift(ctx, t, tenant, who)
		if err != nil && !errors.Is(err, rider.ErrOffShift) {
			return err
		}
		if a.ID != uuid.Nil {
			kept, err := rider.KeptActions(ctx, t, tenant, who, []uuid.UUID{a.ID})
			if already = len(kept) > 0; already || err != nil {
				shift = last
				return err
			}
		}
		var after time.Time
		if last.EndedAt != nil {
			after = *last.EndedAt
		}
		at := a.happened(after, t.now)
		if !endsAt.After(at) {
			return ErrShiftOver
		}
		if already = last.EndedAt == nil && !last.ID.IsZero(); already {
			shift = last
			return nil
		}
		zone, err := t.homeZone(ctx, who)
		if err != nil {
			return err
		}
		until, err := s.checkIn(ctx, t, zone, who, at, endsAt, a)
		if err != nil {
			return err
		}
		shift, err = rider.StartShift(ctx, t, tenant, who, at, until)
		if already = errors.Is(err, rider.ErrOnShift); already {
			return nil
		}
		if err != nil {
			return err
		}
		if err := rider.Arrive(ctx, t, tenant, shift); err != nil {
			return err
		}
		t.touch(changes{zone: shift.Zone, riders: []id.Rider{who}, wake: true})
		return t.keep(ctx, who, a, ActStartShift, who.UUID(), order.Order{})
	})
	return shift, already, err
}

// ErrShiftOver refuses a recorded start of a shift that ends before it could begin.
var ErrShiftOver = errors.New("dispatch: the shift would be over before it begins")

// EndShift closes the rider's shift: now, or where it was recorded at the phone's time. One that ended at that time or later, or has begun since, is answered
// as it is (already = true). While stops remain it ends with the last drop, if the act says so, and until then no new orders come.
// rider.ErrHasWork while stops remain, rider.ErrOffShift, ErrTooOld.
func (s *Service) EndShift(ctx context.Context, tenant id.Tenant, who id.Rider, a Action) (shift rider.Shift, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if err := t.admit(a); err != nil {
			return err
		}
		plan, err := rider.LockPlan(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		last, err := rider.LastShift(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		if already = a.Recorded && (last.EndedAt != nil && !last.EndedAt.Before(clock.Earlier(a.At, t.now)) || last.EndedAt == nil && a.At.Before(last.StartedAt)); already {
			shift = last
			return nil
		}
		at := a.happened(last.StartedAt, t.now)
		switch {
		case a.AfterLastDrop && len(plan.Stops) > 0:
			shift, err = rider.AskEnd(ctx, t, tenant, who, at)
		case a.AfterLastDrop && a.Recorded:
			if at, err = t.lastDrop(ctx, last, at); err != nil {
				return err
			}
			fallthrough
		default:
			shift, err = rider.EndShift(ctx, t, tenant, who, at)
		}
		if err != nil {
			return err
		}
		t.touch(changes{zone: shift.Zone, riders: []id.Rider{who}, wake: true})
		return t.keep(ctx, who, a, ActEndShift, who.UUID(), order.Order{})
	})
	return shift, already, err
}
