package eta

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	store = geo.LatLng{Lat: 31.23, Lng: 121.47}
	door  = geo.LatLng{Lat: 31.24, Lng: 121.48}
	far   = geo.LatLng{Lat: 31.26, Lng: 121.43}
)

func standard(t testing.TB) *Model {
	t.Helper()
	m, err := New(Default())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// plain moves 1 m/s in a straight line with nothing fixed, and never varies.
func plain(t testing.TB, spread float64) *Model {
	t.Helper()
	m, err := New(Params{Vehicles: map[string]Vehicle{"walking": {SpeedMps: 1, Detour: 1, Spread: spread}}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTravelIsTheFormula(t *testing.T) {
	t.Parallel()
	m := standard(t)
	for name, v := range Default().Vehicles {
		want := int(math.Ceil(geo.Distance(store, door)*v.Detour/v.SpeedMps + v.Fixed.Seconds()))
		got := m.Travel(name, store, door)
		if got.P50 != time.Duration(want)*time.Second {
			t.Errorf("%s: %v, want %d s", name, got.P50, want)
		}
		if ratio := got.P90.Seconds() / got.P50.Seconds(); ratio < v.Spread || ratio > v.Spread+0.02 {
			t.Errorf("%s: p90 %v is not %v × %v", name, got.P90, v.Spread, got.P50)
		}
		if got := m.Travel(name, door, door); got != (Range{}) {
			t.Errorf("%s: standing still takes %v", name, got)
		}
	}
}

func TestAnUnknownVehicleIsTheSlowest(t *testing.T) {
	t.Parallel()
	m := standard(t)
	if got, want := m.Travel("unicycle", store, door), m.Travel("walking", store, door); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestParamsAreChecked(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*Params){
		"no vehicles":        func(p *Params) { p.Vehicles = nil },
		"car: speed":         func(p *Params) { p.Vehicles["car"] = Vehicle{Detour: 1, Spread: 1} },
		"walking: speed NaN": func(p *Params) { p.Vehicles["walking"] = Vehicle{SpeedMps: math.NaN(), Detour: 1, Spread: 1} },
		"car: detour":        func(p *Params) { p.Vehicles["car"] = Vehicle{SpeedMps: 1, Detour: 0.9, Spread: 1} },
		"car: spread":        func(p *Params) { p.Vehicles["car"] = Vehicle{SpeedMps: 1, Detour: 1} },
		"car: fixed": func(p *Params) {
			p.Vehicles["car"] = Vehicle{SpeedMps: 1, Detour: 1, Spread: 1, Fixed: time.Millisecond}
		},
		"door hand-off: p50 1m": func(p *Params) { p.DoorHandoff = Range{P50: time.Minute} },
		"approach: p50 -1s":     func(p *Params) { p.Approach = Range{P50: -time.Second} },
	} {
		p := Default()
		spoil(&p)
		if _, err := New(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestTheModelIsItsOwn(t *testing.T) {
	t.Parallel()
	p := Default()
	m, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	before := m.Travel("car", store, door)
	p.Vehicles["car"] = Vehicle{SpeedMps: 100, Detour: 1, Spread: 1}
	m.Params().Vehicles["car"] = p.Vehicles["car"]
	if got := m.Travel("car", store, door); got != before {
		t.Errorf("changed from outside: %v, was %v", got, before)
	}
}

func TestReadyEstimate(t *testing.T) {
	t.Parallel()
	m := standard(t)
	if got := m.ReadyEstimate(noon, Range{P50: 5 * time.Minute, P90: 9 * time.Minute}); !got.Equal(noon.Add(5 * time.Minute)) {
		t.Error(got)
	}
	if got := m.ReadyEstimate(noon, Range{}); !got.Equal(noon.Add(Default().DefaultPrep.P50)) {
		t.Error(got)
	}
}

func TestPromise(t *testing.T) {
	t.Parallel()
	m := standard(t)
	prep, handoff := Range{P50: 10 * time.Minute, P90: 16 * time.Minute}, Range{P50: time.Minute, P90: 2 * time.Minute}
	ready := m.ReadyEstimate(noon, prep)
	got := m.Promise(noon, ready, store, door, "ebike", prep, handoff)
	if !got.Equal(got.Truncate(time.Minute)) {
		t.Errorf("%v is no whole minute", got)
	}
	// Not before everything went as usual, not after everything went wrong.
	ride := m.Travel("ebike", store, door)
	if usual := ready.Add(handoff.P50 + ride.P50 + Default().DoorHandoff.P50); !got.After(usual) {
		t.Errorf("%v is not after %v", got, usual)
	}
	if worst := noon.Add(prep.P90 + handoff.P90 + ride.P90 + Default().DoorHandoff.P90 + time.Minute); got.After(worst) {
		t.Errorf("%v is after %v", got, worst)
	}
	// Food that is ready long after any rider comes decides alone.
	late := m.Promise(noon, noon.Add(2*time.Hour), store, door, "ebike", Range{P50: time.Minute, P90: time.Minute}, handoff)
	if d := late.Sub(noon.Add(2 * time.Hour)); d < ride.P50 || d > ride.P90+10*time.Minute {
		t.Errorf("%v after the food is ready", d)
	}
	// Cooked at once, it is the rider's approach that counts.
	if soon := m.Promise(noon, noon, store, door, "ebike", prep, handoff); !soon.After(noon.Add(Default().Approach.P50)) || soon.After(got) {
		t.Errorf("%v", soon)
	}
	if !m.Promise(noon, ready, store, far, "ebike", prep, handoff).After(got) {
		t.Error("further away is not later")
	}
}

func visit(kind Kind, at geo.LatLng, s id.Store, ready time.Duration, service Range) Stop {
	return Stop{Kind: kind, Order: id.NewOrder(), Store: s, At: at, ReadyAt: noon.Add(ready), Service: service}
}
