package people

import (
	"testing"

	"github.com/paidan/paidan/sim/florence"
)

func TestTheCityIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	zones := map[string]int{}
	names := map[string]bool{}
	for i := range 60 {
		a, want := designShop(1, i, "demo-store")
		b, again := designShop(1, i, "demo-store")
		if a.At != b.At || want.Name != again.Name {
			t.Fatalf("store %d moved", i)
		}
		z := florence.ZoneOf(a.At)
		zones[z]++
		names[want.Name] = true
		if want.Prep.P90 <= want.Prep.P50 || want.Name == "" || want.Address == "" {
			t.Errorf("%+v", want)
		}
	}
	if zones[""] > 0 || len(zones) != 3 {
		t.Errorf("stores by zone: %v", zones)
	}
	if len(names) < 45 {
		t.Errorf("only %d names for 60 stores", len(names))
	}
	vehicles := map[string]int{}
	for i := range 150 {
		m, want := designRider(1, i, "demo-rider-"+cityPhone(i))
		vehicles[m.vehicle]++
		if florence.ZoneOf(m.home) == "" || want.Name == "" || want.MaxOrders > want.Capacity || want.Phone != CityRiderPhone(i+1) {
			t.Errorf("%+v", want)
		}
	}
	if len(vehicles) != 5 || vehicles["ebike"] < 30 {
		t.Errorf("vehicles: %v", vehicles)
	}
}
