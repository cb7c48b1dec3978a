package api

import (
	"bytes"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// handover is a body that asks a rider to take orders over.
func (w *world) handover(to id.Rider, orders ...string) m {
	return m{"action_id": uuid.NewString(), "at": w.clock.Now(), "to": to.String(), "order_ids": orders, "reason": "flat tyre"}
}

// colleague is the company as a second rider sees it, who is on shift at the store.
func (c *company) colleague(t testing.TB) *company {
	t.Helper()
	to := *c
	made, err := rider.CreateRiders(t.Context(), c.w.db, c.tenant, c.w.clock.Now(), []rider.New{{Zone: c.zone, Name: "Pina", Phone: "+39 2 " + c.slug, Vehicle: rider.Bicycle}})
	if err != nil {
		t.Fatal(err)
	}
	to.rider = made[0].Rider
	token, err := c.w.api.tokens.issue(to.rider, id.Device{})
	if err != nil {
		t.Fatal(err)
	}
	to.phone = bearerOf(token)
	to.onShift(t)
	return &to
}

// waitingHandover is one that a colleague has yet to answer.
func (c *company) waitingHandover(t testing.TB) string {
	t.Helper()
	oid := c.place(t)
	c.w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/assign", m{"rider_id": c.rider.ID.String(), "version": 1})
	return c.w.ok(t, c.phone, "POST", "/v1/rider/handovers", c.w.handover(c.colleague(t).rider.ID, oid)).text("id")
}

// A rider asks a colleague to take an order over before the pickup, and the colleague does; both are told at once, and so are the console and the merchant.
func TestARiderHandsAnOrderOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	c.onShift(t)
	to := c.colleague(t)
	for seq, x := range []*company{c, to} {
		w.ok(t, x.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat + 0.001*float64(seq), "lng": duomo.Lng, "accuracy_m": 5}}})
	}
	oid := c.place(t)
	c.take(t, oid, "arrive-store")
	near := w.ok(t, c.phone, "GET", "/v1/rider/colleagues?order_ids="+oid, nil)
	if x := near.at("data").([]any); len(x) != 1 || x[0].(m)["name"] != "Pina" || x[0].(m)["distance_m"] != 100.0 || x[0].(m)["orders"] != 0.0 {
		t.Errorf("colleagues: %s", near.raw)
	}
	w.refused(t, to.phone, "GET", "/v1/rider/colleagues?order_ids="+oid, nil, codeNotFound)
	w.refused(t, c.phone, "GET", "/v1/rider/colleagues?order_ids="+url.QueryEscape("ord_x"), nil, codeValidation)

	gives, takes := w.open(t.Context(), t, c.phone, "/v1/rider/stream"), w.open(t.Context(), t, to.phone, "/v1/rider/stream")
	defer gives.close()
	defer takes.close()
	ask := w.handover(to.rider.ID, oid)
	asked := w.ok(t, c.phone, "POST", "/v1/rider/handovers", ask)
	if asked.text("state") != "open" || asked.text("taker", "name") != "Pina" || asked.at("mine") != true || asked.text("expires_at") != "2026-03-02T12:02:00Z" || len(asked.at("stops").([]any)) != 0 {
		t.Errorf("asked: %s", asked.raw)
	}
	if again := w.ok(t, c.phone, "POST", "/v1/rider/handovers", ask); !bytes.Equal(again.raw, asked.raw) {
		t.Errorf("asked twice: %s", again.raw)
	}
	seen := takes.until(t, "changed", func(j m) bool { return len(j["handovers"].([]any)) == 1 })
	if bytes.Contains(seen.data, []byte("Uffizi")) {
		t.Errorf("the customer's address is not for riders who don't have the order: %s", seen.data)
	}
	shown := w.ok(t, to.phone, "GET", "/v1/rider/handovers", nil).at("data").([]any)[0].(m)
	first := shown["orders"].([]any)[0].(m)
	if pay, _ := first["pay"].(m); pay["amount"] != 259.0 || shown["mine"] != false || len(shown["stops"].([]any)) != 2 || shown["reason"] != "flat tyre" || shown["detour_m"].(float64) < 600 {
		t.Errorf("shown to the taker: %v", shown)
	}
	path := "/v1/rider/handovers/" + asked.text("id")
	w.ok(t, to.phone, "POST", path+"/seen", w.act())
	w.refused(t, c.phone, "POST", path+"/accept", w.act(), codeNotFound)
	act := w.act()
	plan := w.ok(t, to.phone, "POST", path+"/accept", act)
	if len(plan.at("stops").([]any)) != 2 || !bytes.Contains(plan.raw, []byte("Uffizi")) {
		t.Errorf("the taker's plan: %s", plan.raw)
	}
	if again := w.ok(t, to.phone, "POST", path+"/accept", act); !bytes.Equal(again.raw, plan.raw) {
		t.Errorf("accepted twice: %s, first %s", again.raw, plan.raw)
	}
	gives.until(t, "changed", func(j m) bool {
		told, _ := j["plan"].(m)["changes"].([]any)
		return len(told) == 1 && told[0].(m)["reason"] == "handed_over" && j["handovers"].([]any)[0].(m)["state"] == "done"
	})

	w.refused(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act(), codeNotFound)
	late := w.ok(t, c.phone, "POST", "/v1/rider/sync", m{"actions": []m{record("pickup", noon, m{"order_id": oid})}}).at("results").([]any)[0].(m)
	if late["status"] != "conflict" || late["error"].(m)["code"] != codeTakenAway {
		t.Errorf("a pickup that was recorded before: %v", late)
	}
	for _, step := range []string{"pickup", "deliver"} {
		w.ok(t, to.phone, "POST", "/v1/rider/orders/"+oid+"/"+step, w.act())
	}
	events := w.ok(t, c.key, "GET", "/v1/orders/"+oid+"/events", nil)
	if !bytes.Contains(events.raw, []byte(`"handed_over"`)) || !bytes.Contains(events.raw, []byte(`"from_rider_id":"`+c.rider.ID.String())) {
		t.Errorf("the merchant reads %s", events.raw)
	}
	list := w.ok(t, c.viewer, "GET", "/v1/console/handovers?order_id="+oid, nil).at("data").([]any)
	if len(list) != 1 || list[0].(m)["state"] != "done" || list[0].(m)["seen_at"] == nil || list[0].(m)["giver"].(m)["name"] != "Gino" {
		t.Errorf("the console lists %v", list)
	}
}

// A dispatcher asks in the giver's place; the answer may come from a phone that had no network, as long as it comes in time.
func TestADispatcherAsksForARider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	to := c.colleague(t)
	oid := c.place(t)
	c.take(t, oid)
	w.ok(t, to.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat + 0.001, "lng": duomo.Lng, "accuracy_m": 5}}})
	preview := "/v1/console/handovers/preview?order_ids="
	w.refused(t, c.viewer, "GET", preview+oid, nil, codeForbidden)
	w.refused(t, c.dispatcher, "GET", preview+"ord_x", nil, codeValidation)
	w.refused(t, c.dispatcher, "GET", preview+id.NewOrder().String(), nil, codeNotFound)
	shown := w.ok(t, c.dispatcher, "GET", preview+oid, nil)
	x := shown.at("takers").([]any)[0].(m)
	door := x["doors"].([]any)[0].(m)
	if shown.text("giver", "name") != "Gino" || shown.at("on_board") != false || shown.at("meet") != nil || shown.at("answer_s") != 120.0 || shown.at("orders").([]any)[0].(m)["eta_at"] == nil {
		t.Errorf("previewed: %s", shown.raw)
	}
	if x["rider_id"] != to.rider.ID.String() || x["name"] != "Pina" || x["distance_m"] != 100.0 || x["orders"] != 0.0 || x["delay_s"] != 0.0 ||
		door["order_id"] != oid || x["take_at"].(string) >= door["at"].(string) {
		t.Errorf("who could take it: %v", x)
	}

	ask := m{"action_id": uuid.NewString(), "to": to.rider.ID.String(), "order_ids": []string{oid}, "reason": "end of shift"}
	w.refused(t, c.viewer, "POST", "/v1/console/handovers", ask, codeForbidden)
	asked := w.ok(t, c.dispatcher, "POST", "/v1/console/handovers", ask)
	if asked.at("by_dispatcher") != true || asked.text("giver", "name") != "Gino" {
		t.Errorf("asked: %s", asked.raw)
	}
	w.refused(t, c.dispatcher, "POST", "/v1/console/handovers", m{"action_id": uuid.NewString(), "to": to.rider.ID.String(), "order_ids": []string{oid}}, codeNoHandover)
	hid := asked.text("id")
	off := w.ok(t, c.dispatcher, "POST", "/v1/console/handovers/"+hid+"/cancel", m{"reason": "she stays"})
	if off.text("state") != "cancelled" || off.text("end_reason") != "she stays" {
		t.Errorf("called off: %s", off.raw)
	}
	w.refused(t, to.phone, "POST", "/v1/rider/handovers/"+hid+"/accept", w.act(), codeHandoverClosed)
	if live := w.ok(t, c.viewer, "GET", "/v1/console/handovers?live=true&zone_id="+c.zone.String(), nil).at("data").([]any); len(live) > 0 {
		t.Errorf("still live: %v", live)
	}

	ask["action_id"] = uuid.NewString()
	hid = w.ok(t, c.dispatcher, "POST", "/v1/console/handovers", ask).text("id")
	yes := record("accept_handover", noon, m{"handover_id": hid})
	lacking := record("accept_handover", noon)
	for _, want := range []string{"applied", "already"} {
		results := w.ok(t, to.phone, "POST", "/v1/rider/sync", m{"actions": []m{record("pickup", noon.Add(time.Second), m{"order_id": oid}), yes, lacking}}).at("results").([]any)
		for i := range 2 {
			if r := results[i].(m); r["status"] != want {
				t.Errorf("act %d: %v, want %s", i, r, want)
			}
		}
		if r := results[1].(m); r["handover"].(m)["state"] != "done" {
			t.Errorf("the answer: %v", r)
		}
		if r := results[2].(m); r["error"].(m)["code"] != codeValidation {
			t.Errorf("without its handover: %v", r)
		}
	}
	w.clock.Advance(toldHandovers + time.Second)
	to.phone = to.freshPhone(t)
	if left := w.ok(t, to.phone, "GET", "/v1/rider/handovers", nil).at("data").([]any); len(left) > 0 {
		t.Errorf("told for ever: %v", left)
	}
}

// What is on board changes hands where the two meet. The customer's ETA is the colleague's from the yes on; a phone without a network may tell later.
func TestRidersMeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	to := c.colleague(t)
	w.ok(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat, "lng": duomo.Lng, "accuracy_m": 5}}})
	w.ok(t, to.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat + 0.009, "lng": duomo.Lng, "accuracy_m": 5}}})
	oid := c.place(t)
	c.take(t, oid, "pickup")
	eta := func() string { return w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil).text("eta_at") }
	own := eta()

	ask := w.handover(to.rider.ID, oid)
	ask["meet"] = m{"lat": duomo.Lat + 0.002, "lng": duomo.Lng}
	hid := w.ok(t, c.phone, "POST", "/v1/rider/handovers", ask).text("id")
	path := "/v1/rider/handovers/" + hid
	plan := w.ok(t, to.phone, "POST", path+"/accept", w.act())
	stops := plan.at("stops").([]any)
	first := stops[0].(m)
	if len(stops) != 2 || first["kind"] != "take_over" || first["name"] != "Gino" || first["handover_id"] != hid || first["location"].(m)["lat"] != duomo.Lat+0.002 {
		t.Errorf("the taker's plan: %s", plan.raw)
	}
	mine := w.ok(t, c.phone, "GET", "/v1/rider/plan?since=2", nil)
	if give := mine.at("stops").([]any); len(give) != 1 || give[0].(m)["kind"] != "hand_over" || give[0].(m)["name"] != "Pina" {
		t.Errorf("the giver's plan: %s", mine.raw)
	}
	if told := mine.at("changes").([]any); len(told) != 1 || told[0].(m)["kind"] != "relocated" || told[0].(m)["reason"] != "handover" {
		t.Errorf("the giver is told: %s", mine.raw)
	}
	shown := w.ok(t, c.phone, "GET", "/v1/rider/handovers", nil).at("data").([]any)[0].(m)
	if shown["state"] != "accepted" || shown["meet"].(m)["at"].(string) <= "2026-03-02T12:00:00Z" || shown["taker"].(m)["phone"] != to.rider.Phone {
		t.Errorf("the meeting: %v", shown)
	}
	if now := eta(); now <= own {
		t.Errorf("the customer was told %s, and now %s", own, now)
	}
	if row := w.ok(t, c.viewer, "GET", "/v1/console/orders?q="+oid, nil); row.status != 200 {
		t.Errorf("the console: %s", row.raw)
	}
	w.refused(t, to.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act(), codeNotFound)
	w.refused(t, c.phone, "POST", path+"/take-over", w.act(), codeNotFound)
	door, taken := record("arrive_door", noon.Add(2*time.Second), m{"order_id": oid}), record("take_over", noon.Add(time.Second), m{"handover_id": hid})
	w.clock.Advance(time.Minute)
	for _, acts := range [][]m{{door}, {taken, door}} { // the later one arrives first
		for _, r := range w.ok(t, to.phone, "POST", "/v1/rider/sync", m{"actions": acts}).at("results").([]any) {
			if status := r.(m)["status"]; status != "applied" && status != "already" {
				t.Errorf("%v", r)
			}
		}
	}
	if got := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); got.text("state") != "at_door" || got.text("rider", "id") != to.rider.ID.String() {
		t.Errorf("the order: %s", got.raw)
	}
	if left := w.ok(t, c.phone, "GET", "/v1/rider/plan", nil).at("stops").([]any); len(left) > 0 {
		t.Errorf("the giver still has %v", left)
	}
	w.ok(t, to.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act())

	again := c.place(t)
	c.take(t, again, "pickup")
	hid = w.ok(t, c.phone, "POST", "/v1/rider/handovers", w.handover(to.rider.ID, again)).text("id")
	path = "/v1/rider/handovers/" + hid
	w.ok(t, to.phone, "POST", path+"/accept", w.act())
	if off := w.ok(t, to.phone, "POST", path+"/cancel", m{"action_id": uuid.NewString(), "at": noon, "reason": "lost the way"}); off.text("state") != "cancelled" {
		t.Errorf("called off: %s", off.raw)
	}
	late := w.ok(t, to.phone, "POST", "/v1/rider/sync", m{"actions": []m{record("take_over", noon, m{"handover_id": hid})}}).at("results").([]any)[0].(m)
	if late["error"].(m)["code"] != codeHandoverClosed || late["advice"] != "call" {
		t.Errorf("taken over after it was called off: %v", late)
	}
	if back := w.ok(t, c.phone, "GET", "/v1/rider/plan", nil).at("stops").([]any); len(back) != 1 || back[0].(m)["kind"] != "dropoff" {
		t.Errorf("the giver has %v", back)
	}
}
