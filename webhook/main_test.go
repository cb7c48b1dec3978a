package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// patience bounds every wait; nothing should come near it.
const patience = time.Minute

// world is a tenant whose merchant has a store, on a database and a bus of the test's own.
type world struct {
	testing.TB
	url      string
	db       *pg.DB
	bus      *bus.Bus
	clock    clock.Clock
	log      *slog.Logger
	tenant   id.Tenant
	zone     id.Zone
	merchant id.Merchant
	store    id.Store
	nodes    int
}

func newWorld(t testing.TB, c clock.Clock) *world {
	t.Helper()
	url := pgtest.URL(t)
	w := &world{TB: t, url: url, db: pgtest.Open(t, url), clock: c, log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), zone: id.NewZone()}
	var err error
	if w.bus, err = bus.Open(t.Context(), bus.Options{Log: w.log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.bus.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	w.tenant = pgtest.Tenant(t, w.db)
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'Centre', '{}', '{}', $3)`,
			w.tenant, w.zone, noon)
		return err
	})
	w.merchant = w.newMerchant()
	stores, err := order.CreateStores(t.Context(), w.db, w.tenant, []order.Store{{Merchant: w.merchant, Zone: w.zone, Name: "Noodles", CreatedAt: noon}})
	if err != nil {
		t.Fatal(err)
	}
	w.store = stores[0].ID
	return w
}

func (w *world) newMerchant() id.Merchant {
	w.Helper()
	m, err := order.CreateMerchant(w.Context(), w.db, w.tenant, "Noodles & Co", noon)
	if err != nil {
		w.Fatal(err)
	}
	return m.ID
}

func (w *world) tx(fn func(context.Context, pgx.Tx) error) {
	w.Helper()
	if err := w.try(fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) try(fn func(context.Context, pgx.Tx) error) error {
	ctx := w.Context()
	return w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error { return fn(ctx, tx) })
}

// open lets webhooks go to this machine.
var open = Reach{AllowHTTP: true, AllowPrivate: true}

// start runs a node until the test ends, or stop is called.
func (w *world) start(tune ...func(*Service)) (stop func()) {
	w.Helper()
	w.nodes++
	s := New(Options{
		DB: w.db, Bus: w.bus, Clock: w.clock, Log: w.log, Owner: fmt.Sprintf("node %d", w.nodes), Reach: open, Interval: 20 * time.Millisecond,
		Show: func(e order.FeedEvent) any {
			return told{e.ID(), e.Order, e.Version, e.Type, e.State}
		},
	})
	for _, fn := range tune {
		fn(s)
	}
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				w.Error(err)
			}
		})
	}
	w.Cleanup(stop)
	return stop
}

// reopen is a pool of its own on the same database.
func (w *world) reopen() *pg.DB {
	w.Helper()
	return pgtest.Open(w, w.url)
}

// expireLeases is the time that passes until a dead node's leases are free.
func (w *world) expireLeases() {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "update leases set expires_at = 'epoch'")
		return err
	})
}

// impatient is a node that waits for answers no longer than this.
func impatient(d time.Duration) func(*Service) { return func(s *Service) { s.sender.timeout = d } }

// upkeep does until the test ends what a server's autovacuum does, which the tests' server goes without.
func (w *world) upkeep() {
	w.Helper()
	c, err := pgx.Connect(w.Context(), w.url)
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.Context())
	var loop sync.WaitGroup
	w.Cleanup(func() { cancel(); loop.Wait(); _ = c.Close(context.WithoutCancel(ctx)) })
	loop.Go(func() {
		for clock.Sleep(ctx, clock.System{}, 5*time.Second) == nil {
			if _, err := c.Exec(ctx, "vacuum (analyze) orders, order_events, webhook_progress, webhook_deliveries"); err != nil && ctx.Err() == nil {
				w.Error(err)
			}
		}
	})
}

// told is what these tests' merchants see of an event.
type told struct {
	ID      order.EventID   `json:"id"`
	Order   id.Order        `json:"order_id"`
	Version int64           `json:"version"`
	Type    order.EventType `json:"type"`
	State   order.State     `json:"state"`
}

func (w *world) create(url string, types ...string) (Endpoint, string) {
	w.Helper()
	var e Endpoint
	var secret string
	w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		e, secret, err = Create(ctx, tx, w.tenant, Endpoint{Merchant: w.merchant, URL: url, Types: types}, w.clock.Now())
		return err
	})
	w.tell(e.ID)
	return e, secret
}

func (w *world) tell(e id.Endpoint) {
	if err := w.bus.Publish(bus.WebhookSubject(w.tenant, e), nil); err != nil {
		w.Error(err)
	}
}

func (w *world) get(e id.Endpoint) (out Endpoint) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = Get(ctx, tx, w.tenant, w.merchant, e)
		return err
	})
	return out
}

func (w *world) update(e id.Endpoint, c Change) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := Update(ctx, tx, w.tenant, w.merchant, e, c, w.clock.Now())
		return err
	})
	w.tell(e)
}

// list is an endpoint's whole log, the newest first.
func (w *world) list(e id.Endpoint, state DeliveryState) (out []Delivery) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = Log(ctx, tx, w.tenant, e, LogFilter{State: state, Limit: 100_000})
		return err
	})
	return out
}

func (w *world) place(n int) []id.Order {
	w.Helper()
	now := w.clock.Now()
	os := make([]order.Order, n)
	for i := range os {
		os[i] = order.Order{
			Tenant: w.tenant, Merchant: w.merchant, Store: w.store, Zone: w.zone, Pickup: geo.LatLng{Lat: 31.23, Lng: 121.47}, Load: 1,
			PlacedAt: now, DueAt: now, PromiseAt: now.Add(time.Hour), ReadyEstimate: now.Add(time.Minute),
		}
	}
	w.tx(func(ctx context.Context, tx pgx.Tx) error { return order.Place(ctx, tx, os, order.System) })
	ids := make([]id.Order, n)
	for i, o := range os {
		ids[i] = o.ID
	}
	w.wake()
	return ids
}

// estimate makes an event of each order; nth tells it from the others.
func (w *world) estimate(os []id.Order, nth int) {
	w.Helper()
	now := w.clock.Now()
	changes := make([]order.Change, len(os))
	for i, o := range os {
		changes[i] = order.Change{Order: o, Event: order.Event{
			Type: order.EventReadyEstimateChanged, At: now, Actor: order.System, ReadyEstimate: new(now.Add(time.Hour + time.Duration(nth)*time.Second)),
		}}
	}
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		out, err := order.ApplyAll(ctx, tx, w.tenant, changes)
		for _, o := range out {
			if o.Err != nil || o.Repeated {
				w.Errorf("%+v", o)
			}
		}
		return err
	})
	w.wake()
}

// feedLen is how many events the merchant's feed has.
func (w *world) feedLen() (n int) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		es, _, err := order.Feed(ctx, tx, w.tenant, w.merchant, order.Cursor{}, 100_000)
		n = len(es)
		return err
	})
	return n
}

// wake is what the platform says after every change of orders.
func (w *world) wake() {
	if err := w.bus.Publish(bus.OrdersSubject(w.tenant, w.zone), nil); err != nil {
		w.Error(err)
	}
}

// until asks again and again until the answer is yes.
func (w *world) until(what string, yes func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for !yes() {
		if clock.Sleep(ctx, clock.System{}, 2*time.Millisecond) != nil {
			w.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// shop is a merchant's server.
type shop struct {
	*httptest.Server
	answer func(http.ResponseWriter, *http.Request) // nil: 204

	mu  sync.Mutex
	got map[string][]call // by path
}

// call is one request that a shop got.
type call struct {
	path   string
	header http.Header
	body   []byte
	at     time.Time
	Payload
	data told
}

func newShop(t testing.TB, answer func(http.ResponseWriter, *http.Request)) *shop {
	t.Helper()
	s := &shop{answer: answer, got: make(map[string][]call)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := call{path: r.URL.Path, header: r.Header, at: clock.System{}.Now()}
	c.body, _ = io.ReadAll(r.Body)
	c.Data = &c.data
	if err := json.Unmarshal(c.body, &c.Payload); err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	s.mu.Lock()
	s.got[c.path] = append(s.got[c.path], c)
	s.mu.Unlock()
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// calls are those so far, to a path.
func (s *shop) calls(path string) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got[path])
}

func (s *shop) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got[path])
}

// events counts the calls by event.
func events(calls []call) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		out[c.header.Get("webhook-id")]++
	}
	return out
}

// inOrder is an error unless each order's first deliveries come in the order of their versions.
func inOrder(calls []call) error {
	last := map[id.Order]int64{}
	seen := map[order.EventID]bool{}
	for _, c := range calls {
		if seen[c.data.ID] {
			continue
		}
		seen[c.data.ID] = true
		if c.data.Version != last[c.data.Order]+1 {
			return fmt.Errorf("version %d of order %s comes after version %d", c.data.Version, c.data.Order, last[c.data.Order])
		}
		last[c.data.Order] = c.data.Version
	}
	return nil
}

func types(calls []call) string {
	var out []string
	for _, c := range calls {
		out = append(out, c.Type)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
