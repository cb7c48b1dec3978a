package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paidan/paidan/internal/pg"
)

func TestBenchAPI(t *testing.T) {
	t.Parallel()
	if _, err := pg.Tool(t.Context(), "pgbench"); err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "report.json")
	o := run(t, "bench", "api", "--seconds", "1", "--clients", "4", "--json", file)
	if o.status != 0 || !strings.Contains(o.stdout, "ratio") {
		t.Fatalf("status %d: %s%s", o.status, o.stdout, o.stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r apiReport
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if r.RequestsPerS <= 0 || r.PgbenchTPS <= 0 || r.HalfP99MS <= 0 || r.RatioToPgbench != r.RequestsPerS/r.PgbenchTPS || r.Postgres == "" || r.Clients != 4 {
		t.Errorf("%s", data)
	}
	run(t, "bench", "api", "--clients", "0").fails(t, "--clients")
	run(t, "bench", "api", "--seconds", "0").fails(t, "--seconds")
}
