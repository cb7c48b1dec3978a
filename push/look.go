package push

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/rider"
)

// found is what a push meets when it looks again.
type found struct {
	token  Token
	skip   string        // why it is not wanted any more
	wait   time.Duration // it may yet turn out not to be needed
	begins time.Time     // of a booked shift, by the clock on the wall there
}

// look tells whether a push is still wanted: where it goes, why not, or how long it should wait.
func (s *Sender) look(ctx context.Context, by provider.Name, p Push) (f found, err error) {
	if !s.Clock.Now().Before(p.ExpiresAt) {
		return found{skip: tooLate}, nil
	}
	err = s.DB.Read(ctx, p.Tenant, func(tx pgx.Tx) error {
		f.token, err = tokenOf(ctx, tx, p.Tenant, p.Device)
		if errors.Is(err, ErrNoToken) || err == nil && (f.token.Rider != p.Rider || f.token.Provider != by) {
			f.skip = noToken
			return nil
		}
		if err != nil {
			return err
		}
		switch p.Kind {
		case rider.NoticeOffer, rider.NoticeHandover:
			return s.question(ctx, tx, p, &f)
		case rider.NoticeShift, rider.NoticeShiftLate:
			return shift(ctx, tx, p, &f)
		case rider.NoticeHandoverAsked:
			h, err := rider.GetHandover(ctx, tx, p.Tenant, p.Handover)
			if errors.Is(err, rider.ErrHandoverNotFound) || err == nil && !h.State.Live() {
				f.skip = answered
				return nil
			}
			return err
		}
		return nil
	})
	return f, err
}

// question looks at the offer or handover that a push asks its rider to answer. One that is gone is no longer open.
func (s *Sender) question(ctx context.Context, tx pgx.Tx, p Push, f *found) error {
	var open bool
	var seenAt *time.Time
	if p.Kind == rider.NoticeOffer {
		o, err := rider.GetOffer(ctx, tx, p.Tenant, p.Offer)
		if err != nil && !errors.Is(err, rider.ErrOfferNotFound) {
			return err
		}
		open, seenAt = o.State == rider.OfferOpen, o.SeenAt
	} else {
		h, err := rider.GetHandover(ctx, tx, p.Tenant, p.Handover)
		if err != nil && !errors.Is(err, rider.ErrHandoverNotFound) {
			return err
		}
		open, seenAt = h.State == rider.HandoverOpen, h.SeenAt
	}
	switch {
	case !open:
		f.skip = answered
	case seenAt != nil:
		f.skip = seen
	default:
		f.wait = max(0, p.At.Add(s.Grace).Sub(s.Clock.Now()))
	}
	return nil
}

// shift looks at the booking of which a push reminds its rider. Who has given it back, or has come, needs no reminder.
func shift(ctx context.Context, tx pgx.Tx, p Push, f *found) error {
	b, err := rider.BookingOf(ctx, tx, p.Tenant, p.Rider, p.Booking)
	if errors.Is(err, rider.ErrBookingNotFound) {
		f.skip = answered
		return nil
	}
	if err != nil {
		return err
	}
	awaited, err := rider.Awaited(ctx, tx, p.Tenant, b)
	if err != nil {
		return err
	}
	if !awaited {
		f.skip = answered
		return nil
	}
	loc, err := pg.TimeZone(ctx, tx, p.Tenant)
	f.begins = b.StartsAt.In(loc)
	return err
}
