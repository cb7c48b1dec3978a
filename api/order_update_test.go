package api

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestUpdateOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	key := idempotent(c, "k")
	asked := c.newOrder(m{"tip": m{"amount": 100, "currency": "EUR"}})
	first := w.ok(t, key, "POST", "/v1/orders", asked)
	oid := first.text("id")
	path := "/v1/orders/" + oid

	far := m{"lat": uffizi.Lat - 0.01, "lng": uffizi.Lng}
	got := w.ok(t, c.key, "PATCH", path, m{
		"version": 1, "dropoff": m{"location": far, "address": "Porta Romana", "floor": "3", "contact_phone": "+39055"},
		"items": []m{{"name": "Ribollita", "quantity": 2}}, "tags": []string{"moved"}, "metadata": m{"a": "b"}, "tip": m{"amount": 300, "currency": "EUR"},
	})
	before, _ := time.Parse(time.RFC3339, got.text("effect", "promise_before"))
	after, _ := time.Parse(time.RFC3339, got.text("effect", "promise_after"))
	if !after.After(before) || got.text("promise_at") != got.text("effect", "promise_after") || got.text("effect", "eta_after") == "" {
		t.Errorf("effect %v", got.at("effect"))
	}
	if !sameJSON(got.at("dropoff"), m{"location": m{"lat": far["lat"], "lng": far["lng"]}, "address": "Porta Romana", "floor": "3", "contact_phone": "+39055"}) ||
		got.at("version") != 2.0 || got.at("tip", "amount") != 300.0 {
		t.Errorf("%s", got.raw)
	}
	read := w.ok(t, c.key, "GET", path, nil)
	delete(got.body, "effect")
	if !sameJSON(got.body, read.body) {
		t.Errorf("changed to %s\nread as %s", got.raw, read.raw)
	}
	// The repeated creation still tells of the beginning.
	if again := w.ok(t, key, "POST", "/v1/orders", asked); string(again.raw) != string(first.raw) {
		t.Errorf("created as %s\nagain %s", first.raw, again.raw)
	}

	stale := func(r *http.Request) { c.key(r); r.Header.Set("If-Match", `"1"`) }
	if r := w.refused(t, stale, "PATCH", path, m{"tags": []string{}}, codeConflict); r.text("state") != "pending" || r.at("version") != 2.0 {
		t.Errorf("%s", r.raw)
	}
	odd := func(r *http.Request) { c.key(r); r.Header.Set("If-Match", "soon") }
	w.refused(t, odd, "PATCH", path, m{}, codeValidation)
	for field, bad := range map[string]any{
		"dropoff.location.lat": m{"dropoff": m{"location": m{"lat": 99, "lng": 1}}}, "load": m{"load": 2}, "tags[0]": m{"tags": []string{""}},
		"promise_at": m{"promise_at": noon.Add(-2 * time.Hour)}, "tip.currency": m{"tip": m{"amount": 1, "currency": "euro"}},
	} {
		if r := w.refused(t, c.key, "PATCH", path, bad, codeValidation); !slices.Contains(faulted(r), field) {
			t.Errorf("%s: %s", field, r.raw)
		}
	}
	w.refused(t, c.key, "PATCH", path, m{"dropoff": m{"location": m{"lat": 0, "lng": 0}}}, codeTooFar)

	c.take(t, oid, "pickup", "arrive-door")
	late := w.refused(t, c.key, "PATCH", path, m{"dropoff": m{"address": "elsewhere", "floor": "4"}, "items": []m{}, "tags": []string{"late"}}, codeTooLate)
	if !slices.Equal(faulted(late), []string{"dropoff.address", "items"}) || late.text("state") != "at_door" {
		t.Errorf("%s", late.raw)
	}
	if r := w.ok(t, c.key, "GET", path, nil); r.at("tags").([]any)[0] != "moved" || r.text("dropoff", "floor") != "3" {
		t.Errorf("a refused update changed %s", r.raw)
	}
	w.ok(t, c.key, "PATCH", path, m{"dropoff": m{"floor": "4"}})
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act())
	w.clock.Advance(7 * 24 * time.Hour)
	w.ok(t, c.key, "PATCH", path, m{"tip": m{"amount": 500, "currency": "EUR"}})
	w.clock.Advance(time.Second)
	w.refused(t, c.key, "PATCH", path, m{"tip": m{"amount": 600, "currency": "EUR"}}, codeTooLate)
	w.ok(t, c.key, "PATCH", path, m{"tags": []string{"always"}})
}
