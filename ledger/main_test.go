package ledger

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// noon in Shanghai, where pgtest's tenants live, is 12:00 there: 04:00 UTC.
var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
	noon     = time.Date(2026, 3, 2, 12, 0, 0, 0, shanghai).UTC()
)

// firm is a tenant with one zone and its tariff, one merchant with a store, two riders, and somebody who keeps the books.
type firm struct {
	*testing.T
	url      string
	db       *pg.DB
	tenant   id.Tenant
	zone     id.Zone
	user     id.User
	merchant id.Merchant
	store    id.Store
	riders   [2]id.Rider
	tariff   tariff.Tariff
}

func newFirm(t *testing.T) *firm {
	t.Helper()
	url := pgtest.URL(t)
	f := &firm{T: t, url: url, db: pgtest.Open(t, url), zone: id.NewZone(), user: id.NewUser(), tariff: tariff.Tariff{
		Currency: "CNY", Base: 500, RiderPay: tariff.RiderPay{PerOrder: 300, PerKm: 100}, CancelPercent: 50, ReturnOffPercent: 20,
	}}
	f.tenant = pgtest.Tenant(t, f.db)
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'Centre', '{}', '{}', $3)`,
			f.tenant, f.zone, noon); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into users (tenant_id, id, email, name, role, password_hash, created_at)
			values ($1, $2, 'f@example.com', 'Fei', 'finance', '', $3)`, f.tenant, f.user, noon); err != nil {
			return err
		}
		for i := range f.riders {
			f.riders[i] = id.NewRider()
			if _, err := tx.Exec(ctx, `insert into riders (tenant_id, id, zone_id, name, phone, vehicle, capacity, max_orders, created_at)
				values ($1, $2, $3, 'Rider', $4, 'ebike', 5, 5, $5)`, f.tenant, f.riders[i], f.zone, f.riders[i].String(), noon); err != nil {
				return err
			}
		}
		_, err := tariff.Put(ctx, tx, f.tenant, tariff.Version{Zone: f.zone, Tariff: f.tariff, CreatedBy: f.user, CreatedAt: noon})
		return err
	})
	m, err := order.CreateMerchant(t.Context(), f.db, f.tenant, "=Noodles", noon)
	if err != nil {
		t.Fatal(err)
	}
	f.merchant = m.ID
	stores, err := order.CreateStores(t.Context(), f.db, f.tenant, []order.Store{{Merchant: m.ID, Zone: f.zone, Name: "Noodles", CreatedAt: noon}})
	if err != nil {
		t.Fatal(err)
	}
	f.store = stores[0].ID
	return f
}

// tx runs fn in a transaction of the firm's and fails the test on its error.
func (f *firm) tx(fn func(context.Context, pgx.Tx) error) {
	f.Helper()
	if err := f.try(fn); err != nil {
		f.Fatal(err)
	}
}

func (f *firm) try(fn func(context.Context, pgx.Tx) error) error {
	return f.db.Tx(f.Context(), f.tenant, func(tx pgx.Tx) error { return fn(f.Context(), tx) })
}

// fee is 5.00 for 2 km.
func (f *firm) fee() *order.Fee {
	return &order.Fee{
		Money: order.Money{Minor: 500, Currency: "CNY"}, Tariff: 1, DistanceM: 2000, Terms: []order.FeeTerm{{Kind: order.TermBase, Minor: 500}},
	}
}

// place places an order with a fee.
func (f *firm) place(at time.Time, change ...func(*order.Order)) id.Order {
	f.Helper()
	os := []order.Order{{
		Tenant: f.tenant, Merchant: f.merchant, Store: f.store, Zone: f.zone, Dropoff: order.Dropoff{At: geo.LatLng{Lat: 0.01}}, Load: 1,
		PlacedAt: at, DueAt: at, PromiseAt: at.Add(time.Hour), ReadyEstimate: at, Fee: f.fee(),
	}}
	for _, c := range change {
		c(&os[0])
	}
	f.tx(func(ctx context.Context, tx pgx.Tx) error { return order.Place(ctx, tx, os, order.System) })
	return os[0].ID
}

// ended takes an order from placement to its end by a rider, and posts it.
func (f *firm) ended(at time.Time, rider id.Rider, last order.EventType, change ...func(*order.Order)) order.Order {
	f.Helper()
	oid := f.place(at, change...)
	events := []order.EventType{order.EventAssigned}
	switch last {
	case order.EventDelivered:
		events = append(events, order.EventPickedUp)
	case order.EventReturned:
		events = append(events, order.EventPickedUp, order.EventDeliveryFailed)
	}
	var o order.Order
	f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		for _, e := range append(events, last) {
			o, _, err = order.Apply(ctx, tx, f.tenant, oid, order.Event{Type: e, At: at, Actor: order.System, Rider: rider, Fault: "customer", Reason: "x"})
			if err != nil {
				return err
			}
			if err := EndOrder(ctx, tx, f.tenant, o); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

func (f *firm) list(filter Filter) (out []Transaction) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = List(ctx, tx, f.tenant, filter)
		return err
	})
	return out
}

// booksAgree fails unless the books are without fault.
func (f *firm) booksAgree() Books {
	f.Helper()
	b, err := CheckBooks(f.Context(), f.db, f.tenant)
	if err != nil {
		f.Fatal(err)
	}
	for _, x := range b.Faults {
		f.Error(x)
	}
	return b
}

// raiseRiderPay makes a second version of the tariff.
func (f *firm) raiseRiderPay(perOrder int64) {
	f.Helper()
	dearer := f.tariff
	dearer.RiderPay.PerOrder = perOrder
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tariff.Put(ctx, tx, f.tenant, tariff.Version{Zone: f.zone, Number: 1, Tariff: dearer, CreatedBy: f.user, CreatedAt: noon})
		return err
	})
}
