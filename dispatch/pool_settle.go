package dispatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// settlePool gives the lots whose window has closed to the best of those who claimed them. It reports whether there was any, for s is old then.
func (s *Service) settlePool(ctx context.Context, of tenure, snap *Snapshot) (settled bool, err error) {
	due := make(map[uuid.UUID]id.Order)
	for o, p := range snap.Pool {
		if first, ok := due[p.Lot]; !p.ClosesAt.After(snap.At) && (!ok || compareOrders(o, first) < 0) {
			due[p.Lot] = o
		}
	}
	lots := make(map[uuid.UUID]bool)
	for _, c := range snap.Claims {
		if _, ok := due[c.Lot]; ok {
			lots[c.Lot] = true
		}
	}
	firsts := make([]id.Order, 0, len(lots))
	for lot := range lots {
		firsts = append(firsts, due[lot])
	}
	if len(firsts) == 0 {
		return false, nil
	}
	slices.SortFunc(firsts, compareOrders)
	memory, err := s.recall(ctx, of.tenant, snap) // what the end of a route is worth
	if err != nil {
		return false, err
	}
	for _, o := range firsts {
		err := s.settle(ctx, of, snap, &memory, o)
		if errors.Is(err, ErrTaken) { // the next round takes it out of the pool
			continue
		}
		if err != nil {
			return settled, fmt.Errorf("settle the claims of order %s: %w", o, err)
		}
		settled = true
	}
	return settled, nil
}

// settle gives one lot away. Claimants who can't take it (any more) lose with the word for what keeps them from it; the rest by another's winning.
func (s *Service) settle(ctx context.Context, of tenure, snap *Snapshot, memory *Memory, orderID id.Order) error {
	return s.tx(ctx, of.tenant, func(t *txn) error {
		if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		lot := snap.Pool[orderID].Lot
		claims, err := rider.OpenClaims(ctx, t, of.tenant, []uuid.UUID{lot})
		if err != nil || len(claims) == 0 {
			return err
		}
		riders := make([]id.Rider, len(claims))
		for i, c := range claims {
			riders[i] = c.Rider
		}
		before, mates, plans, err := t.lockTogether(ctx, orderID, riders...)
		if err != nil {
			return err
		}
		again, err := rider.OpenClaims(ctx, t, of.tenant, []uuid.UUID{lot})
		switch {
		case err != nil:
			return err
		case len(again) != len(claims): // one came in before the lock
			return errMoved
		case before.State != order.Pending:
			return nil // the next round takes it out of the pool
		}
		ranked, err := s.rankClaims(ctx, snap, memory, orderID, plans, claims)
		if err != nil {
			return err
		}
		return s.giveToBest(ctx, t, before, mates, plans, claims, ranked, snap.Zone.Policy)
	})
}

// giveToBest gives a locked lot to the first of the ranked who can take it now.
func (s *Service) giveToBest(ctx context.Context, t *txn, before order.Order, mates []order.Order, plans map[id.Rider]rider.Plan, claims []rider.Claim, ranked []ranking, p Policy) error {
	for i, r := range ranked {
		c := claims[r.claim]
		move, err := moving(before, mates, c.Rider)
		if err != nil {
			return err
		}
		plan := plans[c.Rider]
		plan.Rider, plan.Zone = c.Rider, before.Zone
		var cannot *CannotAssignError
		plan.Stops, err = s.insert(ctx, t, move, plan)
		switch {
		case errors.Is(err, rider.ErrOffShift):
			r.Feasible, r.Reason = false, string(solver.ReasonShiftEnd)
		case errors.As(err, &cannot):
			r.Feasible, r.Reason = false, cannot.Reason
		case err != nil:
			return err
		}
		if !r.Feasible {
			c.State, c.DecidedAt, c.Reason = rider.ClaimLost, &t.now, r.Reason
			if err := rider.SaveClaim(ctx, t, t.tenant, c); err != nil {
				return err
			}
			t.touch(changes{zone: before.Zone, phones: []id.Rider{c.Rider}})
			continue
		}
		if len(claims) == 1 {
			r.why = rider.ClaimOnly
		}
		c, err = s.award(ctx, t, c, r.why, move, plan, Action{ID: c.Action, At: c.At}, p)
		if err != nil {
			return err
		}
		var others []Ranked
		for k, x := range ranked {
			if k != i && len(others) < runnersUp {
				others = append(others, x.Ranked)
			}
		}
		return saveDecisions(ctx, t, t.tenant, claimDecisions(move, t.now, c, &r.Ranked, others))
	}
	return nil
}

// ranking is how good a claim is.
type ranking struct {
	Ranked
	claim int // its place among the claims
	idle  time.Duration
	why   string
}

// alike is how many minutes of cost apart two claims count as equally good.
const alike = 1.0

// rankClaims sorts claims: by what the solver would pay for each, as if the claimants were the only riders; of those about as good as the
// best, who has been without work the longest goes first. Those who can't take the lot come last.
func (s *Service) rankClaims(ctx context.Context, snap *Snapshot, memory *Memory, lot id.Order, plans map[id.Rider]rider.Plan, claims []rider.Claim) ([]ranking, error) {
	of := make(map[id.Rider]int, len(claims))
	for i, c := range claims {
		of[c.Rider] = i
	}
	found, err := s.rankAmong(ctx, snap, memory, lot, of)
	if err != nil {
		return nil, err
	}
	out := make([]ranking, 0, len(claims))
	for i, c := range claims {
		r := ranking{Ranked: Ranked{Rider: c.Rider, Reason: ReasonStale}, claim: i, why: rider.ClaimBest}
		if x, ok := found[c.Rider]; ok {
			r.Ranked = x
		}
		for _, on := range snap.Riders {
			if on.Rider.ID == c.Rider && len(plans[c.Rider].Stops) == 0 {
				r.idle = snap.At.Sub(clock.Later(on.Shift.StartedAt, plans[c.Rider].UpdatedAt))
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b ranking) int { // stable: the earlier claim first
		return cmp.Or(-compareBool(a.Feasible, b.Feasible), cmp.Compare(a.Cost, b.Cost))
	})
	if len(out) == 0 || !out[0].Feasible {
		return out, nil
	}
	idlest := 0
	for i, r := range out {
		if r.Feasible && r.Cost-out[0].Cost <= alike && r.idle > out[idlest].idle {
			idlest = i
		}
	}
	if idlest > 0 {
		first := out[idlest]
		first.why = rider.ClaimLongestIdle
		out = slices.Insert(slices.Delete(out, idlest, idlest+1), 0, first)
	}
	return out, nil
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// rankAmong prices a lot for some riders of a snapshot; those who can't be planned for are left out.
func (s *Service) rankAmong(ctx context.Context, snap *Snapshot, memory *Memory, lot id.Order, who map[id.Rider]int) (map[id.Rider]Ranked, error) {
	view := *snap
	view.Riders = slices.DeleteFunc(slices.Clone(snap.Riders), func(r rider.OnShift) bool { _, in := who[r.Rider.ID]; return !in })
	view.Offers = slices.DeleteFunc(slices.Clone(snap.Offers), func(f rider.Offer) bool { _, in := who[f.Rider]; return !in })
	offered := make(map[id.Offer]bool, len(view.Offers))
	for _, f := range view.Offers {
		offered[f.ID] = true
	}
	together := snap.Pool[lot].Lot
	view.Orders, view.Pool = nil, nil
	for i := range snap.Orders {
		o := &snap.Orders[i]
		_, theirs := who[o.Rider]
		if theirs || offered[o.Offer] || o.State == order.Pending && lotOf(o) == together {
			view.Orders = append(view.Orders, *o)
		}
	}
	in := NewInstance(&view, s.eta.Params(), memory)
	at, ok := in.orderAt[lot]
	if !ok {
		return nil, nil
	}
	plan, err := solver.Solve(ctx, &in.Problem, solver.Options{Seed: 1, Iterations: 1})
	if err != nil {
		return nil, fmt.Errorf("rank claims: %w", err)
	}
	ranker, err := solver.NewRanker(&in.Problem, &plan)
	if err != nil {
		return nil, fmt.Errorf("rank claims: %w", err)
	}
	out := make(map[id.Rider]Ranked, len(who))
	for _, r := range in.rank(ranker, at, len(who)) {
		out[r.Rider] = r
	}
	return out, nil
}
