package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"gorm.io/gorm"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/blob"
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

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	duomo  = geo.LatLng{Lat: 43.7731, Lng: 11.2560}
	uffizi = geo.LatLng{Lat: 43.7678, Lng: 11.2553}
)

// world is the whole platform behind a test server, but for the dispatch loop: tests make offers by hand.
type world struct {
	db     *pg.DB
	bus    *bus.Bus
	clock  *clock.Manual
	api    *Server
	url    string
	client *http.Client
}

func newWorld(t *testing.T, tune ...func(*Deps)) *world {
	t.Helper()
	w := &world{db: pgtest.New(t), clock: clock.NewManual(noon)}
	quiet := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	var err error
	if w.bus, err = bus.Open(t.Context(), bus.Options{Log: quiet}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.bus.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	index := rider.NewIndex()
	ingest := rider.NewIngest(w.db, w.bus, index, w.clock, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- ingest.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	model, err := eta.New(eta.Default())
	if err != nil {
		t.Fatal(err)
	}
	d := Deps{
		DB: w.db, Bus: w.bus, Index: index, Ingest: ingest, ETA: model, Clock: w.clock, Log: quiet,
		Dispatch: dispatch.New(w.db, w.bus, index, model, w.clock, quiet),
		Files:    blob.NewDir(t.TempDir()),
		Secret:   []byte(strings.Repeat("s", 32)), Metrics: prometheus.NewRegistry(), Config: DefaultConfig(),
	}
	st := &d.Config.Streams
	st.Coalesce, st.Positions, st.KPI, st.Resync = 5*time.Millisecond, 20*time.Millisecond, 50*time.Millisecond, time.Hour
	d.Config.Limits = Limits{}
	for _, fn := range tune {
		fn(&d)
	}
	if w.api, err = New(d); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(w.api.Handler())
	t.Cleanup(srv.Close)
	t.Cleanup(w.api.Close)
	w.url, w.client = srv.URL, srv.Client()
	t.Cleanup(w.client.CloseIdleConnections)
	return w
}

// company is a tenant with one of everything, and the credentials of all who act for it.
type company struct {
	w        *world
	tenant   id.Tenant
	slug     string
	zone     id.Zone
	merchant id.Merchant
	store    id.Store
	rider    rider.Rider
	key      cred
	phone    cred
	admin    cred
	dispatcher,
	finance,
	viewer cred
}

// cred puts credentials on a request.
type cred func(*http.Request)

func nobodyAtAll(*http.Request) {}

func bearerOf(token string) cred {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func cookieOf(token string) cred {
	return func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
		r.Header.Set(consoleHeader, "1")
	}
}

const password = "correct horse"

// passwordHash is made once: it is meant to be dear, and every company has four users.
var passwordHash = sync.OnceValue(func() string { return hashPassword(password) })

func (w *world) company(t *testing.T) *company {
	t.Helper()
	ctx, now := t.Context(), w.clock.Now()
	c := &company{w: w, tenant: pgtest.Tenant(t, w.db)}
	c.slug = "t-" + strings.ReplaceAll(c.tenant.UUID().String(), "-", "")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	z, err := dispatch.CreateZone(ctx, w.db, c.tenant, dispatch.Zone{Name: "Centro " + c.slug, Cells: disk(duomo, 3000), Policy: dispatch.DefaultPolicy()}, now)
	must(err)
	c.zone = z.ID
	m, err := order.CreateMerchant(ctx, w.db, c.tenant, "Trattoria "+c.slug, now)
	must(err)
	c.merchant = m.ID
	_, secret, err := order.CreateKey(ctx, w.db, c.tenant, order.NewKey{Merchant: m.ID, Name: "till"}, now)
	must(err)
	c.key = bearerOf(secret)
	stores, err := order.CreateStores(ctx, w.db, c.tenant, []order.Store{{
		Merchant: m.ID, Zone: z.ID, Name: "Da Mario", Address: "Via Rosina 2, " + c.slug, At: duomo,
		Prep: order.Seconds{P50: 600, P90: 900}, Handoff: order.Seconds{P50: 60, P90: 180}, CreatedAt: now,
	}})
	must(err)
	c.store = stores[0].ID
	riders, err := rider.CreateRiders(ctx, w.db, c.tenant, now, []rider.New{{Zone: z.ID, Name: "Gino", Phone: "+39 " + c.slug, Vehicle: rider.Bicycle}})
	must(err)
	c.rider = riders[0].Rider
	token, err := w.api.tokens.issue(c.rider, id.Device{})
	must(err)
	c.phone = bearerOf(token)
	for role, to := range map[Role]*cred{Admin: &c.admin, Dispatcher: &c.dispatcher, Finance: &c.finance, Viewer: &c.viewer} {
		u := User{Tenant: c.tenant, ID: id.NewUser(), Email: string(role) + "@example.com", Name: "Anna " + string(role), Role: role}
		row := userRow{TenantID: u.Tenant, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: passwordHash(), CreatedAt: now}
		must(w.db.Reference(ctx, c.tenant, func(g *gorm.DB) error { return g.Create(&row).Error }))
		token, err := startSession(ctx, w.db, u, now, sessionLife)
		must(err)
		*to = cookieOf(token)
	}
	return c
}

// reply is an answer, decoded.
type reply struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

func (r reply) text(path ...string) string {
	s, _ := r.at(path...).(string)
	return s
}

func (r reply) at(path ...string) any {
	var v any = r.body
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	return v
}

func (w *world) do(t testing.TB, who cred, method, path string, body any) reply {
	t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	if reader != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	who(req)
	return w.send(t, req)
}

func (w *world) send(t testing.TB, req *http.Request) reply {
	t.Helper()
	res, err := w.client.Do(req) //nolint:bodyclose // decoded closes it
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, res)
}

func decoded(t testing.TB, res *http.Response) reply {
	t.Helper()
	defer func() { _ = res.Body.Close() }()
	var err error
	r := reply{status: res.StatusCode, header: res.Header}
	if r.raw, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(r.raw, &r.body)
	return r
}

// ok makes a request that must succeed.
func (w *world) ok(t testing.TB, who cred, method, path string, body any) reply {
	t.Helper()
	r := w.do(t, who, method, path, body)
	if r.status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, r.status, r.raw)
	}
	return r
}

// refused makes a request that must be refused with a documented problem.
func (w *world) refused(t testing.TB, who cred, method, path string, body any, code string) reply {
	t.Helper()
	r := w.do(t, who, method, path, body)
	checkProblem(t, r)
	if got := r.text("code"); got != code {
		t.Errorf("%s %s: %d %s, want code %s\n%s", method, path, r.status, got, code, r.raw)
	}
	return r
}

func checkProblem(t testing.TB, r reply) {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != problemJSON {
		t.Errorf("status %d, content type %q: %.300s", r.status, got, r.raw)
	}
	info, ok := codes[r.text("code")]
	if !ok || info.status != r.status {
		t.Errorf("status %d with code %q is not documented: %s", r.status, r.text("code"), r.raw)
	}
	if r.text("request_id") == "" || r.text("request_id") != r.header.Get(requestIDHeader) {
		t.Errorf("request_id %q, header %q", r.text("request_id"), r.header.Get(requestIDHeader))
	}
}

type m = map[string]any

// newOrder is a good order.
func (c *company) newOrder(change ...m) m {
	o := m{"store_id": c.store.String(), "dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": "Piazzale degli Uffizi 6"}}
	for _, x := range change {
		for k, v := range x {
			o[k] = v
		}
	}
	return o
}

// place places an order and returns its id.
func (c *company) place(t testing.TB, change ...m) string {
	t.Helper()
	return c.w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(change...)).text("id")
}

// onShift starts the rider's shift at the store.
func (c *company) onShift(t testing.TB) {
	t.Helper()
	c.w.ok(t, c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": c.w.clock.Now().Add(8 * time.Hour), "location": m{"lat": duomo.Lat, "lng": duomo.Lng}})
}

// offer proposes an order to the rider, as a round would.
func (c *company) offer(t testing.TB, oid string) id.Offer {
	t.Helper()
	var o id.Order
	if err := o.UnmarshalText([]byte(oid)); err != nil {
		t.Fatal(err)
	}
	now := c.w.clock.Now()
	f := rider.Offer{
		ID: id.NewOffer(), Rider: c.rider.ID, Zone: c.zone, Round: id.NewRound(), Orders: []id.Order{o}, MadeAt: now, ExpiresAt: now.Add(time.Minute),
		Stops: []rider.Stop{
			{Order: o, Kind: rider.Pickup, At: duomo, ArriveAt: now.Add(5 * time.Minute), DepartAt: now.Add(10 * time.Minute)},
			{Order: o, Kind: rider.Dropoff, At: uffizi, ArriveAt: now.Add(15 * time.Minute), DepartAt: now.Add(17 * time.Minute)},
		},
	}
	err := c.w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error {
		if _, err := rider.MakeOffers(t.Context(), tx, c.tenant, []rider.Offer{f}); err != nil {
			return err
		}
		if err := ledger.TellPay(t.Context(), tx, c.tenant, []ledger.Told{{Order: o, Rider: c.rider.ID}}, now); err != nil {
			return err
		}
		_, _, err := order.Apply(t.Context(), tx, c.tenant, o, order.Event{Type: order.EventOffered, At: now, Actor: order.Engine, Rider: c.rider.ID, Offer: f.ID})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.w.publish(t, bus.OrdersSubject(c.tenant, c.zone), []id.Order{o})
	c.w.publish(t, bus.RiderSubject(c.tenant, c.rider.ID), struct{}{})
	return f.ID
}

// take has the rider, who is on shift, accept an order and do steps with it.
func (c *company) take(t testing.TB, oid string, steps ...string) {
	t.Helper()
	c.w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, oid).String()+"/accept", c.w.act())
	for _, s := range steps {
		c.w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/"+s, c.w.act())
	}
}

// pixel passes for a PNG.
var pixel = []byte("\x89PNG\r\n\x1a\n, a small one")

// pictured gives an order a photo, past the API, and returns its id.
func (c *company) pictured(t testing.TB, oid string) string {
	t.Helper()
	var o id.Order
	if err := o.UnmarshalText([]byte(oid)); err != nil {
		t.Fatal(err)
	}
	sum, err := c.w.api.files.Put(t.Context(), blob.Folder{Tenant: c.tenant, Order: o}, pixel)
	if err != nil {
		t.Fatal(err)
	}
	proof := id.NewProof()
	c.w.exec(t, c.tenant, `INSERT INTO proofs (tenant_id, id, order_id, rider_id, kind, sum, media_type, size, at)
		VALUES ($1, $2, $3, $4, 'photo', $5, 'image/png', $6, $7)`, c.tenant, proof, o, c.rider.ID, sum[:], len(pixel), c.w.clock.Now())
	return proof.String()
}

func (w *world) publish(t testing.TB, subject string, v any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.bus.Publish(subject, b); err != nil {
		t.Fatal(err)
	}
}

func (w *world) act() m { return m{"action_id": uuid.NewString(), "at": w.clock.Now()} }

func (w *world) exec(t testing.TB, tenant id.Tenant, sql string, args ...any) {
	t.Helper()
	err := w.db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
