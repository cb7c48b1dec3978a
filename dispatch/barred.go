package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Reasons why a rider gets nothing new, beside the solver's. They stand where the solver, who is only told that the rider takes no more, would
// say capacity.
const (
	ReasonDisabled = "disabled"
	ReasonEnding   = "shift_ending" // the shift ends with the last drop
	ReasonOnBreak  = "on_break"     // or about to be
	ReasonBreakDue = "break_due"    // has worked as long without a break as is allowed
	ReasonWorkOver = "work_limit"   // has worked as long as is allowed
)

// barred is why a rider gets nothing new whatever the order; "" where it depends.
func barred(r rider.OnShift, h rider.Hours, now time.Time) string {
	switch {
	case r.DisabledAt != nil:
		return ReasonDisabled
	case r.Shift.EndAskedAt != nil:
		return ReasonEnding
	case r.Shift.Winding():
		return ReasonOnBreak
	case h.EndAt != nil && !now.Before(*h.EndAt):
		return ReasonWorkOver
	case h.BreakDueAt != nil && !now.Before(*h.BreakDueAt):
		return ReasonBreakDue
	}
	return ""
}

// because is the solver's reason against a rider, or what bars the rider from everything.
func (in *Instance) because(r int32, reason string) string {
	if why, ok := in.barred[r]; ok && reason != "" {
		return why
	}
	return reason
}

// whyNobody is the solver's reason why an order waits, or what bars all the riders there are: the reason that most of them have.
func (in *Instance) whyNobody(reason string) string {
	if len(in.Riders) == 0 || len(in.barred) < len(in.Riders) {
		return reason
	}
	count := make(map[string]int)
	most := in.barred[0]
	for r := range in.Riders {
		why := in.barred[int32(r)]
		if count[why]++; count[why] > count[most] {
			most = why
		}
	}
	return most
}

// endWork ends the shifts of riders who have worked as long as they may: at once, or with the last drop of those who have stops.
func (s *Service) endWork(ctx context.Context, of tenure, snap *Snapshot) error {
	for _, r := range snap.Riders {
		h := snap.Hours[r.Rider.ID]
		if h.EndAt == nil || snap.At.Before(*h.EndAt) || r.Shift.EndAskedAt != nil {
			continue
		}
		_, _, err := s.EndShift(ctx, of.tenant, r.Rider.ID, Action{AfterLastDrop: true})
		if err != nil && !errors.Is(err, rider.ErrOffShift) {
			return err
		}
	}
	return nil
}

// hours reads how the riders on shift stand with the zone's limits; nothing where there are none.
func (snap *Snapshot) hours(ctx context.Context, t pgx.Tx, tenant id.Tenant) error {
	if !snap.Zone.Policy.Work.Limits() {
		return nil
	}
	ids := make([]id.Rider, len(snap.Riders))
	for i, r := range snap.Riders {
		ids[i] = r.Rider.ID
	}
	var err error
	snap.Hours, err = HoursIn(ctx, t, tenant, snap.Zone.Policy, ids, snap.At)
	return err
}
