package dispatch

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// The pool is where riders choose for themselves. An order is in it while it is pending and has a row (rider.Pooled), which the zone's
// rounds make and remove:
//
//   - in mode pool every order that waits is pooled, in the other modes those that PoolAfter riders turned down;
//   - what must go together (a job's orders that wait) is one lot, claimed as one;
//   - for PoolWindow the claims of a lot are collected, then the round that follows gives it to the best (pool_settle.go); whoever comes
//     later wins by coming first (claim.go);
//   - the engine leaves pooled orders alone until they have been there for PoolFor. Dispatchers may assign them at any time.

// lotOf is what an order goes together with.
func lotOf(o *order.Order) uuid.UUID {
	if o.Job.IsZero() {
		return o.ID.UUID()
	}
	return o.Job.UUID()
}

// poolable lists the orders of a snapshot that riders may claim, by lot. A job of which a rider has something already is not among
// them: the rest goes to that rider.
func (s *Snapshot) poolable() map[uuid.UUID][]id.Order {
	p := s.Zone.Policy
	wanted, bound := make(map[uuid.UUID]bool), make(map[uuid.UUID]bool)
	for i := range s.Orders {
		o := &s.Orders[i]
		lot := lotOf(o)
		switch {
		case o.State != order.Pending:
			bound[lot] = bound[lot] || binds(*o)
		case p.Mode == ModePool, p.PoolAfter > 0 && o.Declines >= p.PoolAfter:
			wanted[lot] = true
		}
	}
	out := make(map[uuid.UUID][]id.Order, len(wanted))
	for i := range s.Orders {
		if o := &s.Orders[i]; o.State == order.Pending && wanted[lotOf(o)] && !bound[lotOf(o)] {
			out[lotOf(o)] = append(out[lotOf(o)], o.ID)
		}
	}
	return out
}

// leftAlone reports whether the engine leaves an order to the riders.
func (s *Snapshot) leftAlone(o *order.Order) bool {
	row, ok := s.Pool[o.ID]
	if !ok || o.State != order.Pending {
		return false
	}
	limit := s.Zone.Policy.PoolFor()
	return limit == 0 || s.At.Sub(row.Since) < limit
}

// pooled lists what waits in the pool, as a round explains it.
func (s *Snapshot) pooled() []Waiting {
	var out []Waiting
	for i := range s.Orders {
		o := &s.Orders[i]
		if !s.leftAlone(o) {
			continue
		}
		w := Waiting{Order: o.ID, Reason: ReasonPooled}
		if closes := s.Pool[o.ID].ClosesAt; closes.After(s.At) {
			w.Until = closes
		}
		out = append(out, w)
	}
	return out
}

// keepPool brings the pool's rows up to date with the orders and the policy, in snap too. ringPool tells the riders.
func (s *Service) keepPool(ctx context.Context, of tenure, snap *Snapshot) error {
	var add []rider.Pooled
	var gone []id.Order
	keep := make(map[id.Order]bool)
	for lot, orders := range snap.poolable() {
		row := rider.Pooled{Lot: lot, Zone: of.zone, Since: snap.At, ClosesAt: snap.At.Add(snap.Zone.Policy.PoolWindow())}
		for _, o := range orders { // an order that joins a lot shares its window
			if known, ok := snap.Pool[o]; ok {
				row.Since, row.ClosesAt = known.Since, known.ClosesAt
			}
		}
		for _, o := range orders {
			keep[o] = true
			if _, ok := snap.Pool[o]; !ok {
				row.Order = o
				add = append(add, row)
			}
		}
	}
	for o := range snap.Pool {
		if !keep[o] {
			gone = append(gone, o)
		}
	}
	if len(add) == 0 && len(gone) == 0 {
		return nil
	}
	slices.SortFunc(gone, compareOrders)
	err := s.tx(ctx, of.tenant, func(t *txn) error {
		if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		if err := rider.AddPooled(ctx, t, of.tenant, add); err != nil {
			return err
		}
		losers, err := rider.RemovePooled(ctx, t, of.tenant, gone, rider.ClaimGone, t.now)
		if err != nil {
			return err
		}
		changed := slices.Clone(gone)
		for _, p := range add {
			changed = append(changed, p.Order)
		}
		t.touch(changes{zone: of.zone, orders: changed, phones: losers})
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range add {
		snap.Pool[p.Order] = p
	}
	for _, o := range gone {
		delete(snap.Pool, o)
	}
	return nil
}

func compareOrders(a, b id.Order) int { return slices.Compare(a[:], b[:]) }
