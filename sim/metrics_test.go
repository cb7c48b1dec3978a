package sim

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Click-to-door of the strict day: 24, 25, 29, 26 minutes, the target being 25. c3 is paid for waiting.
func TestMetrics(t *testing.T) {
	t.Parallel()
	_, s := strictDay()
	near := cmpopts.EquateApprox(0, 1e-9)
	want := Metrics{
		Name: "tiny", Orders: 4,
		CTDMean: 104.0 / 4, CTDP90: 29, CTDP95: 29,
		Overage:         (4.0 + 1) / 4,
		RTP:             (0.0 + 3 + 0 + 16) / 4,
		RTD:             (9.0 + 18 + 7 + 21) / 4,
		CostPerOrder:    (30.0 + 10 + 24) / 4,
		WithinTarget:    50,
		OrdersPerBundle: 4.0 / 3,
		Utilisation:     (48.0 + 20) / (60 + 20 + 60), // c1 0–48; c2 10–39, but only until the off-time, 30
	}
	if diff := cmp.Diff(want, tinyDay().Metrics(s), near); diff != "" {
		t.Errorf("strict day (-want +got):\n%s", diff)
	}

	_, s = platformDay()
	want = Metrics{
		Name: "tiny", Orders: 4, Undelivered: 25,
		CTDMean: (59.0 + 48 + 30) / 3, CTDP90: 59, CTDP95: 59,
		Overage:         (34.0 + 23 + 5) / 3,
		RTP:             (0.0 + 5 + 1) / 3,
		RTD:             (44.0 + 41 + 8) / 3,
		CostPerOrder:    (30.0 + 8 + 24) / 3,
		OrdersPerBundle: 1,
		Utilisation:     60.0 / 140, // bundles overlap: c1 0–61, counted once and until the off-time
	}
	if diff := cmp.Diff(want, tinyDay().Metrics(s), near); diff != "" {
		t.Errorf("platform day (-want +got):\n%s", diff)
	}
}

// Waiting on the spot without an order isn't work; the rest is.
func TestMetricsUtilisation(t *testing.T) {
	t.Parallel()
	s, err := Replay(tinyDay(), []Instruction{
		{At: 0, Courier: c1, Kind: Reposition, Store: r1, Known: 1},
		{At: 22, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o4}, Known: 4}, // picks up 25, drops off 30, is free 32
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := tinyDay().busy(s); !cmp.Equal(got, []int{10, 0, 0}) {
		t.Errorf("busy for %v minutes, should be 22 to 32", got)
	}
}

func TestMetricsOfNothing(t *testing.T) {
	t.Parallel()
	none := &Solution{Moves: make([][]Move, 3)}
	if diff := cmp.Diff(Metrics{Name: "tiny", Orders: 4, Undelivered: 100}, tinyDay().Metrics(none)); diff != "" {
		t.Errorf("no deliveries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Metrics{}, new(MDRP).Metrics(&Solution{})); diff != "" {
		t.Errorf("empty instance (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Metrics{Name: "mean"}, MeanOf(nil)); diff != "" {
		t.Errorf("mean of nothing (-want +got):\n%s", diff)
	}
}

func TestNearestRank(t *testing.T) {
	t.Parallel()
	twenty := make([]int, 20)
	for i := range twenty {
		twenty[i] = i + 1
	}
	for _, test := range []struct {
		of      []int
		percent int
		want    float64
	}{{nil, 90, 0}, {[]int{7}, 90, 7}, {twenty[:10], 90, 9}, {twenty[:11], 90, 10}, {twenty, 95, 19}} {
		if got := nearestRank(test.of, test.percent); got != test.want {
			t.Errorf("%d %% of %d values is %v, should be %v", test.percent, len(test.of), got, test.want)
		}
	}
}

func TestMeanOf(t *testing.T) {
	t.Parallel()
	a := Metrics{"a", 100, 1, 30, 40, 50, 2, 1, 5, 10, 80, 1.5, 0.5, 600, 2, 7}
	b := Metrics{"b", 300, 3, 34, 44, 56, 4, 3, 9, 12, 90, 2.5, 0.7, 700, 5, 6}
	want := Metrics{"mean", 400, 2, 32, 42, 53, 3, 2, 7, 11, 85, 2, 0.6, 1300, 7, 7}
	if diff := cmp.Diff(want, MeanOf([]Metrics{a, b}), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMetricsJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(Metrics{"m", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, math.Pi})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"name":"m","orders":1,"undelivered_pct":2,"ctd_mean":3,"ctd_p90":4,"ctd_p95":5,"overage":6,"rtp":7,"rtd":8,"cost_per_order":9,` +
		`"within_target_pct":10,"orders_per_bundle":11,"utilisation":12,"rounds":13,"cpu_s":14,"round_p99_ms":3.141592653589793}`
	if string(got) != want {
		t.Errorf("%s\nshould be\n%s", got, want)
	}
}
