package people

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

func TestTheServersWordCounts(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) *time.Time { x := noon.Add(time.Duration(minutes) * time.Minute); return &x }
	entry := func(name, believed string, ready, promise int) *job {
		return &job{id: "ord_" + name, externalID: name, readyAt: *at(ready), promiseAt: *at(promise), believed: believed}
	}
	placed := []*job{
		entry("intime", client.Delivered, 10, 40), entry("late", client.Delivered, 10, 20), entry("hopeless", client.Delivered, 30, 20),
		entry("gone", client.Cancelled, 10, 40), entry("stuck", "", 10, 40), entry("lost", "", 10, 40), entry("dreamt", client.Delivered, 10, 40),
		{externalID: "never"},
	}
	orders := []client.Order{
		{ExternalID: "intime", State: client.Delivered, PlacedAt: noon, PickedUpAt: at(12), EndedAt: at(30)},
		{ExternalID: "late", State: client.Delivered, PlacedAt: noon, PickedUpAt: at(14), EndedAt: at(21)},
		{ExternalID: "hopeless", State: client.Delivered, PlacedAt: noon, PickedUpAt: at(30), EndedAt: at(45)},
		{ExternalID: "gone", State: client.Cancelled, PlacedAt: noon, EndedAt: at(90)},
		{ExternalID: "stuck", State: client.Pending, PlacedAt: noon},
		{ExternalID: "dreamt", State: client.AtDoor, PlacedAt: noon},
		{ExternalID: "intime", State: client.Pending, PlacedAt: noon},
		{ExternalID: "alien", State: client.Pending, PlacedAt: noon},
	}
	got := compare(placed, orders)
	if got.delivered != 3 || got.cancelled != 1 || got.open != 2 || got.late != 2 || got.unavoidable != 1 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff(Mismatches{Lost: 1, Doubled: 1, Foreign: 1, State: 1}, got.mismatches); diff != "" {
		t.Error(diff)
	}
	if m, p90 := mean(got.door), quantile(got.door, 0.9); m != 32*60 || p90 != 45*60 {
		t.Errorf("click-to-door %v, p90 %v", m, p90)
	}
	if m := mean(got.wait); m != 2*60 {
		t.Errorf("ready to pickup %v", m)
	}
}

func TestQuantilesOfLittle(t *testing.T) {
	t.Parallel()
	if mean(nil) != 0 || quantile(nil, 0.5) != 0 || share(1, 0) != 0 {
		t.Error("nothing is not nothing")
	}
	xs := []float64{5, 1, 4, 2, 3}
	for q, want := range map[float64]float64{0: 1, 0.2: 1, 0.5: 3, 0.9: 5, 1: 5} {
		if got := quantile(xs, q); got != want {
			t.Errorf("q%g is %g, want %g", q, got, want)
		}
	}
	if xs[0] != 5 {
		t.Error("the caller's numbers were sorted")
	}
}

func TestBacklogGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		c := clock.Scaled{Epoch: time.Now(), Start: start, Speed: 10}
		l := newLags(c)
		l.split(start.Add(time.Hour))
		for range 100 { // answered after 0.1 s on the wall
			due := c.Now()
			time.Sleep(100 * time.Millisecond)
			l.did(lagStep, due)
		}
		calm := l.backlog(10)
		time.Sleep(6 * time.Minute)
		for range 100 {
			due := c.Now()
			time.Sleep(3 * time.Second)
			l.did(lagPlace, due)
		}
		slow := l.backlog(10)
		if calm.Growing || math.Abs(calm.P99Ms-100) > 25 || math.Abs(calm.MaxS-1) > 0.01 || calm.SecondP99Ms != 0 {
			t.Errorf("calm: %+v", calm)
		}
		if !slow.Growing || slow.MaxMs < 2999 || slow.Kinds[lagPlace].Count != 100 {
			t.Errorf("slow: %+v", slow)
		}
	})
}

func TestReportIsTheAgreedJSON(t *testing.T) {
	t.Parallel()
	var got map[string]any
	b, err := json.Marshal(Report{})
	if err == nil {
		err = json.Unmarshal(b, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"orders.placed", "orders.delivered", "orders.cancelled", "orders.open", "click_to_door.mean_s", "click_to_door.p90_s", "late_pct",
		"ready_to_pickup_s", "orders_per_rider_hour", "offers_per_order", "decline_rate", "api.calls", "api.errors", "api.retries",
		"round_ms.p50", "round_ms.p99", "backlog.max_s", "speed",
	} {
		at := got
		parts := strings.Split(path, ".")
		for _, p := range parts[:len(parts)-1] {
			at, _ = at[p].(map[string]any)
		}
		if _, ok := at[parts[len(parts)-1]]; !ok {
			t.Errorf("%s is missing", path)
		}
	}
	var text strings.Builder
	r := Report{Mismatches: Mismatches{Lost: 2}, API: APICounts{Refused: map[string]int64{"offer_closed": 3}}}
	if err := r.Write(&text); err != nil || !strings.Contains(text.String(), "2 lost") || !strings.Contains(text.String(), "3 offer_closed") {
		t.Errorf("%s %v", text.String(), err)
	}
}
