package api

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// NewQuote asks what an order would cost, and when it would arrive.
type NewQuote struct {
	StoreID      id.Store   `json:"store_id" pattern:"^sto_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	Dropoff      Place      `json:"dropoff"`
	WeightG      int        `json:"weight_g,omitempty" minimum:"1" maximum:"1000000" doc:"Grams."`
	Load         int        `json:"load,omitempty" default:"1" minimum:"1" maximum:"1000" doc:"Units of a rider's capacity."`
	Skills       []string   `json:"skills,omitempty" maxItems:"20" doc:"The rider must have all of them."`
	Vehicles     []string   `json:"vehicles,omitempty" maxItems:"5" enum:"walking,bicycle,ebike,motorcycle,car" doc:"The rider must use one of them; empty: any."`
	ReadyAt      *time.Time `json:"ready_at,omitempty" doc:"When the food will be ready; else preparation_s, else the store's usual time."`
	PreparationS *int       `json:"preparation_s,omitempty" minimum:"0" maximum:"86400" doc:"Seconds from now until the food is ready."`
	DeliverAfter *time.Time `json:"deliver_after,omitempty" doc:"For later: the customer does not want it before."`
}

// order is what would be placed.
func (n NewQuote) order() NewOrder {
	return NewOrder{
		StoreID: n.StoreID, Dropoff: Dropoff{Location: n.Dropoff.Location}, WeightG: n.WeightG, Load: n.Load, Skills: n.Skills, Vehicles: n.Vehicles,
		ReadyAt: n.ReadyAt, PreparationS: n.PreparationS, DeliverAfter: n.DeliverAfter,
	}
}

// Quote is a fee and times that hold for ten minutes, for one order.
type Quote struct {
	ID            id.Quote   `json:"id"`
	StoreID       id.Store   `json:"store_id"`
	ZoneID        id.Zone    `json:"zone_id"`
	Dropoff       Place      `json:"dropoff"`
	WeightG       int        `json:"weight_g" doc:"Grams; 0: not told."`
	Load          int        `json:"load"`
	DeliverAfter  *time.Time `json:"deliver_after"`
	Fee           Fee        `json:"fee"`
	ReadyEstimate time.Time  `json:"ready_estimate" doc:"When the food is expected to be ready."`
	Pickup        Expected   `json:"pickup" doc:"When a rider leaves the store with it."`
	Delivery      Expected   `json:"delivery" doc:"When it is in the customer's hands."`
	PromiseAt     time.Time  `json:"promise_at" doc:"What to tell the customer."`
	CreatedAt     time.Time  `json:"created_at"`
	ExpiresAt     time.Time  `json:"expires_at"`
	OrderID       id.Order   `json:"order_id" doc:"That used it; empty: none yet."`
}

// Expected is when something is expected.
type Expected struct {
	P50At time.Time `json:"p50_at" doc:"As likely sooner as later."`
	P90At time.Time `json:"p90_at" doc:"Nine times of ten by then."`
}

func quoteOf(q order.Quote) Quote {
	return Quote{
		ID: q.ID, StoreID: q.Store, ZoneID: q.Zone, Dropoff: Place{q.Dropoff}, WeightG: q.WeightG, Load: q.Load, DeliverAfter: q.DeliverAfter,
		Fee: feeOf(q.Fee), ReadyEstimate: q.ReadyEstimate, Pickup: Expected{q.Pickup.P50, q.Pickup.P90}, Delivery: Expected{q.Delivery.P50, q.Delivery.P90},
		PromiseAt: q.PromiseAt, CreatedAt: q.CreatedAt, ExpiresAt: q.ExpiresAt, OrderID: q.Order,
	}
}

// createQuote answers for what can be known now. Riders are not rostered, so that only for an order for right away it can be said
// that nobody is there to take it.
func (s *Server) createQuote(ctx context.Context, in *struct{ Body NewQuote }) (*out[Quote], error) {
	who, n := merchantOf(ctx), in.Body.order()
	store, err := s.findStore(ctx, who, n.StoreID)
	if errors.Is(err, order.ErrNotFound) {
		return nil, invalid(FieldFault{"store_id", "you have no such store", n.StoreID})
	}
	if err != nil {
		return nil, err
	}
	now := micro(s.clock.Now())
	o, err := s.build(who, store, n, now)
	if err != nil {
		return nil, err
	}
	p, err := s.pricing(ctx, who.Tenant, store.Zone)
	if err != nil {
		return nil, err
	}
	if err := p.open(who, o, now); err != nil {
		return nil, err
	}
	if p.Number == 0 {
		return nil, refuse(codeNoTariff, "The store's zone has no tariff.")
	}
	q := s.quoteFor(o, store, n, now)
	err = s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		if err := deliverable(ctx, tx, who, o, now); err != nil {
			return err
		}
		fee, err := p.fee(ctx, tx, crowds{}, o, now)
		if err != nil {
			return err
		}
		q.Fee = *fee
		return order.InsertQuote(ctx, tx, who.Tenant, q)
	})
	if err != nil {
		return nil, err
	}
	return answer(quoteOf(q)), nil
}

// quoteFor is the quote of an order, but for its fee.
func (s *Server) quoteFor(o order.Order, store order.Store, n NewOrder, now time.Time) order.Quote {
	visits := s.typical(o, store, n).Stops
	q := order.Quote{
		ID: id.NewQuote(), Merchant: o.Merchant, CreatedAt: now, ExpiresAt: now.Add(order.QuoteLife),
		Store: o.Store, Zone: o.Zone, Dropoff: o.Dropoff.At, Load: o.Load, WeightG: o.WeightG,
		ReadyEstimate: o.ReadyEstimate, Pickup: spanOf(visits[0].DepartAt), Delivery: spanOf(visits[1].DepartAt), PromiseAt: o.PromiseAt,
	}
	if n.DeliverAfter != nil {
		q.DeliverAfter = new(n.DeliverAfter.UTC())
	}
	return q
}

func spanOf(m eta.Moment) order.Span { return order.Span{P50: m.P50.UTC(), P90: m.P90.UTC()} }

// deliverable refuses what the zone does not deliver to, and what nobody at work could carry now. In the sandbox every order has a robot.
func deliverable(ctx context.Context, tx pgx.Tx, who merchant, o order.Order, now time.Time) error {
	inside, err := dispatch.InZone(ctx, tx, o.Tenant, o.Zone, o.Dropoff.At)
	switch {
	case err != nil:
		return err
	case !inside:
		return refuse(codeOutsideZone, "The drop-off lies outside the store's zone.")
	case o.DueAt.After(now), who.Test:
		return nil
	}
	riders, able, err := rider.CountOnShift(ctx, tx, o.Tenant, o.Zone, now, rider.Need{Load: o.Load, Skills: o.Skills, Vehicles: o.Vehicles})
	switch {
	case err != nil:
		return err
	case riders == 0:
		return refuse(codeNoCapacity, "No rider is on shift in the store's zone.")
	case able == 0:
		return refuse(codeNoCapacity, "No rider on shift in the store's zone has the vehicle, the skills and the capacity.")
	}
	return nil
}

func (s *Server) getQuote(ctx context.Context, in *ByQuote) (*out[Quote], error) {
	who := merchantOf(ctx)
	var q order.Quote
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		q, err = order.GetQuote(ctx, tx, who.Tenant, who.Merchant, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(quoteOf(q)), nil
}

// typical is the estimate behind an order's promise.
func (s *Server) typical(o order.Order, store order.Store, n NewOrder) eta.Estimate {
	return s.eta.Typical(o.DueAt, o.ReadyEstimate, store.At, o.Dropoff.At, n.vehicle(), rangeOf(store.Prep), rangeOf(store.Handoff))
}
