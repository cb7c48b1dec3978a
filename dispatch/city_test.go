package dispatch

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// city is a small world on a real database: one zone, one store in its middle, riders at distances.
type city struct {
	t      testing.TB
	db     *pg.DB
	clock  *clock.Manual
	index  *rider.Index
	bus    *bus.Bus
	s      *Service
	tenant id.Tenant
	zone   Zone
	store  order.Store
	state  *zoneState
	of     tenure
	seq    int64
}

var center = geo.LatLng{Lat: 43.7696, Lng: 11.2558}

// north is so many metres north of the middle.
func north(m float64) geo.LatLng { return geo.LatLng{Lat: center.Lat + m/111_195, Lng: center.Lng} }

func newCity(t testing.TB, change ...func(*Policy)) *city {
	t.Helper()
	ctx := context.Background()
	c := &city{t: t, db: pgtest.New(t), clock: clock.NewManual(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)), index: rider.NewIndex()}
	var err error
	c.bus, err = bus.Open(ctx, bus.Options{Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, c.bus.Close(ctx)) })
	model, err := eta.New(eta.Default())
	must(t, err)
	c.s = New(c.db, c.bus, c.index, model, c.clock, slog.New(slog.DiscardHandler))
	c.tenant = pgtest.Tenant(t, c.db)

	policy := DefaultPolicy()
	policy.BudgetMS = 50
	for _, f := range change {
		f(&policy)
	}
	c.zone, err = CreateZone(ctx, c.db, c.tenant, Zone{Name: "Centro", Cells: geo.Around(center, 8000, geo.ZoneRes), Policy: policy}, c.clock.Now())
	must(t, err)
	merchant, err := order.CreateMerchant(ctx, c.db, c.tenant, "Trattoria", c.clock.Now())
	must(t, err)
	stores, err := order.CreateStores(ctx, c.db, c.tenant, []order.Store{{
		Merchant: merchant.ID, Zone: c.zone.ID, Name: "Da Mario", At: center,
		Prep: order.Seconds{P50: 600, P90: 900}, Handoff: order.Seconds{P50: 120, P90: 240}, CreatedAt: c.clock.Now(),
	}})
	must(t, err)
	c.store = stores[0]
	c.state = &zoneState{diary: newDiary(), rings: newRings(), policy: policy}
	c.of = c.lease("node-1")
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *city) lease(owner string) tenure {
	c.t.Helper()
	name := leaseName(c.zone.ID)
	of := tenure{tenant: c.tenant, zone: c.zone.ID, lease: name, owner: owner}
	must(c.t, c.db.Tx(context.Background(), c.tenant, func(tx pgx.Tx) error {
		lease, got, err := pg.AcquireLease(context.Background(), tx, c.tenant, name, owner, time.Minute)
		if err == nil && !got {
			c.t.Fatalf("%s did not get the lease", owner)
		}
		of.term = lease.Term
		return err
	}))
	return of
}

// rider puts somebody on shift, seen at a place just now.
func (c *city) rider(at geo.LatLng, change ...func(*rider.New)) id.Rider {
	c.t.Helper()
	c.seq++
	n := rider.New{Zone: c.zone.ID, Name: fmt.Sprintf("Rider %d", c.seq), Phone: fmt.Sprintf("+39055%07d", c.seq), Vehicle: "ebike"}
	for _, f := range change {
		f(&n)
	}
	created, err := rider.CreateRiders(context.Background(), c.db, c.tenant, c.clock.Now(), []rider.New{n})
	must(c.t, err)
	r := created[0].Rider.ID
	must(c.t, c.db.Tx(context.Background(), c.tenant, func(tx pgx.Tx) error {
		_, err := rider.StartShift(context.Background(), tx, c.tenant, r, c.clock.Now(), c.clock.Now().Add(8*time.Hour))
		return err
	}))
	c.seen(r, at)
	return r
}

func (c *city) seen(r id.Rider, at geo.LatLng) {
	c.seq++
	c.index.Update(c.tenant, c.zone.ID, r, rider.Fix{Seq: c.seq, At: c.clock.Now(), LatLng: at, AccuracyM: 5})
}

// place puts in an order of the store for a door, ready in so long.
func (c *city) place(door geo.LatLng, ready time.Duration, change ...func(*order.Order)) id.Order {
	c.t.Helper()
	o := c.newOrder(door, ready, change...)
	must(c.t, c.db.Tx(context.Background(), c.tenant, func(tx pgx.Tx) error {
		return order.Place(context.Background(), tx, []order.Order{o}, order.Actor{Kind: order.ActorMerchant, ID: o.Merchant.UUID()})
	}))
	c.s.Placed(c.tenant, c.zone.ID, []id.Order{o.ID})
	return o.ID
}

func (c *city) newOrder(door geo.LatLng, ready time.Duration, change ...func(*order.Order)) order.Order {
	now := c.clock.Now()
	o := order.Order{
		Tenant: c.tenant, ID: id.NewOrder(), Merchant: c.store.Merchant, Store: c.store.ID, Zone: c.zone.ID, State: order.Pending,
		Pickup: c.store.At, Dropoff: order.Dropoff{At: door, Address: "Via Roma 1"}, Load: 1,
		PlacedAt: now, DueAt: now, PromiseAt: now.Add(45 * time.Minute), ReadyEstimate: now.Add(ready),
	}
	for _, f := range change {
		f(&o)
	}
	return o
}

// job puts in a job of an order for each door, like place.
func (c *city) job(doors []geo.LatLng, ready time.Duration, change ...func(*order.Order)) []id.Order {
	c.t.Helper()
	now := c.clock.Now()
	j := order.Job{ID: id.NewJob(), Merchant: c.store.Merchant, Zone: c.zone.ID, PlacedAt: now}
	orders := make([]order.Order, len(doors))
	ids := make([]id.Order, len(doors))
	for i, door := range doors {
		orders[i] = c.newOrder(door, ready, change...)
		ids[i] = orders[i].ID
	}
	must(c.t, c.db.Tx(context.Background(), c.tenant, func(tx pgx.Tx) error {
		return order.PlaceJob(context.Background(), tx, c.tenant, j, orders, order.Actor{Kind: order.ActorMerchant, ID: j.Merchant.UUID()})
	}))
	c.s.Placed(c.tenant, c.zone.ID, ids)
	return ids
}

func (c *city) round() Round {
	c.t.Helper()
	r, err := c.s.round(context.Background(), c.of, c.state)
	must(c.t, err)
	return r
}

func (c *city) order(o id.Order) (out order.Order) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = order.Get(context.Background(), tx, c.tenant, o)
		return err
	}))
	return out
}

func (c *city) plan(r id.Rider) (out rider.Plan) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = rider.GetPlan(context.Background(), tx, c.tenant, r)
		return err
	}))
	return out
}

func (c *city) offers(r id.Rider) (out []rider.Offer) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = rider.OffersOf(context.Background(), tx, c.tenant, r, true)
		return err
	}))
	return out
}

// accept has the rider take the only open offer.
func (c *city) accept(r id.Rider) rider.Plan {
	c.t.Helper()
	offers := c.offers(r)
	if len(offers) != 1 {
		c.t.Fatalf("rider has %d offers", len(offers))
	}
	plan, err := c.s.AcceptOffer(context.Background(), c.tenant, r, offers[0].ID, c.action())
	must(c.t, err)
	return plan
}

func (c *city) step(r id.Rider, o id.Order, kind order.EventType) order.Order {
	c.t.Helper()
	out, _, err := c.s.Step(context.Background(), c.tenant, r, o, kind, c.action())
	must(c.t, err)
	return out
}

func (c *city) action() Action { return Action{ID: uuid.New(), At: c.clock.Now()} }

// inState fails unless the order stands there.
func (c *city) inState(o id.Order, want order.State) order.Order {
	c.t.Helper()
	got := c.order(o)
	if got.State != want {
		c.t.Fatalf("order is %s, want %s", got.State, want)
	}
	return got
}

// clean fails unless the books agree.
func (c *city) clean() {
	c.t.Helper()
	b, err := CheckBooks(context.Background(), c.db, c.tenant)
	must(c.t, err)
	money, err := ledger.CheckBooks(context.Background(), c.db, c.tenant)
	must(c.t, err)
	for _, f := range append(b.Faults, money.Faults...) {
		c.t.Error(f)
	}
}

var dispatcher = order.Actor{Kind: order.ActorDispatcher, ID: uuid.MustParse("018f0000-0000-7000-8000-000000000001")}
