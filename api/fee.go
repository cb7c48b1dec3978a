package api

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/tariff"
)

// Fee is what the merchant pays for a delivery.
type Fee struct {
	Amount        int64     `json:"amount" doc:"Minor units."`
	Currency      string    `json:"currency" doc:"ISO 4217."`
	DistanceM     int       `json:"distance_m" doc:"From store to door as the crow flies, as it was billed."`
	TariffVersion int64     `json:"tariff_version" doc:"Of the zone's tariff that made the fee."`
	Terms         []FeeTerm `json:"terms" doc:"What the amount is made of: they add up to it."`
}

// FeeTerm is one part of a fee.
type FeeTerm struct {
	Kind    order.TermKind `json:"kind" enum:"base,distance,weight,time,surge,minimum"`
	Amount  int64          `json:"amount" doc:"Minor units."`
	Name    string         `json:"name,omitempty" doc:"Of a surcharge by the time of day."`
	Percent int            `json:"percent,omitempty" doc:"Of base, distance and weight, where it is such a part."`
}

func feeOf(f order.Fee) Fee {
	out := Fee{f.Minor, f.Currency, f.DistanceM, f.Tariff, make([]FeeTerm, len(f.Terms))}
	for i, t := range f.Terms {
		out.Terms[i] = FeeTerm{t.Kind, t.Minor, t.Name, t.Percent}
	}
	return out
}

// pricing is what a zone's fees are made by, and when it takes orders at all.
type pricing struct {
	tariff.Version // number 0: the zone has none
	clock          *time.Location
	policy         dispatch.Policy
}

// ClosedError refuses an order for when its zone takes none.
type ClosedError struct{ Opens time.Time } // zero: never

func (e *ClosedError) Error() string { return "the zone takes no orders then" }

// open refuses an order for when the zone takes none: *ClosedError. Tests are welcome at any time.
func (p pricing) open(who merchant, o order.Order, now time.Time) error {
	if o.DeliverAfter != nil {
		now = *o.DeliverAfter
	}
	now = now.In(p.clock)
	if opens := p.policy.Opening(now); !who.Test && !opens.Equal(now) {
		return &ClosedError{opens}
	}
	return nil
}

// pricing reads a zone's tariff and hours from memory while they are fresh.
func (s *Server) pricing(ctx context.Context, tenant id.Tenant, zone id.Zone) (pricing, error) {
	return s.tariffs.get(zoneKey{tenant, zone}, func() (p pricing, err error) {
		err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
			if p.clock, err = pg.TimeZone(ctx, tx, tenant); err != nil {
				return err
			}
			if p.policy, err = dispatch.PolicyOf(ctx, tx, tenant, zone); err != nil {
				return err
			}
			if p.Version, err = tariff.Current(ctx, tx, tenant, zone); errors.Is(err, tariff.ErrNone) {
				return nil
			}
			return err
		})
		return p, err
	})
}

// crowds are how full zones are, each counted once for all orders of a transaction.
type crowds map[id.Zone]*crowd

type crowd struct{ orders, riders int }

func (c crowds) of(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) (_ crowd, err error) {
	if c[zone] == nil {
		var n crowd
		if n.orders, err = order.CountOpen(ctx, tx, tenant, zone); err != nil {
			return n, err
		}
		if n.riders, _, err = rider.CountOnShift(ctx, tx, tenant, zone, now, rider.Need{}); err != nil {
			return n, err
		}
		c[zone] = &n
	}
	return *c[zone], nil
}

// fee is that of an order now, nil where the zone has no tariff. *tariff.LimitError. The time of day is that for which the order is
// wanted. The supply gap counts for orders for right away: nobody knows yet who will be on shift later.
func (p pricing) fee(ctx context.Context, tx pgx.Tx, in crowds, o order.Order, now time.Time) (*order.Fee, error) {
	if p.Number == 0 {
		return nil, nil
	}
	input := tariff.Input{DistanceM: int(math.Ceil(geo.Distance(o.Pickup, o.Dropoff.At))), WeightG: o.WeightG, At: now.In(p.clock)}
	if o.DeliverAfter != nil {
		input.At = o.DeliverAfter.In(p.clock)
	}
	if err := p.Tariff.Takes(input.DistanceM, input.WeightG); err != nil {
		return nil, err
	}
	if p.Tariff.Surge.MaxPercent > 0 && !o.DueAt.After(now) {
		n, err := in.of(ctx, tx, o.Tenant, o.Zone, now)
		if err != nil {
			return nil, err
		}
		input.SurgePercent = p.Tariff.Surge.Percent(n.orders, n.riders)
	}
	fee := tariff.Price(p.Tariff, input)
	fee.Tariff = p.Number
	return &fee, nil
}
