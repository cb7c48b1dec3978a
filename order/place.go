package order

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Placement is an order to place, and who places it.
type Placement struct {
	// Order as wanted. Its ID is made if zero. PlacedAt is the time of placement; with a later DueAt it is Scheduled, else Pending.
	// What only events set (State, Version, Rider, …) is ignored.
	Order Order
	Actor Actor
}

// Place places orders of one tenant, all or none: the first external id that is taken is an *ExternalIDTakenError, upon
// which the caller rolls back (the transaction itself is not aborted). It sets ID, State, Version, DueAt and UpdatedAt of the
// given orders.
func Place(ctx context.Context, tx pgx.Tx, orders []Order, actor Actor) error {
	if len(orders) == 0 {
		return nil
	}
	ps := make([]Placement, len(orders))
	for i, o := range orders {
		ps[i] = Placement{o, actor}
	}
	out, err := PlaceAll(ctx, tx, orders[0].Tenant, ps)
	if err != nil {
		return err
	}
	for i := range out {
		if out[i].Err != nil {
			return out[i].Err
		}
		orders[i] = out[i].Order
	}
	return nil
}

// PlaceAll places orders, each on its own: requests that came at the same time can share it. The outcomes are parallel to
// the placements; an Outcome's Err is nil or an *ExternalIDTakenError. Of two placements with the same external id, one wins.
// The error tells of the database only (a store that the tenant does not have among it).
func PlaceAll(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ps []Placement) ([]Outcome, error) {
	out := make([]Outcome, len(ps))
	if len(ps) == 0 {
		return out, nil
	}
	records := make(map[id.Order]record, len(ps))
	os := make([]Order, len(ps))
	for i, p := range ps {
		o, e, err := placed(tenant, p)
		if err != nil {
			return nil, err
		}
		out[i].Order, os[i] = o, o
		records[o.ID] = record{o.ID, o.Merchant, RecordedEvent{e, o.Version, o.State}}
	}
	// In the order of the unique key, so that two batches with the same external ids wait for each other one way only.
	slices.SortStableFunc(os, func(a, b Order) int {
		return cmp.Or(slices.Compare(a.Merchant[:], b.Merchant[:]), cmp.Compare(a.ExternalID, b.ExternalID))
	})
	won, err := insert(ctx, tx, tenant, os)
	if err != nil {
		return nil, fmt.Errorf("insert %d orders: %w", len(os), err)
	}
	rs := make([]record, 0, len(won))
	for i := range out {
		if o := &out[i]; won[o.Order.ID] {
			rs = append(rs, records[o.Order.ID])
		}
	}
	if _, err := tx.Exec(ctx, insertEvents, eventArgs(tenant, rs)...); err != nil {
		return nil, fmt.Errorf("record %d placements: %w", len(rs), err)
	}
	if len(won) < len(os) {
		return out, explainTaken(ctx, tx, tenant, out, won)
	}
	return out, nil
}

// placed is the order as the event makes it.
func placed(tenant id.Tenant, p Placement) (Order, Event, error) {
	o := p.Order
	o.Tenant = tenant
	if o.ID.IsZero() {
		o.ID = id.NewOrder()
	}
	o.State, o.Version, o.Rider, o.Offer = unplaced, 0, id.Rider{}, id.Offer{}
	o.Clean()
	e := Event{
		Type: EventPlaced, At: micro(o.PlacedAt), Actor: p.Actor,
		ReadyEstimate: new(micro(o.ReadyEstimate)), PromiseAt: new(micro(o.PromiseAt)),
	}
	if o.DueAt.After(o.PlacedAt) {
		e.DueAt = new(micro(o.DueAt))
	}
	o.DueAt = time.Time{}
	o, err := o.Apply(e)
	return o, e, err
}
