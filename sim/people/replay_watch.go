package people

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// watch waits until all orders have ended, or the drain is over. Meanwhile the merchant looks after orders that nobody
// takes, as merchants do: Patience after its food was ready it cancels an order. When the drain is over, it cancels what
// has no rider yet: food that is ready only hours later, by the record.
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
		r.lookAfter(ctx, "no_rider_found", func(j *job) bool { return now.Sub(clock.Later(j.due, j.readyAt)) > r.o.Patience })
		if now.After(closes) {
			r.askAfter(ctx)
		}
		if now.After(limit) {
			r.lookAfter(ctx, "replay_ended", func(*job) bool { return true })
			return ctx.Err()
		}
		if now.After(closes) && r.allEnded() {
			return ctx.Err()
		}
	}
}

// lookAfter cancels the orders that match and that no rider has taken.
func (r *replay) lookAfter(ctx context.Context, reason string, match func(*job) bool) {
	for _, id := range r.jobs.waiting(match) {
		o, err := r.shop.Order(ctx, id)
		if err == nil && (o.State == client.Pending || o.State == client.Offered) {
			o, err = r.shop.Cancel(ctx, id, "merchant", reason)
		}
		switch {
		case err != nil && ctx.Err() == nil && !definitive(err):
			r.faults.add("merchant", err)
		case err == nil && o.State == client.Cancelled:
			r.tally.cancelled.Add(1)
			r.jobs.believe(id, client.Cancelled)
		}
	}
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
