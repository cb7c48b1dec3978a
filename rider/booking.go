package rider

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Booking is a rider's place in a slot.
type Booking struct {
	ID               id.Booking
	Template         id.Template
	Day              time.Time // midnight UTC
	Rider            id.Rider
	Zone             id.Zone
	StartsAt, EndsAt time.Time
	BookedAt         time.Time
	BookedBy         id.User // staff; zero: the rider
	CancelledAt      *time.Time
	Shift            id.Shift // with which the rider came; zero: has not come
}

// BookingState is what became of a booking.
type BookingState string

// The states of a booking.
const (
	BookingOpen      BookingState = "booked"
	BookingKept      BookingState = "kept"    // the rider came
	BookingMissed    BookingState = "no_show" // the rider did not come in time
	BookingCancelled BookingState = "cancelled"
)

// State is what has become of the booking, where a rider may come late by a grace.
func (b Booking) State(now time.Time, grace time.Duration) BookingState {
	switch {
	case b.CancelledAt != nil:
		return BookingCancelled
	case !b.Shift.IsZero():
		return BookingKept
	case now.After(b.StartsAt.Add(grace)) || now.After(b.EndsAt):
		return BookingMissed
	}
	return BookingOpen
}

var (
	// ErrNoSlot refuses a booking of what is no slot of the rider's home zone, or not for the rider's vehicle.
	ErrNoSlot = errors.New("rider: no such slot for this rider")
	// ErrSlotClosed refuses to book or cancel what has begun, is over, or is too far ahead or too near.
	ErrSlotClosed = errors.New("rider: the slot can't be booked or left any more, or not yet")
	// ErrSlotFull refuses a booking for which no place is left.
	ErrSlotFull = errors.New("rider: the slot is full")
	// ErrSlotOverlaps refuses a booking at a time at which the rider has another.
	ErrSlotOverlaps = errors.New("rider: the rider has another slot at that time")
	// ErrBookingNotFound is an unknown booking of this tenant, or another rider's.
	ErrBookingNotFound = errors.New("rider: no such booking")
)

// Want is a slot that somebody wants for a rider.
type Want struct {
	Rider    id.Rider
	Template id.Template
	Day      time.Time // midnight UTC
	By       id.User   // staff; zero: the rider
	Until    time.Time // the slot must begin before
}

// Book gives a rider a place in a slot. Whoever has it already is answered with it (already = true). The template is locked, so of those who want
// the last place at the same time one gets it. ErrNotFound, ErrDisabled, ErrTemplateNotFound, ErrNoSlot, ErrSlotClosed, ErrSlotFull, ErrSlotOverlaps.
func Book(ctx context.Context, tx pgx.Tx, tenant id.Tenant, w Want, now time.Time) (b Booking, already bool, err error) {
	t, err := lockTemplate(ctx, tx, tenant, w.Template)
	if err != nil {
		return Booking{}, false, err
	}
	who, err := lockProfile(ctx, tx, tenant, w.Rider)
	if err != nil {
		return Booking{}, false, err
	}
	if !t.on(w.Day) || t.Zone != who.Zone || len(t.Vehicles) > 0 && !slices.Contains(t.Vehicles, who.Vehicle) {
		return Booking{}, false, ErrNoSlot
	}
	loc, err := pg.TimeZone(ctx, tx, tenant)
	if err != nil {
		return Booking{}, false, err
	}
	slot := t.slot(w.Day, loc)
	near, err := bookings(ctx, tx, "rider_id = $2 and starts_at < $3 and ends_at > $4 and cancelled_at is null", tenant, w.Rider, slot.EndsAt, slot.StartsAt)
	if err != nil {
		return Booking{}, false, err
	}
	for _, b := range near {
		if b.Template == t.ID && b.Day.Equal(w.Day) {
			return b, true, nil
		}
	}
	booked, err := bookedOf(ctx, tx, tenant, []Template{t}, w.Day, w.Day.AddDate(0, 0, 1))
	switch {
	case err != nil:
		return Booking{}, false, err
	case !w.By.IsZero() && !now.Before(slot.EndsAt), w.By.IsZero() && !now.Before(slot.StartsAt), !slot.StartsAt.Before(w.Until):
		return Booking{}, false, ErrSlotClosed
	case len(near) > 0:
		return Booking{}, false, ErrSlotOverlaps
	case booked[slotKey{t.ID, w.Day}] >= t.Places:
		return Booking{}, false, ErrSlotFull
	}
	b = Booking{
		ID: id.NewBooking(), Template: t.ID, Day: w.Day, Rider: w.Rider, Zone: t.Zone, StartsAt: slot.StartsAt, EndsAt: slot.EndsAt, BookedAt: now, BookedBy: w.By,
	}
	audit.Target(ctx, b.ID.String())
	_, err = tx.Exec(ctx, `
		insert into shift_bookings (tenant_id, id, template_id, day, rider_id, zone_id, starts_at, ends_at, booked_at, booked_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		tenant, b.ID, b.Template, b.Day, b.Rider, b.Zone, b.StartsAt, b.EndsAt, b.BookedAt, b.BookedBy)
	return b, false, wrap("book a shift", err)
}

// lockProfile reads a rider so that the rider's other bookings wait. ErrNotFound, ErrDisabled.
func lockProfile(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (Rider, error) {
	var r Rider
	err := tx.QueryRow(ctx, "select "+riderColumns+" from riders r where r.tenant_id = $1 and r.id = $2 for no key update", tenant, rider).Scan(r.fields()...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return r, ErrNotFound
	case err == nil && r.DisabledAt != nil:
		return r, ErrDisabled
	}
	return r, wrap("read the rider", err)
}

// BookingOf is one booking of a rider's; a zero rider is any. ErrBookingNotFound.
func BookingOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, booking id.Booking) (Booking, error) {
	found, err := bookings(ctx, tx, "id = $2 and ($3::uuid is null or rider_id = $3)", tenant, booking, rider)
	if err == nil && len(found) == 0 {
		return Booking{}, ErrBookingNotFound
	}
	if err != nil {
		return Booking{}, err
	}
	return found[0], nil
}

// CancelBooking gives a place back, at the latest notice before the slot begins, and never once the rider has come. Whoever has given it back
// already has done so. ErrSlotClosed.
func CancelBooking(ctx context.Context, tx pgx.Tx, tenant id.Tenant, b Booking, notice time.Duration, now time.Time) error {
	if b.CancelledAt != nil {
		return nil
	}
	tag, err := tx.Exec(ctx, `
		update shift_bookings set cancelled_at = coalesce(cancelled_at, $3)
		where tenant_id = $1 and id = $2 and shift_id is null and $3 <= starts_at - $4::interval`, tenant, b.ID, now, notice)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrSlotClosed
	}
	return wrap("cancel the booking", err)
}

// BookingsOf lists a rider's bookings that end after a time, cancelled ones left out, the first to start first.
func BookingsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, after time.Time) ([]Booking, error) {
	return bookings(ctx, tx, "rider_id = $2 and ends_at > $3 and cancelled_at is null", tenant, rider, after)
}

// BookingsIn lists a zone's bookings of some days (midnight UTC; to is left out), cancelled ones left out.
func BookingsIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, from, to time.Time) ([]Booking, error) {
	return bookings(ctx, tx, "zone_id = $2 and day >= $3 and day < $4 and cancelled_at is null", tenant, zone, from, to)
}

// Arrive notes that a rider has come with a shift: for the bookings at whose time it takes place, none of which is another shift's.
func Arrive(ctx context.Context, tx pgx.Tx, tenant id.Tenant, s Shift) error {
	_, err := tx.Exec(ctx, `
		update shift_bookings set shift_id = $3
		where tenant_id = $1 and rider_id = $2 and cancelled_at is null and shift_id is null and starts_at < $5 and ends_at > $4`,
		tenant, s.Rider, s.ID, s.StartedAt, s.EndsAt)
	return wrap("note who has come", err)
}

const bookingColumns = "b.id, b.template_id, b.day, b.rider_id, b.zone_id, b.starts_at, b.ends_at, b.booked_at, b.booked_by, b.cancelled_at, b.shift_id"

func bookings(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Booking, error) {
	return takeBookings(ctx, tx, "read bookings", "select "+bookingColumns+" from shift_bookings b where b.tenant_id = $1 and "+where+" order by b.starts_at, b.id", args...)
}

// takeBookings are the bookings that a statement returns, by bookingColumns.
func takeBookings(ctx context.Context, tx pgx.Tx, what, statement string, args ...any) ([]Booking, error) {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, wrap(what, err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Booking, error) {
		var b Booking
		err := row.Scan(&b.ID, &b.Template, &b.Day, &b.Rider, &b.Zone, &b.StartsAt, &b.EndsAt, &b.BookedAt, &b.BookedBy, &b.CancelledAt, &b.Shift)
		return b, err
	})
	return out, wrap(what, err)
}
