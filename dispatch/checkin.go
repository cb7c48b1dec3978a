package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// NotBookedError refuses a shift outside of the times that its rider has booked, where the zone wants them booked.
type NotBookedError struct {
	Next *time.Time // from then on the next booked shift may begin; nil: none is booked
}

func (e *NotBookedError) Error() string { return "dispatch: the rider has booked no shift for now" }

// RestError refuses a shift of a rider who must rest first, or has worked as long this day as is allowed.
type RestError struct{ Until time.Time }

func (e *RestError) Error() string {
	return "dispatch: the rider must rest until " + e.Until.Format(time.RFC3339)
}

// ErrNotInZone refuses a shift that does not begin in its zone, or not certainly.
var ErrNotInZone = errors.New("dispatch: the rider is not in the zone")

// ShiftsOf is how riders come to work in a zone. ErrZoneNotFound.
func ShiftsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (Shifts, error) {
	z, err := readZone(ctx, tx, tenant, zone)
	return z.Policy.Shifts, err
}

// homeZone is where a rider's shifts begin. rider.ErrNotFound.
func (t *txn) homeZone(ctx context.Context, who id.Rider) (Zone, error) {
	found, err := rider.GetMany(ctx, t, t.tenant, []id.Rider{who})
	if err != nil {
		return Zone{}, err
	}
	if len(found) == 0 {
		return Zone{}, rider.ErrNotFound
	}
	return readZone(ctx, t, t.tenant, found[0].Zone)
}

// checkIn is until when a rider who comes to work may plan to stay: as the rider wants, and where the zone wants shifts booked not beyond the
// booked time and those that follow it at once. *RestError, *NotBookedError, ErrNotInZone.
func (s *Service) checkIn(ctx context.Context, t *txn, zone Zone, who id.Rider, at, endsAt time.Time, a Action) (time.Time, error) {
	if zone.Policy.Work.Limits() {
		hours, err := HoursIn(ctx, t, t.tenant, zone.Policy, []id.Rider{who}, at)
		if err != nil {
			return endsAt, err
		}
		if until := hours[who].RestUntil; until != nil {
			return endsAt, &RestError{*until}
		}
	}
	policy := zone.Policy.Shifts
	if policy.InZone && !s.isIn(t, zone, who, a) {
		return endsAt, ErrNotInZone
	}
	if policy.Start != StartBooked {
		return endsAt, nil
	}
	booked, err := rider.BookingsOf(ctx, t, t.tenant, who, at)
	if err != nil {
		return endsAt, err
	}
	refused := &NotBookedError{}
	var until time.Time
	for _, b := range booked {
		from := b.StartsAt.Add(-policy.Early())
		switch {
		case b.Zone != zone.ID:
		case until.IsZero() && at.Before(from):
			if refused.Next == nil {
				refused.Next = &from
			}
		case until.IsZero(), !b.StartsAt.After(until):
			until = clock.Later(until, b.EndsAt)
		}
	}
	if until.IsZero() {
		return endsAt, refused
	}
	return clock.Earlier(endsAt, until), nil
}

// isIn reports whether a rider is in a zone: by what the phone tells with the act, or else by a last position that is not stale.
func (s *Service) isIn(t *txn, zone Zone, who id.Rider, a Action) bool {
	at := a.Location
	if at == nil {
		fix, ok := s.index.Last(t.tenant, who)
		if !ok || t.now.Sub(fix.At) > zone.Policy.StaleAfter() {
			return false
		}
		at = &fix.LatLng
	}
	return slices.Contains(zone.Cells, geo.CellOf(*at, geo.ZoneRes))
}
