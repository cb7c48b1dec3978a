package api

import (
	"maps"
	"testing"
	"time"

	paidan "github.com/paidan/paidan/client"
)

func TestBreaksAndHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	if me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil); me.at("hours", "today_s") != 0.0 || me.at("hours", "must_end_at") != nil || me.at("hours", "rest_until") != nil {
		t.Errorf("off shift: %s", me.raw)
	}
	w.refused(t, c.phone, "POST", "/v1/rider/break/start", nil, codeOffShift)
	c.policy(t, m{"work": m{"day_s": 7200, "stretch_s": 3600, "break_s": 600, "rest_s": 0}})
	c.onShift(t)
	w.clock.Advance(10 * time.Minute)
	me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil)
	if me.at("hours", "today_s") != 600.0 || me.text("hours", "break_due_at") != "2026-03-02T13:00:00Z" || me.text("hours", "must_end_at") != "2026-03-02T14:00:00Z" {
		t.Errorf("%s", me.raw)
	}

	oid := c.place(t)
	c.take(t, oid, "pickup")
	w.refused(t, c.phone, "POST", "/v1/rider/break/start", nil, codeHasWork)
	asked := w.ok(t, c.phone, "POST", "/v1/rider/break/start", m{"after_last_drop": true})
	if asked.text("break_asked_at") != "2026-03-02T12:10:00Z" || asked.at("break_since") != nil {
		t.Errorf("%s", asked.raw)
	}
	if back := w.ok(t, c.phone, "POST", "/v1/rider/break/end", nil); back.at("break_asked_at") != nil {
		t.Errorf("taken back: %s", back.raw)
	}
	act := record("start_break", w.clock.Now(), m{"after_last_drop": true})
	for _, want := range []string{"applied", "already"} {
		got := w.ok(t, c.phone, "POST", "/v1/rider/sync", m{"actions": []m{act}}).at("results").([]any)[0].(m)
		if got["status"] != want {
			t.Errorf("recorded: %v, want %s", got, want)
		}
	}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act())
	if me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil); me.text("shift", "break_since") != "2026-03-02T12:10:00Z" || me.text("presence") == "working" {
		t.Errorf("after the last drop: %s", me.raw)
	}
	w.clock.Advance(10 * time.Minute)
	phone := c.freshPhone(t)
	w.ok(t, phone, "POST", "/v1/rider/break/end", nil)
	if me := w.ok(t, phone, "GET", "/v1/rider/me", nil); me.at("hours", "today_s") != 600.0 || me.text("hours", "break_due_at") != "2026-03-02T13:20:00Z" || me.text("hours", "must_end_at") != "2026-03-02T14:10:00Z" {
		t.Errorf("back from the break: %s", me.raw)
	}

	cl := paidan.New(paidan.Options{URL: w.url})
	defer cl.Close()
	r, err := cl.Enrol(t.Context(), w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.StartBreak(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := r.EndBreak(t.Context()); err != nil {
		t.Error(err)
	}
	second := c.place(t)
	w.ok(t, phone, "POST", "/v1/rider/offers/"+c.offer(t, second).String()+"/accept", w.act())
	if s, err := r.EndShiftAfterLastDrop(t.Context()); err != nil || s.EndedAt != nil {
		t.Errorf("%+v, %v", s, err)
	}
	w.ok(t, phone, "POST", "/v1/rider/orders/"+second+"/pickup", w.act())
	w.ok(t, phone, "POST", "/v1/rider/orders/"+second+"/deliver", w.act())
	if me := w.ok(t, phone, "GET", "/v1/rider/me", nil); me.at("shift") != nil || me.text("presence") != "offline" {
		t.Errorf("after the last drop: %s", me.raw)
	}
}

// Where the zone caps the breaks of a shift, phones are told what is left, and a break that was recorded as longer counts as far as it may.
func TestBreaksOfAShiftAreCapped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	work := func(change m) m {
		all := m{"day_s": 0, "stretch_s": 0, "break_s": 900, "rest_s": 0, "breaks_s": 1800}
		maps.Copy(all, change)
		return m{"work": all}
	}
	zone := w.ok(t, c.admin, "GET", "/v1/console/zones", nil).at("data").([]any)[0].(m)
	no := w.refused(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": zone["version"], "policy": work(m{"stretch_s": 3600, "breaks_s": 899})}, codeValidation)
	if f := no.at("errors").([]any); len(f) != 1 || f[0].(m)["field"] != "policy.work.breaks_s" {
		t.Errorf("%s", no.raw)
	}
	me := func() reply { t.Helper(); return w.ok(t, c.freshPhone(t), "GET", "/v1/rider/me", nil) }
	if me := me(); me.at("hours", "break_left_s") != nil {
		t.Errorf("no limit: %s", me.raw)
	}
	c.policy(t, work(nil))
	if me := me(); me.at("hours", "break_left_s") != nil {
		t.Errorf("off shift: %s", me.raw)
	}
	c.onShift(t)
	if me := me(); me.at("hours", "break_left_s") != 1800.0 || me.at("shift", "break_until") != nil {
		t.Errorf("%s", me.raw)
	}
	if on := w.ok(t, c.phone, "POST", "/v1/rider/break/start", nil); on.text("break_until") != "2026-03-02T12:30:00Z" {
		t.Errorf("%s", on.raw)
	}
	w.clock.Advance(10 * time.Minute)
	if me := me(); me.at("hours", "break_left_s") != 1200.0 {
		t.Errorf("ten minutes later: %s", me.raw)
	}
	w.ok(t, c.freshPhone(t), "POST", "/v1/rider/break/end", nil)

	began, back := w.clock.Now(), w.clock.Now().Add(50*time.Minute)
	w.clock.Advance(time.Hour)
	c.phone = c.freshPhone(t)
	for i, r := range c.sync(t, record("start_break", began, nil), record("end_break", back, nil), record("start_break", back.Add(time.Minute), nil)) {
		if want := []string{"applied", "applied", "conflict"}[i]; r.text("status") != want {
			t.Errorf("act %d: %v, want %s", i, r.body, want)
		}
		if i == 2 && (r.text("error", "code") != codeBreaksUsed || r.text("advice") != "forget") {
			t.Errorf("%v", r.body)
		}
	}
	if me := me(); me.at("shift", "break_since") != nil || me.at("hours", "break_left_s") != 0.0 || me.at("hours", "today_s") != 2400.0 {
		t.Errorf("of 70 minutes 30 were break: %s", me.raw)
	}
	cl := paidan.New(paidan.Options{URL: w.url})
	defer cl.Close()
	r, err := cl.Enrol(t.Context(), w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.StartBreak(t.Context()); !paidan.IsCode(err, paidan.CodeBreaksUsed) {
		t.Error(err)
	}
	if me, err := r.Me(t.Context()); err != nil || me.Hours.BreakLeftS == nil || *me.Hours.BreakLeftS != 0 {
		t.Errorf("%+v, %v", me, err)
	}
}

func TestPhonesAreToldWhatTheZoneAllows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	told := func(shifts string, inZone, giveBack bool) {
		t.Helper()
		me := w.ok(t, c.phone, "GET", "/v1/rider/me", nil)
		if me.text("rules", "shifts") != shifts || me.at("rules", "in_zone") != inZone || me.at("rules", "give_back") != giveBack {
			t.Errorf("%s", me.raw)
		}
	}
	shifts := func(start string, inZone bool) m {
		return m{"start": start, "in_zone": inZone, "early_s": 900, "late_s": 1800, "notice_s": 7200, "remind_s": 3600, "ahead_days": 14}
	}
	told("open", false, false)
	c.policy(t, m{"give_back": true, "shifts": shifts("booked", true)})
	told("booked", true, true)
	c.policy(t, m{"shifts": shifts("open", false)})
	c.onShift(t) // the rules are those of the shift's zone, wherever the rider belongs by now
	zone := w.ok(t, c.admin, "POST", "/v1/console/zones", m{"name": "Fiesole", "around": m{"center": m{"lat": 43.9, "lng": 11.4}, "radius_m": 1000}}).text("id")
	w.ok(t, c.admin, "PATCH", "/v1/console/riders/"+c.rider.ID.String(), m{"zone_id": zone})
	told("open", false, true)
}
