package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/rider"
)

// Slot is a template's shift on one day.
type Slot struct {
	TemplateID id.Template     `json:"template_id"`
	Day        string          `json:"day" format:"date" doc:"With template_id, what is booked."`
	ZoneID     id.Zone         `json:"zone_id"`
	Name       string          `json:"name"`
	StartsAt   time.Time       `json:"starts_at"`
	EndsAt     time.Time       `json:"ends_at"`
	Places     int             `json:"places"`
	Free       int             `json:"free" doc:"Places left."`
	Vehicles   []rider.Vehicle `json:"vehicles" enum:"walking,bicycle,ebike,motorcycle,car" doc:"Who may book; empty: all."`
	Bookings   []Booking       `json:"bookings" doc:"To staff: all, but for those cancelled. To a rider: the rider's own."`
}

// Booking is a rider's place in a shift.
type Booking struct {
	ID          id.Booking         `json:"id"`
	TemplateID  id.Template        `json:"template_id"`
	Day         string             `json:"day" format:"date"`
	RiderID     id.Rider           `json:"rider_id"`
	ZoneID      id.Zone            `json:"zone_id"`
	StartsAt    time.Time          `json:"starts_at"`
	EndsAt      time.Time          `json:"ends_at"`
	State       rider.BookingState `json:"state" enum:"booked,kept,no_show,cancelled" doc:"kept: the rider has come."`
	BookedAt    time.Time          `json:"booked_at"`
	ByStaff     bool               `json:"by_staff"`
	CheckInFrom time.Time          `json:"check_in_from" doc:"From then on the shift may begin."`
	CancelUntil time.Time          `json:"cancel_until" doc:"Until then the rider may cancel; staff may until the rider comes."`
	ShiftID     id.Shift           `json:"shift_id" doc:"With which the rider came; empty before."`
}

func bookingOf(b rider.Booking, p dispatch.Shifts, now time.Time) Booking {
	return Booking{
		ID: b.ID, TemplateID: b.Template, Day: b.Day.Format(time.DateOnly), RiderID: b.Rider, ZoneID: b.Zone, StartsAt: b.StartsAt.UTC(), EndsAt: b.EndsAt.UTC(),
		State: b.State(now, p.Late()), BookedAt: b.BookedAt.UTC(), ByStaff: !b.BookedBy.IsZero(),
		CheckInFrom: b.StartsAt.Add(-p.Early()).UTC(), CancelUntil: b.StartsAt.Add(-p.Notice()).UTC(), ShiftID: b.Shift,
	}
}

// today is the tenant's, as midnight UTC.
func (s *Server) today(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (time.Time, error) {
	loc, err := pg.TimeZone(ctx, tx, tenant)
	if err != nil {
		return time.Time{}, err
	}
	return today(s.clock.Now(), loc), nil
}

// SlotDays are the days that are asked for; none: from today on.
type SlotDays struct {
	From string `query:"from" format:"date" doc:"The first day; left out: today."`
	Days int    `query:"days" minimum:"1" maximum:"31" default:"7"`
}

func (s *Server) firstDay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, d SlotDays) (time.Time, error) {
	if d.From == "" {
		return s.today(ctx, tx, tenant)
	}
	return dayOf("query.from", d.From)
}

// slots reads a zone's slots with those of their bookings that show says.
func (s *Server) slots(ctx context.Context, tenant id.Tenant, zone id.Zone, days SlotDays, show func(rider.Booking) bool) (*list[Slot], error) {
	var data []Slot
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		from, err := s.firstDay(ctx, tx, tenant, days)
		if err != nil {
			return err
		}
		policy, err := dispatch.ShiftsOf(ctx, tx, tenant, zone)
		if err != nil {
			return err
		}
		found, err := rider.Slots(ctx, tx, tenant, zone, from, days.Days)
		if err != nil {
			return err
		}
		booked, err := rider.BookingsIn(ctx, tx, tenant, zone, from, from.AddDate(0, 0, days.Days))
		if err != nil {
			return err
		}
		data = make([]Slot, len(found))
		for i, x := range found {
			data[i] = slotOf(x)
			for _, b := range booked {
				if b.Template == x.Template.ID && b.Day.Equal(x.Day) && show(b) {
					data[i].Bookings = append(data[i].Bookings, bookingOf(b, policy, s.clock.Now()))
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, ""), nil
}

func slotOf(x rider.Slot) Slot {
	return Slot{
		TemplateID: x.Template.ID, Day: x.Day.Format(time.DateOnly), ZoneID: x.Template.Zone, Name: x.Template.Name, StartsAt: x.StartsAt, EndsAt: x.EndsAt,
		Places: x.Template.Places, Free: x.Free(), Vehicles: notNil(x.Template.Vehicles), Bookings: []Booking{},
	}
}

type consoleSlotsInput struct {
	ZoneID string `query:"zone_id" required:"true" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	SlotDays
}

func (s *Server) consoleSlots(ctx context.Context, in *consoleSlotsInput) (*list[Slot], error) {
	var zone id.Zone
	if err := parseIDs(idParam{"zone_id", in.ZoneID, &zone}); err != nil {
		return nil, err
	}
	return s.slots(ctx, staffOf(ctx).Tenant, zone, in.SlotDays, func(rider.Booking) bool { return true })
}
