package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
)

// DefaultWorkers is how many jobs of a queue a node runs at once when it was not told.
const DefaultWorkers = 8

// hardStop is what running jobs get to return once they were cancelled.
const hardStop = 5 * time.Second

// Options tunes a Client; the zero value is fine.
type Options struct {
	Clock   clock.Clock           // times cron chores and delays; nil means the wall clock
	Log     *slog.Logger          // nil means slog.Default
	Workers int                   // jobs at once per queue; 0 means DefaultWorkers
	Metrics prometheus.Registerer // nil means no metrics
}

// Client inserts jobs and, once started, runs them.
type Client struct {
	db      *pg.DB
	clock   clock.Clock
	log     *slog.Logger
	metrics *metrics
	insert  *river.Client[pgx.Tx]

	// Filled by Handle and Cron, before Start.
	workers *river.Workers
	queues  map[string]river.QueueConfig
	chores  []chore

	run    *river.Client[pgx.Tx] // nil until started
	cancel context.CancelFunc
	wg     sync.WaitGroup // cron's goroutines
}

// New makes a client that can insert at once. A node that runs jobs registers its handlers and chores, then calls Start.
func New(db *pg.DB, o Options) (*Client, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	c := &Client{
		db: db, clock: o.Clock, log: o.Log.With("component", "jobs"),
		workers: river.NewWorkers(),
		queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(o.Workers, DefaultWorkers)}},
	}
	var err error
	if c.metrics, err = newMetrics(o.Metrics); err != nil {
		return nil, err
	}
	if c.insert, err = river.NewClient(riverpgxv5.New(db.Pool), &river.Config{Logger: quiet(c.log)}); err != nil {
		return nil, fmt.Errorf("make the job client: %w", err)
	}
	return c, nil
}

// Start begins to run jobs and to time chores, until Stop. It does not heed ctx's end afterwards.
func (c *Client) Start(ctx context.Context) error {
	run, err := river.NewClient(riverpgxv5.New(c.db.Pool), &river.Config{
		Logger:              quiet(c.log),
		Workers:             c.workers,
		Queues:              c.queues,
		FetchOnlyKnownKinds: true,                  // another node may know the others
		ReindexerSchedule:   river.NeverSchedule(), // paidan_app doesn't own the indexes
	})
	if err != nil {
		return fmt.Errorf("make the job runner: %w", err)
	}
	ctx = context.WithoutCancel(ctx)
	if err := run.Start(ctx); err != nil {
		return fmt.Errorf("start running jobs: %w", err)
	}
	c.run = run
	ctx, c.cancel = context.WithCancel(ctx)
	for _, ch := range c.chores {
		c.wg.Go(func() { c.keep(ctx, ch) })
	}
	return nil
}

// Stop takes no new jobs and waits for the running ones; when ctx ends first, it cancels them (they will run again elsewhere).
func (c *Client) Stop(ctx context.Context) error {
	if c.run == nil {
		return nil
	}
	c.cancel()
	c.wg.Wait()
	err := c.run.Stop(ctx)
	if err == nil {
		return nil
	}
	if ctx.Err() == nil {
		return fmt.Errorf("stop running jobs: %w", err)
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), hardStop)
	defer cancel()
	return errors.Join(fmt.Errorf("jobs were cut off: %w", err), c.run.StopAndCancel(hard))
}
