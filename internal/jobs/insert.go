package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/paidan/paidan/internal/clock"
)

// Insert adds jobs in the caller's transaction: they run once it has committed, and never if it does not.
func (c *Client) Insert(ctx context.Context, tx pgx.Tx, args ...Args) error {
	return c.insertTx(ctx, tx, time.Time{}, args)
}

// InsertAt adds jobs to be run at a time of the client's clock.
func (c *Client) InsertAt(ctx context.Context, tx pgx.Tx, at time.Time, args ...Args) error {
	return c.insertTx(ctx, tx, c.onWall(at.Sub(c.clock.Now())), args)
}

// Enqueue adds jobs that no change in the database causes.
func (c *Client) Enqueue(ctx context.Context, args ...Args) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := c.insert.InsertMany(ctx, c.params(time.Time{}, args)); err != nil {
		return fmt.Errorf("insert jobs: %w", err)
	}
	return nil
}

func (c *Client) insertTx(ctx context.Context, tx pgx.Tx, at time.Time, args []Args) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := c.insert.InsertManyTx(ctx, tx, c.params(at, args)); err != nil {
		return fmt.Errorf("insert jobs: %w", err)
	}
	return nil
}

func (c *Client) params(at time.Time, args []Args) []river.InsertManyParams {
	params := make([]river.InsertManyParams, len(args))
	for i, a := range args {
		opts := c.insertOpts(policyOf(a))
		if !at.IsZero() {
			opts.ScheduledAt = at
		}
		params[i] = river.InsertManyParams{Args: envelope[Args]{Args: a}, InsertOpts: opts}
	}
	return params
}

func (c *Client) insertOpts(p Policy) *river.InsertOpts {
	opts := &river.InsertOpts{Queue: p.Queue, MaxAttempts: len(p.Delays)}
	if len(p.Delays) > 0 && p.Delays[0] > 0 {
		opts.ScheduledAt = c.onWall(p.Delays[0])
	}
	return opts
}

// insertChore adds a chore unless another node has.
func (c *Client) insertChore(ctx context.Context, a Args, due time.Time) (added bool, err error) {
	opts := c.insertOpts(policyOf(a))
	opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: rivertype.JobStates()}
	due = due.UTC()
	res, err := c.insert.Insert(ctx, envelope[Args]{Due: &due, Args: a}, opts)
	if err != nil {
		return false, fmt.Errorf("insert the chore %s: %w", a.Kind(), err)
	}
	return !res.UniqueSkippedAsDuplicate, nil
}

// onWall is when d of the client's time will have passed, by the wall clock, which River goes by.
func (c *Client) onWall(d time.Duration) time.Time { return clock.System{}.Now().Add(c.clock.Real(d)) }
