package order

import (
	"encoding/json"
	"testing"
)

// Whatever event a decoder lets in, in whatever state: Apply does not panic, and what it answers keeps the invariants.
func FuzzApply(f *testing.F) {
	for _, typ := range EventTypes() {
		for i := range States() {
			b, err := json.Marshal(eventFor(orderIn(States()[i]), typ))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(i, b)
		}
	}
	f.Add(0, []byte(`{"type":"ready_estimate_changed","at":"0000-01-01T00:00:00Z","client_at":"9999-12-31T23:59:59.999999999Z"}`))
	f.Fuzz(func(t *testing.T, state int, b []byte) {
		var e Event
		if json.Unmarshal(b, &e) != nil {
			t.Skip()
		}
		ss := append(States(), unplaced)
		o := orderIn(ss[uint(state)%uint(len(ss))])
		next, err := o.Apply(e)
		e.clean()
		if err != nil {
			if next.Version != o.Version || next.State != o.State {
				t.Fatalf("a failed %s (%v) changed the order", e.Type, err)
			}
			return
		}
		if next.Version != o.Version+1 {
			t.Fatalf("version %d → %d", o.Version, next.Version)
		}
		if err := invariants(next); err != nil {
			t.Fatalf("%s in %s: %v", e.Type, o.State, err)
		}
		var d data
		if err := json.Unmarshal(e.Data(), &d); err != nil {
			t.Fatalf("its data can't be read back: %v", err)
		}
	})
}
