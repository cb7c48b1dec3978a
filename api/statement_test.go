package api

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/ledger"
)

// generous is pay with a bonus of each sort. It is 20:00 in the world's tenants, and the Uffizi are some 592 m away.
var generous = m{"rider_pay": m{
	"per_order": 200, "per_km": 100, "peaks": []m{{"name": "Evening", "from": "19:00", "to": "22:00", "amount": 30}},
	"long_distance": []m{{"over_m": 500, "per_km": 200}}, "rain": m{"percent": 10}, "guarantee": m{"per_hour": 3000},
}}

// An evening in the rain: told before it is accepted, paid as told, stated, topped up, exported.
func TestBonuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t, generous)
	rain := "/v1/console/zones/" + c.zone.String() + "/rain"
	for _, who := range []cred{c.viewer, c.finance} {
		w.refused(t, who, "PUT", rain, m{"on": true}, codeForbidden)
	}
	if got := w.ok(t, c.viewer, "GET", rain, nil); got.at("raining") != false || got.at("from") != nil || got.text("set_by") != "" {
		t.Errorf("before: %s", got.raw)
	}
	for range 2 {
		if got := w.ok(t, c.dispatcher, "PUT", rain, m{"on": true}); got.at("raining") != true || got.at("until") != nil || got.text("set_by") == "" {
			t.Errorf("%s", got.raw)
		}
	}
	wet := c.place(t)
	c.offer(t, wet)
	w.clock.Advance(time.Second)
	w.ok(t, c.dispatcher, "PUT", rain, m{"on": false}) // which changes nothing about the offer
	offers := w.ok(t, c.phone, "GET", "/v1/rider/offers", nil).at("data").([]any)
	told := offers[0].(m)["orders"].([]any)[0].(m)
	var terms []string
	for _, x := range told["pay_terms"].([]any) {
		terms = append(terms, fmt.Sprint(x.(m)["kind"], " ", minor(x.(m)["minor"])))
	}
	// 200 + 59, 30 for the evening, 94 m at 2.00, a tenth of 259.
	if got := strings.Join(terms, ", "); got != "per_order 200, per_km 59, peak 30, long_distance 19, rain 26" || minor(told["pay"].(m)["amount"]) != 334 {
		t.Fatalf("told %s: %v", got, told["pay"])
	}
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offers[0].(m)["id"].(string)+"/accept", w.act())
	for _, step := range []string{"pickup", "deliver"} {
		w.clock.Advance(time.Minute)
		w.ok(t, c.phone, "POST", "/v1/rider/orders/"+wet+"/"+step, w.act())
	}
	c.deliver(t, c.place(t)) // in the dry: 308
	w.ok(t, c.finance, "POST", "/v1/console/ledger/adjustments", m{
		"client_id": uuid.NewString(), "rider_id": c.rider.ID.String(), "amount": -40, "currency": "EUR", "reason": "lost bag",
	})
	w.clock.Advance(20 * time.Minute)
	c.newToken(t)
	w.ok(t, c.phone, "POST", "/v1/rider/shift/end", nil)
	if got := w.ok(t, c.phone, "GET", "/v1/rider/earnings", nil); fmt.Sprint(got.at("earned")) != "[map[amount:602 currency:EUR orders:2]]" {
		t.Errorf("%s", got.raw)
	}
	if _, err := ledger.CloseDays(t.Context(), w.db, c.tenant, noon.Add(16*time.Hour)); err != nil { // noon of the next day there
		t.Fatal(err)
	}

	// 26 minutes and 1 second at 30.00 an hour are 13.01, of which 6.42 were earned by orders.
	const days = "?from=2026-03-01&to=2026-03-03"
	st := w.ok(t, c.phone, "GET", "/v1/rider/statements"+days, nil)
	if got := fmt.Sprint(st.at("total")); got != "[map[amount:1261 currency:EUR orders:2]]" || len(st.at("days").([]any)) != 1 {
		t.Fatalf("%s", st.raw)
	}
	var kinds []string
	for _, e := range st.at("days").([]any)[0].(m)["entries"].([]any) {
		kinds = append(kinds, fmt.Sprint(e.(m)["kind"], " ", minor(e.(m)["amount"]), " ", len(e.(m)["terms"].([]any))))
	}
	if got := strings.Join(kinds, ", "); got != "delivered 334 4, delivered 308 3, adjustment -40 1, guarantee 659 1" {
		t.Errorf("%s", got)
	}
	if got := w.ok(t, c.viewer, "GET", "/v1/console/riders/"+c.rider.ID.String()+"/statement"+days, nil); fmt.Sprint(got.at("days")) != fmt.Sprint(st.at("days")) {
		t.Errorf("staff see %s", got.raw)
	}
	for who, path := range map[*cred]string{&c.phone: "/v1/rider/statements/csv", &c.viewer: "/v1/console/riders/" + c.rider.ID.String() + "/statement/csv"} {
		file := w.ok(t, *who, "GET", path+days, nil)
		records, err := csv.NewReader(strings.NewReader(string(file.raw))).ReadAll()
		if err != nil || len(records) != 1+4+3+1+1 || records[2][8] != "peak" || records[2][9] != "Evening" || !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") {
			t.Errorf("%v, %v", records, err)
		}
	}
	// Finance sees each bonus as a line of its own, page by page.
	all := w.ok(t, c.finance, "GET", "/v1/console/settlements?account=rider", nil).at("data").([]any)
	if len(all) != 1 || minor(all[0].(m)["total"]) != 1261 || minor(all[0].(m)["lines"]) != 9 {
		t.Fatalf("%v", all)
	}
	lines, seen := "/v1/console/settlements/"+all[0].(m)["id"].(string)+"/lines?limit=2", []string{}
	for next := ""; ; {
		page := w.ok(t, c.finance, "GET", lines+next, nil)
		for _, l := range page.at("data").([]any) {
			seen = append(seen, fmt.Sprint(l.(m)["kind"], l.(m)["term"], l.(m)["term_name"], minor(l.(m)["amount"])))
		}
		if page.text("next_cursor") == "" {
			break
		}
		next = "&cursor=" + page.text("next_cursor")
	}
	if got := strings.Join(seen, " "); got != "delivered259 deliveredpeakEvening30 deliveredlong_distance19 deliveredrain26 "+
		"delivered259 deliveredpeakEvening30 deliveredlong_distance19 adjustment-40 guarantee659" {
		t.Errorf("%s", got)
	}
	if got := w.ok(t, c.viewer, "GET", "/v1/console/ledger/transactions?kind=guarantee", nil).at("data").([]any); len(got) != 1 || got[0].(m)["shift_id"] == "" {
		t.Errorf("%v", got)
	}
	if b, err := ledger.CheckBooks(t.Context(), w.db, c.tenant); err != nil || len(b.Faults) > 0 {
		t.Errorf("%v, %v", b, err)
	}
	for query, field := range map[string]string{
		"?from=2026-03-02":               "query.to",
		"?from=2026-03-02&to=2026-03-01": "query.to",
		"?from=2026-01-01&to=2026-03-04": "query.to",
		"?from=yesterday&to=2026-03-04":  "query.from",
	} {
		for _, path := range []string{"/v1/rider/statements", "/v1/rider/statements/csv"} {
			if r := w.refused(t, c.phone, "GET", path+query, nil, codeValidation); !strings.Contains(string(r.raw), `"`+field+`"`) {
				t.Errorf("%s%s: %s", path, query, r.raw)
			}
		}
	}
}

// Rain can be told ahead, for a while, and taken back.
func TestRainIsScheduled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	path := "/v1/console/zones/" + c.zone.String() + "/rain"
	raining := func(want bool) {
		t.Helper()
		if got := w.ok(t, c.viewer, "GET", path, nil); got.at("raining") != want {
			t.Errorf("at %v: %s", w.clock.Now(), got.raw)
		}
	}
	in := func(d time.Duration) time.Time { return w.clock.Now().Add(d) }
	w.ok(t, c.dispatcher, "PUT", path, m{"on": true, "from": in(10 * time.Minute), "until": in(time.Hour)})
	w.ok(t, c.dispatcher, "PUT", path, m{"on": true, "from": in(20 * time.Minute), "until": in(time.Hour)}) // instead
	raining(false)
	w.clock.Advance(15 * time.Minute)
	raining(false)
	w.clock.Advance(5 * time.Minute)
	raining(true)
	w.refused(t, c.dispatcher, "PUT", path, m{"on": true, "from": in(time.Minute)}, codeConflict)
	w.ok(t, c.dispatcher, "PUT", path, m{"on": true, "until": in(time.Minute)}) // it will be over sooner
	w.clock.Advance(time.Minute)
	raining(false)
	w.ok(t, c.dispatcher, "PUT", path, m{"on": true})
	w.ok(t, c.dispatcher, "PUT", path, m{"on": false}) // a slip
	w.ok(t, c.dispatcher, "PUT", path, m{"on": false})
	raining(false)
	for field, body := range map[string]m{
		"until": {"on": true, "until": in(0)},
		"on":    {"on": false, "until": in(time.Hour)},
	} {
		if r := w.refused(t, c.dispatcher, "PUT", path, body, codeValidation); !strings.Contains(string(r.raw), `"`+field+`"`) {
			t.Errorf("%v: %s", body, r.raw)
		}
	}
	var spells int
	err := w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), "select count(*) from rain_spells where tenant_id = $1", c.tenant).Scan(&spells)
	})
	if err != nil || spells != 1 {
		t.Errorf("%d spells are kept, and one was; %v", spells, err)
	}
}
