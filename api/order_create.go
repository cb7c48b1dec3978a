package api

import (
	"context"
	"errors"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// NewOrder is an order as a merchant sends it.
type NewOrder struct {
	StoreID       id.Store          `json:"store_id" pattern:"^sto_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	ExternalID    string            `json:"external_id,omitempty" maxLength:"128" doc:"Your own id, unique among your orders."`
	QuoteID       id.Quote          `json:"quote_id,omitempty" pattern:"^quo_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The quote whose fee and promise the order takes; good for one order."`
	Dropoff       Dropoff           `json:"dropoff"`
	Items         []Item            `json:"items,omitempty" maxItems:"200"`
	Value         *Money            `json:"value,omitempty" nullable:"false"`
	Load          int               `json:"load,omitempty" default:"1" minimum:"1" maximum:"1000" doc:"Units of a rider's capacity."`
	WeightG       int               `json:"weight_g,omitempty" minimum:"1" maximum:"1000000" doc:"Grams. It matters to the fee only."`
	Skills        []string          `json:"skills,omitempty" maxItems:"20" doc:"The rider must have all of them."`
	Vehicles      []string          `json:"vehicles,omitempty" maxItems:"5" enum:"walking,bicycle,ebike,motorcycle,car" doc:"The rider must use one of them; empty: any."`
	ReadyAt       *time.Time        `json:"ready_at,omitempty" doc:"When the food will be ready; else preparation_s, else the store's usual time."`
	PreparationS  *int              `json:"preparation_s,omitempty" minimum:"0" maximum:"86400" doc:"Seconds from now until the food is ready."`
	DeliverAfter  *time.Time        `json:"deliver_after,omitempty" doc:"For later: the customer does not want it before."`
	DeliverBefore *time.Time        `json:"deliver_before,omitempty" doc:"The end of the customer's window; it is the promise."`
	PromiseAt     *time.Time        `json:"promise_at,omitempty" doc:"What you told the customer; else deliver_before, else we estimate it."`
	Cash          *Money            `json:"cash_on_delivery,omitempty" nullable:"false" doc:"To be collected at the door."`
	Tip           *Money            `json:"tip,omitempty" nullable:"false"`
	Proof         *Demand           `json:"proof,omitempty" nullable:"false" doc:"Without which it can't be delivered."`
	Tags          []string          `json:"tags,omitempty" maxItems:"20" doc:"Your own labels, of at most 64 bytes."`
	Metadata      map[string]string `json:"metadata,omitempty" doc:"Your own data: at most 50 texts of 500 bytes, by names of 64 bytes."`
	Test          *NewTest          `json:"test,omitempty" nullable:"false" doc:"With a test key: what is to go wrong."`
}

type createOrderInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key and body within 24 hours give the same order, once."`
	Body           NewOrder
}

const (
	// maxTrip is the longest distance from store to customer.
	maxTrip = 100_000
	// horizon is how far ahead an order may be placed.
	horizon = 60 * 24 * time.Hour
	// lead is how long before the food is ready a scheduled order wakes up: time to find a rider and to get to the store.
	lead = 20 * time.Minute
)

func (s *Server) createOrder(ctx context.Context, in *createOrderInput) (*out[Order], error) {
	who := merchantOf(ctx)
	var hash []byte
	if in.IdempotencyKey != "" {
		hash = bodyHash(in.Body)
	}
	p := &placing{who: who, key: in.IdempotencyKey, hash: hash, now: s.clock.Now()}
	if err := s.prepare(ctx, p, in.Body); err != nil {
		return s.placedBefore(ctx, who, in, hash, p.now, err)
	}
	if err := s.placings.run(ctx, who.Tenant, p); err != nil {
		return nil, err
	}
	if p.err != nil {
		return nil, p.err
	}
	return answer(s.placedOrder(p.order)), nil
}

// placedOrder shows an order as it was placed.
func (s *Server) placedOrder(o order.Order) Order {
	j := orderOf(o)
	j.EtaAt, j.TrackingURL = etaOf(o, nil), s.trackingURL(o)
	return j
}

// prepare makes the order that a merchant asks for, and what is to be known to place it.
func (s *Server) prepare(ctx context.Context, p *placing, n NewOrder) error {
	if n.Test != nil && !p.who.Test {
		return invalid(FieldFault{"test", "only orders of test keys can have it: leave it out, or use a pk_test_… key", nil})
	}
	store, err := s.findStore(ctx, p.who, n.StoreID)
	if errors.Is(err, order.ErrNotFound) {
		return invalid(FieldFault{"store_id", "you have no such store", n.StoreID})
	}
	if err != nil {
		return err
	}
	if p.order, err = s.build(p.who, store, n, p.now); err != nil {
		return err
	}
	p.quote, p.told = n.QuoteID, n.PromiseAt != nil || n.DeliverBefore != nil
	if n.Test != nil {
		p.fault = n.Test.Fault
	}
	if p.pricing, err = s.pricing(ctx, p.who.Tenant, p.order.Zone); err != nil || !p.quote.IsZero() { // a quote holds
		return err
	}
	return p.pricing.open(p.who, p.order, p.now)
}

// build checks what the schema can't, and estimates what the merchant left open.
func (s *Server) build(who merchant, store order.Store, n NewOrder, now time.Time) (order.Order, error) {
	if faults := n.check(now); len(faults) > 0 {
		return order.Order{}, invalid(faults...)
	}
	if geo.Distance(store.At, n.Dropoff.Location) > maxTrip {
		return order.Order{}, refuse(codeTooFar, "The drop-off is more than 100 km from the store.")
	}
	o, err := n.order()
	if err != nil {
		return o, err
	}
	o.Tenant, o.ID, o.Merchant, o.Store, o.Zone, o.Pickup = who.Tenant, id.NewOrder(), who.Merchant, store.ID, store.Zone, store.At
	o.PlacedAt, o.DueAt = now, now
	s.estimate(&o, store, n, now)
	return o, nil
}

// order is what the merchant tells of an order.
func (n NewOrder) order() (order.Order, error) {
	demand, err := n.Proof.demand()
	o := order.Order{
		ExternalID: n.ExternalID, Load: n.Load, WeightG: n.WeightG, Skills: notNil(n.Skills), Vehicles: notNil(n.Vehicles),
		Dropoff: n.Dropoff.dropoff(), Items: []order.Item{}, Value: n.Value.money(), Cash: n.Cash.money(), Tip: n.Tip.money(),
		Demand: demand, Tags: notNil(n.Tags), Metadata: n.Metadata, DeliverAfter: utc(n.DeliverAfter), DeliverBefore: utc(n.DeliverBefore),
	}
	for _, x := range n.Items {
		o.Items = append(o.Items, order.Item(x))
	}
	return o, err
}

// estimate sets when the food is ready, when dispatch may begin, and what the customer is told.
func (s *Server) estimate(o *order.Order, store order.Store, n NewOrder, now time.Time) {
	switch {
	case n.ReadyAt != nil:
		o.ReadyEstimate = *n.ReadyAt
	case n.PreparationS != nil:
		o.ReadyEstimate = now.Add(time.Duration(*n.PreparationS) * time.Second)
	default:
		o.ReadyEstimate = s.eta.ReadyEstimate(now, rangeOf(store.Prep))
	}
	if n.DeliverAfter != nil {
		trip := s.eta.Travel(n.vehicle(), store.At, o.Dropoff.At).P50
		if from := n.DeliverAfter.Add(-trip); n.ReadyAt == nil && from.After(o.ReadyEstimate) {
			o.ReadyEstimate = from
		}
		if due := o.ReadyEstimate.Add(-lead); due.After(now) {
			o.DueAt = due
		}
	}
	o.PromiseAt = s.eta.Promise(o.DueAt, o.ReadyEstimate, store.At, o.Dropoff.At, n.vehicle(), rangeOf(store.Prep), rangeOf(store.Handoff))
	if n.DeliverAfter != nil && o.PromiseAt.Before(*n.DeliverAfter) {
		o.PromiseAt = *n.DeliverAfter
	}
	if n.DeliverBefore != nil {
		o.PromiseAt = *n.DeliverBefore
	}
	if n.PromiseAt != nil {
		o.PromiseAt = *n.PromiseAt
	}
	o.ReadyEstimate, o.DueAt, o.PromiseAt = micro(o.ReadyEstimate), micro(o.DueAt), micro(o.PromiseAt)
}

// vehicle is what an estimate is made for, before it is known who comes.
func (n NewOrder) vehicle() string {
	if len(n.Vehicles) > 0 {
		return n.Vehicles[0]
	}
	return "bicycle"
}

// check finds what the schema can't say.
func (n NewOrder) check(now time.Time) []FieldFault {
	var faults []FieldFault
	within := func(field string, t *time.Time, from time.Duration) {
		if t != nil && (t.Before(now.Add(from)) || t.After(now.Add(horizon))) {
			faults = append(faults, FieldFault{field, "must lie between now and 60 days from now", t.Format(time.RFC3339)})
		}
	}
	within("ready_at", n.ReadyAt, -24*time.Hour)
	within("deliver_after", n.DeliverAfter, -time.Hour)
	within("deliver_before", n.DeliverBefore, 0)
	within("promise_at", n.PromiseAt, -time.Hour)
	if n.ReadyAt != nil && n.PreparationS != nil {
		faults = append(faults, FieldFault{"preparation_s", "send ready_at or preparation_s, not both", *n.PreparationS})
	}
	if n.DeliverAfter != nil && n.DeliverBefore != nil && !n.DeliverBefore.After(*n.DeliverAfter) {
		faults = append(faults, FieldFault{"deliver_before", "must be later than deliver_after", n.DeliverBefore.Format(time.RFC3339)})
	}
	faults = append(faults, checkWords("skills", n.Skills, maxTag)...)
	faults = append(faults, checkWords("tags", n.Tags, maxTag)...)
	return append(faults, checkMetadata(n.Metadata)...)
}

// micro is PostgreSQL's precision, so that the answer to the first request equals the answer to its repetition.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
