package rider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

const (
	maxBackOff = 10 * time.Second
	// filterMemory is how long a rider who sends nothing is remembered by the filter.
	filterMemory = time.Hour
	choresEvery  = 10 * time.Minute
)

// Run stores what Accept lets through: batches of 5,000 rows, or whatever there is after one second of the clock. While the database is away
// it tries again with growing pauses, and the queue fills up to its bound. When ctx is done it stores
// what is left, beginning no new attempt after ten seconds; an error says how much was lost.
func (g *Ingest) Run(ctx context.Context) error {
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
	rows = append(rows, g.queue.close()...)
	var left []fixRow
	for batch := range slices.Chunk(rows, g.limits.batch) {
		left = append(left, g.write(ctx, batch)...)
	}
	if len(left) > 0 {
		err := fmt.Errorf("%d positions could not be stored before the stop", len(left))
		g.drop(dropShutdown, len(left), err)
		return err
	}
	return nil
}

// write stores rows, tenant by tenant, however often it takes. It returns those that were left when ctx ended.
func (g *Ingest) write(ctx context.Context, rows []fixRow) (left []fixRow) {
	slices.SortStableFunc(rows, func(a, b fixRow) int { return slices.Compare(a.tenant[:], b.tenant[:]) })
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].tenant == rows[0].tenant {
			n++
		}
		if !g.writeTenant(ctx, rows[0].tenant, rows[:n]) {
			left = append(left, rows[:n]...)
		} else {
			g.queue.done(n)
		}
		rows = rows[n:]
	}
	return left
}

// writeTenant reports false when ctx ended before the rows were stored.
func (g *Ingest) writeTenant(ctx context.Context, tenant id.Tenant, rows []fixRow) bool {
	for pause := g.limits.backOff; ; pause = min(2*pause, maxBackOff) {
		err := g.attempt(ctx, tenant, rows)
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
		g.metrics.retries.Inc()
		g.log.Warn("positions wait for the database", "rows", len(rows), "queued", g.queue.len(), "again_in", pause, "error", err)
		if clock.Sleep(ctx, g.clock, pause) != nil {
			return false
		}
	}
}

func (g *Ingest) attempt(ctx context.Context, tenant id.Tenant, rows []fixRow) error {
	// A stop must not break a statement off half-way, only keep the next one from starting.
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.limits.write)
	defer cancel()
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
	before := now.Add(-filterMemory).UnixMicro()
	for i := range g.filters {
		shard := &g.filters[i]
		shard.mu.Lock()
		for k, s := range shard.riders {
			if s.used < before {
				delete(shard.riders, k)
			}
		}
		shard.mu.Unlock()
	}
}
