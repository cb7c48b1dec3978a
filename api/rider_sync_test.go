package api

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// record is an act as a phone keeps it.
func record(kind string, at time.Time, more ...m) m {
	a := m{"id": uuid.NewString(), "kind": kind, "at": at}
	for _, x := range more {
		for k, v := range x {
			a[k] = v
		}
	}
	return a
}

// sync sends acts; each result is an object.
func (c *company) sync(t testing.TB, acts ...m) []reply {
	t.Helper()
	c.newToken(t)
	r := c.w.ok(t, c.phone, "POST", "/v1/rider/sync", m{"actions": acts})
	rows, _ := r.at("results").([]any)
	if len(rows) != len(acts) {
		t.Fatalf("%d results for %d acts: %s", len(rows), len(acts), r.raw)
	}
	out := make([]reply, len(rows))
	for i, x := range rows {
		out[i] = reply{status: r.status, header: r.header, raw: r.raw, body: x.(m)}
		if out[i].text("id") != acts[i]["id"] {
			t.Errorf("result %d is of %s, not %s", i, out[i].text("id"), acts[i]["id"])
		}
	}
	return out
}

// newToken gives the phone a new token: time has passed.
func (c *company) newToken(t testing.TB) {
	t.Helper()
	token, err := c.w.api.tokens.issue(c.rider, id.Device{})
	if err != nil {
		t.Fatal(err)
	}
	c.phone = bearerOf(token)
}

func expect(t testing.TB, r reply, status, code, advice string) {
	t.Helper()
	if r.text("status") != status || r.text("error", "code") != code || r.text("advice") != advice {
		t.Errorf("got %s %s %s, want %s %s %s: %v", r.text("status"), r.text("error", "code"), r.text("advice"), status, code, advice, r.body)
	}
}

// Two hours without a network, told at once: applied in the order in which it happened, answered in the order in which it was sent,
// and told again it is known.
func TestTwoHoursOffline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	of := func(oid string) m { return m{"order_id": oid} }
	start := record("start_shift", noon.Add(-time.Minute), m{"ends_at": noon.Add(8 * time.Hour)})
	expect(t, c.sync(t, start)[0], "applied", "", "none")
	oid := c.place(t)
	offer := c.offer(t, oid).String()
	w.clock.Advance(50 * time.Second) // within the offer's time
	log := []m{
		record("deliver", noon.Add(40*time.Minute), of(oid)),
		record("arrive_store", noon.Add(10*time.Minute), of(oid), m{"location": m{"lat": duomo.Lat, "lng": duomo.Lng}}),
		record("see_offer", noon.Add(20*time.Second), m{"offer_id": offer}),
		record("pickup", noon.Add(20*time.Minute), of(oid)),
		record("accept_offer", noon.Add(30*time.Second), m{"offer_id": offer}),
		record("arrive_door", noon.Add(35*time.Minute), of(oid)),
	}
	w.clock.Advance(2 * time.Hour)
	w.exec(t, c.tenant, "UPDATE offers SET expires_at = $2 WHERE tenant_id = $1", c.tenant, w.clock.Now()) // as if a second had passed
	c.newToken(t)
	fix := m{"seq": 1, "at": noon.Add(time.Minute), "lat": 43.77, "lng": 11.25, "accuracy_m": 5}
	got := w.ok(t, c.phone, "POST", "/v1/rider/sync", m{"actions": log, "positions": []m{fix, fix}})
	for i, x := range got.at("results").([]any) {
		r := reply{body: x.(m)}
		expect(t, r, "applied", "", "none")
		if r.text("id") != log[i]["id"] {
			t.Errorf("result %d is of another act: %v", i, r.body)
		}
	}
	if got.at("positions", "accepted") != 1.0 || got.at("positions", "duplicate") != 1.0 || len(got.at("plan", "stops").([]any)) != 0 {
		t.Errorf("%s", got.raw)
	}
	o := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil)
	for field, want := range map[string]string{
		"state": "delivered", "assigned_at": "2026-03-02T12:00:30Z", "at_store_at": "2026-03-02T12:10:00Z", "picked_up_at": "2026-03-02T12:20:00Z",
		"at_door_at": "2026-03-02T12:35:00Z", "ended_at": "2026-03-02T12:40:00Z",
	} {
		if o.text(field) != want {
			t.Errorf("%s is %s, want %s", field, o.text(field), want)
		}
	}
	for _, r := range c.sync(t, log...) {
		expect(t, r, "already", "", "none")
	}
	first := c.sync(t, log[3])[0]
	if first.text("applied", "state") != "picked_up" || first.text("applied", "at") != "2026-03-02T14:00:50Z" || first.text("order", "state") != "delivered" {
		t.Errorf("the first answer is not kept: %v", first.body)
	}
	end := record("end_shift", noon.Add(45*time.Minute))
	expect(t, c.sync(t, end, start)[0], "applied", "", "none") // the start is known, and opens no second shift
	me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil)
	if me.at("shift") != nil {
		t.Errorf("on shift again: %s", me.raw)
	}
	expect(t, c.sync(t, end)[0], "already", "", "none")
}

// What is true now is not the phone's to say: each conflict says what it is, and what to do.
func TestSyncConflicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	of := func(oid string) m { return m{"order_id": oid} }
	now := w.clock.Now

	cancelled := c.place(t)
	c.take(t, cancelled)
	w.ok(t, c.key, "POST", "/v1/orders/"+cancelled+"/cancel", m{"reason": "closed"})
	rs := c.sync(t, record("arrive_store", now(), of(cancelled)), record("pickup", now(), of(cancelled)))
	expect(t, rs[0], "conflict", codeTakenAway, "forget")
	expect(t, rs[1], "conflict", codeTakenAway, "bring_back")
	if rs[1].text("order", "state") != "cancelled" || rs[1].at("order", "yours") != false || rs[1].text("error", "state") != "cancelled" {
		t.Errorf("%v", rs[1].body)
	}

	taken := c.place(t)
	c.take(t, taken)
	w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+taken+"/unassign", m{"reason": "slow", "version": 3})
	r := c.sync(t, record("deliver", now(), of(taken)))[0]
	expect(t, r, "conflict", codeTakenAway, "bring_back")
	if r.at("order", "state") != nil || r.text("error", "state") != "" {
		t.Errorf("a rider learns what became of another's order: %v", r.body)
	}

	back := c.place(t)
	c.take(t, back, "pickup")
	w.ok(t, c.key, "POST", "/v1/orders/"+back+"/return", m{"reason": "allergy"})
	r = c.sync(t, record("deliver", now(), of(back)))[0]
	expect(t, r, "conflict", codeTransition, "bring_back")
	if r.text("order", "state") != "returning" {
		t.Errorf("%v", r.body)
	}
	c.sync(t, record("return", now(), of(back)))

	foreign := c.place(t)
	r = c.sync(t, record("pickup", now(), of(foreign)))[0]
	expect(t, r, "conflict", codeNotFound, "forget")
	if r.at("order") != nil {
		t.Errorf("an order of nobody's is shown: %v", r.body)
	}

	late := c.offer(t, foreign).String()
	w.clock.Advance(2 * time.Minute)
	rs = c.sync(t, record("accept_offer", now().Add(-90*time.Second), m{"offer_id": late}), record("pickup", now(), of(foreign)))
	expect(t, rs[0], "conflict", codeOfferClosed, "forget")
	expect(t, rs[1], "conflict", codeOfferClosed, "forget")
	if rs[0].text("offer", "state") != "open" { // the next round closes it
		t.Errorf("%v", rs[0].body)
	}

	busy := c.place(t)
	expect(t, c.sync(t, record("pickup", now().Add(-25*time.Hour), of(busy)))[0], "conflict", codeTooOld, "call")
	w.clock.Advance(8 * time.Hour) // and the shift is still open
	expect(t, c.sync(t, record("start_shift", now().Add(-time.Hour), m{"ends_at": now()}))[0], "already", "", "none")
}

// Proof is demanded of a record as well, and a PIN can't be tried two hundred times in one request.
func TestSyncDemandsProof(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t, m{"proof": m{"pin": "4711"}})
	c.take(t, oid, "pickup")
	var guesses []m
	for i := range 20 {
		guesses = append(guesses, record("deliver", noon.Add(time.Duration(i)*time.Second), m{"order_id": oid, "proof": m{"pin": strconv.Itoa(1000 + i)}}))
	}
	tried, waits := 0, 0
	for _, r := range c.sync(t, guesses...) {
		switch r.text("error", "code") {
		case codeProofWrong:
			tried++
			expect(t, r, "conflict", codeProofWrong, "redo")
		case codeRateLimited:
			waits++
			expect(t, r, "conflict", codeRateLimited, "resend")
		}
	}
	if tried != 5 || waits != 15 {
		t.Errorf("%d guesses were tried, %d put off", tried, waits)
	}
	expect(t, c.sync(t, record("deliver", noon, m{"order_id": oid}))[0], "conflict", codeProofMissing, "redo")
	w.clock.Advance(time.Minute)
	expect(t, c.sync(t, record("deliver", noon, m{"order_id": oid, "proof": m{"pin": "4711"}}))[0], "applied", "", "none")
}

// One broken act is told what is wrong with it, and keeps nothing else back.
func TestSyncChecksEachAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	c.take(t, oid)
	of := m{"order_id": oid}
	good := record("arrive_store", noon, of)
	for i, tc := range []struct {
		act   m
		field string
	}{
		{record("arrive_store", noon), "order_id"},
		{record("fail", noon, of), "reason"},
		{record("accept_offer", noon), "offer_id"},
		{record("start_shift", noon), "ends_at"},
		{record("start_shift", noon, m{"ends_at": noon.Add(25 * time.Hour)}), "ends_at"},
		{record("fly", noon, of), "kind"},
		{record("pickup", noon, of, m{"tip": 1}), "tip"},
		{record("pickup", noon, of, m{"location": m{"lat": 91, "lng": 0}}), "location.lat"},
		{record("pickup", noon, m{"order_id": "ord_1"}), "order_id"},
		{record("pickup", noon, of, m{"id": "7"}), "id"},
		{record("pickup", noon, of, m{"id": uuid.Nil.String()}), "id"},
		{m{"id": good["id"], "kind": "pickup", "at": noon, "order_id": oid}, "id"}, // used for another act
	} {
		rs := c.sync(t, good, tc.act)
		if s := rs[0].text("status"); s != "applied" && s != "already" {
			t.Errorf("%d: beside %v the good act is %s", i, tc.act, s)
		}
		expect(t, rs[1], "conflict", codeValidation, "redo")
		faults, _ := rs[1].at("error", "errors").([]any)
		if len(faults) != 1 || faults[0].(m)["field"] != "actions[1]."+tc.field {
			t.Errorf("%v: %v, want a fault of %s", tc.act, faults, tc.field)
		}
	}
	w.refused(t, c.phone, "POST", "/v1/rider/sync", m{"actions": make([]m, 201)}, codeValidation)
	w.refused(t, c.phone, "POST", "/v1/rider/sync", m{"positions": make([]m, 501)}, codeValidation)
	w.refused(t, c.phone, "POST", "/v1/rider/sync", m{"acts": []m{good}}, codeValidation)
	w.refused(t, c.phone, "POST", "/v1/rider/sync", m{"positions": []m{{"seq": 1, "at": noon, "lat": 91}}}, codeValidation)
	w.ok(t, c.phone, "POST", "/v1/rider/sync", m{})
}

// What was told to an operation of its own and lost its answer is known when it comes in a sync, and the other way round.
func TestSyncKnowsWhatWasToldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	offer := c.offer(t, oid).String()
	accept, pickup := w.act(), w.act()
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer+"/accept", accept)
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", pickup)
	rs := c.sync(t, record("accept_offer", noon, m{"offer_id": offer, "id": accept["action_id"]}), record("pickup", noon, m{"order_id": oid, "id": pickup["action_id"]}))
	for _, r := range rs {
		expect(t, r, "already", "", "none")
		if r.at("applied") == nil {
			t.Errorf("the first answer is not kept: %v", r.body)
		}
	}
	deliver := record("deliver", noon, m{"order_id": oid})
	c.sync(t, deliver)
	if r := w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", m{"action_id": deliver["id"], "at": noon}); r.text("state") != "delivered" {
		t.Errorf("%s", r.raw)
	}
	w.refused(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act(), codeTransition) // at once, things keep their order
}

// Acts are remembered for a week, longer than phones may hold them back.
func TestActsAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.take(t, c.place(t), "pickup")
	left := func(now time.Time) (n int) {
		t.Helper()
		err := w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error {
			if err := rider.ForgetActions(t.Context(), tx, c.tenant, now); err != nil {
				return err
			}
			return tx.QueryRow(t.Context(), "SELECT count(*) FROM rider_actions").Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(noon.Add(7 * 24 * time.Hour)); n != 2 {
		t.Errorf("%d acts after a week, not 2", n)
	}
	if n := left(noon.Add(7*24*time.Hour + time.Second)); n != 0 {
		t.Errorf("%d acts after more than a week", n)
	}
}

// refusedAct is a conflict as an answer of its own, for the table of codes.
func (c *company) refusedAct(t *testing.T, act m) reply {
	t.Helper()
	r := c.sync(t, act)[0]
	p, _ := r.at("error").(m)
	status, _ := p["status"].(float64)
	header := r.header.Clone()
	header.Set("Content-Type", problemJSON)
	return reply{status: int(status), header: header, raw: r.raw, body: p}
}

// Two phones, or one that is impatient, may send the same at the same time.
func TestSyncsAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	start := record("start_shift", noon, m{"ends_at": noon.Add(time.Hour)})
	end := record("end_shift", noon.Add(time.Minute))
	w.clock.Advance(10 * time.Minute)
	done := make(chan string)
	for range 4 {
		go func() {
			r := c.w.do(t, c.phone, "POST", "/v1/rider/sync", m{"actions": []m{start, end}})
			done <- string(r.raw)
		}()
	}
	applied := 0
	for range 4 {
		raw := <-done
		applied += strings.Count(raw, `"status":"applied"`)
		if strings.Contains(raw, `"conflict"`) {
			t.Errorf("%s", raw)
		}
	}
	if applied != 2 {
		t.Errorf("%d acts applied, not the start and the end", applied)
	}
}
