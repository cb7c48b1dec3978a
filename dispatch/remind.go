package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// remindAtOnce is how many riders are reminded in one transaction.
const remindAtOnce = 500

// Remind tells a tenant's riders of the shifts that they have booked: before they begin, and when they have begun without the rider. It is asked every
// minute by any number of nodes; each rider is told once. What came due while nobody asked is told as long as it is of use, and not after.
func (s *Service) Remind(ctx context.Context, tenant id.Tenant) error {
	zones, err := ListZones(ctx, s.db, tenant)
	if err != nil {
		return err
	}
	for _, z := range zones {
		for more := true; more; {
			err := s.tx(ctx, tenant, func(t *txn) (err error) {
				more, err = t.remind(ctx, z)
				return err
			})
			if err != nil {
				return fmt.Errorf("remind riders of zone %s: %w", z.ID, err)
			}
		}
	}
	return nil
}

// remind tells some of a zone's riders; more says that others may wait.
func (t *txn) remind(ctx context.Context, z Zone) (more bool, err error) {
	policy := z.Policy.Shifts
	soon, err := rider.TakeReminders(ctx, t, t.tenant, z.ID, policy.Remind(), remindAtOnce, t.now)
	if err != nil {
		return false, err
	}
	missed, err := rider.TakeLate(ctx, t, t.tenant, z.ID, policy.Missed(), policy.Late(), remindAtOnce, t.now)
	if err != nil {
		return false, err
	}
	tell := func(b rider.Booking, kind rider.NoticeKind, until time.Time) {
		t.notices = append(t.notices, rider.Notice{Rider: b.Rider, Kind: kind, Booking: b.ID, ExpiresAt: until})
		t.touch(changes{zone: z.ID, phones: []id.Rider{b.Rider}})
	}
	for _, b := range soon {
		tell(b, rider.NoticeShift, b.StartsAt)
	}
	for _, b := range missed {
		tell(b, rider.NoticeShiftLate, b.StartsAt.Add(policy.Late()))
	}
	return len(soon) == remindAtOnce || len(missed) == remindAtOnce, nil
}
