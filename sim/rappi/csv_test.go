package rappi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	orderHead   = "order_id,pick_up_lat,pick_up_lng,drop_off_lat,drop_off_lng,placement_time,preparation_time,ready_time,expected_drop_off_time\n"
	courierHead = "courier_id,vehicle,on_lat,on_lng,on_time,off_time\n"
)

func TestReadOrders(t *testing.T) {
	t.Parallel()
	good := orderHead +
		"1,4.595514,-74.114342,4.6358484,-74.1253431,00:00:21,00:01:08,00:31:08,00:30:21\n" +
		"2,4.6,-74.1,4.7,-74.0,23:50:00,23:51:00,00:10:25,00:20:00\n"
	orders, err := readOrders(strings.NewReader(good), "orders.csv")
	if err != nil || len(orders) != 2 {
		t.Fatal(orders, err)
	}
	if o := orders[0]; o.ID != "1" || o.Pickup.Lat != 4.595514 || o.Placed != 21*time.Second || o.Ready != 31*time.Minute+8*time.Second {
		t.Errorf("%+v", o)
	}
	if o := orders[1]; o.Ready != 24*time.Hour+10*time.Minute+25*time.Second || o.Expected != 24*time.Hour+20*time.Minute {
		t.Errorf("past midnight: %+v", o)
	}
	const row = "1,4.6,-74.1,4.7,-74.0,10:00:00,10:01:00,10:20:00,10:40:00\n"
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "orders.csv: empty"},
		{"a column is missing", strings.Replace(orderHead, "ready_time,", "", 1) + row, "orders.csv:1: column ready_time is missing"},
		{"too few fields", orderHead + "1,2\n", "record on line 2: wrong number of fields"},
		{"not a number", orderHead + strings.Replace(row, "4.6", "x", 1), `orders.csv:2:pick_up_lat: "x" is not a number between -90 and 90`},
		{"not on the earth", orderHead + row + strings.Replace(strings.Replace(row, "1", "2", 1), "-74.1", "-274.1", 1), `orders.csv:3:pick_up_lng: "-274.1"`},
		{"NaN", orderHead + strings.Replace(row, "4.7", "NaN", 1), "orders.csv:2:drop_off_lat"},
		{"not a time", orderHead + strings.Replace(row, "10:20:00", "10:60:00", 1), `orders.csv:2:ready_time: "10:60:00" is not a time`},
		{"ready before placed", orderHead + strings.Replace(row, "10:20:00", "09:59:00", 1), "orders.csv:2:ready_time"},
		{"an id twice", orderHead + row + row, `orders.csv:3:order_id: "1" is not new`},
		{"no id", orderHead + strings.Replace(row, "1,", ",", 1), "orders.csv:2:order_id"},
		{"a quote", orderHead + `1,"4.6` + "\n", "orders.csv: "},
	} {
		if _, err := readOrders(strings.NewReader(test.text), "orders.csv"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestReadCouriers(t *testing.T) {
	t.Parallel()
	got, err := readCouriers(strings.NewReader(courierHead+"1,walking,4.7,-74.0,06:00:01,06:00:01\n2,car,4.7,-74.0,22:00:00,02:00:00\n"), "c.csv")
	if err != nil || len(got) != 2 || got[0].Off != got[0].On || got[1].Off != 26*time.Hour {
		t.Fatal(got, err)
	}
	for text, want := range map[string]string{
		"1,rocket,4.7,-74.0,06:00:00,07:00:00\n":   `c.csv:2:vehicle: "rocket" is not a vehicle`,
		"1,car,4.7,-74.0,6:00:00,07:00:00\n":       "c.csv:2:on_time",
		"1,car,4.7,-74.0,07:00:00,06:00:00\n":      "c.csv:2:off_time",
		"1,car,4.7,-74.0,07:00:00,25:00:00\n":      "c.csv:2:off_time",
		"1,car,4.7,-74.0,07:00:00,08:00:00,more\n": "wrong number of fields",
	} {
		if _, err := readCouriers(strings.NewReader(courierHead+text), "c.csv"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzReadOrders(f *testing.F) {
	f.Add(orderHead + "1,4.6,-74.1,4.7,-74.0,10:00:00,10:01:00,10:20:00,10:40:00\n")
	f.Add(orderHead + "1,4.6,-74.1,4.7,-74.0,23:59:59,23:59:59,00:00:00,24:00:00\n")
	f.Add(strings.ReplaceAll(orderHead, ",", ";"))
	f.Fuzz(func(t *testing.T, text string) {
		orders, err := readOrders(strings.NewReader(text), "f")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("%v names no place", err)
			}
			return
		}
		for _, o := range orders {
			if !o.Pickup.Valid() || !o.Dropoff.Valid() || o.ID == "" || o.Placed < 0 || o.Placed > 24*time.Hour || o.Ready < o.Placed || o.Expected < o.Placed {
				t.Fatalf("accepted %+v", o)
			}
		}
	})
}

// The real days, where they are.
func TestRecordedDays(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PAIDAN_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(dir, "rappi")); err != nil {
		t.Skip("the recorded days are not here; set PAIDAN_DATA to the folder that has rappi/")
	}
	for name, want := range map[string][2]int{"16": {538, 430}, "12": {31199, 13152}} {
		d, err := Read(filepath.Join(dir, "rappi", name))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Orders) != want[0] || len(d.Couriers) != want[1] {
			t.Errorf("day %s: %d orders, %d couriers", name, len(d.Orders), len(d.Couriers))
		}
		if name != "12" {
			continue
		}
		noon := d.Window(12*time.Hour, 13*time.Hour)
		at := 12*time.Hour + 30*time.Minute
		if on := d.Window(at, at+1); len(noon.Orders) != 5192 || len(on.Couriers) != 7458 {
			t.Errorf("noon: %d orders, %d couriers at half past", len(noon.Orders), len(on.Couriers))
		}
		if sites := noon.Sites(); len(sites) < 1000 || len(sites) > 5192 {
			t.Errorf("%d stores at noon", len(sites))
		}
	}
}
