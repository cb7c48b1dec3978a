package rider

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

func cosDeg(lat float64) float64 { return math.Cos(lat * math.Pi / 180) }

func at(p geo.LatLng, sec int) Fix {
	return Fix{Seq: int64(sec), At: noon.Add(time.Duration(sec) * time.Second), LatLng: p, AccuracyM: 10}
}

// places includes the icosahedron's pentagons (the hardest for rings), the antimeridian, and cities of every latitude.
var places = []geo.LatLng{
	shanghai, {Lat: 64.7, Lng: 10.536}, {Lat: -16.8, Lng: 179.9999}, {Lat: 64.15, Lng: -21.94}, {Lat: -33.87, Lng: 151.2}, {Lat: 0.001, Lng: 0.001},
	{Lat: 58.157705839572586, Lng: 10.444977544778325}, {Lat: 39.10000012, Lng: 122.3000003}, {Lat: 89.999, Lng: 12},
}

func TestNearestIsWhatBruteForceFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		center := rapid.SampledFrom(places).Draw(t, "center")
		spread := rapid.SampledFrom([]float64{50, 2000, 30_000}).Draw(t, "spread")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		somewhere := func() geo.LatLng {
			if rng.IntN(8) == 0 {
				return center // where riders wait together
			}
			p := offset(center, rng.NormFloat64()*spread, rng.NormFloat64()*spread)
			p.Lat = min(90, max(-90, p.Lat))
			p.Lng = math.Remainder(p.Lng, 360)
			return p
		}
		ix, tenant, zone, other := NewIndex(), id.NewTenant(), id.NewZone(), id.NewZone()
		riders := make([]id.Rider, rapid.IntRange(0, 300).Draw(t, "riders"))
		for i := range riders {
			riders[i] = id.NewRider()
		}
		inZone := map[id.Rider]bool{}
		for sec := range rapid.IntRange(1, 5).Draw(t, "steps") {
			for _, r := range riders {
				switch rng.IntN(10) {
				case 0:
					forget(ix, tenant, r)
					delete(inZone, r)
				case 1:
					ix.Update(tenant, other, r, at(somewhere(), sec+1))
					delete(inZone, r)
				default:
					ix.Update(tenant, zone, r, at(somewhere(), sec+1))
					inZone[r] = true
				}
			}
		}
		n := rapid.IntRange(1, 40).Draw(t, "n")
		maxM := rapid.SampledFrom([]float64{0, 100, 3000}).Draw(t, "max")
		q := somewhere()

		if rapid.Bool().Draw(t, "swept") {
			ix.Forget(noon)
		}
		var want []float64
		for r := range inZone {
			f, ok := ix.Last(tenant, r)
			if !ok {
				t.Fatalf("%s is lost", r)
			}
			if d := geo.Distance(q, f.LatLng); maxM == 0 || d <= maxM {
				want = append(want, d)
			}
		}
		slices.Sort(want)
		want = want[:min(n, len(want))]
		got := ix.Nearest(tenant, zone, q, n, maxM)
		if len(got) != len(want) {
			t.Fatalf("%d riders, want %d", len(got), len(want))
		}
		for i, g := range got {
			if math.Abs(g.DistanceM-want[i]) > 1e-3 {
				t.Fatalf("rider %d at %.3f m, want %.3f m", i, g.DistanceM, want[i])
			}
			if !inZone[g.Rider] {
				t.Fatalf("%s is not in the zone", g.Rider)
			}
		}
		if !slices.IsSortedFunc(got, func(a, b Near) int {
			if a.Place == b.Place {
				return bytes.Compare(a.Rider[:], b.Rider[:])
			}
			return cmp.Compare(a.DistanceM, b.DistanceM)
		}) {
			t.Fatal("not sorted")
		}
		if len(got) > 0 { // of those who are as far away as the last, the lowest ids
			last := got[len(got)-1]
			for r := range inZone {
				f, _ := ix.Last(tenant, r)
				if f.LatLng == last.Place && bytes.Compare(r[:], last.Rider[:]) < 0 && !slices.ContainsFunc(got, func(n Near) bool { return n.Rider == r }) {
					t.Fatalf("%s is as near as %s and comes first", r, last.Rider)
				}
			}
		}
		checkIndex(t, ix, tenant, zone, inZone)
	})
}

// forget drops one rider, as Forget drops those of whom nothing is heard.
func forget(ix *Index, tenant id.Tenant, r id.Rider) {
	s := ix.shard(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.riders[riderKey{tenant, r}]; t != nil {
		s.forget(riderKey{tenant, r}, t)
	}
}

// checkIndex looks at every cell: each rider once, where it belongs.
func checkIndex(t *rapid.T, ix *Index, tenant id.Tenant, zone id.Zone, inZone map[id.Rider]bool) {
	seen := map[id.Rider]bool{}
	for r, f := range ix.Positions(tenant, zone) {
		if seen[r] || !inZone[r] {
			t.Fatalf("%s twice, or not in the zone", r)
		}
		seen[r] = true
		tr := ix.shard(r).riders[riderKey{tenant, r}]
		if want := cellOf(pack(f.LatLng)); tr.cell.at != want || tr.cell.riders[tr.slot] != (gridRider{tr.place, tr}) {
			t.Fatalf("%s is filed under %v, not %v", r, tr.cell.at, want)
		}
	}
	if len(seen) != len(inZone) {
		t.Fatalf("%d riders in the zone, want %d", len(seen), len(inZone))
	}
}

func TestUpdateKeepsTheNewest(t *testing.T) {
	t.Parallel()
	ix, tenant, zone, r := NewIndex(), id.NewTenant(), id.NewZone(), id.NewRider()
	speed := 4.5
	first := at(shanghai, 10)
	first.SpeedMps = &speed
	if !ix.Update(tenant, zone, r, first) || ix.Update(tenant, zone, r, first) || ix.Update(tenant, zone, r, at(places[1], 9)) {
		t.Fatal("an old fix was taken, or a new one was not")
	}
	got, ok := ix.Last(tenant, r)
	if !ok || got.LatLng != shanghai || !got.At.Equal(first.At) || *got.SpeedMps != speed || got.HeadingDeg != nil {
		t.Fatalf("%+v", got)
	}
	if _, ok := ix.Last(id.NewTenant(), r); ok {
		t.Error("another tenant sees the rider")
	}
	if ix.Update(tenant, zone, r, at(geo.LatLng{Lat: math.NaN()}, 20)) {
		t.Error("a fix off the earth was taken")
	}
	if near := ix.Nearest(id.NewTenant(), zone, shanghai, 5, 0); near != nil {
		t.Error("another tenant finds the rider")
	}
}

// Many goroutines move, forget and look at the same riders; the race detector watches, and at the end the index is whole.
func TestIndexUnderContention(t *testing.T) {
	t.Parallel()
	ix, tenant := NewIndex(), id.NewTenant()
	zones := []id.Zone{id.NewZone(), id.NewZone()}
	riders := make([]id.Rider, 50)
	for i := range riders {
		riders[i] = id.NewRider()
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(7, uint64(w)))
			for i := range 2000 {
				r := riders[rng.IntN(len(riders))]
				p := offset(shanghai, rng.NormFloat64()*800, rng.NormFloat64()*800)
				switch rng.IntN(12) {
				case 0:
					forget(ix, tenant, r)
				case 1:
					ix.Nearest(tenant, zones[0], p, 10, 0)
				case 2:
					for range ix.Positions(tenant, zones[1]) {
						break
					}
				default:
					ix.Update(tenant, zones[rng.IntN(2)], r, at(p, i))
				}
			}
		})
	}
	wg.Wait()
	n := 0
	for _, z := range zones {
		for r := range ix.Positions(tenant, z) {
			n++
			forget(ix, tenant, r)
		}
	}
	if left := ix.Len(); left != 0 || n > len(riders) {
		t.Errorf("%d riders in the zones, %d left over", n, left)
	}
}

// Riders ride to and fro over the borders of cells, others wait: a search finds each who waits, and nobody twice.
func TestNearestWhileRidersCrossCells(t *testing.T) {
	t.Parallel()
	ix, tenant, zone := NewIndex(), id.NewTenant(), id.NewZone()
	waiting := make(map[id.Rider]bool)
	for range 40 {
		r := id.NewRider()
		waiting[r] = true
		ix.Update(tenant, zone, r, at(offset(shanghai, rand.NormFloat64()*600, rand.NormFloat64()*600), 0))
	}
	var searching, riding sync.WaitGroup
	stop := make(chan struct{})
	for w := range 2 {
		riding.Go(func() {
			rng := rand.New(rand.NewPCG(5, uint64(w)))
			riders := []id.Rider{id.NewRider(), id.NewRider(), id.NewRider()}
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
					ix.Update(tenant, zone, riders[i%len(riders)], at(offset(shanghai, rng.NormFloat64()*600, rng.NormFloat64()*600), i))
				}
			}
		})
	}
	for range 2 {
		searching.Go(func() {
			for range 2000 {
				seen, waited := make(map[id.Rider]bool), 0
				for _, n := range ix.Nearest(tenant, zone, shanghai, math.MaxInt, 10_000) {
					if seen[n.Rider] {
						t.Errorf("%s is at two places", n.Rider)
					}
					seen[n.Rider] = true
					if waiting[n.Rider] {
						waited++
					}
				}
				if waited != len(waiting) {
					t.Errorf("%d of %d who wait were found", waited, len(waiting))
				}
			}
		})
	}
	searching.Wait()
	close(stop)
	riding.Wait()
}

// city is an index of riders who move as couriers do.
type city struct {
	ix     *Index
	tenant id.Tenant
	zone   id.Zone
	riders []id.Rider
	places []geo.LatLng
}

func newCity(n int) *city {
	c := &city{ix: NewIndex(), tenant: id.NewTenant(), zone: id.NewZone(), riders: make([]id.Rider, n), places: make([]geo.LatLng, n)}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range c.riders {
		c.riders[i] = id.NewRider()
		c.places[i] = offset(shanghai, rng.NormFloat64()*10_000, rng.NormFloat64()*10_000)
		c.ix.Update(c.tenant, c.zone, c.riders[i], at(c.places[i], 0))
	}
	return c
}

const manyRiders = 100_000

func TestIndexMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an idle heap")
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	c := newCity(manyRiders)
	per := (float64(heap()) - float64(before)) / manyRiders
	per -= float64(16 + 16) // the city's own two slices
	t.Logf("%.0f bytes a rider", per)
	if per > 400 {
		t.Errorf("%.0f bytes a rider, want at most 400", per)
	}
	runtime.KeepAlive(c)
}

// onCPU adds the processor time per operation: on a shared machine the wall's says little.
func onCPU(b *testing.B) func() {
	b.Helper()
	used := func() int64 {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}

func BenchmarkIndexUpdate(b *testing.B) {
	c := newCity(manyRiders)
	rng := rand.New(rand.NewPCG(3, 4))
	steps := make([]geo.LatLng, 4096) // 5 s at 5 m/s, in some direction
	for i := range steps {
		a := rng.Float64() * 2 * math.Pi
		steps[i] = geo.LatLng{Lat: 25 * math.Sin(a) / metresPerDegree, Lng: 25 * math.Cos(a) / (metresPerDegree * 0.855)}
	}
	b.ReportAllocs()
	defer onCPU(b)()
	i := 0
	for b.Loop() {
		r := i % manyRiders
		p := &c.places[r]
		s := steps[(r+i/(manyRiders*8))%len(steps)] // the same way for eight rounds
		p.Lat, p.Lng = p.Lat+s.Lat, p.Lng+s.Lng
		c.ix.Update(c.tenant, c.zone, c.riders[r], Fix{Seq: int64(i), At: noon.Add(time.Duration(i+1) * time.Millisecond), LatLng: *p})
		i++
	}
}

// Stores ask, and there are far fewer of them than riders.
func BenchmarkIndexNearest(b *testing.B) {
	for _, n := range []int{7500, manyRiders} {
		c := newCity(n)
		stores := slices.Clone(c.places[:500])
		ask := func(b *testing.B) {
			b.Helper()
			b.ReportAllocs()
			defer onCPU(b)()
			var near []Near
			i := 0
			for b.Loop() {
				near = c.ix.AppendNearest(near[:0], c.tenant, c.zone, stores[i%len(stores)], 20, 3000)
				i++
			}
		}
		b.Run(fmt.Sprintf("of-%d", n), ask)
		b.Run(fmt.Sprintf("of-%d-on-the-move", n), func(b *testing.B) {
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					p := &c.places[i%n]
					p.Lat += float64(1-i/n/50%2*2) * 25 / metresPerDegree // 1,250 m north, and back
					c.ix.Update(c.tenant, c.zone, c.riders[i%n], Fix{Seq: int64(i), At: noon.Add(time.Duration(i+1) * time.Millisecond), LatLng: *p})
				}
			}()
			ask(b)
			close(stop)
			<-stopped
		})
	}
}
