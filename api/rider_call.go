package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/relay"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Call is a number to dial.
type Call struct {
	Number string    `json:"number"`
	Until  time.Time `json:"until" doc:"So long it reaches the customer; ask again for a later call."`
}

const (
	// lineLife is how long a line is asked for.
	lineLife = 2 * time.Hour
	// lineLeft is how much of a line must be left for a call to begin with it.
	lineLeft = 5 * time.Minute
)

// masked reports whether the order's rider may call its customer by a masked number: while carrying it out, and an hour longer for what
// was forgotten.
func masked(o order.Order, p dispatch.Privacy, now time.Time) bool {
	return p.CustomerPhone == dispatch.ShownRelay && o.Dropoff.ContactPhone != "" && o.ErasedAt == nil &&
		(o.State.Active() || o.State == order.Delivered && now.Sub(*o.EndedAt) <= afterDoor)
}

// callCustomer lends the rider a number that reaches the customer of one of their orders, and no other. The gateway is asked between two
// transactions, not within one, so that its slowness holds nothing up.
func (s *Server) callCustomer(ctx context.Context, in *ByOrder) (*out[Call], error) {
	who, now := riderOf(ctx), s.clock.Now()
	if s.lines == nil {
		return nil, refuse(codeNoCall, "No masked numbers are set up here.")
	}
	var wish relay.Wish
	var line relay.Line
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		o, err := order.Get(ctx, tx, who.Tenant, in.ID)
		if err == nil && o.Rider != who.Rider {
			err = order.ErrNotFound
		}
		if err != nil {
			return err
		}
		policy, err := dispatch.PolicyOf(ctx, tx, who.Tenant, o.Zone)
		if err != nil {
			return err
		}
		if !masked(o, policy.Privacy, now) {
			return refuse(codeNoCall, "The order has no phone number, has ended, or the zone does not have riders call by masked numbers.")
		}
		riders, err := rider.GetMany(ctx, tx, who.Tenant, []id.Rider{who.Rider})
		if err != nil {
			return err
		}
		wish = relay.Wish{ID: "call_" + o.ID.String() + "_" + who.Rider.String(), Rider: riders[0].Phone, Customer: o.Dropoff.ContactPhone, Until: now.Add(lineLife)}
		line, err = rider.KeptLine(ctx, tx, who.Tenant, who.Rider, o.ID, now.Add(lineLeft))
		return err
	})
	if err != nil {
		return nil, err
	}
	if line.Number == "" {
		if line, err = s.lines.Lend(ctx, wish); err != nil {
			requestFrom(ctx).fail(err)
			return nil, refuse(codeUnavailable, "No number is to be had at the moment; try again.")
		}
		err = s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error { return rider.KeepLine(ctx, tx, who.Tenant, who.Rider, in.ID, line) })
		if err != nil {
			return nil, err
		}
	}
	return answer(Call{line.Number, line.Until}), nil
}
