package sim

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paidan/paidan/sim/rappi"
)

// mdrpDir is the folder of Grubhub's instances; the test is skipped where it is absent.
func mdrpDir(t testing.TB) string {
	t.Helper()
	return dataDir(t, "mdrp")
}

// dataDir is a folder of the public data; the test is skipped where it is absent.
func dataDir(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("PAIDAN_DATA")
	if root == "" {
		root = "../../shared/data"
	}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no data in %s: set PAIDAN_DATA", dir)
	}
	return dir
}

func BenchmarkMDRPDay(b *testing.B) {
	m, err := ReadMDRP(filepath.Join(mdrpDir(b), "2o100t75s1p100"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, _, err := RunMDRP(context.Background(), m, MDRPStrict, ReadyExact, MDRPPolicy(MDRPStrict, ReadyExact), Options{Iterations: 200, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

// Bogotá's noon, the first ten minutes of it: 6,000 riders and more on shift.
func BenchmarkRappiNoon(b *testing.B) {
	whole, err := rappi.Read(filepath.Join(dataDir(b, "rappi"), "12"))
	if err != nil {
		b.Fatal(err)
	}
	day := RappiDay(whole.Window(12*time.Hour, 12*time.Hour+10*time.Minute), CityPolicy())
	for b.Loop() {
		result, err := Run(context.Background(), day, Options{Iterations: 200, Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(result.Rounds)), "rounds")
		b.ReportMetric(result.Report().RoundP99, "p99-ms")
	}
}
