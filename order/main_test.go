package order

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// shop is a tenant with one zone, merchant and store, on a database of the test's own.
type shop struct {
	testing.TB
	db       *pg.DB
	tenant   id.Tenant
	zone     id.Zone
	merchant Merchant
	store    Store
}

func newShop(t testing.TB) *shop {
	t.Helper()
	return openShop(t, pgtest.New(t))
}

func openShop(t testing.TB, db *pg.DB) *shop {
	t.Helper()
	s := &shop{TB: t, db: db, tenant: pgtest.Tenant(t, db), zone: id.NewZone()}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'Centre', '{}', '{}', $3)`,
			s.tenant, s.zone, noon)
		return err
	})
	var err error
	if s.merchant, err = CreateMerchant(t.Context(), db, s.tenant, "Noodles & Co", noon); err != nil {
		t.Fatal(err)
	}
	stores, err := CreateStores(t.Context(), db, s.tenant, []Store{s.newStore("one")})
	if err != nil {
		t.Fatal(err)
	}
	s.store = stores[0]
	return s
}

func (s *shop) newStore(external string) Store {
	return Store{
		Merchant: s.merchant.ID, Zone: s.zone, ExternalID: external, Name: "Noodles", Address: "1 Main Street",
		At: geo.LatLng{Lat: 31.23, Lng: 121.47}, Prep: Seconds{600, 900}, Handoff: Seconds{60, 120}, CreatedAt: noon,
	}
}

// tx runs fn in a transaction of the shop's tenant and fails the test on its error.
func (s *shop) tx(fn func(context.Context, pgx.Tx) error) {
	s.Helper()
	ctx := s.Context()
	if err := s.db.Tx(ctx, s.tenant, func(tx pgx.Tx) error { return fn(ctx, tx) }); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) newOrder() Order {
	return Order{
		Tenant: s.tenant, Merchant: s.merchant.ID, Store: s.store.ID, Zone: s.zone, Pickup: s.store.At,
		Dropoff: Dropoff{At: geo.LatLng{Lat: 31.24, Lng: 121.48}, Address: "2 Side Street", ContactName: "李雷", ContactPhone: "+8613800000000", Instructions: `ring "twice"`,
			Floor: "3", Unit: "B", GateCode: "#12", LeaveAtDoor: true},
		Load: 1, Skills: []string{"cold", `odd "{,}\ one`}, Vehicles: []string{}, RefusedBy: []id.Rider{},
		Items: []Item{{"noodles", 2}}, Value: Money{4200, "CNY"},
		Cash: Money{4200, "CNY"}, Tip: Money{500, "CNY"}, Tags: []string{"vip", `odd "{,}\ one`}, Metadata: map[string]string{"table": "7"},
		DeliverAfter: new(noon.Add(20 * time.Minute)), DeliverBefore: new(noon.Add(50 * time.Minute)),
		PlacedAt: noon, DueAt: noon, PromiseAt: noon.Add(40 * time.Minute), ReadyEstimate: noon.Add(10 * time.Minute),
	}
}

// place places n orders.
func (s *shop) place(n int) []Order {
	s.Helper()
	os := make([]Order, n)
	for i := range os {
		os[i] = s.newOrder()
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error { return Place(ctx, tx, os, Actor{Kind: ActorMerchant}) })
	return os
}

func (s *shop) applyAll(cs ...Change) []Outcome {
	s.Helper()
	out, err := s.tryApplyAll(cs...)
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// tryApplyAll is for goroutines of a test, which may not end it.
func (s *shop) tryApplyAll(cs ...Change) (out []Outcome, err error) {
	ctx := s.Context()
	err = s.db.Tx(ctx, s.tenant, func(tx pgx.Tx) error {
		out, err = ApplyAll(ctx, tx, s.tenant, cs)
		return err
	})
	return out, err
}

func (s *shop) get(o id.Order) (out Order) {
	s.Helper()
	s.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = Get(ctx, tx, s.tenant, o)
		return err
	})
	return out
}

func (s *shop) events(o id.Order) (out []RecordedEvent) {
	s.Helper()
	s.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = Events(ctx, tx, s.tenant, o)
		return err
	})
	return out
}

// replays checks that an order's history leads to its row.
func (s *shop) replays(o id.Order) error {
	row, history := s.get(o), s.events(o)
	if err := invariants(row); err != nil {
		return err
	}
	for i, e := range history {
		if e.Version != int64(i+1) {
			return fmt.Errorf("event %d has version %d", i+1, e.Version)
		}
	}
	got, err := Rebuild(history)
	if err != nil {
		return err
	}
	return sameLife(row, got)
}
