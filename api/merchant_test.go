package api

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paidan/paidan/order"
)

func TestMerchantFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)

	st := w.ok(t, c.key, "POST", "/v1/stores", m{
		"name": "Da Nerbone", "address": "Mercato Centrale", "location": m{"lat": 43.7765, "lng": 11.2532}, "external_id": "s-1", "prep": m{"p50_s": 300, "p90_s": 600},
	})
	if st.status != http.StatusCreated || st.text("zone_id") != c.zone.String() || st.at("prep", "p90_s") != 600.0 {
		t.Fatalf("%d %s", st.status, st.raw)
	}
	sid := st.text("id")
	if got := w.ok(t, c.key, "PATCH", "/v1/stores/"+sid, m{"name": "Nerbone"}); got.text("name") != "Nerbone" || got.text("address") != "Mercato Centrale" {
		t.Errorf("changed to %s", got.raw)
	}
	if got := w.ok(t, c.key, "GET", "/v1/stores", nil).at("data").([]any); len(got) != 2 {
		t.Errorf("%d stores", len(got))
	}

	o := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(m{
		"store_id": sid, "external_id": "A-1", "items": []m{{"name": "Lampredotto", "quantity": 2}}, "value": m{"amount": 900, "currency": "EUR"},
	}))
	if o.status != http.StatusCreated || o.text("state") != "pending" || o.at("rider") != nil || o.at("value", "amount") != 900.0 || o.at("version") != 1.0 {
		t.Fatalf("%d %s", o.status, o.raw)
	}
	promise, err := time.Parse(time.RFC3339, o.text("promise_at"))
	if err != nil || !promise.After(noon.Add(10*time.Minute)) || promise.After(noon.Add(2*time.Hour)) {
		t.Errorf("promise %s", o.text("promise_at"))
	}
	oid := o.text("id")
	taken := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"store_id": sid, "external_id": "A-1"}), codeExternalID)
	if taken.text("existing_id") != oid {
		t.Errorf("existing_id %q, want %q", taken.text("existing_id"), oid)
	}
	if got := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); !bytes.Equal(got.raw, o.raw) {
		t.Errorf("created as %s\nread as %s", o.raw, got.raw)
	}
	w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/delay", m{"ready_at": noon.Add(25 * time.Minute)})
	w.clock.Advance(time.Minute)
	if got := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/ready", nil); got.text("ready_at") == "" {
		t.Errorf("not ready: %s", got.raw)
	}
	cancelled := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread"})
	if cancelled.text("cancel", "reason") != "out of bread" || cancelled.text("cancel", "fault") != "merchant" || cancelled.at("eta_at") != nil {
		t.Errorf("cancelled: %s", cancelled.raw)
	}
	w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread"}) // twice is once
	refused := w.refused(t, c.key, "POST", "/v1/orders/"+oid+"/ready", m{}, codeTransition)
	if refused.text("state") != "cancelled" {
		t.Errorf("%s", refused.raw)
	}
	events := w.ok(t, c.key, "GET", "/v1/orders/"+oid+"/events", nil).at("data").([]any)
	if len(events) != 4 {
		t.Errorf("%d events", len(events))
	}
}

func TestOrderListPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	want := map[string]bool{}
	for range 5 {
		want[c.place(t)] = true
	}
	path, pages := "/v1/orders?limit=2&state=pending,offered", 0
	for next := ""; ; pages++ {
		r := w.ok(t, c.key, "GET", path+"&cursor="+next, nil)
		for _, x := range r.at("data").([]any) {
			delete(want, x.(m)["id"].(string))
		}
		if next = r.text("next_cursor"); next == "" {
			break
		}
	}
	if len(want) > 0 || pages != 2 {
		t.Errorf("%d orders missing after %d more pages", len(want), pages)
	}
	w.refused(t, c.key, "GET", "/v1/orders?cursor=xyz", nil, codeValidation)
	w.refused(t, c.key, "GET", "/v1/orders?state=lost", nil, codeValidation)
}

func TestScheduledOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	after := noon.Add(6 * time.Hour)
	o := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(m{"deliver_after": after}))
	due, _ := time.Parse(time.RFC3339, o.text("due_at"))
	promise, _ := time.Parse(time.RFC3339, o.text("promise_at"))
	if o.text("state") != string(order.Scheduled) || !due.Before(after) || due.Before(after.Add(-time.Hour)) || promise.Before(after) {
		t.Errorf("%s", o.raw)
	}
}

func idempotent(c *company, key string) cred {
	return func(r *http.Request) { c.key(r); r.Header.Set("Idempotency-Key", key) }
}

func TestHundredEqualRequestsMakeOneOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	const n = 100
	answers := make([]reply, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			answers[i] = w.do(t, idempotent(c, "k1"), "POST", "/v1/orders", c.newOrder(m{"external_id": "X"}))
		})
	}
	all.Wait()
	for _, a := range answers {
		if a.status != http.StatusCreated || !bytes.Equal(a.raw, answers[0].raw) {
			t.Fatalf("%d %s\nthe first: %s", a.status, a.raw, answers[0].raw)
		}
	}
	if got := w.ok(t, c.key, "GET", "/v1/orders", nil).at("data").([]any); len(got) != 1 {
		t.Errorf("%d orders", len(got))
	}
	// Whatever happens to the order, the answer stays; another body is refused; after a day the key is free.
	w.ok(t, c.key, "POST", "/v1/orders/"+answers[0].text("id")+"/delay", m{"ready_at": noon.Add(time.Hour)})
	w.ok(t, c.key, "POST", "/v1/orders/"+answers[0].text("id")+"/cancel", m{"reason": "x"})
	if again := w.ok(t, idempotent(c, "k1"), "POST", "/v1/orders", c.newOrder(m{"external_id": "X"})); !bytes.Equal(again.raw, answers[0].raw) {
		t.Errorf("later: %s\nfirst: %s", again.raw, answers[0].raw)
	}
	w.refused(t, idempotent(c, "k1"), "POST", "/v1/orders", c.newOrder(m{"external_id": "Y"}), codeKeyReused)
	w.clock.Advance(keyLife)
	if fresh := w.ok(t, idempotent(c, "k1"), "POST", "/v1/orders", c.newOrder(m{"external_id": "Y"})); fresh.text("id") == answers[0].text("id") {
		t.Error("the key was not forgotten after a day")
	}
}

func TestRevokedKeyIsRefusedSoon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	w.ok(t, c.key, "GET", "/v1/orders", nil)
	keys, err := order.ListKeys(t.Context(), w.db, c.tenant, c.merchant)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := order.RevokeKey(t.Context(), w.db, c.tenant, keys[0].ID, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(recheck)
	w.refused(t, c.key, "GET", "/v1/orders", nil, codeUnauthenticated)
	w.refused(t, bearerOf("pk_live_"+strings.Repeat("a", 43)), "GET", "/v1/orders", nil, codeUnauthenticated)
	w.refused(t, nobodyAtAll, "GET", "/v1/orders", nil, codeUnauthenticated)
}
