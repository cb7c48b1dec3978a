package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Reminders are taken in one statement that notes them on the bookings, so each is given once however many ask, and one that fails with its transaction
// is there again. Bookings that somebody is changing at this moment wait for the next time.

// awaited are the bookings of riders who should come: not given back, not come with a shift, and not at work in another.
const awaited = `b.tenant_id = $1 and b.zone_id = $2 and b.cancelled_at is null and b.shift_id is null
	and not exists (select from shifts s where s.tenant_id = $1 and s.rider_id = b.rider_id and s.ended_at is null)
	and exists (select from riders r where r.tenant_id = $1 and r.id = b.rider_id and r.disabled_at is null)`

// TakeReminders takes up to so many of a zone's bookings whose shifts begin within lead, the first to start first. What the rider booked later than lead
// before the beginning needs no reminder; what staff booked for the rider does.
func TakeReminders(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, lead time.Duration, limit int, now time.Time) ([]Booking, error) {
	return takeBookings(ctx, tx, "take reminders of shifts", `
		with due as (
			select b.id from shift_bookings b
			where `+awaited+` and b.reminded_at is null and b.starts_at > $3 and b.starts_at <= $3::timestamptz + $4::interval
				and (b.booked_by is not null or b.booked_at <= b.starts_at - $4::interval)
			order by b.starts_at, b.id limit $5 for no key update skip locked
		)
		update shift_bookings b set reminded_at = $3 from due where b.tenant_id = $1 and b.id = due.id
		returning `+bookingColumns, tenant, zone, now, lead, limit)
}

// TakeLate takes up to so many of a zone's bookings whose shifts began at least after ago, without their riders, who may still come within grace.
func TakeLate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, after, grace time.Duration, limit int, now time.Time) ([]Booking, error) {
	return takeBookings(ctx, tx, "take reminders of shifts that have begun", `
		with due as (
			select b.id from shift_bookings b
			where `+awaited+` and b.told_late_at is null and b.starts_at <= $3::timestamptz - $4::interval and b.starts_at > $3::timestamptz - $5::interval and b.ends_at > $3
			order by b.starts_at, b.id limit $6 for no key update skip locked
		)
		update shift_bookings b set told_late_at = $3 from due where b.tenant_id = $1 and b.id = due.id
		returning `+bookingColumns, tenant, zone, now, after, grace, limit)
}

// Awaited reports whether the rider of a booking should still come: what a reminder says is true at this moment too.
func Awaited(ctx context.Context, tx pgx.Tx, tenant id.Tenant, b Booking) (bool, error) {
	var yes bool
	err := tx.QueryRow(ctx, "select exists (select from shift_bookings b where "+awaited+" and b.id = $3)", tenant, b.Zone, b.ID).Scan(&yes)
	return yes, wrap("read whether a rider is awaited", err)
}
