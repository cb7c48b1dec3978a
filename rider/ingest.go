package rider

import (
	"cmp"
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
	store   func(ctx context.Context, tenant id.Tenant, rows []fixRow) error // nil keeps no history
	settle  func(ctx context.Context, tenant id.Tenant, doubt *doubtError) (stored bool, err error)
	queue   *queue
	outbox  *outbox
	metrics *ingestMetrics
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

// NewIngest makes an ingest; it starts nothing. Without a database (nil) there is no history; a nil log means slog.Default.
func NewIngest(db *pg.DB, b *bus.Bus, ix *Index, c clock.Clock, log *slog.Logger) *Ingest {
	g := newIngest(ix, c, log, defaultLimits, b.Publish)
	if db == nil {
		return g
	}
	g.db = db
	g.store = func(ctx context.Context, tenant id.Tenant, rows []fixRow) error {
		return storeRows(ctx, db, tenant, rows)
	}
	g.settle = func(ctx context.Context, tenant id.Tenant, d *doubtError) (bool, error) {
		return d.settle(ctx, db, tenant)
	}
	return g
}

func newIngest(ix *Index, c clock.Clock, log *slog.Logger, l ingestLimits, publish func(subject string, data []byte) error) *Ingest {
	if log == nil {
		log = slog.Default()
	}
	g := &Ingest{index: ix, clock: c, log: log.With("component", "ingest"), limits: l, queue: newQueue(l.queued, l.batch)}
	g.metrics = newIngestMetrics(g.queue.len)
	g.outbox = newOutbox(ix.node, publish, g.metrics.unsent.Inc)
	return g
}

// Load fills the index with what is stored; see the function Load.
func (g *Ingest) Load(ctx context.Context) error { return Load(ctx, g.db, g.index, g.clock.Now()) }

// Accept takes a batch of one rider's fixes, in any order. When it returns the index has the newest, the bus gets it within 50 ms, and good
// fixes are on their way to the table. While that way is full it waits up to half a second for room (back-pressure on the phones), then drops the batch's
// history, counted and logged; the rider's position is right all the same. The fixes are the caller's again afterwards.
func (g *Ingest) Accept(ctx context.Context, tenant id.Tenant, zone id.Zone, rider id.Rider, vehicle Vehicle, fixes []Fix) Counts {
	now := g.clock.Now()
	memory := rowMemory.Get().(*[]fixRow)
	defer rowMemory.Put(memory)
	told, rows := g.filter(tenant, zone, rider, vehicle.topSpeed(), fixes, now.UnixMicro(), (*memory)[:0])
	*memory = rows
	for v, n := range told {
		if n > 0 {
			g.metrics.fixes[v].Add(float64(n))
		}
	}
	if g.store != nil && len(rows) > 0 {
		g.enqueue(ctx, rows)
	}
	return told.counts()
}

// rowMemory is where Accept collects rows before they go into the queue.
var rowMemory = sync.Pool{New: func() any { return new([]fixRow) }}

// filter judges the fixes, oldest first, and moves the index to the newest good one, under the rider's lock, so that two
// batches of one rider never mix. It adds those to be stored to rows.
func (g *Ingest) filter(tenant id.Tenant, zone id.Zone, rider id.Rider, topSpeed float64, fixes []Fix, now int64, rows []fixRow) (tally, []fixRow) {
	if !slices.IsSortedFunc(fixes, byTime) {
		fixes = slices.Clone(fixes)
		slices.SortStableFunc(fixes, byTime)
	}
	key := riderKey{tenant, rider}
	shard := g.index.shard(rider)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	t := shard.riders[key]
	if t == nil {
		t = &track{rider: rider} // becomes one of the index's with its first good fix
	}
	if t.filter == nil {
		t.filter = &filterState{variance: float32(noiseOf(t.accuracy))}
	}
	t.filter.heard = now

	var told tally
	for i := range fixes {
		p := packFix(&fixes[i])
		verdict := t.judge(&fixes[i], &p, topSpeed, now)
		told[verdict]++
		if verdict.stored() {
			rows = append(rows, fixRow{packedFix: p, tenant: tenant, rider: rider, received: now})
		}
		switch {
		case verdict != accepted:
		case t.grid == nil:
			shard.riders[key] = t
			t.filter.variance = float32(noiseOf(p.accuracy))
			g.index.move(t, tenant, zone, p)
		default:
			t.packedFix, t.filter.variance = smooth(&t.packedFix, t.filter.variance, p)
		}
	}
	if told[accepted] > 0 {
		g.index.move(t, tenant, zone, t.packedFix)
		g.metrics.delay.Observe(float64(now-t.at) / 1e6)
		g.outbox.add(zoneKey{tenant, zone}, rider, &t.packedFix)
	}
	return told, rows
}

func byTime(a, b Fix) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) }

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
