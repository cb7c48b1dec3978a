package sim

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteSolution(t *testing.T) {
	t.Parallel()
	_, s := strictDay()
	s.Deliveries = s.Deliveries[:3]     // an undelivered order has no row
	slices.Reverse(s.Bundles[0].Orders) // as drop-offs may turn out under platform rules
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if err := s.Write(tinyDay(), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"solution_info_assignments.txt": `assignment_time pickup_time courier order
10 15 c1 o1 o2
20 30 c2 o3
32 41 c1 o4
`,
		"solution_info_orders.txt": `order placement_time ready_time pickup_time dropoff_time courier
o1 0 15 15 24 c1
o2 5 12 15 30 c1
o3 8 30 30 37 c2
`,
		"solution_info_couriers.txt": `courier departure_time origin destination
c1 0 0 r1
c1 17 r1 o1
c1 26 o1 o2
c1 32 o2 r1
c1 43 r1 o4
c2 10 0 r2
c2 32 r2 o3
`,
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWriteSolutionNowhere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := new(Solution).Write(tinyDay(), file); err == nil {
		t.Error("wrote into a file as if it were a folder")
	}
}
