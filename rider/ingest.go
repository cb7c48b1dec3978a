package rider

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// MaxFixes is how many fixes a phone may send at once; what recognises repeated batches is made for it.
const MaxFixes = 500

// Ingest takes phones' fixes in: Accept filters them, moves the index and tells the bus; Run stores them. One per node, with one Run.
type Ingest struct {
	db      *pg.DB
	index   *Index
	clock   clock.Clock
	log     *slog.Logger
	store   func(ctx context.Context, tenant id.Tenant, rows []fixRow) error
	publish func(subject string, data []byte) error
	queue   *queue
	metrics *ingestMetrics
	filters [shardCount]filterShard
	limits  ingestLimits
}

// ingestLimits are the writer's measures.
type ingestLimits struct {
	batch    int           // rows stored at once
	every    time.Duration // clock time after which fewer are stored too
	queued   int           // rows that may wait: 10 s of 20,000 a second, 20 MB
	patience time.Duration // wall time that Accept waits for room
	write    time.Duration // wall time that one attempt to store may take
	drain    time.Duration // wall time that Run goes on after it was told to stop
	backOff  time.Duration // clock time before the first repeat; doubles up to maxBackOff
}

var defaultLimits = ingestLimits{
	batch: 5000, every: time.Second, queued: 200_000, patience: 500 * time.Millisecond,
	write: 15 * time.Second, drain: 10 * time.Second, backOff: 100 * time.Millisecond,
}

type filterShard struct {
	mu     sync.Mutex
	riders map[riderKey]*filterState
}

// NewIngest makes an ingest; it starts nothing. A nil log means slog.Default.
func NewIngest(db *pg.DB, b *bus.Bus, ix *Index, c clock.Clock, log *slog.Logger) *Ingest {
	g := newIngest(ix, c, log, defaultLimits)
	g.db = db
	g.publish = b.Publish
	g.store = func(ctx context.Context, tenant id.Tenant, rows []fixRow) error {
		return storeRows(ctx, db, tenant, rows)
	}
	return g
}

func newIngest(ix *Index, c clock.Clock, log *slog.Logger, l ingestLimits) *Ingest {
	if log == nil {
		log = slog.Default()
	}
	g := &Ingest{index: ix, clock: c, log: log.With("component", "ingest"), limits: l, queue: newQueue(l.queued, l.batch)}
	g.metrics = newIngestMetrics(g.queue.len)
	for i := range g.filters {
		g.filters[i].riders = make(map[riderKey]*filterState)
	}
	return g
}

// Load fills the index with what is stored; see the function Load.
func (g *Ingest) Load(ctx context.Context) error { return Load(ctx, g.db, g.index, g.clock.Now()) }

// Accept takes a batch of one rider's fixes, in any order. The index and the bus have the newest when it returns; good fixes are on their way to
// the table. While that way is full it waits up to half a second for room (back-pressure on the phones), then drops the batch's history, counted
// and logged; the rider's position is right all the same.
func (g *Ingest) Accept(ctx context.Context, tenant id.Tenant, zone id.Zone, rider id.Rider, vehicle Vehicle, fixes []Fix) Counts {
	now := g.clock.Now()
	counts, moved, rows := g.filter(tenant, zone, rider, vehicle, fixes, now)
	if moved != nil {
		g.metrics.delay.Observe(now.Sub(moved.At).Seconds())
		if err := g.publish(bus.PositionsSubject(tenant, zone), EncodeMoved(Moved{rider, *moved})); err != nil {
			g.metrics.unsent.Inc() // other nodes learn of the next one; the bus logs why
		}
	}
	g.enqueue(ctx, rows)
	return counts
}

// filter judges the fixes, oldest first, and moves the index to the newest good one, under the rider's lock, so that two
// batches of one rider never mix.
func (g *Ingest) filter(tenant id.Tenant, zone id.Zone, rider id.Rider, v Vehicle, fixes []Fix, now time.Time) (counts Counts, moved *Fix, rows []fixRow) {
	fixes = slices.Clone(fixes)
	for i := range fixes {
		fixes[i].At = fixes[i].At.UTC().Truncate(time.Microsecond) // PostgreSQL's precision, and the index's
	}
	slices.SortStableFunc(fixes, Fix.compare)
	rows = make([]fixRow, 0, len(fixes))

	key := riderKey{tenant, rider}
	shard := &g.filters[shardOf(rider)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	state := shard.riders[key]
	if state == nil {
		state = new(filterState)
		shard.riders[key] = state
	}
	state.used = now.UnixMicro()
	var last *Fix
	if f, ok := g.index.Last(tenant, rider); ok {
		last = &f
	}
	for i := range fixes {
		f := &fixes[i]
		verdict := state.judge(last, *f, v, now)
		counts.add(verdict)
		g.metrics.fixes[verdict].Inc()
		if verdict == accepted {
			last, moved = f, f
		}
		if verdict.stored() {
			rows = append(rows, rowOf(tenant, rider, *f, now))
		}
	}
	if moved != nil {
		g.index.Update(tenant, zone, rider, *moved)
	}
	return counts, moved, rows
}

// enqueue waits only where there is no room at once, so that a timer is the exception.
func (g *Ingest) enqueue(ctx context.Context, rows []fixRow) {
	err := g.queue.tryPush(rows)
	if errors.Is(err, errQueueFull) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.limits.patience)
		defer cancel()
		err = g.queue.push(ctx, rows)
	}
	switch {
	case errors.Is(err, errQueueClosed):
		g.drop(dropShutdown, len(rows), err)
	case err != nil:
		g.drop(dropFull, len(rows), err)
	}
}

// drop counts and logs good fixes that will be missing from history.
func (g *Ingest) drop(reason dropReason, rows int, err error) {
	g.metrics.dropped[reason].Add(float64(rows))
	g.log.Warn("positions dropped from history", "reason", reason, "rows", rows, "error", err)
}
