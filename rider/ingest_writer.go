package rider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

const (
	maxBackOff = 10 * time.Second
	// silentFor is how long a rider who sends nothing is remembered.
	silentFor   = time.Hour
	choresEvery = 10 * time.Minute
)

// Run stores what Accept lets through: batches of 5,000 rows, or whatever there is after one second of the clock; and it tells the bus. While the
// database is away it tries again with growing pauses, and the queue fills up to its bound. When ctx is done it stores
// what is left, beginning no new attempt after ten seconds; an error says how much was lost.
func (g *Ingest) Run(ctx context.Context) error {
	var telling sync.WaitGroup
	telling.Go(func() { g.outbox.run(ctx) })
	defer telling.Wait()
	var chores time.Time
	for {
		if now := g.clock.Now(); !now.Before(chores) {
			chores = now.Add(choresEvery)
			g.doChores(ctx, now)
		}
		tick, stop := g.clock.After(g.limits.every)
		partial := false
		select {
		case <-tick:
			partial = true
		case <-g.queue.wake:
		case <-ctx.Done():
		}
		stop()
		for ctx.Err() == nil {
			rows := g.queue.take(partial)
			if rows == nil {
				break
			}
			if left := g.write(ctx, rows); len(left) > 0 {
				return g.drain(ctx, left)
			}
			g.queue.done(rows)
		}
		if ctx.Err() != nil {
			return g.drain(ctx, nil)
		}
	}
}

// drain stores what is left once Run was told to stop.
func (g *Ingest) drain(ctx context.Context, rows []fixRow) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.limits.drain)
	defer cancel()
	g.queue.close()
	lost := len(g.write(ctx, rows))
	for rows = g.queue.take(true); rows != nil; rows = g.queue.take(true) {
		lost += len(g.write(ctx, rows))
		g.queue.done(rows)
	}
	if lost > 0 {
		err := fmt.Errorf("%d positions could not be stored before the stop", lost)
		g.drop(dropShutdown, lost, err)
		return err
	}
	return nil
}

// write stores rows, tenant by tenant, however often it takes. It returns those that were left when ctx ended, in the same memory.
func (g *Ingest) write(ctx context.Context, rows []fixRow) (left []fixRow) {
	slices.SortStableFunc(rows, func(a, b fixRow) int { return slices.Compare(a.tenant[:], b.tenant[:]) })
	left = rows[:0]
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].tenant == rows[0].tenant {
			n++
		}
		if !g.writeTenant(ctx, rows[0].tenant, rows[:n]) {
			left = append(left, rows[:n]...)
		}
		rows = rows[n:]
	}
	return left
}

// writeTenant reports false when ctx ended before the rows were stored.
func (g *Ingest) writeTenant(ctx context.Context, tenant id.Tenant, rows []fixRow) bool {
	var doubt *doubtError // of the last attempt that may have stored them
	for pause := g.limits.backOff; ; pause = min(2*pause, maxBackOff) {
		err := g.attempt(ctx, tenant, rows, doubt)
		switch {
		case err == nil:
			g.metrics.stored.Add(float64(len(rows)))
			g.metrics.batch.Observe(float64(len(rows)))
			return true
		case refused(err):
			g.drop(dropRejected, len(rows), err)
			return true
		case ctx.Err() != nil:
			return false
		}
		errors.As(err, &doubt)
		g.metrics.retries.Inc()
		g.log.Warn("positions wait for the database", "rows", len(rows), "queued", g.queue.len(), "again_in", pause, "error", err)
		if clock.Sleep(ctx, g.clock, pause) != nil {
			return false
		}
	}
}

// attempt tries to store the rows, unless an earlier attempt has.
func (g *Ingest) attempt(ctx context.Context, tenant id.Tenant, rows []fixRow, doubt *doubtError) error {
	// A stop must not break a statement off half-way, only keep the next one from starting.
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.limits.write)
	defer cancel()
	if doubt != nil {
		if stored, err := g.settle(ctx, tenant, doubt); stored || err != nil {
			return err
		}
	}
	watch := clock.StartStopwatch()
	err := g.store(ctx, tenant, rows)
	g.metrics.flush.Observe(watch.Elapsed().Seconds())
	return err
}

// refused reports whether the database is there but will never take the rows: data exceptions (22), broken constraints (23), or
// another tenant's row (42501).
func refused(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code[:2] == "22" || e.Code[:2] == "23" || e.Code == "42501")
}

// doChores makes the coming days' partitions and forgets riders who have gone home. A partition that can't be made is no reason to stop: its rows
// go to the default one.
func (g *Ingest) doChores(ctx context.Context, now time.Time) {
	if g.db != nil {
		if err := EnsurePartitions(ctx, g.db, now); err != nil && ctx.Err() == nil {
			g.log.Warn("no partition for positions", "error", err)
		}
	}
	g.index.Forget(now.Add(-silentFor))
}
