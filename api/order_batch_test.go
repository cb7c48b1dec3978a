package api

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/paidan/paidan/internal/id"
)

// A row is answered as a request of its own would be, and leaves the others alone.
func TestBatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	taken := c.place(t, m{"external_id": "A-0"})
	rows := []any{
		c.newOrder(m{"external_id": "A-1", "load": 3}),
		c.newOrder(m{"load": "two"}),
		c.newOrder(m{"external_id": "A-0"}),
		c.newOrder(m{"external_id": "A-1"}), // the first row has it
		c.newOrder(m{"store_id": id.NewStore().String()}),
		c.newOrder(m{"dropoff": m{"location": m{"lat": 0, "lng": 0}}}),
		7,
		c.newOrder(),
	}
	got := w.ok(t, c.key, "POST", "/v1/orders/batch", m{"orders": rows})
	want := []struct {
		status      float64
		code, field string
	}{
		{201, "", ""}, {422, codeValidation, "load"}, {409, codeExternalID, ""}, {409, codeExternalID, ""}, {422, codeValidation, "store_id"},
		{422, codeTooFar, ""}, {422, codeValidation, "body"}, {201, "", ""},
	}
	data := got.at("data").([]any)
	if got.at("placed") != 2.0 || len(data) != len(want) {
		t.Fatalf("%s", got.raw)
	}
	for i, x := range want {
		row := data[i].(m)
		e, _ := row["error"].(m)
		if row["index"] != float64(i) || row["status"] != x.status || (x.code != "") != (e != nil) || (x.code == "") != (row["order"] != nil) {
			t.Fatalf("row %d: %v", i, row)
		}
		if e != nil && (e["code"] != x.code || (x.field != "" && e["errors"].([]any)[0].(m)["field"] != x.field)) {
			t.Errorf("row %d: %v", i, e)
		}
	}
	if e := data[2].(m)["error"].(m); e["existing_id"] != taken {
		t.Errorf("the order that has it is not named: %v", e)
	}
	first, last := data[0].(m)["order"].(m), data[7].(m)["order"].(m)
	if first["load"] != 3.0 || last["load"] != 1.0 || data[3].(m)["error"].(m)["existing_id"] != first["id"] {
		t.Errorf("%s", got.raw)
	}
	if read := w.ok(t, c.key, "GET", "/v1/orders/"+first["id"].(string), nil); !sameJSON(read.body, first) {
		t.Errorf("placed as %v\nread as %s", first, read.raw)
	}
	if all := w.ok(t, c.key, "GET", "/v1/orders", nil).at("data").([]any); len(all) != 3 {
		t.Errorf("%d orders", len(all))
	}
	for _, bad := range []any{m{}, m{"orders": []any{}}, m{"orders": make([]m, 501)}, m{"orders": 5}, m{"orders": []any{c.newOrder()}, "oders": 1}, "[]", "{"} {
		w.refused(t, c.key, "POST", "/v1/orders/batch", bad, codeValidation)
	}
}

// The same key and batch have one answer, refusals included; another batch or a single order under the key is refused.
func TestBatchOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	rows := []any{}
	for i := range 50 {
		rows = append(rows, c.newOrder(m{"external_id": strconv.Itoa(i % 40)}))
	}
	key := idempotent(c, "b1")
	first := w.ok(t, key, "POST", "/v1/orders/batch", m{"orders": rows})
	if first.at("placed") != 40.0 {
		t.Fatalf("placed %v", first.at("placed"))
	}
	oid := first.at("data").([]any)[0].(m)["order"].(m)["id"].(string)
	w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "x"})
	if again := w.ok(t, key, "POST", "/v1/orders/batch", m{"orders": rows}); !bytes.Equal(again.raw, first.raw) {
		t.Errorf("again: %.300s\nfirst: %.300s", again.raw, first.raw)
	}
	w.refused(t, key, "POST", "/v1/orders/batch", m{"orders": rows[1:]}, codeKeyReused)
	w.refused(t, key, "POST", "/v1/orders", c.newOrder(), codeKeyReused)
	if all := w.ok(t, c.key, "GET", "/v1/orders?limit=200", nil).at("data").([]any); len(all) != 40 {
		t.Errorf("%d orders", len(all))
	}
	w.clock.Advance(keyLife)
	if fresh := w.ok(t, key, "POST", "/v1/orders/batch", m{"orders": []any{c.newOrder()}}); fresh.at("placed") != 1.0 {
		t.Errorf("%s", fresh.raw)
	}
}

// A quote is used by the first row that can be placed with it; a row that can't leaves it to the next.
func TestBatchWithQuotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	c.onShift(t)
	taken := c.place(t, m{"external_id": "A-0"})
	q := w.ok(t, c.key, "POST", "/v1/quotes", c.newQuote())
	with := func(change ...m) m { return c.newOrder(append(change, m{"quote_id": q.text("id")})...) }
	got := w.ok(t, c.key, "POST", "/v1/orders/batch", m{"orders": []m{with(m{"external_id": "A-0"}), with(), with(), c.newOrder(m{"test": m{"fault": "decline"}})}})
	data := got.at("data").([]any)
	problem := func(i int) m { e, _ := data[i].(m)["error"].(m); return e }
	if got.at("placed") != 1.0 || problem(0)["existing_id"] != taken || problem(1) != nil || problem(2)["code"] != codeQuoteUsed || problem(3)["code"] != codeValidation {
		t.Fatalf("%s", got.raw)
	}
	o := data[1].(m)["order"].(m)
	if problem(2)["existing_id"] != o["id"] || !sameJSON(o["fee"].(m)["amount"], q.at("fee", "amount")) {
		t.Errorf("%s\nof %s", got.raw, q.raw)
	}
	box := c.sandbox(t)
	placed := w.ok(t, box.key, "POST", "/v1/orders/batch", m{"orders": []m{box.newOrder(m{"test": m{"fault": "undeliverable"}})}})
	order := placed.at("data").([]any)[0].(m)["order"].(m)["id"].(string)
	for range 20 {
		if w.ok(t, box.key, "POST", "/v1/test/orders/"+order+"/advance", m{}).text("state") == "returned" {
			return
		}
	}
	t.Error("the fault was forgotten")
}
