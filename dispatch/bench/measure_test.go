package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	size := Size{60, 90}
	p := Batch(size, 1)
	var said []string
	r, err := Measure(t.Context(), size.String(), p, Options{Limit: time.Hour, Iterations: 400, Seed: 5, Tell: func(s string) { said = append(said, s) }})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := solver.Solve(t.Context(), p, solver.Options{Iterations: 400, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if r.End.Cost != plan.Cost || r.End.Waiting != len(plan.Unassigned) || r.Iterations != 400 {
		t.Errorf("measured %+v after %d iterations, solved %v", r.End, r.Iterations, plan.Cost)
	}
	if r.FirstPlan == nil || r.FirstPlan.Cost < plan.Cost || r.FirstPlan.AtS < r.CandidatesS || r.End.AtS < r.FirstPlan.AtS {
		t.Errorf("first plan %+v after candidates at %v, the end %+v", r.FirstPlan, r.CandidatesS, r.End)
	}
	if r.Orders != size.Orders || r.Riders != size.Riders || r.OnBoard != len(p.Orders)-size.Orders || r.Interrupted {
		t.Errorf("%+v", r)
	}
	if r.FirstEvaluations < int64(size.Orders) || r.IterationsPerS <= 0 || r.EvaluationsPerS <= 0 || r.Memory.HeapBytes <= 0 {
		t.Errorf("%+v", r)
	}
	if len(r.After) == 0 || r.After[len(r.After)-1].AfterS != 3600 {
		t.Errorf("marks %+v", r.After)
	}
	if len(said) == 0 || !strings.HasPrefix(said[0], "60x90: first plan after") {
		t.Errorf("said %q", said)
	}
}

// The limit ends the improvement, an hour before any test would.
func TestMeasureEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	r, err := Measure(t.Context(), "small", Batch(Size{20, 20}, 1), Options{Limit: time.Millisecond})
	if err != nil || r.Interrupted || r.FirstPlan == nil || len(r.After) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestMeasureInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Measure(ctx, "20x20", Batch(Size{20, 20}, 1), Options{Limit: time.Hour})
	if err != nil || !r.Interrupted || r.FirstPlan != nil || r.End.Waiting != 20 {
		t.Fatalf("%+v, %v", r, err)
	}
	var out bytes.Buffer
	if err := (Report{Results: []Result{r}}).Write(&out); err != nil || !strings.Contains(out.String(), "(interrupted)") {
		t.Errorf("%v, %s", err, out.String())
	}
}

// An interruption while it improves ends it at the next look.
func TestMeasureInterruptedLater(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Measure(ctx, "20x20", Batch(Size{20, 20}, 1), Options{Limit: time.Hour, Tell: func(string) { cancel() }})
	if err != nil || !r.Interrupted || r.FirstPlan == nil || r.End.Waiting != 0 || r.Iterations > 8 {
		t.Fatalf("%+v, %v", r, err)
	}
}

// The recorder at made-up times: what passed before the first plan stays empty, the rest is the first look after it.
func TestMarks(t *testing.T) {
	t.Parallel()
	p := Batch(Size{20, 20}, 1)
	var r Result
	var now time.Duration
	rec := newRecorder(&r, Options{Limit: 3 * time.Second}, nil, func() time.Duration { return now }, func() {})
	looks := 0
	_, err := solver.Solve(t.Context(), p, solver.Options{Until: rec.until, Observe: func(at solver.Progress) {
		switch at.Phase {
		case solver.PhaseReady:
			now = 40 * time.Millisecond
		case solver.PhasePlanned:
			now = 200 * time.Millisecond
		case solver.PhaseImproving:
			looks++
			now += 300 * time.Millisecond
		}
		rec.observe(at)
	}})
	if err != nil {
		t.Fatal(err)
	}
	rec.finish()
	if r.CandidatesS != 0.04 || r.FirstPlan == nil || r.FirstPlan.AtS != 0.2 {
		t.Errorf("%+v", r)
	}
	want := []struct{ after, at float64 }{{0.1, 0}, {0.25, 0.5}, {1, 1.1}, {2, 2}, {3, 3.2}}
	if len(r.After) != len(want) {
		t.Fatalf("marks %+v", r.After)
	}
	for i, m := range r.After {
		at := 0.0
		if m.Point != nil {
			at = m.AtS
		}
		if m.AfterS != want[i].after || math.Abs(at-want[i].at) > 1e-9 {
			t.Errorf("mark %v at %v, want %+v", m.AfterS, at, want[i])
		}
	}
	if looks != 10 {
		t.Errorf("ended after %d looks", looks)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	share := 0.5
	r := Report{Go: "go", Cores: 1, Seed: 1, LimitS: 1, Results: []Result{
		{
			Batch: "1000x2000", Orders: 1000, OnBoard: 1234, Riders: 2000, CandidatesS: 0.0042, FirstPlan: &Point{0.031, 45678.4, 0},
			After: []Mark{{0.1, &Point{0.1, 45600, 0}}, {1, &Point{1, 45500, 0}}}, End: Point{1, 45500, 0},
			Iterations: 5000, IterationsPerS: 5154.6, FirstEvaluationsPerS: 9.87e6, EvaluationsPerS: 2e7,
			Memory: Memory{HeapBytes: 5 << 20, PeakRSSBytes: 30 << 20, PeakRSSOf: "batch"}, CPUShare: &share,
			Compared: &Compared{Solver: "VROOM", Cost: 45550, Waiting: 2, TookS: 23, Faults: []string{"late"}, Reached: &Point{0.5, 45549, 0}, InTime: &Point{0.23, 45590, 1}},
		},
		{Batch: "1000x800", Orders: 1000, After: []Mark{{AfterS: 0.1}}, End: Point{2, 400000, 1000}, Interrupted: true},
	}}
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(" +").ReplaceAllString(out.String(), " ")
	for _, want := range []string{
		"orders x riders 1000x2000 1000x800\n",
		"candidates after 4.2 ms 0.0 ms\n",
		"its cost 45,678 –\n",
		"cost after 1 s 45,500 –\n",
		"cost in the end 45,500 400,000 (1000 wait)\n",
		"insertions/s, first plan 9.9 M 0.0 M\n",
		"peak memory (RSS) 30 MiB –\n",
		"VROOM's plan under our cost: 45,550 (2 wait), found in 23 s by its own count.",
		"Ours was as cheap after 0.5 s: 45,549\n",
		"Ours after 1 % of its time (0.23 s): 45,590 (1 wait)\n",
		"It breaks 1 of our rules:\n late\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"after":[{"after_s":0.1}]`, `{"after_s":1,"at_s":1,"cost":45500,"waiting":0}`, `"first_plan":null`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
}
