package api

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

func TestQuoteBecomesAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	q := c.quote(t, m{"weight_g": 4000, "load": 2, "preparation_s": 600})
	if q.status != http.StatusCreated || !strings.HasPrefix(q.text("id"), "quo_") || minor(q.at("fee", "amount")) != 300 || q.text("order_id") != "" {
		t.Fatalf("%d %s", q.status, q.raw)
	}
	at := func(path ...string) time.Time {
		t.Helper()
		x, err := time.Parse(time.RFC3339, q.text(path...))
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	order := []time.Time{noon.Add(10*time.Minute - 1), at("pickup", "p50_at"), at("pickup", "p90_at"), at("delivery", "p90_at"), at("promise_at")}
	for i := range order[1:] {
		if order[i+1].Before(order[i]) {
			t.Errorf("times out of order: %s", q.raw)
		}
	}
	if !at("delivery", "p50_at").After(at("pickup", "p50_at")) || at("promise_at").Sub(at("delivery", "p90_at")) > time.Minute || !at("expires_at").Equal(noon.Add(10*time.Minute)) {
		t.Errorf("%s", q.raw)
	}
	if read := w.ok(t, c.key, "GET", "/v1/quotes/"+q.text("id"), nil); !bytes.Equal(read.raw, q.raw) {
		t.Errorf("%s\nread as %s", q.raw, read.raw)
	}

	w.clock.Advance(9 * time.Minute)
	w.ok(t, c.finance, "PUT", "/v1/console/zones/"+c.zone.String()+"/tariff", m{"version": 1, "tariff": tariffJSON(m{"base": 900})})
	with := func(change ...m) m { return c.newOrder(append(change, m{"quote_id": q.text("id")})...) }
	wrong := w.refused(t, c.key, "POST", "/v1/orders", with(m{
		"load": 3, "weight_g": 4001, "deliver_after": noon.Add(time.Hour), "dropoff": m{"location": m{"lat": uffizi.Lat + 0.001, "lng": uffizi.Lng}},
	}), codeValidation)
	for _, field := range []string{"load", "weight_g", "deliver_after", "dropoff.location"} {
		if !strings.Contains(string(wrong.raw), `"field":"`+field+`"`) {
			t.Errorf("no fault of %s: %s", field, wrong.raw)
		}
	}
	unknown := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"quote_id": id.NewQuote().String()}), codeValidation)
	if !strings.Contains(string(unknown.raw), "quote_id") {
		t.Errorf("%s", unknown.raw)
	}

	send := with(m{"external_id": "Q-1"})
	o := w.ok(t, idempotent(c, "q"), "POST", "/v1/orders", send)
	if minor(o.at("fee", "amount")) != 300 || o.text("promise_at") != q.text("promise_at") || minor(o.at("weight_g")) != 4000 {
		t.Errorf("%s", o.raw)
	}
	if again := w.ok(t, idempotent(c, "q"), "POST", "/v1/orders", send); !bytes.Equal(again.raw, o.raw) {
		t.Errorf("the same request again: %s\nwas %s", again.raw, o.raw)
	}
	used := w.refused(t, c.key, "POST", "/v1/orders", with(), codeQuoteUsed)
	if used.text("existing_id") != o.text("id") {
		t.Errorf("%s", used.raw)
	}
	if read := w.ok(t, c.key, "GET", "/v1/quotes/"+q.text("id"), nil); read.text("order_id") != o.text("id") {
		t.Errorf("%s", read.raw)
	}
	old := c.quote(t).text("id")
	w.clock.Advance(10 * time.Minute)
	w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"quote_id": old}), codeQuoteExpired)
}

// A hundred orders at once with one quote: one is placed, the others name it.
func TestOneQuoteOneOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	q := c.quote(t).text("id")
	answers := make([]reply, 100)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = w.do(t, c.key, "POST", "/v1/orders", c.newOrder(m{"quote_id": q})) })
	}
	all.Wait()
	placed, named := "", ""
	for _, a := range answers {
		switch {
		case a.status == http.StatusCreated && placed == "":
			placed = a.text("id")
		case a.text("code") != codeQuoteUsed || named != "" && a.text("existing_id") != named:
			t.Errorf("%d %s", a.status, a.raw)
		default:
			named = a.text("existing_id")
		}
	}
	if placed == "" || placed != named {
		t.Errorf("placed %q, named %q", placed, named)
	}
	if got := w.ok(t, c.key, "GET", "/v1/orders", nil).at("data").([]any); len(got) != 1 {
		t.Errorf("%d orders", len(got))
	}
}

func TestQuotesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(), codeNoTariff)
	c.setTariff(t)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(), codeNoCapacity)
	if later := c.quote(t, m{"deliver_after": noon.Add(3 * time.Hour)}); later.text("deliver_after") == "" {
		t.Errorf("for later nobody need be there now: %s", later.raw)
	}
	c.onShift(t) // a bicycle with room for five
	c.quote(t)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"load": 500}), codeNoCapacity)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"vehicles": []string{"car"}}), codeNoCapacity)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"skills": []string{"alcohol"}}), codeNoCapacity)
	to := func(lat float64) m { return m{"dropoff": m{"location": m{"lat": duomo.Lat + lat, "lng": duomo.Lng}}} }
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(to(0.1)), codeOutsideZone)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(to(0.0235)), codeTooFar) // 2.6 km, within the zone
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(to(2)), codeTooFar)      // 220 km
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"weight_g": 20_001}), codeTooHeavy)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"store_id": id.NewStore().String()}), codeValidation)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"weight_g": 0}), codeValidation)
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"ready_at": noon, "preparation_s": 5}), codeValidation)
	w.refused(t, c.key, "GET", "/v1/quotes/"+id.NewQuote().String(), nil, codeNotFound)
	w.clock.Advance(8 * time.Hour) // the shift's planned end
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(), codeNoCapacity)
}
