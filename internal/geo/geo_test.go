package geo

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

var florence = LatLng{43.7696, 11.2558}

func TestDistanceOfKnownPlaces(t *testing.T) {
	t.Parallel()
	rome := LatLng{41.9028, 12.4964}
	if got := Distance(florence, rome); math.Abs(got-231_000) > 1000 {
		t.Errorf("Florence is %.0f m from Rome", got)
	}
	if got := Distance(florence, florence); got != 0 {
		t.Errorf("Florence is %v m from itself", got)
	}
	if got := Distance(LatLng{0, 179.9}, LatLng{0, -179.9}); math.Abs(got-22_239) > 10 {
		t.Errorf("across the date line it is %.0f m", got)
	}
}

func TestValidRefusesWhatIsNotOnTheEarth(t *testing.T) {
	t.Parallel()
	for _, p := range []LatLng{{91, 0}, {-90.1, 0}, {0, 181}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if p.Valid() {
			t.Errorf("%v is valid", p)
		}
	}
}

func anywhere(t *rapid.T) LatLng {
	return LatLng{rapid.Float64Range(-85, 85).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lng")}
}

func TestRingsPartitionTheDisk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := CellOf(anywhere(t), 9)
		k := rapid.IntRange(0, 6).Draw(t, "k")
		seen := make(map[Cell]bool)
		for i := range k + 1 {
			for _, d := range c.Ring(i) {
				if seen[d] {
					t.Fatalf("%v is in two rings", d)
				}
				seen[d] = true
			}
		}
		if disk := c.Disk(k); len(disk) != len(seen) {
			t.Fatalf("rings have %d cells, the disk %d", len(seen), len(disk))
		}
	})
}

func TestAroundFindsExactlyWhatLiesWithin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		radius := rapid.Float64Range(0, 8000).Draw(t, "radius")
		got := make(map[Cell]bool)
		for _, c := range Around(p, radius, ZoneRes) {
			got[c] = true
		}
		for _, c := range CellOf(p, ZoneRes).Disk(25) {
			if want := Distance(p, c.Center()) <= radius || c == CellOf(p, ZoneRes); want != got[c] {
				t.Fatalf("cell %v at %.0f m of %.0f: %v", c, Distance(p, c.Center()), radius, got[c])
			}
		}
	})
}

func TestCellsAreWrittenAsHex(t *testing.T) {
	t.Parallel()
	c := CellOf(florence, 9)
	text, err := json.Marshal(c)
	if err != nil || len(text) != 17 {
		t.Fatalf("%s, %v", text, err)
	}
	var back Cell
	if err := json.Unmarshal(text, &back); err != nil || back != c {
		t.Fatalf("%s became %v: %v", text, back, err)
	}
	for _, bad := range []string{`"zz"`, `"0"`, `""`, `"ffffffffffffffff"`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s was read as %v", bad, back)
		}
	}
	if p := c.Parent(ZoneRes); p != CellOf(c.Center(), ZoneRes) {
		t.Errorf("the parent of %v is %v", c, p)
	}
}
