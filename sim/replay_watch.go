package sim

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// watch waits until all orders have ended, or the drain is over. Meanwhile the merchant looks after orders that nobody
// takes, as merchants do: after Patience it cancels them.
func (r *replay) watch(ctx context.Context) error {
	closes := r.origin.Add(r.to)
	limit := closes.Add(r.o.Drain)
	// Looking is cheap, but at a high speed a minute of the city is an instant.
	every := max(time.Minute, time.Duration(float64(2*time.Second)*r.speed))
	for {
		if err := clock.Sleep(ctx, r.clock, every); err != nil {
			return err
		}
		now := r.clock.Now()
		if err := r.lookAfter(ctx, now); err != nil && ctx.Err() == nil {
			r.faults.add("merchant", err)
		}
		if now.After(closes) {
			r.askAfter(ctx)
		}
		if now.After(limit) || now.After(closes) && r.allEnded() {
			return ctx.Err()
		}
	}
}

// lookAfter cancels the orders that have waited too long without a rider.
func (r *replay) lookAfter(ctx context.Context, now time.Time) error {
	patience := now.Add(-r.o.Patience)
	if !r.anyPlacedBefore(patience) {
		return nil
	}
	for _, state := range []string{client.Pending, client.Offered} {
		for o, err := range r.shop.Orders(ctx, client.OrderFilter{State: state, To: patience}) {
			if err != nil {
				return err
			}
			if !o.PlacedAt.Before(patience) {
				continue
			}
			_, err := r.shop.Cancel(ctx, o.ID, "merchant", "no_rider_found")
			if err != nil {
				continue // taken in the last moment, or again next time
			}
			r.tally.cancelled.Add(1)
			r.jobs.believe(o.ID, client.Cancelled)
		}
	}
	return nil
}

func (r *replay) anyPlacedBefore(t time.Time) bool {
	return len(r.jobs.waiting(func(j *job) bool { return j.due.Before(t) })) > 0
}

// stragglers is how few orders must be left for asking after each.
const stragglers = 100

// askAfter asks the server about the last open orders: a rider whose last answer was lost believes in the wrong end.
func (r *replay) askAfter(ctx context.Context) {
	left := r.jobs.waiting(func(*job) bool { return true })
	if len(left) > stragglers {
		return
	}
	for _, id := range left {
		if o, err := r.shop.Order(ctx, id); err == nil && client.Ended(o.State) {
			r.jobs.believe(id, o.State)
		}
	}
}

func (r *replay) allEnded() bool {
	settled := r.tally.placed.Load() + r.tally.unplaced.Load()
	return settled >= int64(len(r.orders)) && len(r.jobs.waiting(func(*job) bool { return true })) == 0
}
