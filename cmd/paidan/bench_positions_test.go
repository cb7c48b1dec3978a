package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBenchPositions(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.json")
	o := run(t, "bench", "positions", "--riders", "1000", "--seconds", "0.2", "--json", file)
	if o.status != 0 || !strings.Contains(o.stdout, "nearest 20") || !strings.Contains(o.stdout, "Redis") {
		t.Fatalf("status %d: %s%s", o.status, o.stdout, o.stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r positionsReport
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if r.Riders != 1000 || r.BytesPerRider <= 0 || r.Stored.Rows == 0 || r.Nearest.PerS <= 0 || r.Nearest.UpdatesS <= 0 || len(r.InProcess) != 3 || len(r.HTTP) != 2 || r.HTTP[1].PerCoreS <= 0 {
		t.Errorf("%s", data)
	}
	if _, err := exec.LookPath("redis-server"); (err == nil) != (r.Redis != nil && r.Redis.SearchUS > 0) || (err == nil) == (r.RedisMissing != "") {
		t.Errorf("redis-server: %v; %s", err, data)
	}
	run(t, "bench", "positions", "--riders", "10").fails(t, "--riders")
	run(t, "bench", "positions", "--seconds", "0").fails(t, "--seconds")
}
