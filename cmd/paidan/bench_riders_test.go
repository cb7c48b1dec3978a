package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestBenchRiders(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.json")
	o := run(t, "bench", "riders", "--riders", "300", "--share", "100", "--seconds", "2", "--json", file)
	if o.status != 0 {
		t.Fatalf("status %d: %s%s", o.status, o.stdout, o.stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r ridersReport
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	// Of 120 fixes due; the machine may be busy with other tests.
	if r.StreamsOpen != 300 || r.Errors != 0 || r.RequestsS < 20 || r.Shown < 0.9 || r.DelayP50MS <= 0 || r.DelayMaxMS < r.DelayP50MS || r.RSSMB <= 0 || r.ServerCores <= 0 {
		t.Errorf("%s", data)
	}
	run(t, "bench", "riders", "--riders", "10").fails(t, "--riders")
	run(t, "bench", "riders", "--seconds", "0").fails(t, "--seconds")
	run(t, "bench", "riders", "--share", "1000").fails(t, "--share")
}
