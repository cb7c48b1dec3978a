package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/rider"
)

// benchNode is what a serving process has of positions: index, ingest, and a bus that the index follows.
type benchNode struct {
	index  *rider.Index
	ingest *rider.Ingest
	clock  *clock.Manual
	stop   func() error
}

// startBenchNode keeps no history when db is nil.
func startBenchNode(ctx context.Context, db *pg.DB, now time.Time) (*benchNode, error) {
	log := slog.New(slog.DiscardHandler)
	b, err := bus.Open(ctx, bus.Options{Log: log})
	if err != nil {
		return nil, err
	}
	n := &benchNode{index: rider.NewIndex(), clock: clock.NewManual(now)}
	unfollow, err := rider.Follow(ctx, b, n.index)
	if err != nil {
		return nil, errors.Join(err, b.Close(ctx))
	}
	n.ingest = rider.NewIngest(db, b, n.index, n.clock, log)
	run, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- n.ingest.Run(run) }()
	n.stop = func() error {
		end()
		err := <-ended
		unfollow()
		return errors.Join(err, b.Close(context.WithoutCancel(ctx)))
	}
	return n, nil
}

// fill tells where everybody is.
func (n *benchNode) fill(ctx context.Context, c *benchCity) {
	var fixes []rider.Fix
	for i := range c.riders {
		fixes = c.ride(i, 1, fixes[:0])
		n.ingest.Accept(ctx, c.tenant, c.zone, c.riders[i].id, rider.EBike, fixes)
	}
}

// accept has batches of a size taken in for some time, and returns how many fixes that were and the CPU time it took. Batches are made
// beforehand, some thousand at a time; that does not count.
func (n *benchNode) accept(ctx context.Context, c *benchCity, batch int, limit time.Duration) (fixes int, cpu time.Duration, err error) {
	const together = 1 << 16 // fixes
	var made []rider.Fix
	next := 0
	for begin := time.Now(); time.Since(begin) < limit; {
		made = made[:0]
		first := next
		for range together / batch {
			made = c.ride(next%len(c.riders), batch, made)
			next++
		}
		runtime.GC() // of what making them left
		before, err := selfCPU()
		if err != nil {
			return 0, 0, err
		}
		for i := range together / batch {
			part := made[i*batch : (i+1)*batch]
			got := n.ingest.Accept(ctx, c.tenant, c.zone, c.riders[(first+i)%len(c.riders)].id, rider.EBike, part)
			if got.Accepted != batch {
				return 0, 0, fmt.Errorf("of a batch of %d only %+v", batch, got)
			}
		}
		after, err := selfCPU()
		if err != nil {
			return 0, 0, err
		}
		cpu += after - before
		fixes += len(made)
	}
	return fixes, cpu, nil
}

// inMemory measures memory, updates and queries without a database.
func (r *positionsReport) inMemory(ctx context.Context, limit time.Duration) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	now := time.Now().UTC()
	n, err := startBenchNode(ctx, nil, now.AddDate(0, 0, 2)) // so that no fix is ahead of the clock
	if err != nil {
		return err
	}
	c := newBenchCity(r.Riders, id.NewTenant(), id.NewZone(), now)
	before := heap()
	n.fill(ctx, c)
	r.BytesPerRider = (heap() - before) / float64(r.Riders)
	for _, batch := range []int{1, 10, 50} {
		fixes, cpu, err := n.accept(ctx, c, batch, limit)
		if err != nil {
			return errors.Join(err, n.stop())
		}
		r.InProcess = append(r.InProcess, batchRate{batch, float64(fixes) / cpu.Seconds(), cpu.Seconds() * 1e6 / float64(fixes)})
	}
	r.nearest(ctx, n, c, limit)
	return n.stop()
}

// nearest asks from where stores are while another goroutine takes batches in as fast as it can.
func (r *positionsReport) nearest(ctx context.Context, n *benchNode, c *benchCity, limit time.Duration) {
	const stores = 500
	q := &r.Nearest
	q.N, q.WithinM = 20, 3000
	ask := func() (each []time.Duration, mean float64) {
		runtime.GC()
		var near []rider.Near
		begin := time.Now()
		last := begin
		for i := 0; last.Sub(begin) < limit; i++ {
			near = n.index.AppendNearest(near[:0], c.tenant, c.zone, c.riders[i%stores].place, q.N, q.WithinM)
			now := time.Now()
			each, last = append(each, now.Sub(last)), now
		}
		return each, float64(last.Sub(begin).Microseconds()) / float64(len(each))
	}
	_, q.AloneUS = ask()

	runtime.GOMAXPROCS(2)
	var updates atomic.Int64
	run, end := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var fixes []rider.Fix
		for i := stores; run.Err() == nil; i++ {
			fixes = c.ride(stores+i%(len(c.riders)-stores), 1, fixes[:0])
			n.ingest.Accept(ctx, c.tenant, c.zone, c.riders[stores+i%(len(c.riders)-stores)].id, rider.EBike, fixes)
			updates.Add(1)
		}
	}()
	before, begin := updates.Load(), time.Now()
	each, mean := ask()
	q.UpdatesS = float64(updates.Load()-before) / time.Since(begin).Seconds()
	end()
	<-ended
	runtime.GOMAXPROCS(1)
	slices.Sort(each)
	at := func(share float64) float64 { return float64(each[int(share*float64(len(each)))].Nanoseconds()) / 1000 }
	q.MeanUS, q.PerS, q.P50US, q.P99US = mean, 1e6/mean, at(0.5), at(0.99)
}

// stored measures the way into PostgreSQL, until the last row is committed.
func (r *positionsReport) stored(ctx context.Context, db *pg.DB, town benchShop, limit time.Duration) error {
	now := time.Now().UTC()
	n, err := startBenchNode(ctx, db, now)
	if err != nil {
		return err
	}
	c := newBenchCity(r.Riders, town.tenant, town.zone, now.Add(-20*time.Hour))
	begin := time.Now()
	rows, _, err := n.accept(ctx, c, 50, limit)
	if err := errors.Join(err, n.stop()); err != nil {
		return err
	}
	took := time.Since(begin)
	found := 0
	err = db.Read(ctx, town.tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from positions where tenant_id = $1", town.tenant).Scan(&found)
	})
	if err == nil && found != rows {
		err = fmt.Errorf("%d rows were to be stored, %d are", rows, found)
	}
	r.Stored = storedRate{Rows: found, PerS: float64(rows) / took.Seconds()}
	return err
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
