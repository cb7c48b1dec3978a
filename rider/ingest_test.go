package rider

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

var quiet = slog.New(slog.DiscardHandler)

// fakeStore stands in for the table and the bus.
type fakeStore struct {
	mu       sync.Mutex
	down     error
	rows     []fixRow
	sizes    []int
	messages []string
}

func (s *fakeStore) store(_ context.Context, tenant id.Tenant, rows []fixRow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return s.down
	}
	for _, r := range rows {
		if r.tenant != tenant {
			return fmt.Errorf("a row of %s among those of %s", r.tenant, tenant)
		}
	}
	s.rows, s.sizes = append(s.rows, rows...), append(s.sizes, len(rows))
	return nil
}

func (s *fakeStore) settle(context.Context, id.Tenant, *doubtError) (bool, error) { return false, nil }

func (s *fakeStore) publish(subject string, _ []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, subject)
	return nil
}

func (s *fakeStore) set(down error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

func (s *fakeStore) stored() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rows)
}

// count reads a counter as a scraper would.
func count(t *testing.T, c prometheus.Counter) float64 {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(c)
	got, err := r.Gather()
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	return got[0].GetMetric()[0].GetCounter().GetValue()
}

func newTestIngest(c clock.Clock, l ingestLimits) (*Ingest, *fakeStore) {
	s := new(fakeStore)
	g := newIngest(NewIndex(), c, quiet, l, s.publish)
	g.store, g.settle = s.store, s.settle
	return g, s
}

func TestAcceptTellsFixesApart(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon.Add(time.Minute))
	g, s := newTestIngest(c, defaultLimits)
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	accept := func(fs ...Fix) Counts { return g.Accept(t.Context(), tenant, zone, r, EBike, fs) }

	if got, want := accept(at(shanghai, 10), at(offset(shanghai, 20, 0), 20)), (Counts{Accepted: 2}); got != want {
		t.Fatalf("%+v", got)
	}
	vague, nowhere, ahead, made := at(shanghai, 31), at(shanghai, 32), at(shanghai, 33), at(shanghai, 34)
	vague.AccuracyM, nowhere.Lat, ahead.At, made.Mock = 400, 95, noon.Add(time.Hour), true
	old := at(shanghai, 5)
	old.At = noon.Add(-maxAge)
	got := accept(at(shanghai, 10), at(shanghai, 15), vague, nowhere, ahead, made, old, at(offset(shanghai, 5000, 0), 34), at(offset(shanghai, 40, 0), 40))
	if want := (Counts{Accepted: 1, Duplicate: 1, Late: 2, Future: 1, Impossible: 1, Inaccurate: 2, Mock: 1}); got != want {
		t.Fatalf("%+v", got)
	}
	last, _ := g.index.Last(tenant, r)
	if last.Seq != 40 {
		t.Errorf("the rider is at fix %d", last.Seq)
	}
	if got, want := accept(at(shanghai, 10), at(shanghai, 15), at(offset(shanghai, 40, 0), 40)), (Counts{Duplicate: 3}); got != want {
		t.Errorf("sent again: %+v", got)
	}
	g.outbox.flush()
	if len(s.messages) != 1 || s.messages[0] != bus.PositionsSubject(tenant, zone) {
		t.Errorf("messages: %v", s.messages)
	}
	if n := g.queue.len(); n != 4 {
		t.Errorf("%d rows wait: the late one counts, the ancient one does not", n)
	}
	if n := count(t, g.metrics.fixes[ancient]); n != 1 {
		t.Errorf("%v ancient fixes", n)
	}
	if err := g.Register(prometheus.NewRegistry()); err != nil {
		t.Error(err)
	}
}

// One wild fix that came first must not lock the rider out for good.
func TestThreeFixesThatAgreeOutvoteTheLast(t *testing.T) {
	t.Parallel()
	g, _ := newTestIngest(clock.NewManual(noon.Add(time.Hour)), defaultLimits)
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	accept := func(f Fix) Counts { return g.Accept(t.Context(), tenant, zone, r, EBike, []Fix{f}) }
	accept(at(places[1], 0))
	for i, want := range []Counts{{Impossible: 1}, {Impossible: 1}, {Accepted: 1}, {Accepted: 1}} {
		if got := accept(at(shanghai, 10+i)); got != want {
			t.Fatalf("fix %d: %+v", i, got)
		}
		if i == 0 {
			if got := accept(at(shanghai, 10)); got != (Counts{Impossible: 1}) { // the same witness twice
				t.Fatalf("%+v", got)
			}
		}
	}
}

func TestAReinstalledAppCountsAnew(t *testing.T) {
	t.Parallel()
	g, _ := newTestIngest(clock.NewManual(noon.Add(time.Hour)), defaultLimits)
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	f := at(shanghai, 100)
	f.Seq = 90_000
	g.Accept(t.Context(), tenant, zone, r, EBike, []Fix{f})
	for i := range 3 {
		f := at(shanghai, 200+i)
		f.Seq = int64(i)
		if got := g.Accept(t.Context(), tenant, zone, r, EBike, []Fix{f}); got != (Counts{Accepted: 1}) {
			t.Fatalf("%+v", got)
		}
		if got := g.Accept(t.Context(), tenant, zone, r, EBike, []Fix{f}); got != (Counts{Duplicate: 1}) {
			t.Fatalf("%+v", got)
		}
	}
}

// Whatever the network does to the batches of a ride, the last position is the same and history has every fix once.
func TestAnyDeliveryGivesTheSameLastPosition(t *testing.T) {
	t.Parallel()
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		p, ride := shanghai, []Fix{}
		for i := range rapid.IntRange(1, 120).Draw(t, "fixes") {
			p = offset(p, rng.Float64()*40-20, rng.Float64()*40-20)
			f := at(p, 3*i+3)
			f.Seq = int64(i)
			ride = append(ride, f)
		}
		var batches [][]Fix
		for c := range slices.Chunk(ride, rapid.IntRange(1, 30).Draw(t, "batch")) {
			for range rapid.IntRange(1, 3).Draw(t, "copies") {
				c = slices.Clone(c)
				rng.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
				batches = append(batches, c)
			}
		}
		rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
		g, _ := newTestIngest(clock.NewManual(noon.Add(time.Hour)), defaultLimits)
		var sum Counts
		newest := time.Time{}
		for _, b := range batches {
			c := g.Accept(t.Context(), tenant, zone, r, EBike, b)
			sum.Accepted, sum.Late, sum.Duplicate = sum.Accepted+c.Accepted, sum.Late+c.Late, sum.Duplicate+c.Duplicate
			if last, _ := g.index.Last(tenant, r); last.At.Before(newest) {
				t.Fatal("moved back in time")
			} else {
				newest = last.At
			}
		}
		want := ride[len(ride)-1]
		if got, ok := g.index.Last(tenant, r); !ok || got.Seq != want.Seq || geo.Distance(got.LatLng, want.LatLng) > want.AccuracyM {
			t.Fatalf("last is %+v, want %+v", got, want)
		}
		if sum.Accepted+sum.Late != len(ride) || g.queue.len() != len(ride) {
			t.Fatalf("%+v of %d, %d stored", sum, len(ride), g.queue.len())
		}
	})
}

func TestSeqWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var w seqWindow
		seen, top := map[int64]bool{}, int64(-1)
		base := rapid.SampledFrom([]int64{0, 1 << 62}).Draw(t, "base")
		for range 200 {
			s := base + int64(rapid.IntRange(0, 3*windowSize).Draw(t, "seq"))
			if top >= 0 && s <= top && top-s < windowSize && w.has(s) != seen[s] {
				t.Fatalf("has(%d) = %v", s, w.has(s))
			}
			if top < 0 || top-s < windowSize {
				seen[s] = true
			}
			w.add(s)
			top = max(top, s)
		}
		if w.has(top+1) || !w.has(top) {
			t.Fatal("the top is wrong")
		}
	})
}

func start(t *testing.T, g *Ingest) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx) }()
	return func() error {
		cancel()
		return <-done
	}
}

func TestWriterFlushesBySizeAndByTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := defaultLimits
		l.batch = 10
		g, s := newTestIngest(clock.System{}, l)
		stop := start(t, g)
		tenant, zone := id.NewTenant(), id.NewZone()
		send := func(n int) {
			for range n {
				g.Accept(t.Context(), tenant, zone, id.NewRider(), EBike, []Fix{{Seq: 1, At: time.Now(), LatLng: shanghai}})
			}
			synctest.Wait()
		}
		begin := time.Now()
		send(25)
		if got := s.stored(); got != 20 || time.Since(begin) != 0 {
			t.Errorf("%d stored at once", got)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got := s.stored(); got != 25 {
			t.Errorf("%d stored after a second", got)
		}
		send(3)
		if err := stop(); err != nil || s.stored() != 28 {
			t.Errorf("%d stored after the stop: %v", s.stored(), err)
		}
		g.Accept(t.Context(), tenant, zone, id.NewRider(), EBike, []Fix{{Seq: 1, At: time.Now(), LatLng: shanghai}})
		if got := count(t, g.metrics.dropped[dropShutdown]); got != 1 {
			t.Errorf("%v counted as dropped", got)
		}
	})
}

func TestWriterOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := defaultLimits
		l.batch, l.queued = 10, 50
		g, s := newTestIngest(clock.System{}, l)
		stop := start(t, g)
		tenants := []id.Tenant{id.NewTenant(), id.NewTenant()}
		zone := id.NewZone()
		s.set(errors.New("connection refused"))
		for i := range 60 {
			g.Accept(t.Context(), tenants[i%2], zone, id.NewRider(), EBike, []Fix{{Seq: 1, At: time.Now(), LatLng: shanghai}})
		}
		time.Sleep(time.Minute)
		if got := count(t, g.metrics.dropped[dropFull]); got != 10 || s.stored() != 0 {
			t.Errorf("%v dropped, %d stored", got, s.stored())
		}
		if got := g.index.Len(); got != 60 {
			t.Errorf("%d riders known: an outage must not stop the index", got)
		}
		s.set(nil)
		time.Sleep(maxBackOff + 2*time.Second)
		synctest.Wait()
		if got := s.stored(); got != 50 {
			t.Errorf("%d stored after the outage", got)
		}

		s.set(&pgconn.PgError{Code: "22003"})
		g.Accept(t.Context(), tenants[0], zone, id.NewRider(), EBike, []Fix{{Seq: 1, At: time.Now(), LatLng: shanghai}})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := count(t, g.metrics.dropped[dropRejected]); got != 1 {
			t.Errorf("%v rejected", got)
		}

		s.set(errors.New("gone again"))
		g.Accept(t.Context(), tenants[0], zone, id.NewRider(), EBike, []Fix{{Seq: 1, At: time.Now(), LatLng: shanghai}})
		time.Sleep(2 * time.Second)
		begin := time.Now()
		if err := stop(); err == nil || time.Since(begin) > l.drain {
			t.Errorf("stopped after %v with %v", time.Since(begin), err)
		}
		if got := count(t, g.metrics.dropped[dropShutdown]); got != 1 {
			t.Errorf("%v lost at the stop", got)
		}
		// All the room came back, or is accounted for.
		if !g.queue.room.TryAcquire(int64(l.queued) - 1) {
			t.Error("room was lost")
		}
	})
}

func TestWhoWentHomeIsForgotten(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	g, _ := newTestIngest(c, defaultLimits)
	r := id.NewRider()
	g.Accept(t.Context(), id.NewTenant(), id.NewZone(), r, EBike, []Fix{at(shanghai, 1)})
	g.doChores(t.Context(), noon.Add(silentFor))
	if n := g.index.Len(); n != 1 {
		t.Errorf("%d remembered after an hour", n)
	}
	g.doChores(t.Context(), noon.Add(silentFor+2*time.Second))
	if n := g.index.Len(); n != 0 {
		t.Errorf("%d remembered", n)
	}
}

func BenchmarkIngestAccept(b *testing.B) {
	c := newCity(manyRiders)
	now := noon
	g := newIngest(c.ix, clock.NewManual(noon.AddDate(1, 0, 0)), quiet, defaultLimits, func(string, []byte) error { return nil })
	g.store = func(context.Context, id.Tenant, []fixRow) error { return nil }
	b.ReportAllocs()
	defer onCPU(b)()
	i := 0
	for b.Loop() {
		r := i % manyRiders
		c.places[r] = offset(c.places[r], 10, 10)
		now = now.Add(time.Millisecond)
		got := g.Accept(b.Context(), c.tenant, c.zone, c.riders[r], EBike, []Fix{{Seq: int64(i + 1), At: now.AddDate(1, 0, -1), LatLng: c.places[r]}})
		if got.Accepted != 1 {
			b.Fatalf("%+v", got)
		}
		if i++; i%defaultLimits.batch == 0 {
			g.queue.done(g.queue.take(true))
			g.outbox.flush()
		}
	}
}
