package sandbox

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
)

// The script's moves are the lifecycle's, so the robot never tries what can't happen.
func TestTheScriptFollowsTheLifecycle(t *testing.T) {
	t.Parallel()
	for _, f := range append(Faults(), "") {
		for _, s := range order.States() {
			for _, declines := range []int{0, 1} {
				m, ok := next(s, declines, f)
				if ok != !s.Ended() {
					t.Errorf("%s with fault %q: a move %v", s, f, ok)
				}
				if ok && !slices.Contains(s.Allowed(), m.event) {
					t.Errorf("%s with fault %q: %s can't happen", s, f, m.event)
				}
			}
		}
	}
}

func TestEachFaultHasItsWay(t *testing.T) {
	t.Parallel()
	for fault, want := range map[Fault]string{
		"":            "offered assigned at_store picked_up at_door delivered",
		Decline:       "offered pending offered assigned at_store picked_up at_door delivered",
		Delay20Min:    "offered assigned at_store picked_up at_door delivered",
		WrongPIN:      "offered assigned at_store picked_up at_door returning returned",
		Undeliverable: "offered assigned at_store picked_up at_door returning returned",
	} {
		var got []string
		for _, s := range ahead(order.Pending, 0, fault) {
			got = append(got, string(s))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("with fault %q: %v", fault, got)
		}
	}
	ends := func(f Fault, s order.State, declines int) time.Duration { m, _ := next(s, declines, f); return m.after }
	if got := ends(Delay20Min, order.AtDoor, 0) - ends("", order.AtDoor, 0); got != 20*time.Minute {
		t.Errorf("delay_20_min delays the delivery by %s", got)
	}
	if got := ends(Delay20Min, order.Assigned, 0) - ends("", order.Assigned, 0); got != 0 {
		t.Errorf("delay_20_min delays the arrival at the store by %s", got)
	}
}

// docs/sandbox.md tells the script's times.
func TestTheDocsTellTheScript(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	for s, m := range script {
		row := "| `" + string(s) + "` | `" + string(m.event) + "` | `" + string(m.to) + "` | " + strconv.Itoa(int(m.after.Seconds())) + " s |"
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/sandbox.md lacks the row %s", row)
		}
	}
	for _, f := range Faults() {
		if !strings.Contains(string(page), "| `"+string(f)+"` |") {
			t.Errorf("docs/sandbox.md lacks the fault %s", f)
		}
	}
}

func TestWhereabouts(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	picked := due.Add(60 * time.Second)
	o := order.Order{
		State: order.PickedUp, DueAt: due, PickedUpAt: &picked,
		Pickup: geo.LatLng{Lat: 43, Lng: 11}, Dropoff: order.Dropoff{At: geo.LatLng{Lat: 44, Lng: 13}},
	}
	for after, want := range map[time.Duration]geo.LatLng{ // picked up after 60 s, at the door after 90 s
		50 * time.Second:  {Lat: 43, Lng: 11},
		60 * time.Second:  {Lat: 43, Lng: 11},
		75 * time.Second:  {Lat: 43.5, Lng: 12},
		90 * time.Second:  {Lat: 44, Lng: 13},
		900 * time.Second: {Lat: 44, Lng: 13},
	} {
		if got := whereabouts(o, "", due.Add(after)); got != want {
			t.Errorf("after %s at %v, want %v", after, got, want)
		}
	}
	o.State = order.AtStore
	if got := whereabouts(o, "", due); got != o.Pickup {
		t.Errorf("at the store: %v", got)
	}
}
