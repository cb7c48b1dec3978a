package backtest

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	middle = geo.LatLng{Lat: 43.7696, Lng: 11.2558}
	from   = clockTime(10, 0, 0)
	to     = clockTime(12, 0, 0)
)

func clockTime(h, m, s int) time.Time { return time.Date(2026, 11, 22, h, m, s, 0, time.UTC) }

// north is so many metres north of the middle.
func north(m float64) geo.LatLng { return geo.LatLng{Lat: middle.Lat + m/111_195, Lng: middle.Lng} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// town is a tenant with a zone and a store in its middle.
type town struct {
	t      *testing.T
	db     *pg.DB
	tenant id.Tenant
	zone   dispatch.Zone
	store  order.Store
}

func newTown(t *testing.T, db *pg.DB) *town {
	t.Helper()
	c := &town{t: t, db: db, tenant: pgtest.Tenant(t, db)}
	c.zone = c.addZone("Centro")
	m, err := order.CreateMerchant(t.Context(), db, c.tenant, "Trattoria", from)
	must(t, err)
	stores, err := order.CreateStores(t.Context(), db, c.tenant, []order.Store{{
		Merchant: m.ID, Zone: c.zone.ID, Name: "Da Mario", At: middle,
		Prep: order.Seconds{P50: 600, P90: 900}, Handoff: order.Seconds{P50: 120, P90: 240}, CreatedAt: from,
	}})
	must(t, err)
	c.store = stores[0]
	return c
}

func (c *town) addZone(name string) dispatch.Zone {
	c.t.Helper()
	z, err := dispatch.CreateZone(c.t.Context(), c.db, c.tenant, dispatch.Zone{
		Name: name, Cells: geo.Around(middle, 5000, geo.ZoneRes), Policy: dispatch.DefaultPolicy(),
	}, from)
	must(c.t, err)
	return z
}

func (c *town) tx(fn func(pgx.Tx) error) {
	c.t.Helper()
	must(c.t, c.db.Tx(c.t.Context(), c.tenant, fn))
}

// order places one, promised in 45 minutes and expected to be ready in 10, and has events happen to it.
func (c *town) order(placed time.Time, change func(*order.Order), events ...order.Event) id.Order {
	c.t.Helper()
	o := order.Order{
		Tenant: c.tenant, ID: id.NewOrder(), Merchant: c.store.Merchant, Store: c.store.ID, Zone: c.zone.ID, Pickup: c.store.At,
		Dropoff: order.Dropoff{At: north(1500), Address: "Via Roma 1"}, Load: 1,
		PlacedAt: placed, DueAt: placed, PromiseAt: placed.Add(45 * time.Minute), ReadyEstimate: placed.Add(10 * time.Minute),
	}
	if change != nil {
		change(&o)
	}
	c.tx(func(tx pgx.Tx) error {
		if err := order.Place(c.t.Context(), tx, []order.Order{o}, order.Actor{Kind: order.ActorMerchant, ID: o.Merchant.UUID()}); err != nil {
			return err
		}
		for _, e := range events {
			e.Actor = order.System
			if _, _, err := order.Apply(c.t.Context(), tx, c.tenant, o.ID, e); err != nil {
				return err
			}
		}
		return nil
	})
	return o.ID
}

// carried is an order's way to a rider and on, from assignment to the end.
func carried(by id.Rider, pickedUp time.Time, end order.EventType, ended time.Time) []order.Event {
	return []order.Event{
		{Type: order.EventAssigned, At: pickedUp.Add(-5 * time.Minute), Rider: by},
		{Type: order.EventPickedUp, At: pickedUp, Rider: by},
		{Type: end, At: ended, Rider: by},
	}
}

func (c *town) rider(name string, skills ...string) id.Rider {
	c.t.Helper()
	made, err := rider.CreateRiders(c.t.Context(), c.db, c.tenant, from, []rider.New{{
		Zone: c.zone.ID, Name: name, Phone: "+39055" + name, Vehicle: rider.EBike, Skills: skills,
	}})
	must(c.t, err)
	return made[0].Rider.ID
}

// works is a shift planned for eight hours that ends at a time, or not at all.
func (c *town) works(r id.Rider, start time.Time, end time.Time) {
	c.t.Helper()
	c.tx(func(tx pgx.Tx) error {
		_, err := rider.StartShift(c.t.Context(), tx, c.tenant, r, start, start.Add(8*time.Hour))
		if err == nil && !end.IsZero() {
			_, err = rider.EndShift(c.t.Context(), tx, c.tenant, r, end)
		}
		return err
	})
}

func (c *town) seen(r id.Rider, when time.Time, at geo.LatLng) {
	c.t.Helper()
	c.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(c.t.Context(), `insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m)
			values ($1, $2, $3, $3, $4, $5, $6, 5)`, c.tenant, r, when, when.Unix(), at.Lat, at.Lng)
		return err
	})
}

// live has two hours happen, and something before, after and elsewhere. Of its orders four count: delivered, delivered late,
// for later and not ended, returned.
func (c *town) live() {
	anna, bruno, carla := c.rider("100", "cold"), c.rider("200"), c.rider("300")
	c.works(anna, clockTime(9, 0, 0), time.Time{})
	c.seen(anna, clockTime(9, 0, 1), north(3000))
	c.seen(anna, clockTime(10, 7, 0), north(999))
	c.seen(anna, clockTime(10, 5, 0), north(500))
	c.works(bruno, clockTime(6, 0, 0), clockTime(10, 0, 0)) // over when the window begins
	c.works(bruno, clockTime(10, 30, 0), clockTime(11, 30, 0))
	c.works(bruno, clockTime(11, 40, 0), time.Time{})
	c.seen(bruno, clockTime(11, 40, 10), north(-700))
	c.works(carla, clockTime(12, 0, 0), time.Time{}) // too late

	ready := order.Event{Type: order.EventReady, At: clockTime(10, 12, 0)}
	c.order(clockTime(10, 0, 30), func(o *order.Order) { o.Skills, o.Vehicles = []string{"cold"}, []string{"ebike", "car"} },
		append([]order.Event{ready}, carried(anna, clockTime(10, 15, 0), order.EventDelivered, clockTime(10, 30, 30))...)...)
	c.order(clockTime(10, 20, 0), func(o *order.Order) {
		o.ReadyEstimate, o.PromiseAt, o.Load = clockTime(10, 35, 0), clockTime(10, 50, 0), 2
	}, carried(anna, clockTime(10, 30, 0), order.EventDelivered, clockTime(11, 0, 0))...)
	c.order(clockTime(10, 40, 0), nil, append(carried(bruno, clockTime(10, 55, 0), order.EventDeliveryFailed, clockTime(11, 5, 0)),
		order.Event{Type: order.EventReturned, At: clockTime(11, 15, 0), Rider: bruno})...)
	due := func(t time.Time) func(*order.Order) {
		return func(o *order.Order) {
			o.DueAt, o.ReadyEstimate, o.PromiseAt = t, t.Add(10*time.Minute), t.Add(40*time.Minute)
		}
	}
	c.order(clockTime(9, 0, 0), due(clockTime(11, 0, 0)), order.Event{Type: order.EventDue, At: clockTime(11, 0, 0)})

	cancel := order.Event{Type: order.EventCancelled, Reason: "changed their mind"}
	cancel.At = clockTime(10, 46, 0)
	c.order(clockTime(10, 45, 0), nil, cancel)
	cancel.At = clockTime(9, 0, 0)
	c.order(clockTime(8, 0, 0), due(clockTime(11, 0, 0)), cancel)
	c.order(clockTime(9, 59, 59), nil)
	c.order(clockTime(12, 0, 0), nil)
	c.order(clockTime(10, 30, 0), due(clockTime(12, 30, 0)))
}
