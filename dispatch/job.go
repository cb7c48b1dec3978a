package dispatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// One rider carries a job: at any moment all its orders that somebody has, or is asked for, are with one rider.
//
//   - The engine keeps them together (solver.Order.Group) and asks for all at once.
//   - Before anything is picked up, whoever moves one order by hand moves the job: Assign and Unassign take the others along.
//   - Once something is picked up, the rest follows who has the goods. What is taken from that rider waits until they are
//     delivered, or goes back there.
//   - What is delivered, cancelled or on its way back binds nobody: the others go on without it.

// JobOnBoardError refuses to give an order to one rider while another has goods of its job on board.
type JobOnBoardError struct {
	Job   id.Job
	Rider id.Rider // who has them
}

func (e *JobOnBoardError) Error() string {
	return fmt.Sprintf("rider %s has goods of job %s on board", e.Rider, e.Job)
}

// binds reports whether an order keeps its job with its rider.
func binds(o order.Order) bool { return !o.State.Ended() && o.State != order.Returning }

// lockTogether is lockWithPlans for an order with the others that its job keeps together.
func (t *txn) lockTogether(ctx context.Context, orderID id.Order, others ...id.Rider) (o order.Order, mates []order.Order, plans map[id.Rider]rider.Plan, err error) {
	if o, err = order.Get(ctx, t, t.tenant, orderID); err != nil {
		return o, nil, nil, err
	}
	seen := []order.Order{o}
	if !o.Job.IsZero() {
		of, err := order.OfJobs(ctx, t, t.tenant, []id.Job{o.Job})
		if err != nil {
			return o, nil, nil, err
		}
		for _, x := range of[o.Job] {
			if x.ID != o.ID && binds(x) {
				seen = append(seen, x)
			}
		}
	}
	locked, plans, err := t.lockAll(ctx, seen, others...)
	if err != nil {
		return o, nil, nil, err
	}
	return locked[0], locked[1:], plans, nil
}

// moving are the orders that go to a rider with o: the job's others that aren't there yet. *JobOnBoardError.
func moving(o order.Order, mates []order.Order, to id.Rider) ([]order.Order, error) {
	var out []order.Order
	if o.Rider != to {
		out = append(out, o)
	}
	if !binds(o) {
		return out, nil
	}
	for _, x := range mates {
		switch {
		case x.Rider == to:
		case x.State.OnBoard():
			return nil, &JobOnBoardError{x.Job, x.Rider}
		case x.State != order.Scheduled:
			out = append(out, x)
		}
	}
	return out, nil
}

// Unassign takes an order that has not been picked up from its rider and puts it back into the queue, with what else of its job
// has not been.
// ifVersion 0 is any. order.ErrNotFound, order.ErrConflict, *order.TransitionError.
func (s *Service) Unassign(ctx context.Context, tenant id.Tenant, orderID id.Order, ifVersion int64, actor order.Actor, reason string) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		before, mates, plans, err := t.lockTogether(ctx, orderID)
		if err != nil {
			return err
		}
		if ifVersion != 0 && before.Version != ifVersion {
			return order.ErrConflict
		}
		e := order.Event{Type: order.EventUnassigned, Actor: actor, Reason: reason}
		var repeated bool
		if o, repeated, err = t.take(ctx, before, plans, e); err != nil || repeated {
			return err
		}
		for _, x := range mates {
			switch x.State {
			case order.Offered:
				err = t.withdraw(ctx, x, actor)
			case order.Assigned, order.AtStore:
				_, _, err = t.take(ctx, x, plans, e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return o, err
}

// CancelJob cancels those orders of a job that nobody has picked up; the others go on. It returns all the job's orders as they were
// and as they are.
// order.ErrNotFound, *order.TransitionError where there is nothing to cancel.
func (s *Service) CancelJob(ctx context.Context, tenant id.Tenant, job id.Job, actor order.Actor, fault, reason string) (before, after []order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		of, err := order.OfJobs(ctx, t, tenant, []id.Job{job})
		if err != nil {
			return err
		}
		var plans map[id.Rider]rider.Plan
		if before, plans, err = t.lockAll(ctx, of[job]); err != nil {
			return err
		}
		if len(before) == 0 {
			return order.ErrNotFound
		}
		after = slices.Clone(before)
		e := order.Event{Type: order.EventCancelled, Actor: actor, Fault: fault, Reason: reason}
		var refused error
		done := false
		for i, x := range before {
			if x.State.OnBoard() || x.State == order.Delivered || x.State == order.Returned {
				refused = &order.TransitionError{Order: x.ID, State: x.State, Event: e.Type, Allowed: x.State.Allowed()}
				continue
			}
			if after[i], _, err = t.take(ctx, x, plans, e); err != nil {
				return err
			}
			done = true
		}
		if !done {
			return refused
		}
		return nil
	})
	return before, after, err
}
