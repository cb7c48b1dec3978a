package rider

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// world is a database with one tenant, zone and store.
type world struct {
	t      testing.TB
	db     *pg.DB
	tenant id.Tenant
	zone   id.Zone
	store  id.Store
	phones int
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return addWorld(tb, pgtest.New(tb))
}

// addWorld adds one more tenant to a database.
func addWorld(t testing.TB, db *pg.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, tenant: pgtest.Tenant(t, db), zone: id.NewZone(), store: id.NewStore()}
	merchant := id.NewMerchant()
	w.tx(func(tx pgx.Tx) error {
		for _, q := range []struct {
			sql  string
			args []any
		}{
			{"insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'zone', '{}', '{}', $3)", []any{w.tenant, w.zone, noon}},
			{"insert into merchants (tenant_id, id, name, created_at) values ($1, $2, 'merchant', $3)", []any{w.tenant, merchant, noon}},
			{`insert into stores (tenant_id, id, merchant_id, zone_id, name, lat, lng, prep_p50_s, prep_p90_s, handoff_p50_s, handoff_p90_s, created_at)
				values ($1, $2, $3, $4, 'store', 31.23, 121.47, 0, 0, 0, 0, $5)`, []any{w.tenant, w.store, merchant, w.zone, noon}},
		} {
			if _, err := tx.Exec(t.Context(), q.sql, q.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// tx runs fn in a transaction that must succeed.
func (w *world) tx(fn func(pgx.Tx) error) {
	w.t.Helper()
	if err := w.db.Tx(w.t.Context(), w.tenant, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newRiders(n int) []New {
	out := make([]New, n)
	for i := range out {
		w.phones++
		out[i] = New{Zone: w.zone, Name: fmt.Sprintf("Rider %d", w.phones), Phone: fmt.Sprintf("+86 %d", w.phones), Vehicle: EBike}
	}
	return out
}

func (w *world) create(list ...New) []Created {
	w.t.Helper()
	out, err := CreateRiders(w.t.Context(), w.db, w.tenant, noon, list)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) riders(n int) []id.Rider {
	w.t.Helper()
	out := make([]id.Rider, n)
	for i, c := range w.create(w.newRiders(n)...) {
		out[i] = c.Rider.ID
	}
	return out
}

func (w *world) onShift(n int) []id.Rider {
	w.t.Helper()
	riders := w.riders(n)
	w.tx(func(tx pgx.Tx) error {
		for _, r := range riders {
			if _, err := StartShift(w.t.Context(), tx, w.tenant, r, noon, noon.Add(8*time.Hour)); err != nil {
				return err
			}
		}
		return nil
	})
	return riders
}

// orders places pending orders; their own package is above this one.
func (w *world) orders(n int) []id.Order {
	w.t.Helper()
	ids := orderIDs(n)
	w.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(w.t.Context(), `
			insert into orders (tenant_id, id, merchant_id, store_id, zone_id, state, version, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng,
				dropoff, load, placed_at, due_at, promise_at, ready_estimate, updated_at)
			select $1, o, m.id, $3, $4, 'pending', 1, 31, 121, 31, 121, '{}', 1, $5, $5, $5, $5, $5
			from unnest($2::uuid[]) o, merchants m where m.tenant_id = $1`, w.tenant, ids, w.store, w.zone, noon)
		return err
	})
	return ids
}

func (w *world) offer(r id.Rider, orders ...id.Order) Offer {
	o := Offer{ID: id.NewOffer(), Rider: r, Zone: w.zone, Round: id.NewRound(), State: OfferOpen, Orders: orders, MadeAt: noon, ExpiresAt: noon.Add(45 * time.Second)}
	for _, x := range orders {
		o.Stops = append(o.Stops, timed(x, Pickup, 5), timed(x, Dropoff, 20))
	}
	return o
}

func timed(o id.Order, k StopKind, minutes int) Stop {
	s := stop(o, k)
	s.ArriveAt = noon.Add(time.Duration(minutes) * time.Minute)
	s.DepartAt = s.ArriveAt.Add(time.Minute)
	return s
}

func (w *world) make(list ...Offer) (made []id.Offer) {
	w.t.Helper()
	w.tx(func(tx pgx.Tx) (err error) {
		made, err = MakeOffers(w.t.Context(), tx, w.tenant, list)
		return err
	})
	return made
}
