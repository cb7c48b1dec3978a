package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/paidan/paidan/dispatch/bench"
)

func TestBenchSolve(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.json")
	o := run(t, "bench", "solve", "--batch", "20x30", "--batch", "30x20", "--max-seconds", "0.05", "--json", file)
	for _, want := range []string{"20x30", "30x20", "candidates after", "cost after 50.0 ms", "iterations/s", "peak memory"} {
		if o.status != 0 || !strings.Contains(o.stdout, want) {
			t.Errorf("status %d, no %q in\n%s%s", o.status, want, o.stdout, o.stderr)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	piped := run(t, "bench", "solve", "--batch", "20x30,30x20", "--max-seconds", "0.05", "--json", "-", "--seed", "2", "--cpu-time")
	for seed, text := range map[uint64][]byte{1: data, 2: []byte(piped.stdout)} {
		var r bench.Report
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if r.Seed != seed || r.Cores != 1 || len(r.Results) != 2 || r.Results[1].Batch != "30x20" || r.Results[1].FirstPlan == nil || (r.Times == bench.TimesCPU) != (seed == 2) {
			t.Errorf("%s", text)
		}
	}
}

func TestBenchSolveRefuses(t *testing.T) {
	t.Parallel()
	nonsense := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(nonsense, []byte(`{"orders": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		says string
	}{
		{[]string{"--batch", "many"}, `"many" is no batch`},
		{[]string{"--max-seconds", "0"}, "--max-seconds: more than 0"},
		{[]string{"--export", "vroom", "--out", "x"}, "name one --batch"},
		{[]string{"--export", "vroom", "--batch", "2x2"}, "--out says where to"},
		{[]string{"--export", "ortools", "--batch", "2x2"}, "--export must be one of"},
		{[]string{"--export", "vroom", "--batch", "9000x2", "--out", filepath.Join(t.TempDir(), "x")}, "at most 6000 places: take a smaller batch"},
		{[]string{"--score", nonsense, "--batch", "2x2"}, "not VROOM's answer to this batch: it has no code"},
		{[]string{"--score", "nowhere.json", "--batch", "2x2"}, "nowhere.json"},
		{[]string{"--json", "/nowhere/x", "--batch", "2x2", "--max-seconds", "0.001"}, "--json: "},
	} {
		o := run(t, append([]string{"bench", "solve"}, tc.args...)...)
		if o.status == 0 || !strings.Contains(o.stderr, tc.says) {
			t.Errorf("%v: status %d, %s", tc.args, o.status, o.stderr)
		}
	}
}

// VROOM is played by somebody who delivers what is on board and nothing else.
func TestBenchSolveScores(t *testing.T) {
	t.Parallel()
	var in struct {
		Vehicles []struct {
			ID          int    `json:"id"`
			Description string `json:"description"`
			Steps       []any  `json:"steps"`
		} `json:"vehicles"`
		Shipments []struct {
			Pickup struct {
				ID int `json:"id"`
			} `json:"pickup"`
		} `json:"shipments"`
	}
	dir := t.TempDir()
	if o := run(t, "bench", "solve", "--batch", "30x20", "--export", "vroom", "--warm", "--out", filepath.Join(dir, "in.json")); o.status != 0 {
		t.Fatal(o.stderr)
	}
	data, err := os.ReadFile(filepath.Join(dir, "in.json"))
	if err != nil {
		t.Fatal(err)
	}
	if o := run(t, "bench", "solve", "--batch", "30x20", "--export", "vroom", "--warm", "--out", "-"); o.stdout != string(data) {
		t.Errorf("on the standard output it is something else: %.200s", o.stdout)
	}
	if err := json.Unmarshal(data, &in); err != nil {
		t.Fatal(err)
	}
	routes, left := []any{}, []any{}
	for _, v := range in.Vehicles {
		routes = append(routes, map[string]any{"vehicle": v.ID, "description": v.Description, "steps": v.Steps})
	}
	for _, s := range in.Shipments {
		left = append(left, map[string]any{"type": "pickup", "id": s.Pickup.ID}, map[string]any{"type": "delivery", "id": s.Pickup.ID})
	}
	data, err = json.Marshal(map[string]any{"code": 0, "routes": routes, "unassigned": left})
	if err != nil {
		t.Fatal(err)
	}
	answer := filepath.Join(dir, "out.json")
	if err := os.WriteFile(answer, data, 0o600); err != nil {
		t.Fatal(err)
	}
	o := run(t, "bench", "solve", "--batch", "30x20", "--score", answer, "--max-seconds", "0.05")
	for _, want := range []string{"VROOM's plan under our cost: ", "(30 wait)", "Ours was as cheap after "} {
		if o.status != 0 || !strings.Contains(o.stdout, want) || strings.Contains(o.stdout, "breaks") {
			t.Errorf("status %d, %q:\n%s%s", o.status, want, o.stdout, o.stderr)
		}
	}
	o = run(t, "bench", "solve", "--batch", "30x20", "--score", answer, "--seed", "2")
	if o.status != 1 || !strings.Contains(o.stderr, "of 30x20 seed 1") {
		t.Errorf("scored with another seed: %d, %s", o.status, o.stderr)
	}
}

func TestBenchSolveInterrupted(t *testing.T) {
	t.Parallel()
	cmd := command([]string{"bench", "solve", "--batch", "20x30", "--batch", "30x20", "--max-seconds", "3600"})
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer context.AfterFunc(t.Context(), func() { _ = cmd.Process.Kill() })()
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.Contains(lines.Text(), "first plan after") {
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // its status is looked at
	if status := cmd.ProcessState.ExitCode(); status != 130 || !strings.Contains(stdout.String(), "(interrupted)") || strings.Contains(stdout.String(), "30x20") {
		t.Errorf("status %d\n%s", status, stdout.String())
	}
}
