package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

const (
	tick      = time.Second // wall time between two looks
	batchSize = 500         // orders in one transaction
	// leaseTTL is how long a dead robot's sandboxes wait for another one. A living one takes the lease anew with each batch.
	leaseTTL = 6 * time.Second
	lease    = "sandbox"
	// stuckFor is how long an order that can't be moved is left alone.
	stuckFor = time.Minute
	// strolls is how many ticks pass between two reports of where the robots are.
	strolls = 5
)

// Run delivers test orders until ctx is done; owner names this process uniquely among all nodes.
func (s *Sandbox) Run(ctx context.Context, owner string) error {
	r := robots{s, owner, make(map[id.Order]time.Time)}
	for n := 0; clock.Sleep(ctx, clock.System{}, tick) == nil; n++ {
		if err := r.tick(ctx, n%strolls == 0); err != nil && ctx.Err() == nil {
			s.log.Error("test orders not moved; trying again", "err", err)
		}
	}
	return nil
}

// robots are those of one process.
type robots struct {
	*Sandbox
	owner string
	stuck map[id.Order]time.Time // since when; only so that the log is not flooded
}

// tick does what is due in all sandboxes. One that fails leaves the others alone.
func (r robots) tick(ctx context.Context, stroll bool) error {
	rows, err := r.db.Pool.Query(ctx, "select s from all_sandboxes() s")
	if err != nil {
		return fmt.Errorf("list sandboxes: %w", err)
	}
	tenants, err := pgx.CollectRows(rows, pgx.RowTo[id.Tenant])
	if err != nil {
		return fmt.Errorf("list sandboxes: %w", err)
	}
	var errs []error
	for _, t := range tenants {
		done, err := batchSize, error(nil)
		for done == batchSize && err == nil {
			done, err = r.batch(ctx, t)
		}
		if err == nil && stroll {
			err = r.stroll(ctx, t)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("sandbox %s: %w", t, err))
		}
	}
	return errors.Join(errs...)
}

// batch does up to batchSize of what is due in a sandbox, and says how many orders that were. The lease is taken in the transaction
// that does the work, so that it costs nothing while nothing is due, and another process's waits until this one is done.
func (r robots) batch(ctx context.Context, tenant id.Tenant) (done int, err error) {
	now := r.clock.Now()
	var told map[id.Zone]*touch
	err = r.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		jobs, err := due(ctx, tx, tenant, now, r.stuckAt(now), batchSize)
		if err != nil || len(jobs) == 0 {
			return err
		}
		if _, mine, err := pg.AcquireLease(ctx, tx, tenant, lease, r.owner, leaseTTL); err != nil || !mine {
			return err
		}
		done = len(jobs)
		told, err = act(ctx, tx, tenant, now, jobs)
		return err
	})
	var stuck *stuckError
	if errors.As(err, &stuck) {
		r.log.Warn("test order left alone for a while", "order", stuck.order.String(), "err", stuck.err)
		r.stuck[stuck.order] = now
		return batchSize, nil // the others have not been moved either
	}
	if err != nil {
		return 0, err
	}
	r.tell(tenant, told)
	return done, nil
}

func (r robots) stuckAt(now time.Time) []id.Order {
	out := []id.Order{}
	for o, since := range r.stuck {
		if now.Sub(since) > stuckFor {
			delete(r.stuck, o)
			continue
		}
		out = append(out, o)
	}
	return out
}

// tell spreads the word of what has committed.
func (s *Sandbox) tell(tenant id.Tenant, told map[id.Zone]*touch) {
	for zone, t := range told {
		s.dispatch.Placed(tenant, zone, t.orders)
		s.dispatch.RidersChanged(tenant, zone, t.riders)
	}
}
