package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// BreaksUsedError refuses a break to a rider who has had all breaks that the zone's policy allows in a shift.
type BreaksUsedError struct{ Cap time.Duration }

func (e *BreaksUsedError) Error() string {
	return fmt.Sprintf("dispatch: the shift's breaks, %v, are used up", e.Cap)
}

// breakLeft is how long a rider's next break may last, or the one under way in all; nil: as long as the rider likes. A break whose time is up is
// ended first. *BreaksUsedError.
func (t *txn) breakLeft(ctx context.Context, shift rider.Shift) (*time.Duration, error) {
	until := shift.BreakUntil()
	over := until != nil && !t.now.Before(*until)
	if shift.BreakSince != nil && !over {
		return shift.BreakFor, nil
	}
	if over {
		if _, err := rider.EndBreak(ctx, t, t.tenant, shift.Rider, t.now); err != nil {
			return nil, err
		}
	}
	zone, err := readZone(ctx, t, t.tenant, shift.Zone)
	if err != nil || zone.Policy.Work.BreaksS == 0 {
		return nil, err
	}
	hours, err := HoursIn(ctx, t, t.tenant, zone.Policy, []id.Rider{shift.Rider}, t.now)
	if err != nil {
		return nil, err
	}
	left := hours[shift.Rider].BreakLeft
	if *left <= 0 {
		return nil, &BreaksUsedError{zone.Policy.Work.limits().Breaks}
	}
	return left, nil
}

// breakWasLeft is how much longer the breaks of a shift that is over might have been; nil: as long as the rider liked.
func (t *txn) breakWasLeft(ctx context.Context, shift rider.Shift) (*time.Duration, error) {
	zone, err := readZone(ctx, t, t.tenant, shift.Zone)
	if err != nil || zone.Policy.Work.BreaksS == 0 {
		return nil, err
	}
	had, err := rider.BreakTime(ctx, t, t.tenant, shift.ID)
	return new(max(0, zone.Policy.Work.limits().Breaks-had)), err
}

// endBreaks ends the breaks in a zone that have used up what its policy allows, as of when they had, and tells their riders.
func (t *txn) endBreaks(ctx context.Context, zone id.Zone) error {
	due, err := rider.BreaksOver(ctx, t, t.tenant, zone, t.now)
	if err != nil || len(due) == 0 {
		return err
	}
	if _, err := rider.LockPlans(ctx, t, t.tenant, due); err != nil {
		return err
	}
	over, err := rider.BreaksOver(ctx, t, t.tenant, zone, t.now) // what the locks had to wait for may have ended one
	if err != nil {
		return err
	}
	for _, r := range over {
		if !slices.Contains(due, r) {
			continue // not locked: the next round's
		}
		if _, err := rider.EndBreak(ctx, t, t.tenant, r, t.now); err != nil {
			return err
		}
		t.wakeFor(r, rider.NoticeBreakOver)
		t.touch(changes{zone: zone, riders: []id.Rider{r}})
	}
	return nil
}
