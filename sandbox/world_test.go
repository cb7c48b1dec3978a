package sandbox

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	duomo = geo.LatLng{Lat: 43.7731, Lng: 11.2560}
	door  = geo.LatLng{Lat: 43.7678, Lng: 11.2553}
)

// world is a tenant with one zone, one merchant and its sandbox, and the robots of one process.
type world struct {
	testing.TB
	db       *pg.DB
	clock    *clock.Manual
	home     id.Tenant
	box      id.Tenant // the sandbox
	merchant id.Merchant
	store    order.Store // in the sandbox
	index    *rider.Index
	robots   robots
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, db: pgtest.New(t), clock: clock.NewManual(noon), index: rider.NewIndex()}
	ctx := t.Context()
	b, err := bus.Open(ctx, bus.Options{Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	t.Cleanup(func() { w.must(b.Close(context.WithoutCancel(ctx))) })
	model, err := eta.New(eta.Default())
	w.must(err)
	w.home = pgtest.Tenant(t, w.db)
	zone, err := dispatch.CreateZone(ctx, w.db, w.home, dispatch.Zone{Name: "Centro", Cells: geo.Around(duomo, 3000, geo.ZoneRes), Policy: dispatch.DefaultPolicy()}, noon)
	w.must(err)
	merchant, err := order.CreateMerchant(ctx, w.db, w.home, "Trattoria", noon)
	w.must(err)
	w.merchant = merchant.ID
	_, secret, err := order.CreateKey(ctx, w.db, w.home, order.NewKey{Merchant: merchant.ID, Test: true}, noon)
	w.must(err)
	holder, err := order.LookupKey(ctx, w.db, secret, noon)
	w.must(err)
	w.box = holder.Tenant
	stores, err := order.CreateStores(ctx, w.db, w.box, []order.Store{{Merchant: merchant.ID, Zone: zone.ID, Name: "Da Mario", At: duomo, CreatedAt: noon}})
	w.must(err)
	w.store = stores[0]
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := New(w.db, dispatch.New(w.db, b, w.index, model, w.clock, log), b, w.index, w.clock, log)
	w.robots = robots{s, "node-1", map[id.Order]time.Time{}}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// place places n orders, with a fault each.
func (w *world) place(n int, f Fault, change ...func(*order.Order)) []id.Order {
	w.Helper()
	now := w.clock.Now()
	os := make([]order.Order, n)
	ids := make([]id.Order, n)
	for i := range os {
		os[i] = order.Order{
			Tenant: w.box, ID: id.NewOrder(), Merchant: w.merchant, Store: w.store.ID, Zone: w.store.Zone, Pickup: duomo, Dropoff: order.Dropoff{At: door},
			Load: 1, PlacedAt: now, DueAt: now, PromiseAt: now.Add(time.Hour), ReadyEstimate: now.Add(10 * time.Minute),
		}
		for _, fn := range change {
			fn(&os[i])
		}
		ids[i] = os[i].ID
	}
	w.must(w.db.Tx(w.Context(), w.box, func(tx pgx.Tx) error {
		if err := order.Place(w.Context(), tx, os, order.Actor{Kind: order.ActorMerchant}); err != nil || f == "" {
			return err
		}
		for _, o := range ids {
			if err := Place(w.Context(), tx, w.box, o, f, now); err != nil {
				return err
			}
		}
		return nil
	}))
	return ids
}

// after moves the clock on and lets the robots act.
func (w *world) after(d time.Duration) {
	w.Helper()
	w.clock.Advance(d)
	w.must(w.robots.tick(w.Context(), true))
}

func (w *world) get(o id.Order) (out order.Order) {
	w.Helper()
	w.must(w.db.Read(w.Context(), w.box, func(tx pgx.Tx) (err error) {
		out, err = order.Get(w.Context(), tx, w.box, o)
		return err
	}))
	return out
}

// life is what happened to an order: each event with its seconds since noon.
func (w *world) life(o id.Order) string {
	w.Helper()
	var words []string
	w.must(w.db.Read(w.Context(), w.box, func(tx pgx.Tx) error {
		events, err := order.Events(w.Context(), tx, w.box, o)
		for _, e := range events {
			at := e.At
			if e.ClientAt != nil {
				at = *e.ClientAt
			}
			words = append(words, string(e.Type)+"@"+at.Sub(noon).String())
		}
		return err
	}))
	return strings.Join(words, " ")
}

// clean fails unless the books of the sandbox agree.
func (w *world) clean() {
	w.Helper()
	b, err := dispatch.CheckBooks(w.Context(), w.db, w.box)
	w.must(err)
	for _, f := range b.Faults {
		w.Error(f)
	}
}

func (w *world) count(sql string) (n int) {
	w.Helper()
	w.must(w.db.Read(w.Context(), w.box, func(tx pgx.Tx) error { return tx.QueryRow(w.Context(), sql).Scan(&n) }))
	return n
}
