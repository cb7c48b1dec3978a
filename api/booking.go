package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// WantedSlot is a slot to be booked.
type WantedSlot struct {
	TemplateID id.Template `json:"template_id" pattern:"^tpl_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	Day        string      `json:"day" format:"date"`
}

func (s *Server) riderSlots(ctx context.Context, in *SlotDays) (*list[Slot], error) {
	who := riderOf(ctx)
	zone, err := s.homeZone(ctx, who)
	if err != nil {
		return nil, err
	}
	return s.slots(ctx, who.Tenant, zone, *in, func(b rider.Booking) bool { return b.Rider == who.Rider })
}

// homeZone is the rider's of now; the token's may be a quarter of an hour old.
func (s *Server) homeZone(ctx context.Context, who riderClaims) (id.Zone, error) {
	r, err := rider.Get(ctx, s.db, who.Tenant, who.Rider)
	return r.Zone, err
}

// recentBookings is how far back a rider's bookings are listed.
const recentBookings = 7 * 24 * time.Hour

func (s *Server) riderBookings(ctx context.Context, _ *empty) (*list[Booking], error) {
	who := riderOf(ctx)
	data := []Booking{}
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := rider.BookingsOf(ctx, tx, who.Tenant, who.Rider, s.clock.Now().Add(-recentBookings))
		if err != nil {
			return err
		}
		for _, b := range found {
			shown, err := s.showBooking(ctx, tx, who.Tenant, b)
			if err != nil {
				return err
			}
			data = append(data, shown)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, ""), nil
}

func (s *Server) showBooking(ctx context.Context, tx pgx.Tx, tenant id.Tenant, b rider.Booking) (Booking, error) {
	policy, err := dispatch.ShiftsOf(ctx, tx, tenant, b.Zone)
	return bookingOf(b, policy, s.clock.Now()), err
}

// bookShift gives the rider a place. The same slot twice is one booking, so it may be sent again.
func (s *Server) bookShift(ctx context.Context, in *struct{ Body WantedSlot }) (*out[Booking], error) {
	who := riderOf(ctx)
	zone, err := s.homeZone(ctx, who)
	if err != nil {
		return nil, err
	}
	return s.book(ctx, who.Tenant, zone, in.Body, rider.Want{Rider: who.Rider})
}

type bookForRiderInput struct {
	Body struct {
		WantedSlot
		RiderID id.Rider `json:"rider_id" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	}
}

func (s *Server) bookForRider(ctx context.Context, in *bookForRiderInput) (*out[Booking], error) {
	by := staffOf(ctx)
	return s.book(ctx, by.Tenant, id.Zone{}, in.Body.WantedSlot, rider.Want{Rider: in.Body.RiderID, By: by.ID})
}

// farAhead is how far staff may book.
const farAhead = 366 * 24 * time.Hour

// book books by the policy of a rider's zone, or as staff may.
func (s *Server) book(ctx context.Context, tenant id.Tenant, zone id.Zone, slot WantedSlot, w rider.Want) (*out[Booking], error) {
	day, err := dayOf("day", slot.Day)
	if err != nil {
		return nil, err
	}
	w.Template, w.Day, w.Until = slot.TemplateID, day, s.clock.Now().Add(farAhead)
	var shown Booking
	err = s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if w.By.IsZero() {
			policy, err := dispatch.ShiftsOf(ctx, tx, tenant, zone)
			if err != nil {
				return err
			}
			first, err := s.today(ctx, tx, tenant)
			if err != nil {
				return err
			}
			if !day.Before(first.AddDate(0, 0, policy.AheadDays)) {
				return rider.ErrSlotClosed
			}
		}
		b, _, err := rider.Book(ctx, tx, tenant, w, s.clock.Now())
		if err != nil {
			return err
		}
		shown, err = s.showBooking(ctx, tx, tenant, b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(shown), nil
}

func (s *Server) cancelBooking(ctx context.Context, in *ByBooking) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		b, err := rider.BookingOf(ctx, tx, who.Tenant, who.Rider, in.ID)
		if err != nil {
			return err
		}
		policy, err := dispatch.ShiftsOf(ctx, tx, who.Tenant, b.Zone)
		if err != nil {
			return err
		}
		return rider.CancelBooking(ctx, tx, who.Tenant, b, policy.Notice(), s.clock.Now())
	})
}

func (s *Server) cancelForRider(ctx context.Context, in *ByBooking) (*struct{}, error) {
	tenant := staffOf(ctx).Tenant
	return nil, s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		b, err := rider.BookingOf(ctx, tx, tenant, id.Rider{}, in.ID)
		if err != nil {
			return err
		}
		return rider.CancelBooking(ctx, tx, tenant, b, -farAhead, s.clock.Now()) // until the rider comes
	})
}
