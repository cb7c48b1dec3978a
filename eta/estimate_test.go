package eta

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

func sure(d time.Duration) Range { return Range{P50: d, P90: d} }

// The schedule of a simple route, told in minutes.
func TestEstimateByHand(t *testing.T) {
	t.Parallel()
	m := plain(t, 1)
	shop, other := id.NewStore(), id.NewStore()
	ride := m.Travel("walking", store, door).P50
	minute := time.Minute
	for _, tc := range []struct {
		name   string
		freeAt time.Duration
		stops  []Stop
		arrive []time.Duration
		depart []time.Duration
	}{
		{"nothing to do", 0, nil, nil, nil},
		{"waits for the food, then rides", 0,
			[]Stop{visit(Pickup, store, shop, 10*minute, sure(minute)), visit(Dropoff, door, id.Store{}, 0, sure(2*minute))},
			[]time.Duration{0, 10*minute + ride}, []time.Duration{10 * minute, 12*minute + ride}},
		{"comes after the food", 20 * minute,
			[]Stop{visit(Pickup, store, shop, 10*minute, sure(minute))},
			[]time.Duration{20 * minute}, []time.Duration{21 * minute}},
		{"was free before now", -5 * minute,
			[]Stop{visit(Pickup, store, shop, 0, sure(minute))},
			[]time.Duration{0}, []time.Duration{minute}},
		{"two pickups of a store are one visit", 0,
			[]Stop{visit(Pickup, store, shop, 4*minute, sure(3*minute)), visit(Pickup, store, shop, 10*minute, sure(minute))},
			[]time.Duration{0, 0}, []time.Duration{10 * minute, 10 * minute}},
		{"two stores in one place are two", 0,
			[]Stop{visit(Pickup, store, shop, 0, sure(3*minute)), visit(Pickup, store, other, 0, sure(minute))},
			[]time.Duration{0, 3 * minute}, []time.Duration{3 * minute, 4 * minute}},
		{"two drop-offs in one place are two", 0,
			[]Stop{visit(Dropoff, store, shop, 0, sure(3*minute)), visit(Dropoff, store, shop, 0, sure(minute))},
			[]time.Duration{0, 3 * minute}, []time.Duration{3 * minute, 4 * minute}},
		{"coming back to a store is another visit", 0,
			[]Stop{visit(Pickup, store, shop, 0, sure(minute)), visit(Dropoff, door, id.Store{}, 0, sure(0)), visit(Pickup, store, shop, 0, sure(minute))},
			[]time.Duration{0, minute + ride, minute + 2*ride}, []time.Duration{minute, minute + ride, 2*minute + 2*ride}},
	} {
		got := m.Estimate(Query{Now: noon, Vehicle: "walking", From: store, FreeAt: noon.Add(tc.freeAt), Stops: tc.stops})
		var arrive, depart []time.Duration
		for i, v := range got.Stops {
			arrive, depart = append(arrive, v.ArriveAt.P50.Sub(noon)), append(depart, v.DepartAt.P50.Sub(noon))
			if v.ArriveAt.P50 != v.ArriveAt.P90 || v.DepartAt.P50 != v.DepartAt.P90 {
				t.Errorf("%s: stop %d varies, though nothing does", tc.name, i)
			}
			if v.Order != tc.stops[i].Order || v.Kind != tc.stops[i].Kind {
				t.Errorf("%s: stop %d is another order's", tc.name, i)
			}
		}
		if diff := cmp.Diff(tc.arrive, arrive); diff != "" {
			t.Errorf("%s: arrivals (-want +got)\n%s", tc.name, diff)
		}
		if diff := cmp.Diff(tc.depart, depart); diff != "" {
			t.Errorf("%s: departures (-want +got)\n%s", tc.name, diff)
		}
	}
}

func TestUncertainty(t *testing.T) {
	t.Parallel()
	m := plain(t, 1)
	s := time.Second
	gap := func(t Moment) time.Duration { return t.P90.Sub(t.P50) }
	// 30 s and 40 s of hand-off, independent, are 50 s together.
	e := m.Estimate(Query{Now: noon, From: store, Stops: []Stop{
		visit(Dropoff, store, id.Store{}, 0, Range{P50: 10 * s, P90: 40 * s}),
		visit(Dropoff, store, id.Store{}, 0, Range{P50: 10 * s, P90: 50 * s}),
	}})
	if got := gap(e.Stops[1].DepartAt); got != 50*s {
		t.Errorf("30 s and 40 s are %v", got)
	}
	// A rider who comes before the food in any case, leaves at a sure time; a late one keeps what is beyond it.
	for ready, want := range map[time.Duration]time.Duration{60 * s: 0, 30 * s: 10 * s, 0: 30 * s} {
		e := m.Estimate(Query{Now: noon, From: store, FreeAt: noon.Add(10 * s), FreeP90: noon.Add(40 * s), Stops: []Stop{
			visit(Pickup, store, id.Store{}, ready, Range{}),
		}})
		if got := gap(e.Stops[0].DepartAt); got != want {
			t.Errorf("food after %v: %v, want %v", ready, got, want)
		}
	}
	// A kitchen that varies makes its rider's departure vary.
	late := visit(Pickup, store, id.Store{}, 60*s, Range{})
	late.ReadyP90 = noon.Add(100 * s)
	if got := gap(m.Estimate(Query{Now: noon, From: store, Stops: []Stop{late}}).Stops[0].DepartAt); got != 40*s {
		t.Errorf("a kitchen 40 s late: %v", got)
	}
}

func TestFinders(t *testing.T) {
	t.Parallel()
	p, d := visit(Pickup, store, id.NewStore(), 0, Range{}), visit(Dropoff, door, id.Store{}, 0, Range{})
	d.Order = p.Order
	e := standard(t).Estimate(Query{Now: noon, Vehicle: "car", From: store, Stops: []Stop{p, d}})
	if v, ok := e.Pickup(p.Order); !ok || v != e.Stops[0] {
		t.Error(v, ok)
	}
	if v, ok := e.Dropoff(p.Order); !ok || v != e.Stops[1] {
		t.Error(v, ok)
	}
	if _, ok := e.Dropoff(id.NewOrder()); ok {
		t.Error("found what is not there")
	}
}

var stores = [3]id.Store{id.NewStore(), id.NewStore(), id.NewStore()}

func drawQuery(t *rapid.T) Query {
	secs := func(name string, lo, hi int) time.Duration {
		return time.Duration(rapid.IntRange(lo, hi).Draw(t, name)) * time.Second
	}
	place := func(name string) geo.LatLng {
		return geo.LatLng{Lat: 31.2 + 0.01*float64(rapid.IntRange(0, 9).Draw(t, name+" lat")), Lng: 121.4 + 0.01*float64(rapid.IntRange(0, 9).Draw(t, name+" lng"))}
	}
	q := Query{Now: noon, Vehicle: rapid.SampledFrom([]string{"walking", "ebike", "car"}).Draw(t, "vehicle"), From: place("from"), FreeAt: noon.Add(secs("free", -600, 1800))}
	q.FreeP90 = q.FreeAt.Add(secs("free p90", -60, 600))
	for range rapid.IntRange(0, 8).Draw(t, "stops") {
		s := Stop{
			Kind: rapid.SampledFrom([]Kind{Pickup, Dropoff}).Draw(t, "kind"), Order: id.NewOrder(), Store: rapid.SampledFrom(stores[:]).Draw(t, "store"),
			At: place("stop"), ReadyAt: noon.Add(secs("ready", -600, 3600)), Service: Range{P50: secs("service", 0, 300)},
		}
		s.ReadyP90, s.Service.P90 = s.ReadyAt.Add(secs("ready p90", 0, 900)), s.Service.P50+secs("service p90", 0, 300)
		q.Stops = append(q.Stops, s)
	}
	return q
}

func TestEveryEstimateIsASchedule(t *testing.T) {
	t.Parallel()
	m := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuery(t)
		e := m.Estimate(q)
		if len(e.Stops) != len(q.Stops) {
			t.Fatalf("%d visits of %d stops", len(e.Stops), len(q.Stops))
		}
		for i, v := range e.Stops {
			if v.ArriveAt.P90.Before(v.ArriveAt.P50) || v.DepartAt.P90.Before(v.DepartAt.P50) {
				t.Fatalf("stop %d: p90 before p50: %+v", i, v)
			}
			if v.DepartAt.P50.Before(v.ArriveAt.P50) || v.DepartAt.P90.Before(v.ArriveAt.P90) {
				t.Fatalf("stop %d: leaves before it comes: %+v", i, v)
			}
			if v.ArriveAt.P50.Before(q.Now) {
				t.Fatalf("stop %d: arrives in the past: %+v", i, v)
			}
			if s := q.Stops[i]; s.Kind == Pickup && (v.DepartAt.P50.Before(s.ReadyAt) || v.DepartAt.P50.Before(v.ArriveAt.P50.Add(s.Service.P50))) {
				t.Fatalf("stop %d: leaves without the food: %+v", i, v)
			}
			if i > 0 && v.ArriveAt.P50.Before(e.Stops[i-1].ArriveAt.P50) {
				t.Fatalf("stop %d: comes before the one before", i)
			}
		}
	})
}

// The medians are the plain schedule, checked against the obvious loop.
func TestMediansFollowOneAnother(t *testing.T) {
	t.Parallel()
	m := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuery(t)
		now, at := q.FreeAt, q.From
		if now.Before(q.Now) {
			now = q.Now
		}
		for i, v := range m.Estimate(q).Stops {
			s := q.Stops[i]
			first := i == 0 || s.Kind != Pickup || q.Stops[i-1].Kind != Pickup || q.Stops[i-1].Store != s.Store
			if !first {
				continue
			}
			now = now.Add(m.Travel(q.Vehicle, at, s.At).P50)
			at = s.At
			if !v.ArriveAt.P50.Equal(now) {
				t.Fatalf("stop %d: arrives %v, want %v", i, v.ArriveAt.P50, now)
			}
			var service time.Duration
			var ready time.Time
			for k := i; k < len(q.Stops); k++ {
				g := q.Stops[k]
				if k > i && (g.Kind != Pickup || s.Kind != Pickup || g.Store != s.Store) {
					break
				}
				if g.Kind == Pickup && g.ReadyAt.After(ready) {
					ready = g.ReadyAt
				}
				service = max(service, g.Service.P50)
			}
			now = now.Add(service)
			if ready.After(now) {
				now = ready
			}
			if !v.DepartAt.P50.Equal(now) {
				t.Fatalf("stop %d: leaves %v, want %v", i, v.DepartAt.P50, now)
			}
		}
	})
}

// Nothing that begins later, cooks longer or takes longer ends earlier.
func TestLaterIsNeverEarlier(t *testing.T) {
	t.Parallel()
	m := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuery(t)
		before := m.Estimate(q)
		d := time.Duration(rapid.IntRange(1, 1200).Draw(t, "later by")) * time.Second
		q.Stops = append([]Stop(nil), q.Stops...)
		what := rapid.IntRange(0, 4).Draw(t, "what")
		if what > 1 && len(q.Stops) == 0 {
			return
		}
		switch what {
		case 0:
			q.FreeAt, q.FreeP90 = q.FreeAt.Add(d), q.FreeP90.Add(d)
		case 1:
			q.FreeP90 = q.FreeP90.Add(d)
		default:
			s := &q.Stops[rapid.IntRange(0, len(q.Stops)-1).Draw(t, "stop")]
			switch what {
			case 2:
				s.ReadyAt, s.ReadyP90 = s.ReadyAt.Add(d), s.ReadyP90.Add(d)
			case 3:
				s.Service.P50, s.Service.P90 = s.Service.P50+d, s.Service.P90+d
			case 4:
				s.ReadyP90 = s.ReadyP90.Add(d)
			}
		}
		const tick = time.Microsecond // what rounding may take
		for i, v := range m.Estimate(q).Stops {
			for _, x := range [][2]Moment{{before.Stops[i].ArriveAt, v.ArriveAt}, {before.Stops[i].DepartAt, v.DepartAt}} {
				if x[1].P50.Before(x[0].P50) || x[1].P90.Before(x[0].P90.Add(-tick)) {
					t.Fatalf("change %d by %v: stop %d went from %+v to %+v", what, d, i, x[0], x[1])
				}
			}
		}
	})
}

// A chain varies less than its parts do together, and more than any of them.
func TestChainsAverageOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := Moment{noon, noon}
		var sum, most time.Duration
		for range rapid.IntRange(1, 10).Draw(t, "legs") {
			r := Range{P50: time.Duration(rapid.IntRange(0, 600).Draw(t, "p50")) * time.Second}
			gap := time.Duration(rapid.IntRange(0, 600).Draw(t, "gap")) * time.Second
			r.P90 = r.P50 + gap
			now, sum, most = now.plus(r), sum+gap, max(most, gap)
		}
		if gap := now.P90.Sub(now.P50); gap < most || gap > sum+time.Microsecond {
			t.Fatalf("%v, from parts up to %v, together %v", gap, most, sum)
		}
	})
}

func BenchmarkEstimate(b *testing.B) {
	m := standard(b)
	shop := id.NewStore()
	q := Query{Now: noon, Vehicle: "ebike", From: far, Stops: []Stop{
		visit(Pickup, store, shop, 0, Range{}), visit(Pickup, store, shop, time.Minute, Range{}), visit(Dropoff, door, id.Store{}, 0, Range{}), visit(Dropoff, far, id.Store{}, 0, Range{}),
	}}
	for b.Loop() {
		m.Estimate(q)
	}
}
