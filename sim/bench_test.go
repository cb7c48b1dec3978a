package sim

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// mdrpDir is the folder of Grubhub's instances; the test is skipped where it is absent.
func mdrpDir(t testing.TB) string {
	t.Helper()
	root := os.Getenv("PAIDAN_DATA")
	if root == "" {
		root = "../../shared/data"
	}
	dir := filepath.Join(root, "mdrp")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no instances in %s: set PAIDAN_DATA", dir)
	}
	return dir
}

func BenchmarkMDRPDay(b *testing.B) {
	m, err := ReadMDRP(filepath.Join(mdrpDir(b), "2o100t75s1p100"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, _, err := RunMDRP(context.Background(), m, MDRPStrict, ReadyExact, MDRPPolicy(), Options{Iterations: 200, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
