package dispatch

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// A rider who has come to the store, and stays, is told so once, with the time of the first position there; the order stays as it is.
func TestArrivalsAreNoticed(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Mode, p.CommitAheadS = ModeForce, 3600 })
	r := c.rider(north(1000))
	o := c.place(north(-1000), 0)
	c.round()
	c.inState(o, order.Assigned)
	arrivals := func() []rider.Arrival {
		t.Helper()
		var out []rider.Arrival
		must(t, c.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) (err error) {
			out, err = rider.ArrivalsOf(t.Context(), tx, c.tenant, r, []id.Order{o})
			return err
		}))
		return out
	}
	step := func(metres float64) {
		t.Helper()
		c.clock.Advance(15 * time.Second)
		c.seen(r, north(metres))
		c.round()
	}
	step(500)
	step(40)
	came := c.clock.Now()
	step(20)
	if got := arrivals(); len(got) != 0 {
		t.Fatalf("arrived after 15 s: %v", got)
	}
	step(20)
	step(20)
	got := arrivals()
	if len(got) != 1 || !got[0].At.Equal(came) || got[0].Kind != rider.Pickup {
		t.Fatalf("%v, want one arrival at %v", got, came)
	}
	c.inState(o, order.Assigned) // a suggestion moves nothing
	if len(c.state.watches) != 1 {
		t.Errorf("%d errands are watched", len(c.state.watches))
	}
	c.step(r, o, order.EventPickedUp)
	c.round()
	c.step(r, o, order.EventDelivered)
	c.round()
	if len(c.state.watches) != 0 {
		t.Errorf("%d errands are watched after all is done", len(c.state.watches))
	}
}

func TestAZoneMayLeaveArrivalsToItsRiders(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	r, o := id.NewRider(), order.Order{ID: id.NewOrder(), State: order.Assigned, Pickup: center}
	o.Rider = r
	s := &Snapshot{Orders: []order.Order{o}, Positions: map[id.Rider]rider.Fix{r: {At: at, LatLng: center, AccuracyM: 5}}}
	for enter, want := range map[int]int{0: 0, 50: 1} {
		s.Zone.Policy.Geofence = Geofence{EnterM: enter, LeaveM: 100}
		if got := len(watches{}.look(s)); got != want {
			t.Errorf("enter_m %d: %d arrivals, want %d", enter, got, want)
		}
	}
	for _, bad := range []Geofence{{EnterM: -1, LeaveM: 5}, {EnterM: 60, LeaveM: 59}, {EnterM: 60, LeaveM: 2001}, {EnterM: 60, LeaveM: 60, DwellS: 601}} {
		if len(bad.faults()) != 1 {
			t.Errorf("%+v: %v", bad, bad.faults())
		}
	}
}
