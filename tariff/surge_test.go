package tariff

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSurge(t *testing.T) {
	t.Parallel()
	s := Surge{OrdersPerRider: 2, PercentPerOrder: 10, MaxPercent: 30}
	for _, tc := range []struct{ orders, riders, want int }{
		{0, 0, 0}, {0, 5, 0}, {10, 5, 0}, {11, 5, 2}, {15, 5, 10}, {25, 5, 30}, {1000, 5, 30}, {1, 0, 30},
	} {
		if got := s.Percent(tc.orders, tc.riders); got != tc.want {
			t.Errorf("%d orders, %d riders: %d %%, want %d", tc.orders, tc.riders, got, tc.want)
		}
	}
	if got := (Surge{}).Percent(100, 0); got != 0 {
		t.Errorf("no surge at all: %d %%", got)
	}
}

// It stays within its bounds, grows with the orders and shrinks with the riders.
func TestSurgeIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Surge{rapid.IntRange(0, 100).Draw(t, "free"), rapid.IntRange(0, 500).Draw(t, "per order"), rapid.IntRange(0, 500).Draw(t, "max")}
		orders, riders := rapid.IntRange(0, 10_000).Draw(t, "orders"), rapid.IntRange(0, 2000).Draw(t, "riders")
		got := s.Percent(orders, riders)
		if got < 0 || got > s.MaxPercent {
			t.Fatalf("%d %% of %d", got, s.MaxPercent)
		}
		if s.Percent(orders+1, riders) < got || s.Percent(orders, riders+1) > got {
			t.Fatalf("one order more: %d, now %d, one rider more: %d", s.Percent(orders+1, riders), got, s.Percent(orders, riders+1))
		}
	})
}
