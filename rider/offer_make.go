package rider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// MakeOffers inserts open offers and returns the ids of those that were made. An offer whose rider, or any of whose orders, has an
// open one already (also one that another transaction is just making) is left out whole; the others are made, and the
// transaction goes on. State, SeenAt, AnsweredAt and Reason are ignored.
func MakeOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Offer) ([]id.Offer, error) {
	if len(list) == 0 {
		return nil, nil
	}
	in, err := offerColumnsOf(list)
	if err != nil {
		return nil, err
	}
	// Riders first, then orders, each in order: all transactions take the unique indexes' locks the same way, so none deadlocks.
	rows, err := tx.Query(ctx, `
		with made as (
			insert into offers (tenant_id, id, rider_id, zone_id, round_id, state, order_ids, stops, made_at, expires_at)
			select $1, x.id, rider, zone, round, 'open', n.orders, stops::jsonb, made_at, expires_at
			from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[])
				as x (id, rider, zone, round, stops, made_at, expires_at)
			join (select offer_id, array_agg(order_id order by place) as orders
				from unnest($9::uuid[], $10::uuid[], $11::int[]) as y (offer_id, order_id, place) group by offer_id) n on n.offer_id = x.id
			order by rider, x.id
			on conflict (tenant_id, rider_id) where state = 'open' do nothing
			returning id
		), holds as (
			insert into offer_orders (tenant_id, offer_id, order_id, open)
			select $1, n.offer_id, n.order_id, true
			from unnest($9::uuid[], $10::uuid[]) as n (offer_id, order_id) join made on made.id = n.offer_id
			order by n.order_id, n.offer_id
			on conflict (tenant_id, order_id) where open do nothing
			returning offer_id
		)
		select made.id, count(holds.offer_id) from made left join holds on holds.offer_id = made.id group by made.id order by made.id`,
		tenant, in.ids, in.riders, in.zones, in.rounds, in.stops, in.madeAt, in.expiresAt, in.orderOffers, in.orders, in.places)
	if err != nil {
		return nil, wrap("make offers", err)
	}
	var made, broken []id.Offer
	var offer id.Offer
	var held int
	_, err = pgx.ForEachRow(rows, []any{&offer, &held}, func() error {
		if held == in.size[offer] {
			made = append(made, offer)
		} else {
			broken = append(broken, offer)
		}
		return nil
	})
	if err != nil {
		return nil, wrap("make offers", err)
	}
	if len(broken) == 0 {
		return made, nil
	}
	// A second statement: the first can't delete rows that it has itself inserted.
	_, err = tx.Exec(ctx, `
		with freed as (delete from offer_orders where tenant_id = $1 and offer_id = any($2))
		delete from offers where tenant_id = $1 and id = any($2)`, tenant, broken)
	return made, wrap("take back offers that lost an order", err)
}

// offerArrays is a list of offers as columns, for unnest.
type offerArrays struct {
	ids               []id.Offer
	riders            []id.Rider
	zones             []id.Zone
	rounds            []id.Round
	stops             []string
	madeAt, expiresAt []time.Time
	orderOffers       []id.Offer // with orders and places: one entry per order of an offer
	orders            []id.Order
	places            []int32
	size              map[id.Offer]int
}

func offerColumnsOf(list []Offer) (offerArrays, error) {
	in := offerArrays{size: make(map[id.Offer]int, len(list))}
	for _, o := range list {
		if len(o.Orders) == 0 {
			return in, fmt.Errorf("make offer %s: it has no orders", o.ID)
		}
		stops, err := encodeStops(o.Stops)
		if err != nil {
			return in, fmt.Errorf("make offer %s: %w", o.ID, err)
		}
		in.ids, in.riders, in.zones, in.rounds = append(in.ids, o.ID), append(in.riders, o.Rider), append(in.zones, o.Zone), append(in.rounds, o.Round)
		in.stops, in.madeAt, in.expiresAt = append(in.stops, stops), append(in.madeAt, o.MadeAt), append(in.expiresAt, o.ExpiresAt)
		in.size[o.ID] = len(o.Orders)
		for place, order := range o.Orders {
			in.orderOffers, in.orders, in.places = append(in.orderOffers, o.ID), append(in.orders, order), append(in.places, int32(place))
		}
	}
	return in, nil
}

// CloseOffers ends open offers (state must be another one) and frees their orders for new offers. It returns, by id, the offers
// that it closed; those that somebody else closed first are not among them. Of many callers who race for one offer exactly one gets it.
func CloseOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ids []id.Offer, state OfferState, reason string, now time.Time) ([]Offer, error) {
	if state == OfferOpen {
		return nil, errors.New("close offers: open is no way to end")
	}
	if len(ids) == 0 {
		return nil, nil
	}
	closed, err := offers(ctx, tx, "close offers", `
		with locked as materialized (
			select id from offers where tenant_id = $1 and id = any($2) and state = 'open' order by id for update
		), o as (
			update offers set state = $3, reason = nullif($4, ''), answered_at = $5
			from locked where offers.tenant_id = $1 and offers.id = locked.id
			returning offers.id, rider_id, zone_id, round_id, state, order_ids, stops, made_at, expires_at, seen_at, answered_at, reason
		), freed as (
			update offer_orders f set open = false from o where f.tenant_id = $1 and f.offer_id = o.id
		)
		select `+offerColumns+` from o`, tenant, ids, state, reason, now)
	slices.SortFunc(closed, func(a, b Offer) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return closed, err
}
