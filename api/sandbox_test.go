package api

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
)

// sandbox is the company's twin as its merchant sees it with a test key: the same merchant and zones, another store.
func (c *company) sandbox(t *testing.T) *company {
	t.Helper()
	r := c.w.ok(t, c.admin, "POST", "/v1/console/merchants/"+c.merchant.String()+"/keys", m{"name": "test", "test": true})
	holder, err := order.LookupKey(t.Context(), c.w.db, r.text("secret"), c.w.clock.Now())
	if err != nil || r.at("test") != true || !strings.HasPrefix(r.text("secret"), "pk_test_") {
		t.Fatalf("%s: %v", r.raw, err)
	}
	box := &company{w: c.w, tenant: holder.Tenant, slug: "box-" + holder.Tenant.String(), zone: c.zone, merchant: c.merchant, key: bearerOf(r.text("secret"))}
	st := c.w.ok(t, box.key, "POST", "/v1/stores", m{"name": "Da Mario", "address": box.slug, "location": m{"lat": duomo.Lat, "lng": duomo.Lng}})
	if st.text("zone_id") != c.zone.String() || st.text("merchant_id") != c.merchant.String() {
		t.Fatalf("a store in the sandbox: %s", st.raw)
	}
	if err := box.store.UnmarshalText([]byte(st.text("id"))); err != nil {
		t.Fatal(err)
	}
	return box
}

// A test order is delivered as any other, as far as its merchant can see.
func TestATestOrderIsDelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	box := c.sandbox(t)
	advance := func(oid string, body any) reply {
		t.Helper()
		return w.ok(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", body)
	}
	oid := box.place(t)
	if r := advance(oid, nil); r.text("state") != "offered" {
		t.Errorf("one step: %s", r.raw)
	}
	r := advance(oid, m{"to": "assigned"})
	if r.text("state") != "assigned" || r.text("rider", "name") == "" || r.at("eta_at") == nil {
		t.Errorf("assigned: %s", r.raw)
	}
	if again := advance(oid, m{"to": "assigned"}); again.at("version") != r.at("version") {
		t.Errorf("advanced to where it was: %s", again.raw)
	}
	w.clock.Advance(time.Minute)
	if r := advance(oid, m{"to": "delivered"}); r.text("state") != "delivered" || r.text("ended_at") == "" {
		t.Errorf("delivered: %s", r.raw)
	}
	if events := w.ok(t, box.key, "GET", "/v1/orders/"+oid+"/events", nil).at("data").([]any); len(events) != 7 {
		t.Errorf("%d events", len(events))
	}
	refused := w.refused(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", nil, codeTransition)
	if refused.text("state") != "delivered" {
		t.Errorf("%s", refused.raw)
	}

	for _, how := range []func(fault string) string{
		func(f string) string { return box.place(t, m{"test": m{"fault": f}}) },
		func(f string) string {
			oid := box.place(t)
			w.ok(t, box.key, "POST", "/v1/test/orders/"+oid+"/fault", m{"fault": f})
			return oid
		},
	} {
		oid := how("undeliverable")
		w.refused(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", m{"to": "delivered"}, codeTransition)
		advance(oid, m{"to": "returned"})
		events := w.ok(t, box.key, "GET", "/v1/orders/"+oid+"/events", nil)
		if !strings.Contains(string(events.raw), `"reason":"undeliverable"`) {
			t.Errorf("%s", events.raw)
		}
	}
	w.refused(t, box.key, "POST", "/v1/test/orders/"+oid+"/fault", m{"fault": "decline"}, codeTransition)
	w.refused(t, box.key, "POST", "/v1/test/orders/"+oid+"/fault", m{"fault": "flood"}, codeValidation)
	w.refused(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", m{"to": "cancelled"}, codeValidation)
	w.refused(t, box.key, "POST", "/v1/test/orders/"+id.NewOrder().String()+"/advance", nil, codeNotFound)
}

// With a live key there is nothing to advance, and no fault to be had.
func TestLiveOrdersHaveNoRobot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)
	w.refused(t, c.key, "POST", "/v1/test/orders/"+oid+"/advance", nil, codeTestOnly)
	w.refused(t, c.key, "POST", "/v1/test/orders/"+oid+"/fault", m{"fault": "decline"}, codeTestOnly)
	r := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"test": m{"fault": "decline"}}), codeValidation)
	if fault := r.at("errors").([]any)[0].(m); fault["field"] != "test" {
		t.Errorf("%s", r.raw)
	}
}

// Staff see nothing of the sandbox, but that a key is for it; and nobody can log in there.
func TestTheSandboxIsHiddenFromStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	box := c.sandbox(t)
	oid := box.place(t)
	w.ok(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", m{"to": "assigned"})
	for path, n := range map[string]int{
		"/v1/console/orders": 0, "/v1/console/riders": 1, "/v1/console/stores": 1, "/v1/console/zones": 1, "/v1/console/merchants": 1,
	} {
		if got := w.ok(t, c.viewer, "GET", path, nil).at("data").([]any); len(got) != n {
			t.Errorf("%s lists %d, want %d", path, len(got), n)
		}
	}
	w.refused(t, c.viewer, "GET", "/v1/console/orders/"+oid, nil, codeNotFound)
	if keys := c.keys(t); keys["test"]["test"] != true || keys["till"]["test"] != false || keys["test"]["last_used_at"] == nil {
		t.Errorf("keys: %v", keys)
	}
	var slug string
	err := w.db.Read(t.Context(), box.tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT slug FROM tenants WHERE id = $1", box.tenant).Scan(&slug)
	})
	if err != nil {
		t.Fatal(err)
	}
	if tenant, err := tenantBySlug(t.Context(), w.db, slug); err != nil || !tenant.IsZero() {
		t.Errorf("%s can be logged in to: %v, %v", slug, tenant, err)
	}
	var zones int
	if err := w.db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM all_zones() WHERE tenant_id = $1", box.tenant).Scan(&zones); err != nil || zones != 0 {
		t.Errorf("%d zones of the sandbox have rounds, %v", zones, err)
	}
}

// A zone that changes, or is new, is so in the sandbox at once.
func TestZonesFollowIntoTheSandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	box := c.sandbox(t)
	pisa := m{"name": "Campo", "address": "", "location": m{"lat": 43.7230, "lng": 10.3966}}
	w.refused(t, box.key, "POST", "/v1/stores", pisa, codeOutsideZones)
	z := w.ok(t, c.admin, "POST", "/v1/console/zones", m{"name": "Pisa", "around": m{"center": pisa["location"], "radius_m": 3000}})
	if st := w.ok(t, box.key, "POST", "/v1/stores", pisa); st.text("zone_id") != z.text("id") {
		t.Errorf("%s", st.raw)
	}
}

// The company's prices hold in the sandbox, those that there are and those that come; only nobody is ever lacking there.
func TestPricesFollowIntoTheSandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	box := c.sandbox(t)
	for range 3 { // no surge, though nobody is on shift
		if o := w.ok(t, box.key, "POST", "/v1/orders", box.newOrder()); minor(o.at("fee", "amount")) != 300 {
			t.Errorf("%s", o.raw)
		}
	}
	q := box.quote(t)
	if minor(q.at("fee", "amount")) != 300 {
		t.Errorf("%s", q.raw)
	}
	w.ok(t, c.finance, "PUT", "/v1/console/zones/"+c.zone.String()+"/tariff", m{"version": 1, "tariff": tariffJSON(m{"base": 900})})
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(), codeNoCapacity)
	oid := box.place(t, m{"quote_id": q.text("id")})
	w.refused(t, box.key, "POST", "/v1/orders", box.newOrder(m{"quote_id": q.text("id")}), codeQuoteUsed)
	w.ok(t, box.key, "POST", "/v1/test/orders/"+oid+"/advance", m{"to": "delivered"})
	given := box.place(t)
	w.ok(t, box.key, "POST", "/v1/test/orders/"+given+"/advance", m{"to": "assigned"})
	if r := w.ok(t, box.key, "POST", "/v1/orders/"+given+"/cancel", m{"reason": "out of bread"}); minor(r.at("charge", "amount")) != 150 {
		t.Errorf("%s", r.raw)
	}
	books, err := ledger.CheckBooks(t.Context(), w.db, box.tenant)
	if err != nil || books.Transactions != 2 || len(books.Faults) > 0 {
		t.Errorf("%+v, %v", books, err)
	}
	if _, err := ledger.CloseDays(t.Context(), w.db, box.tenant, noon.AddDate(0, 0, 2)); err != nil {
		t.Fatal(err)
	}
	if s := w.ok(t, box.key, "GET", "/v1/settlements", nil).at("data").([]any); len(s) != 1 || minor(s[0].(m)["total"]) != 450 {
		t.Errorf("settled %v", s)
	}
	if s := w.ok(t, c.key, "GET", "/v1/settlements", nil).at("data").([]any); len(s) != 0 {
		t.Errorf("the live merchant is settled with %v", s)
	}
	w.clock.Advance(recheck)
	if o := w.ok(t, box.key, "POST", "/v1/orders", box.newOrder()); minor(o.at("fee", "amount")) != 950 {
		t.Errorf("after the change %s", o.raw)
	}
}

// With webhook_500 an event comes again though it was answered well.
func TestWebhooksFailOnPurpose(t *testing.T) {
	t.Parallel()
	w := sending(t)
	box := w.company(t).sandbox(t)
	url, got := receiver(t)
	e := w.ok(t, box.key, "POST", "/v1/webhook-endpoints", m{"url": url}).text("id")
	oid := box.place(t, m{"test": m{"fault": "webhook_500"}})
	first := <-got
	for minor(w.ok(t, box.key, "GET", "/v1/webhook-endpoints/"+e+"/deliveries", nil).at("data").([]any)[0].(m)["attempts"]) == 0 { // not recorded yet
		runtime.Gosched()
	}
	w.clock.Advance(10 * time.Second)
	again := <-got
	if id := first.Header.Get("webhook-id"); id != "evt_"+strings.TrimPrefix(oid, "ord_")+"_1" || again.Header.Get("webhook-id") != id {
		t.Errorf("%s, then %s", id, again.Header.Get("webhook-id"))
	}
	w.ok(t, box.key, "POST", "/v1/test/orders/"+oid+"/fault", m{"fault": "decline"}) // another fault instead
	if h := w.ok(t, box.key, "GET", "/v1/webhook-endpoints/"+e, nil); minor(h.at("health", "failures")) != 0 {
		t.Errorf("%s", h.raw)
	}
}

// Test keys have a pace, and idempotency keys, of their own.
func TestTestKeysHaveTheirOwnPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) {
		d.Config.Limits.Merchant, d.Config.Limits.Test = Rate{PerSecond: 1, Burst: 5}, Rate{PerSecond: 1, Burst: 50}
	})
	c := w.company(t)
	box := c.sandbox(t)
	for _, who := range []struct {
		cred
		burst string
	}{{c.key, "5"}, {box.key, "50"}} {
		if got := w.ok(t, who.cred, "GET", "/v1/orders", nil).header.Get("RateLimit-Limit"); got != who.burst {
			t.Errorf("limit %s, want %s", got, who.burst)
		}
	}
	keyed := func(c *company) cred {
		return func(r *http.Request) { c.key(r); r.Header.Set("Idempotency-Key", "k") }
	}
	live := w.ok(t, keyed(c), "POST", "/v1/orders", c.newOrder())
	test := w.ok(t, keyed(box), "POST", "/v1/orders", box.newOrder())
	if live.text("id") == test.text("id") {
		t.Error("one idempotency key for two worlds")
	}
}
