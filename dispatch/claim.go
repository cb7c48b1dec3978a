package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ErrTaken refuses a claim of what is no longer in the pool: another rider was faster or better, or it was cancelled or given away.
var ErrTaken = errors.New("dispatch: the order is not in the pool any more")

// Claim has a rider ask for a pooled order, and with it for what else of its job waits. While the lot's window is open the claim is
// collected, and the answer is an open claim; afterwards it wins at once. The same claim again, or another of who has the order already,
// is answered as the first (already = true).
// order.ErrNotFound (also for another zone's order), rider.ErrOffShift, ErrTaken, *CannotAssignError.
func (s *Service) Claim(ctx context.Context, tenant id.Tenant, who id.Rider, orderID id.Order, a Action) (c rider.Claim, already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		shift, err := rider.OnShiftOf(ctx, t, tenant, who)
		if err != nil {
			return err
		}
		seen, err := order.Get(ctx, t, tenant, orderID)
		if err != nil {
			return err
		}
		if seen.Zone != shift.Shift.Zone {
			return order.ErrNotFound
		}
		// Whoever comes too late is told so without a lock, so that a crowd does not queue up behind the winner.
		if seen.State != order.Pending {
			c, already, err = t.claimed(ctx, who, &seen, a)
			return err
		}
		before, mates, plans, err := t.lockTogether(ctx, orderID, who)
		if err != nil {
			return err
		}
		if c, already, err = t.claimed(ctx, who, &before, a); already || !errors.Is(err, errStillThere) {
			return err
		}
		policy, err := PolicyOf(ctx, t, tenant, before.Zone)
		if err != nil {
			return err
		}
		if err := s.mayClaim(ctx, t, shift, &before, policy); err != nil {
			return err
		}
		c = rider.Claim{Lot: lotOf(&before), Order: orderID, Rider: who, Action: a.ID, At: t.now, State: rider.ClaimOpen}
		move, err := moving(before, mates, who)
		if err != nil {
			return err
		}
		plan := plans[who]
		plan.Rider, plan.Zone = who, before.Zone
		if plan.Stops, err = s.insert(ctx, t, move, plan); err != nil {
			return err
		}
		collected, err := t.collects(ctx, orderID, c.Lot)
		if err != nil {
			return err
		}
		if collected {
			t.touch(changes{zone: before.Zone, phones: []id.Rider{who}})
			return rider.SaveClaim(ctx, t, tenant, c)
		}
		c, err = s.award(ctx, t, c, rider.ClaimFirst, move, plan, a, policy)
		if err != nil {
			return err
		}
		return saveDecisions(ctx, t, tenant, claimDecisions(move, t.now, c, nil, nil))
	})
	return c, already, err
}

// errStillThere says that an order can be claimed.
var errStillThere = errors.New("in the pool")

// claimed is what has become of a rider's claim, or of the order without one: errStillThere where it can be claimed (anew).
func (t *txn) claimed(ctx context.Context, who id.Rider, o *order.Order, a Action) (c rider.Claim, already bool, err error) {
	mine, err := rider.ClaimOf(ctx, t, t.tenant, lotOf(o), who)
	if err != nil {
		return c, false, err
	}
	if mine != nil {
		switch {
		case mine.State == rider.ClaimWon && (mine.Action == a.ID || o.Rider == who):
			return *mine, true, nil
		case mine.State == rider.ClaimLost && mine.Action == a.ID:
			return c, false, ErrTaken
		}
	}
	rows, err := rider.PooledOrders(ctx, t, t.tenant, []id.Order{o.ID})
	switch {
	case err != nil:
		return c, false, err
	case o.State != order.Pending || len(rows) == 0:
		return c, false, ErrTaken
	case mine != nil && mine.State == rider.ClaimOpen:
		return *mine, true, nil
	}
	return c, false, errStillThere
}

// collects reports whether claims of a lot are still being collected: its window is open, or the round that settles it is due.
func (t *txn) collects(ctx context.Context, o id.Order, lot uuid.UUID) (bool, error) {
	rows, err := rider.PooledOrders(ctx, t, t.tenant, []id.Order{o})
	if err != nil || len(rows) == 0 {
		return false, err
	}
	if t.now.Before(rows[0].ClosesAt) {
		return true, nil
	}
	open, err := rider.OpenClaims(ctx, t, t.tenant, []uuid.UUID{lot})
	return len(open) > 0, err
}

// Reasons beside the solver's why a rider can't claim an order.
const (
	ReasonStale  = "stale"   // no fresh position
	ReasonTooFar = "too_far" // farther from the store than the policy's radius
)

// mayClaim refuses riders who are not asked for an order either; what their plan has room for is the solver's to say.
func (s *Service) mayClaim(ctx context.Context, tx pgx.Tx, who rider.OnShift, o *order.Order, p Policy) error {
	now := s.clock.Now()
	no := func(reason string) error { return &CannotAssignError{Rider: who.Rider.ID, Order: o.ID, Reason: reason} }
	fix, heard := s.index.Last(who.Tenant, who.Rider.ID)
	open, err := rider.OffersOf(ctx, tx, who.Tenant, who.Rider.ID, true)
	switch {
	case err != nil:
		return err
	case !heard || now.Sub(fix.At) > p.StaleAfter():
		return no(ReasonStale)
	case geo.Distance(fix.LatLng, o.Pickup) > float64(p.PoolRadiusM):
		return no(ReasonTooFar)
	case refusing(o, who.Rider.ID, now, p):
		return no(string(solver.ReasonRefused))
	case len(open) > 0:
		return no(ReasonOfferOpen)
	}
	return nil
}

// refusing reports whether a rider's refusal of an order still counts.
func refusing(o *order.Order, who id.Rider, now time.Time, p Policy) bool {
	return o.RefusedByRider(who) && now.Sub(o.UpdatedAt) < p.Refusal()
}

// award gives locked orders to who has claimed them, whose locked plan already has their stops.
func (s *Service) award(ctx context.Context, t *txn, c rider.Claim, why string, move []order.Order, plan rider.Plan, a Action, p Policy) (rider.Claim, error) {
	if slices.ContainsFunc(move, func(o order.Order) bool { return o.State != order.Pending }) {
		return c, ErrTaken // a part of the lot went elsewhere
	}
	cs := make([]order.Change, len(move))
	ids, told := make([]id.Order, len(move)), make([]ledger.Told, len(move))
	for i, o := range move {
		a.Reason = "claimed"
		told[i] = ledger.Told{Order: o.ID, Rider: c.Rider}
		cs[i] = order.Change{Order: o.ID, Event: a.event(order.EventAssigned, c.Rider, t.now)}
		ids[i] = o.ID
		t.touch(changes{zone: o.Zone, orders: []id.Order{o.ID}, riders: []id.Rider{c.Rider}, phones: s.around(t.tenant, &o, p)})
	}
	if err := ledger.TellPay(ctx, t, t.tenant, told, t.now); err != nil {
		return c, err
	}
	if err := t.apply(ctx, cs); err != nil {
		return c, err
	}
	if err := t.savePlan(ctx, &plan); err != nil {
		return c, err
	}
	c.State, c.DecidedAt, c.Reason = rider.ClaimWon, &t.now, why
	if err := rider.SaveClaim(ctx, t, t.tenant, c); err != nil {
		return c, err
	}
	losers, err := rider.RemovePooled(ctx, t, t.tenant, ids, rider.ClaimTaken, t.now)
	if err != nil {
		return c, fmt.Errorf("claim of order %s: %w", c.Order, err)
	}
	t.touch(changes{zone: plan.Zone, phones: losers})
	return c, nil
}

// claimDecisions explain why the orders of a lot went to whom.
func claimDecisions(move []order.Order, now time.Time, c rider.Claim, chosen *Ranked, others []Ranked) []Decision {
	out := make([]Decision, len(move))
	for i, o := range move {
		out[i] = Decision{
			Order: o.ID, FirstAt: now, LastAt: now, Kind: KindClaimed, Rider: c.Rider, Reason: c.Reason, Chosen: chosen, RunnersUp: others,
		}
	}
	return out
}
