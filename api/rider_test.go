package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

func TestRiderFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)

	w.refused(t, c.phone, "POST", "/v1/rider/shift/end", nil, codeOffShift)
	if me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil); me.text("presence") != "offline" || me.at("shift") != nil {
		t.Errorf("before the shift: %s", me.raw)
	}
	c.onShift(t)
	if me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil); me.text("presence") != "idle" || me.text("shift", "zone_id") != c.zone.String() {
		t.Errorf("on shift: %s", me.raw)
	}
	first := w.ok(t, c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.Add(time.Hour)}) // twice is once
	if first.text("ends_at") != "2026-03-02T20:00:00Z" {
		t.Errorf("second start: %s", first.raw)
	}

	offer := "/v1/rider/offers/" + c.offer(t, oid).String()
	offers := w.ok(t, c.phone, "GET", "/v1/rider/offers", nil)
	shown := offers.at("data").([]any)[0].(m)
	if shown["distance_m"] != 0.0 || shown["orders"].([]any)[0].(m)["store_name"] != "Da Mario" || bytes.Contains(offers.raw, []byte("Uffizi")) {
		t.Errorf("offers (the customer's address is not for riders who have not accepted): %s", offers.raw)
	}
	w.ok(t, c.phone, "POST", offer+"/seen", w.act())
	accept := w.act()
	plan := w.ok(t, c.phone, "POST", offer+"/accept", accept)
	if len(plan.at("stops").([]any)) != 2 || plan.at("stops").([]any)[1].(m)["address"] != "Piazzale degli Uffizi 6" {
		t.Fatalf("plan %s", plan.raw)
	}
	if again := w.ok(t, c.phone, "POST", offer+"/accept", accept); !bytes.Equal(again.raw, plan.raw) {
		t.Errorf("accepted twice: %s, first %s", again.raw, plan.raw)
	}
	w.refused(t, c.phone, "POST", offer+"/decline", w.act(), codeOfferClosed)
	w.refused(t, c.phone, "POST", "/v1/rider/shift/end", nil, codeHasWork)

	seen := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil)
	if seen.text("rider", "name") != "Gino" || seen.at("rider", "location") == nil || seen.text("eta_at") != "2026-03-02T12:15:26Z" {
		t.Errorf("the merchant sees %s", seen.raw)
	}

	for i, step := range []struct{ path, state string }{
		{"arrive-store", "at_store"}, {"pickup", "picked_up"}, {"arrive-door", "at_door"}, {"deliver", "delivered"},
	} {
		w.clock.Advance(time.Minute)
		path, act := "/v1/rider/orders/"+oid+"/"+step.path, w.act()
		got := w.ok(t, c.phone, "POST", path, act)
		if got.text("state") != step.state || got.text("store_name") != "Da Mario" {
			t.Errorf("%s: %s", step.path, got.raw)
		}
		if again := w.ok(t, c.phone, "POST", path, act); !bytes.Equal(again.raw, got.raw) {
			t.Errorf("%s twice: %s, first %s", step.path, again.raw, got.raw)
		}
		if i == 0 {
			w.refused(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act(), codeTransition)
		}
	}
	w.refused(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act(), codeTransition)
	if end := w.ok(t, c.phone, "POST", "/v1/rider/shift/end", nil); end.at("delivered") != 1.0 || end.text("ended_at") == "" {
		t.Errorf("end: %s", end.raw)
	}
	if got := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); got.at("rider", "phone") != nil {
		t.Errorf("the rider's phone is still shown: %s", got.raw)
	}
}

func TestOfferTellsPay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.offer(t, c.place(t))
	pay := func() any {
		return w.ok(t, c.phone, "GET", "/v1/rider/offers", nil).at("data").([]any)[0].(m)["orders"].([]any)[0].(m)["pay"]
	}
	if got := pay(); got != nil {
		t.Errorf("pay %v without a tariff", got)
	}

	paid := w.company(t)
	paid.setTariff(t)
	paid.onShift(t)
	paid.offer(t, paid.place(t))
	c = paid
	if got, _ := pay().(m); got["amount"] != 259.0 || got["currency"] != "EUR" { // 2.00, and 1.00 for each of 0.592 km
		t.Errorf("pay %v", got)
	}
	if me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil); me.text("settings", "basemap", "kind") != "none" || me.at("settings", "clock_speed") != 1.0 {
		t.Errorf("settings %s", me.raw)
	}
}

func TestDeclinedOfferGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	offer := c.offer(t, oid)
	act := w.act()
	act["reason"] = "too far"
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer.String()+"/decline", act)
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer.String()+"/decline", act)
	if got := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); got.text("state") != "pending" {
		t.Errorf("%s", got.raw)
	}
	w.refused(t, c.phone, "POST", "/v1/rider/offers/"+offer.String()+"/accept", w.act(), codeOfferClosed)
}

func TestPositions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	fix := func(seq int, at time.Time, lat float64) m {
		return m{"seq": seq, "at": at, "lat": lat, "lng": 11.25, "accuracy_m": 5}
	}
	batch := m{"fixes": []m{fix(1, noon, 43.77), fix(1, noon, 43.77), fix(2, noon.Add(time.Hour), 43.78)}}
	raw, err := json.Marshal(batch)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write(raw)
	_ = z.Close()
	gz := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Encoding", "gzip") }
	got := w.ok(t, gz, "POST", "/v1/rider/positions", zipped.Bytes())
	if got.at("accepted") != 1.0 || got.at("duplicate") != 1.0 || got.at("future") != 1.0 {
		t.Errorf("%s", got.raw)
	}
	if last, ok := w.api.index.Last(c.tenant, c.rider.ID); !ok || last.Lat < 43.76 || last.Lat > 43.775 {
		t.Errorf("the index has %v, %v", last, ok)
	}
	w.refused(t, gz, "POST", "/v1/rider/positions", raw, codeValidation) // says gzip, is not
	br := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Encoding", "br") }
	w.refused(t, br, "POST", "/v1/rider/positions", raw, codeMediaType)
	w.refused(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": make([]m, 501)}, codeValidation)

	bomb := &bytes.Buffer{}
	z = gzip.NewWriter(bomb)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 20<<20))
	_ = z.Close()
	w.refused(t, gz, "POST", "/v1/rider/positions", bomb.Bytes(), codeBodyTooLarge)
}

func TestRiderLogsInAndRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	made, err := rider.CreateRiders(t.Context(), w.db, c.tenant, noon, []rider.New{
		{Zone: c.zone, Name: "Pia", Phone: "+392", Vehicle: rider.EBike, Password: password},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": c.slug, "phone": "+392", "password": "wrong horse"}, codeUnauthenticated)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": "nobody", "phone": "+392", "password": password}, codeUnauthenticated)
	in := w.ok(t, nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": c.slug, "phone": "+392", "password": password})
	if in.at("expires_in_s") != 900.0 || in.text("rider", "name") != "Pia" {
		t.Errorf("%s", in.raw)
	}
	phone := bearerOf(in.text("access_token"))
	w.ok(t, phone, "GET", "/v1/rider/me", nil)
	w.clock.Advance(tokenLife + time.Second)
	w.refused(t, phone, "GET", "/v1/rider/me", nil, codeUnauthenticated)

	next := w.ok(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": in.text("refresh_token")})
	w.ok(t, bearerOf(next.text("access_token")), "GET", "/v1/rider/me", nil)
	w.clock.Advance(rider.RefreshGrace + time.Second)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": in.text("refresh_token")}, codeUnauthenticated) // stolen: both are void
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": next.text("refresh_token")}, codeUnauthenticated)

	code := made[0].EnrolmentCode
	paired := w.ok(t, nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": code})
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": code}, codeUnauthenticated)
	w.ok(t, bearerOf(paired.text("access_token")), "POST", "/v1/rider/logout", m{"refresh_token": paired.text("refresh_token")})
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": paired.text("refresh_token")}, codeUnauthenticated)

	// Tokens that were not made here.
	w.refused(t, bearerOf("x.y.z"), "GET", "/v1/rider/me", nil, codeUnauthenticated)
	forged, err := newTokens([]byte("another secret of sufficient length"), w.clock).issue(c.rider, id.Device{})
	if err != nil {
		t.Fatal(err)
	}
	w.refused(t, bearerOf(forged), "GET", "/v1/rider/me", nil, codeUnauthenticated)
	w.refused(t, bearerOf("eyJhbGciOiJub25lIn0.e30."), "GET", "/v1/rider/me", nil, codeUnauthenticated)
}
