package sim

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/sim/rappi"
)

// writeDay makes a recorded day: two orders of one store, a rider there and one whose shift has no length.
func writeDay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"orders.csv": "order_id,pick_up_lat,pick_up_lng,drop_off_lat,drop_off_lng,placement_time,preparation_time,ready_time,expected_drop_off_time\n" +
			"a,4.60000,-74.10000,4.61000,-74.10000,10:00:00,10:01:00,10:10:00,10:30:00\n" +
			"b,4.60001,-74.10001,4.61000,-74.10000,10:00:10,10:01:00,10:40:00,10:39:00\n",
		"couriers.csv": "courier_id,vehicle,on_lat,on_lng,on_time,off_time\n" +
			"1,motorcycle,4.60000,-74.10000,09:00:00,12:00:00\n2,car,4.6,-74.1,09:00:00,09:00:00\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRappiDay(t *testing.T) {
	t.Parallel()
	recorded, err := rappi.Read(writeDay(t))
	if err != nil {
		t.Fatal(err)
	}
	d := RappiDay(recorded, CityPolicy())
	if len(d.Stores) != 1 || len(d.Orders) != 2 || len(d.Riders) != 1 || d.Rules.WholeBundle {
		t.Fatalf("%+v", d)
	}
	if o := d.Orders[1]; o.Name != "b" || o.Placed != 36010 || o.Ready != 38400 || o.Promise != 38340 || o.Store != 0 || o.Load != 1 {
		t.Errorf("%+v", o)
	}
	if r := d.Riders[0]; r.On != 9*3600 || r.Off != 12*3600 || r.Vehicle != "motorcycle" || r.MaxOrders != 5 {
		t.Errorf("%+v", r)
	}
	result, err := Run(t.Context(), d, Options{Iterations: 50, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	// The rider is there when each order is ready, rides 1112 m · 1.4 / 6.9 m/s + 45 s = 271 s, and hands it over in 90 s. The first
	// one: a is ready after 600 s, so 961 s from placement; b after 2390 s: 2751 s, and late by 421 s.
	v := result.Report()
	if want := (961 + 2751) / 2.0 / 60; v.Undelivered != 0 || math.Abs(v.CTDMean-want) > 0.02 || v.RTP != 0 || math.Abs(v.RTD-361.0/60) > 0.02 {
		t.Errorf("click-to-door %g, want %g: %+v", v.CTDMean, want, v)
	}
	if v.Late != 50 || v.Unavoidable != 50 || math.Abs(v.LateMean-421.0/60/2) > 0.02 || v.PerPickup != 1 || math.Abs(v.PerHour-2.0/3) > 1e-9 {
		t.Errorf("%+v", v)
	}
	if math.Abs(v.CTDFloor-v.CTDMean) > 1e-9 || v.LateFloor != 50 {
		t.Errorf("one rider there is as good as it gets: %+v", v)
	}
	if v.Utilisation <= 0 || v.Utilisation > 0.5 || v.Rounds == 0 || v.RoundMax < v.RoundP99 || v.RoundP99 < v.RoundP50 {
		t.Errorf("%+v", v)
	}
}

func TestReportColumns(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := WriteReports(&b, Report{Name: "16", Orders: 538, CTDMean: 31.5}, Report{Name: "a longer name", Orders: 31199}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "day ") || !strings.Contains(lines[1], " 31.50 ") || len(lines[1]) != len(lines[2]) {
		t.Errorf("\n%s", b.String())
	}
}

// An evening of Pereira: nothing happens before it can.
func TestRecordedEvening(t *testing.T) {
	t.Parallel()
	whole, err := rappi.Read(filepath.Join(dataDir(t, "rappi"), "16"))
	if err != nil {
		t.Fatal(err)
	}
	d := RappiDay(whole.Window(18*time.Hour, 19*time.Hour), CityPolicy())
	r, err := Run(t.Context(), d, Options{Iterations: 30, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range r.Orders {
		o := d.Orders[i]
		if f.Done && (f.Left < o.Ready || f.Left < o.Placed || f.Dropped <= f.Left || f.Left < d.Riders[f.Rider].On) {
			t.Errorf("order %s %+v: %+v", o.Name, o, f)
		}
	}
	if v := r.Report(); v.Orders < 50 || v.Undelivered > 1 {
		t.Errorf("%+v", v)
	}
}
