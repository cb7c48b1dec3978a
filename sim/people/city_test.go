package people

import (
	"math"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

func TestTheCityIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	zones := map[string]int{}
	names := map[string]bool{}
	for i := range 60 {
		a, want := designShop(1, i, "demo-store")
		b, again := designShop(1, i, "demo-store")
		if a.at != b.at || want.Name != again.Name {
			t.Fatalf("store %d moved", i)
		}
		z := zoneOf(a.at)
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
		if zoneOf(m.home) == "" || want.Name == "" || want.MaxOrders > want.Capacity || want.Phone != CityRiderPhone(i+1) {
			t.Errorf("%+v", want)
		}
	}
	if len(vehicles) != 5 || vehicles["ebike"] < 30 {
		t.Errorf("vehicles: %v", vehicles)
	}
}

func TestZonesShareTheCity(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	for zone, cells := range zoneCells() {
		if len(cells) < 10 {
			t.Errorf("%s has %d cells", zone, len(cells))
		}
		for _, c := range cells {
			if other := owner[c]; other != "" {
				t.Errorf("%s is in %s and %s", c, zone, other)
			}
			owner[c] = zone
		}
	}
	for _, q := range quarters { // every quarter lies in a cell of some zone
		if owner[geo.CellOf(q.at, geo.ZoneRes).String()] == "" {
			t.Errorf("%s is nowhere", q.name)
		}
	}
}

func TestDemandVariesOverTheHour(t *testing.T) {
	t.Parallel()
	hour := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	least, most, sum := math.Inf(1), 0.0, 0.0
	for m := range 60 {
		r := rate(22, hour.Add(time.Duration(m)*time.Minute))
		least, most, sum = min(least, r), max(most, r), sum+r
	}
	if least < 14 || most > 30 || math.Abs(sum/60-22) > 0.5 {
		t.Errorf("%.1f to %.1f, %.1f on average", least, most, sum/60)
	}
}
