package api

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
)

// A day in money: delivered, cancelled, corrected, settled, exported.
func TestMoneyOfADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	oid := c.place(t, m{"external_id": "@till-1"})
	c.deliver(t, oid)
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act()) // told twice, paid once

	// Some 592 m: 250 + 5 × 10 for the merchant, 200 + 59 for the rider.
	earned := w.ok(t, c.phone, "GET", "/v1/rider/earnings", nil)
	if earned.text("day") != "2026-03-02" || fmt.Sprint(earned.at("earned")) != "[map[amount:259 currency:EUR orders:1]]" {
		t.Errorf("%s", earned.raw)
	}
	free := c.place(t)
	w.ok(t, c.key, "POST", "/v1/orders/"+free+"/cancel", m{"reason": "too soon to cost"})
	dear := c.place(t)
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, dear).String()+"/accept", w.act())
	w.ok(t, c.key, "POST", "/v1/orders/"+dear+"/cancel", m{"reason": "out of bread"})

	entries := w.ok(t, c.viewer, "GET", "/v1/console/ledger/transactions", nil).at("data").([]any)
	if len(entries) != 2 || entries[0].(m)["kind"] != "cancelled" || entries[0].(m)["order_id"] != dear || entries[1].(m)["order_id"] != oid {
		t.Fatalf("%v", entries)
	}
	for _, e := range entries {
		var sum int64
		for _, p := range e.(m)["postings"].([]any) {
			sum += minor(p.(m)["amount"])
		}
		if sum != 0 {
			t.Errorf("%v", e)
		}
	}
	if got := w.ok(t, c.viewer, "GET", "/v1/console/ledger/transactions?order_id="+oid, nil).at("data").([]any); len(got) != 1 {
		t.Errorf("%v", got)
	}

	if days, err := ledger.CloseDays(t.Context(), w.db, c.tenant, noon.Add(16*time.Hour)); err != nil || len(days) != 1 { // noon of the next day there
		t.Fatalf("%v, %v", days, err)
	}
	mine := w.ok(t, c.key, "GET", "/v1/settlements?from=2026-03-02&to=2026-03-02", nil).at("data").([]any)
	if len(mine) != 1 || minor(mine[0].(m)["total"]) != 300+150 || minor(mine[0].(m)["lines"]) != 2 {
		t.Fatalf("%v", mine)
	}
	one := "/v1/settlements/" + mine[0].(m)["id"].(string)
	if got := w.ok(t, c.key, "GET", one, nil); got.text("day") != "2026-03-02" || got.text("account") != "merchant" {
		t.Errorf("%s", got.raw)
	}
	page := w.ok(t, c.key, "GET", one+"/lines?limit=1", nil)
	next := w.ok(t, c.key, "GET", one+"/lines?limit=1&cursor="+page.text("next_cursor"), nil)
	if page.at("data").([]any)[0].(m)["external_id"] != "@till-1" || next.at("data").([]any)[0].(m)["order_id"] != dear || next.text("next_cursor") != "" {
		t.Errorf("%s\n%s", page.raw, next.raw)
	}
	file := w.ok(t, c.key, "GET", one+"/csv", nil)
	if kind := file.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("it is %q", kind)
	}
	records, err := csv.NewReader(strings.NewReader(string(file.raw))).ReadAll()
	if err != nil || len(records) != 3 || records[1][7] != oid || records[1][8] != "'@till-1" || records[1][10] != "300" {
		t.Errorf("%v, %v", records, err)
	}
	all := w.ok(t, c.viewer, "GET", "/v1/console/settlements", nil).at("data").([]any)
	riders := w.ok(t, c.viewer, "GET", "/v1/console/settlements?account=rider&rider_id="+c.rider.ID.String(), nil).at("data").([]any)
	if len(all) != 2 || len(riders) != 1 || minor(riders[0].(m)["total"]) != 259 || riders[0].(m)["name"] != "Gino" {
		t.Errorf("%v, %v", all, riders)
	}
	other := "settlements/" + riders[0].(m)["id"].(string)
	w.ok(t, c.viewer, "GET", "/v1/console/"+other+"/csv", nil)
	for _, part := range []string{"", "/lines", "/csv"} { // a rider's is not the merchant's
		w.refused(t, c.key, "GET", "/v1/"+other+part, nil, codeNotFound)
	}
	w.refused(t, c.key, "GET", "/v1/settlements?from=2026-02-31", nil, codeValidation)
	if b, err := ledger.CheckBooks(t.Context(), w.db, c.tenant); err != nil || len(b.Faults) > 0 {
		t.Errorf("%v, %v", b, err)
	}
}

func TestAdjustments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	const path = "/v1/console/ledger/adjustments"
	good := func(change ...m) m {
		b := m{"client_id": uuid.NewString(), "rider_id": c.rider.ID.String(), "amount": -50, "currency": "EUR", "reason": "lost bag"}
		for _, x := range change {
			for k, v := range x {
				b[k] = v
			}
		}
		return b
	}
	body := good()
	for _, who := range []cred{c.viewer, c.dispatcher} {
		w.refused(t, who, "POST", path, body, codeForbidden)
	}
	first := w.ok(t, c.finance, "POST", path, body)
	if first.text("reason") != "lost bag" || first.text("user_id") == "" || first.text("client_id") != body["client_id"] {
		t.Errorf("%s", first.raw)
	}
	w.clock.Advance(time.Minute)
	if again := w.ok(t, c.admin, "POST", path, body); string(again.raw) != string(first.raw) {
		t.Errorf("again %s\nfirst %s", again.raw, first.raw)
	}
	w.refused(t, c.finance, "POST", path, good(m{"client_id": body["client_id"], "amount": -51}), codeClientID)
	for field, change := range map[string]m{
		"merchant_id": {"merchant_id": c.merchant.String()}, "rider_id": {"rider_id": id.NewRider().String()}, "amount": {"amount": 0},
		"order_id": {"order_id": id.NewOrder().String()}, "reason": {"reason": "  "}, "currency": {"currency": "€"}, "client_id": {"client_id": uuid.Nil.String()},
	} {
		r := w.refused(t, c.finance, "POST", path, good(change), codeValidation)
		if !strings.Contains(string(r.raw), `"field":"`+field+`"`) {
			t.Errorf("no fault of %s: %s", field, r.raw)
		}
	}
	if got := w.ok(t, c.phone, "GET", "/v1/rider/earnings", nil); fmt.Sprint(got.at("earned")) != "[map[amount:-50 currency:EUR orders:0]]" {
		t.Errorf("%s", got.raw)
	}
}
