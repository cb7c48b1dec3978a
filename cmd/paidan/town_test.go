package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

var duomo = geo.LatLng{Lat: 43.7731, Lng: 11.2560}

const townPassword = "correct horse"

// town is a tenant with a zone, a store and a key, laid out in the database.
type town struct {
	t      *testing.T
	slug   string
	tenant id.Tenant
	zone   id.Zone
	store  id.Store
	key    string
}

// found lays a town out. Its rounds follow each other quickly.
func found(t *testing.T, db *pg.DB, slug string) *town {
	t.Helper()
	ctx, now := t.Context(), clock.System{}.Now()
	w := &town{t: t, slug: slug}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(app.Bootstrap(ctx, db, clock.System{}, slug, "Town "+slug, "Europe/Rome", "boss@example.com", townPassword))
	var err error
	w.tenant, err = app.FindTenant(ctx, db, slug)
	must(err)
	policy := dispatch.DefaultPolicy()
	policy.IntervalS, policy.BudgetMS = 1, 50
	z, err := dispatch.CreateZone(ctx, db, w.tenant, dispatch.Zone{Name: "Centro", Cells: geo.Around(duomo, 3000, geo.ZoneRes), Policy: policy}, now)
	must(err)
	w.zone = z.ID
	m, err := order.CreateMerchant(ctx, db, w.tenant, "Trattoria", now)
	must(err)
	_, w.key, err = order.CreateKey(ctx, db, w.tenant, order.NewKey{Merchant: m.ID, Name: "till"}, now)
	must(err)
	stores, err := order.CreateStores(ctx, db, w.tenant, []order.Store{{
		Merchant: m.ID, Zone: z.ID, Name: "Da Mario", Address: "Via Rosina 2", At: duomo,
		Prep: order.Seconds{P50: 60, P90: 120}, Handoff: order.Seconds{P50: 60, P90: 180}, CreatedAt: now,
	}})
	must(err)
	w.store = stores[0].ID
	return w
}

// through is the town's people using one server.
type through struct {
	*town
	client *client.Client
	shop   *client.Merchant
}

func (w *town) through(url string) *through {
	c := client.New(client.Options{URL: url})
	w.t.Cleanup(c.Close)
	return &through{w, c, c.Merchant(w.key)}
}

// place orders a delivery around the corner.
func (p *through) place(ctx context.Context, externalID string) (client.Order, error) {
	to := geo.LatLng{Lat: duomo.Lat + 0.004, Lng: duomo.Lng + 0.004}
	return p.shop.PlaceOrder(ctx, externalID, client.NewOrder{StoreID: p.store.String(), ExternalID: externalID, Dropoff: client.Dropoff{Location: to, Address: "Via Nova 1"}})
}

func (p *through) mustPlace(externalID string) client.Order {
	p.t.Helper()
	o, err := p.place(p.t.Context(), externalID)
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

// hire makes a rider who is on shift at the store.
func (p *through) hire(phone string) *client.Rider {
	p.t.Helper()
	ctx := p.t.Context()
	boss, err := p.client.LoginStaff(ctx, p.slug, "boss@example.com", townPassword)
	if err != nil {
		p.t.Fatal(err)
	}
	made, err := boss.CreateRiders(ctx, []client.NewRider{{Name: "Gino", Phone: phone, Vehicle: "bicycle", ZoneID: p.zone.String()}})
	if err != nil {
		p.t.Fatal(err)
	}
	rider, err := p.client.Enrol(ctx, made[0].EnrolmentCode)
	if err != nil {
		p.t.Fatal(err)
	}
	now := time.Now()
	if _, err := rider.StartShift(ctx, now.Add(8*time.Hour), &duomo); err != nil {
		p.t.Fatal(err)
	}
	if err := rider.Positions(ctx, []client.Fix{{Seq: 1, At: now, Lat: duomo.Lat, Lng: duomo.Lng, AccuracyM: 5}}); err != nil {
		p.t.Fatal(err)
	}
	return rider
}

func action() client.Action { return client.Action{ID: uuid.NewString(), At: time.Now()} }

// owner is a database as its owner sees it: all tenants' rows.
type owner struct {
	t *testing.T
	c *pgx.Conn
}

func asOwner(t *testing.T, url string) *owner {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
	return &owner{t, c}
}

// get reads one value.
func get[T any](o *owner, sql string, args ...any) T {
	o.t.Helper()
	var v T
	if err := o.c.QueryRow(o.t.Context(), sql, args...).Scan(&v); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (o *owner) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.c.Exec(o.t.Context(), sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

// lease is a zone's, as the database has it now.
func (o *owner) lease(zone id.Zone) (pid int, term int64) {
	o.t.Helper()
	var name string
	err := o.c.QueryRow(o.t.Context(), "SELECT owner, term FROM leases WHERE name = $1 AND owner <> ''", "dispatch/"+zone.String()).Scan(&name, &term)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		o.t.Fatal(err)
	}
	return pidOf(name), term
}

// pidOf reads the process out of a node's name, host/pid/random.
func pidOf(node string) int {
	var pid int
	for i := range node {
		if node[i] == '/' {
			_, _ = fmt.Sscanf(node[i+1:], "%d", &pid)
			return pid
		}
	}
	return 0
}

// balanced fails the test when a tenant's books do not agree.
func balanced(t *testing.T, db *pg.DB, tenant id.Tenant) dispatch.Books {
	t.Helper()
	books, err := dispatch.CheckBooks(t.Context(), db, tenant)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range books.Faults {
		t.Error("books:", f)
	}
	return books
}
