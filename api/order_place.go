package api

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/sandbox"
	"github.com/paidan/paidan/tariff"
)

// placing is an order on its way into the database, and what became of it. Requests that come while a transaction is being written share
// the next one (gather.go); each is decided on by itself, as if it had come alone, the first come first.
type placing struct {
	who     merchant
	key     string // Idempotency-Key; "" for none
	hash    []byte // of the body
	quote   id.Quote
	fault   sandbox.Fault // "" for none
	pricing pricing       // of the order's zone: a transaction must not wait for a second connection
	now     time.Time
	told    bool // the merchant has told the customer when the order comes

	order    order.Order // as it is wanted, then as it was placed
	replayed bool        // the key made it before
	err      error       // why it was not placed

	claimed bool     // the key is this one's
	after   *placing // of the same transaction: it has the key or the quote that this one wants
	again   bool     // what it waited for has failed
}

// settled reports whether it is known what becomes of it, without placing it.
func (p *placing) settled() bool { return p.err != nil || p.replayed || p.after != nil }

// maxTogether bounds the orders of one transaction, so that nobody waits long for others' orders.
const maxTogether = 64

// placeAll places orders of a tenant, as many as possible in one transaction, and tells each what became of it.
func (s *Server) placeAll(ctx context.Context, tenant id.Tenant, ps []*placing) {
	ctx, cancel := context.WithTimeout(ctx, s.conf.Timeout)
	defer cancel()
	s.metrics.together.Observe(float64(len(ps)))
	for len(ps) > 0 {
		ps = s.placeTogether(ctx, tenant, ps)
	}
}

// placeTogether is one transaction. It returns those that have to try again, because what they were put off for did not come to be.
// When it can't be written, each order is tried by itself, so that one that breaks it fails alone.
func (s *Server) placeTogether(ctx context.Context, tenant id.Tenant, ps []*placing) (again []*placing) {
	tried := make([]*placing, len(ps)) // copies: nothing has happened until they are committed
	for i, p := range ps {
		tried[i] = new(*p)
	}
	written := false
	err := s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if err := claimKeys(ctx, tx, tenant, tried); err != nil {
			return err
		}
		if err := place(ctx, tx, tenant, tried); err != nil {
			return err
		}
		if err := releaseKeys(ctx, tx, tenant, unused(tried)); err != nil {
			return err
		}
		written = true
		return nil
	})
	switch {
	case err != nil && !written && len(ps) > 1 && ctx.Err() == nil:
		for _, p := range ps {
			s.placeTogether(ctx, tenant, []*placing{p}) // one alone waits for nobody, so it need not try again
		}
		return nil
	case err != nil: // also where it is not known whether the commit has arrived
		for _, p := range ps {
			p.err = err
		}
		return nil
	}
	for i, p := range tried {
		if p.again {
			again = append(again, ps[i])
		} else {
			*ps[i] = *p
		}
	}
	s.tellPlaced(tenant, tried)
	return again
}

// tellPlaced tells the zones of orders that have come in.
func (s *Server) tellPlaced(tenant id.Tenant, ps []*placing) {
	placed := make(map[id.Zone][]id.Order)
	for _, p := range ps {
		if p.err == nil && !p.replayed && !p.again {
			placed[p.order.Zone] = append(placed[p.order.Zone], p.order.ID)
		}
	}
	for zone, orders := range placed {
		s.dispatch.Placed(tenant, zone, orders)
	}
}

// place places those that are not settled, in a fixed number of statements however many they are, and settles all. The error is
// the database's.
func place(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ps []*placing) error {
	if err := charge(ctx, tx, tenant, ps); err != nil {
		return err
	}
	var open []*placing
	var orders []order.Placement
	for _, p := range ps {
		if !p.settled() {
			open, orders = append(open, p), append(orders, order.Placement{Order: p.order, Actor: p.who.actor()})
		}
	}
	outcomes, err := order.PlaceAll(ctx, tx, tenant, orders)
	if err != nil {
		return err
	}
	used := make(map[id.Quote]id.Order)
	for i, x := range outcomes {
		p := open[i]
		if p.err = x.Err; p.err != nil {
			continue
		}
		p.order = x.Order
		if !p.quote.IsZero() {
			used[p.quote] = p.order.ID
		}
		if p.fault != "" {
			if err := sandbox.Place(ctx, tx, tenant, p.order.ID, p.fault, p.now); err != nil {
				return err
			}
		}
	}
	if len(used) > 0 {
		if err := order.UseQuotes(ctx, tx, tenant, used); err != nil {
			return err
		}
	}
	for _, p := range ps { // one that is waited for comes first
		if p.after != nil {
			p.follow()
		}
	}
	return nil
}

// charge fixes the fees of the orders that are about to be placed: those of their quotes, or those of this moment.
func charge(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ps []*placing) error {
	quotes, err := lockQuotes(ctx, tx, tenant, ps)
	if err != nil {
		return err
	}
	users := make(map[id.Quote]*placing)
	crowds := make(crowds)
	for _, p := range ps {
		switch {
		case p.settled():
		case p.quote.IsZero():
			var limit *tariff.LimitError
			p.order.Fee, err = p.pricing.fee(ctx, tx, crowds, p.order, p.now)
			if err != nil && !errors.As(err, &limit) {
				return err
			}
			p.err = err
		case users[p.quote] != nil:
			p.after = users[p.quote]
		default:
			if p.err = p.take(quotes[p.quote]); p.err == nil {
				users[p.quote] = p
			}
		}
	}
	return nil
}

func lockQuotes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ps []*placing) (map[id.Quote]order.Quote, error) {
	var wanted []id.Quote
	for _, p := range ps {
		if !p.settled() && !p.quote.IsZero() {
			wanted = append(wanted, p.quote)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	return order.LockQuotes(ctx, tx, tenant, wanted)
}

// take gives the order what it was quoted, if the quote is for it. The zero quote is one that there is not.
func (p *placing) take(q order.Quote) error {
	if q.ID != p.quote || q.Merchant != p.who.Merchant {
		return invalid(FieldFault{"quote_id", "you have no such quote", p.quote})
	}
	if err := q.Open(p.now); err != nil {
		return err
	}
	if err := q.Covers(p.order); err != nil {
		return err
	}
	p.order.Fee = &q.Fee
	if p.order.WeightG == 0 {
		p.order.WeightG = q.WeightG
	}
	if !p.told { // else than by the quote
		p.order.PromiseAt = q.PromiseAt
	}
	return nil
}
