package api

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

func (p *placing) ownKey() ownKey { return ownKey{p.who.Merchant, p.key} }

// claimKeys makes their keys the placings' own. One whose key has been used is settled by the order made then; of several with the same
// new key the first has it, and the others follow.
func claimKeys(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ps []*placing) error {
	firsts := make(map[ownKey]*placing)
	var wanted claims
	for _, p := range ps {
		if p.key != "" && firsts[p.ownKey()] == nil {
			firsts[p.ownKey()] = p
			wanted.add(p.ownKey(), p.hash, p.order.ID, p.now)
		}
	}
	used, err := wanted.claim(ctx, tx, tenant)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if p.key == "" {
			continue
		}
		earlier, ok := used[p.ownKey()]
		first := firsts[p.ownKey()]
		switch {
		case !ok && p == first:
			p.claimed = true
		case !ok:
			p.after = first
		case !bytes.Equal(p.hash, earlier.hash):
			p.err = errKeyReused
		default:
			p.replayed = true
			if p.order, err = asPlaced(ctx, tx, tenant, earlier.order, p.order); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow settles one that waited for another, which is settled.
func (p *placing) follow() {
	first := p.after
	switch {
	case first.err != nil || first.again:
		p.again = true
	case p.claimed || p.key == "": // so it was for the quote
		p.err = &order.QuoteUsedError{Quote: p.quote, Order: first.order.ID}
	case !bytes.Equal(p.hash, first.hash):
		p.err = errKeyReused
	default:
		p.order, p.replayed = first.order, true
	}
}

// unused are the keys that were claimed for nothing: a request that was refused may be sent again under its key.
func unused(ps []*placing) (keys []ownKey) {
	for _, p := range ps {
		if p.claimed && (p.err != nil || p.again) {
			keys = append(keys, p.ownKey())
		}
	}
	return keys
}
