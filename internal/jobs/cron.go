package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/paidan/paidan/internal/clock"
)

// retryChore is how long the database gets before a due chore is tried again.
const retryChore = 5 * time.Second

// chore is a job that comes due by the clock.
type chore struct {
	args  Args
	sched cron.Schedule
	seen  seen
}

// seen lets tests wait for what the chore's goroutine does.
type seen struct {
	waiting func()
	fired   func(added bool)
}

// Cron has a job inserted whenever the spec comes due, once however many nodes say so. Call it before Start. The spec is
// five fields or a word ("30 3 * * *", "@hourly"), in UTC unless it begins with CRON_TZ=Asia/Shanghai or the like.
func (c *Client) Cron(spec string, args Args) error { return c.addChore(spec, args, seen{}) }

func (c *Client) addChore(spec string, args Args, s seen) error {
	sched, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("schedule %s: %w", args.Kind(), err)
	}
	if _, ok := sched.(cron.ConstantDelaySchedule); ok {
		// Counted from each node's start, so two nodes would not agree on when.
		return fmt.Errorf("schedule %s: @every is not a time of day; write fields", args.Kind())
	}
	c.chores = append(c.chores, chore{args: args, sched: sched, seen: s})
	return nil
}

// keep inserts one chore whenever it is due, until ctx ends.
func (c *Client) keep(ctx context.Context, ch chore) {
	for last := c.clock.Now(); ; {
		due := ch.sched.Next(last)
		if due.IsZero() {
			c.log.WarnContext(ctx, "a chore never comes due", "kind", ch.args.Kind())
			return
		}
		t, stop := c.clock.After(due.Sub(c.clock.Now()))
		if ch.seen.waiting != nil {
			ch.seen.waiting()
		}
		select {
		case <-t:
		case <-ctx.Done():
			stop()
			return
		}
		stop()
		c.fire(ctx, ch, due)
		// Those that came due meanwhile are skipped, as if every node had been down.
		if last = c.clock.Now(); last.Before(due) {
			last = due
		}
	}
}

// fire inserts a due chore, if need be again and again until the next is due.
func (c *Client) fire(ctx context.Context, ch chore, due time.Time) {
	for {
		added, err := c.insertChore(ctx, ch.args, due)
		if err == nil {
			if ch.seen.fired != nil {
				ch.seen.fired(added)
			}
			return
		}
		if ctx.Err() != nil {
			return
		}
		c.log.ErrorContext(ctx, "a chore is due but can't be inserted", "kind", ch.args.Kind(), "due", due, "error", err)
		if clock.Sleep(ctx, clock.System{}, retryChore) != nil || !c.clock.Now().Before(ch.sched.Next(due)) {
			return
		}
	}
}
