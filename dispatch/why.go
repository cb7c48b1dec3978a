package dispatch

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Explanation is why an order is where it is, and who could take it now.
type Explanation struct {
	Decisions  []Decision // oldest first
	Candidates []Ranked   // best first; none for an order that is picked up or has ended
}

// candidates is how many riders a dispatcher is shown: one for each digit key.
const candidates = 9

// Why explains an order. order.ErrNotFound.
func (s *Service) Why(ctx context.Context, tenant id.Tenant, orderID id.Order) (Explanation, error) {
	var ex Explanation
	var o order.Order
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		var err error
		if o, err = order.Get(ctx, tx, tenant, orderID); err != nil {
			return err
		}
		ex.Decisions, err = Decisions(ctx, tx, tenant, orderID)
		return err
	})
	if err != nil || o.State == order.Scheduled || o.State.OnBoard() || o.State.Ended() {
		return ex, err
	}
	snap, err := s.TakeSnapshot(ctx, tenant, o.Zone)
	if err != nil {
		return ex, err
	}
	memory, err := s.recall(ctx, tenant, snap)
	if err != nil {
		return ex, err
	}
	snap.Pool = nil // who could take it, were it not left to the riders
	in := NewInstance(snap, s.eta.Params(), &memory)
	at, open := in.orderAt[orderID]
	if !open {
		return ex, nil // ended between the two reads
	}
	in.free(at)
	plan, err := solver.Solve(ctx, &in.Problem, solver.Options{Seed: 1, Iterations: 1})
	if err != nil {
		return ex, fmt.Errorf("rank riders: %w", err)
	}
	ranker, err := solver.NewRanker(&in.Problem, &plan)
	if err != nil {
		return ex, fmt.Errorf("rank riders: %w", err)
	}
	ex.Candidates = in.rank(ranker, at, candidates)
	return ex, nil
}

// free lets another rider have an order that is on somebody's way, with all of its job, as a dispatcher may decide: the engine
// itself would not take it away. A job of which something is on board stays.
func (in *Instance) free(at int32) {
	group := in.Problem.Orders[at].Group
	together := func(i int) bool { return int32(i) == at || (group != 0 && in.Problem.Orders[i].Group == group) }
	for i := range in.Problem.Orders {
		if together(i) && in.Problem.Orders[i].OnBoard {
			return
		}
	}
	for i := range in.Problem.Orders {
		if o := &in.Problem.Orders[i]; together(i) && o.Rider >= 0 {
			o.Fixed = false
			in.Problem.Riders[o.Rider].Held = 0
		}
	}
}
