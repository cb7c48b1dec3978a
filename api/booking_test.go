package api

import (
	"testing"
	"time"

	paidan "github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/id"
)

// template offers shifts in the company's zone every day, and returns the template's id. The tenant's clocks are eight hours ahead: noon is 20:00.
func (c *company) template(t *testing.T, from, to string, places int, change ...m) string {
	t.Helper()
	body := m{"zone_id": c.zone.String(), "weekdays": []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, "from": from, "to": to, "places": places}
	for _, x := range change {
		for k, v := range x {
			body[k] = v
		}
	}
	return c.w.ok(t, c.admin, "POST", "/v1/console/shift-templates", body).text("id")
}

// booked is a zone policy that wants shifts booked.
func booked(change m) m {
	p := m{"start": "booked", "in_zone": false, "early_s": 900, "late_s": 1800, "notice_s": 7200, "remind_s": 3600, "ahead_days": 14}
	for k, v := range change {
		p[k] = v
	}
	return m{"shifts": p}
}

const today0 = "2026-03-02" // noon's day

func TestRidersBookShifts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	evening, late := c.template(t, "22:00", "23:00", 1, m{"name": "Dinner"}), c.template(t, "23:00", "02:00", 2)
	c.template(t, "21:00", "22:30", 1, m{"vehicles": []string{"car"}})
	want := func(template string) m { return m{"template_id": template, "day": today0} }

	slots := w.ok(t, c.phone, "GET", "/v1/rider/slots?days=2", nil).at("data").([]any)
	if len(slots) != 6 || slots[1].(m)["name"] != "Dinner" || slots[1].(m)["starts_at"] != "2026-03-02T14:00:00Z" || slots[1].(m)["free"] != 1.0 || slots[4].(m)["day"] != "2026-03-03" {
		t.Errorf("slots %v", slots)
	}
	made := w.ok(t, c.phone, "POST", "/v1/rider/bookings", want(evening))
	if made.text("state") != "booked" || made.at("by_staff") != false || made.text("check_in_from") != "2026-03-02T13:45:00Z" || made.text("cancel_until") != "2026-03-02T12:00:00Z" {
		t.Errorf("%s", made.raw)
	}
	if again := w.ok(t, c.phone, "POST", "/v1/rider/bookings", want(evening)); again.text("id") != made.text("id") {
		t.Errorf("again: %s", again.raw)
	}
	staff := w.ok(t, c.viewer, "GET", "/v1/console/slots?days=1&zone_id="+c.zone.String(), nil).at("data").([]any)
	if b := staff[1].(m)["bookings"].([]any); len(b) != 1 || b[0].(m)["rider_id"] != c.rider.ID.String() || staff[1].(m)["free"] != 0.0 {
		t.Errorf("staff see %v", staff)
	}

	pia := w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Pia", "phone": "+392", "vehicle": "car", "zone_id": c.zone.String()}}}).
		at("data").([]any)[0].(m)["rider"].(m)["id"].(string)
	forPia := func(template string) m { return m{"template_id": template, "day": today0, "rider_id": pia} }
	w.refused(t, c.dispatcher, "POST", "/v1/console/bookings", forPia(evening), codeSlotFull)
	w.refused(t, c.viewer, "POST", "/v1/console/bookings", forPia(late), codeForbidden)
	hers := w.ok(t, c.dispatcher, "POST", "/v1/console/bookings", forPia(late))
	if hers.at("by_staff") != true {
		t.Errorf("%s", hers.raw)
	}
	w.refused(t, c.phone, "DELETE", "/v1/rider/bookings/"+hers.text("id"), nil, codeNotFound)
	w.ok(t, c.dispatcher, "DELETE", "/v1/console/bookings/"+hers.text("id"), nil)
	w.ok(t, c.dispatcher, "DELETE", "/v1/console/bookings/"+hers.text("id"), nil)

	w.refused(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": id.NewTemplate().String(), "day": today0}, codeNotFound)
	if r := w.refused(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": late, "day": "2026-02-30"}, codeValidation); r.at("errors").([]any)[0].(m)["field"] != "day" {
		t.Errorf("%s", r.raw)
	}
	w.refused(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": late, "day": "2026-03-16"}, codeSlotClosed) // 14 days, today included
	w.refused(t, c.admin, "POST", "/v1/console/shift-templates", m{"zone_id": c.zone.String(), "weekdays": []string{"mon"}, "from": "08:00", "to": "09:00",
		"places": 1, "first_day": "2026-03-10", "last_day": "2026-03-01"}, codeValidation)
	w.ok(t, c.admin, "PATCH", "/v1/console/shift-templates/"+late, m{"last_day": "2026-03-01", "places": 7})
	w.refused(t, c.phone, "POST", "/v1/rider/bookings", want(late), codeSlotGone)

	w.clock.Advance(time.Second)
	phone := c.freshPhone(t)
	w.refused(t, phone, "DELETE", "/v1/rider/bookings/"+made.text("id"), nil, codeSlotClosed)
	w.clock.Advance(2*time.Hour + 31*time.Minute)
	if own := w.ok(t, c.freshPhone(t), "GET", "/v1/rider/bookings", nil).at("data").([]any); len(own) != 1 || own[0].(m)["state"] != "no_show" {
		t.Errorf("half an hour after it began: %v", own)
	}
	w.ok(t, c.dispatcher, "DELETE", "/v1/console/bookings/"+made.text("id"), nil)
	if rows := c.audit(t, "operation=book-shift"); len(rows) == 0 || rows[len(rows)-1]["target"] != made.text("id") {
		t.Errorf("on record: %v", rows)
	}
}

// freshPhone is the rider's with an access token of now.
func (c *company) freshPhone(t *testing.T) cred {
	t.Helper()
	token, err := c.w.api.tokens.issue(c.rider, id.Device{})
	if err != nil {
		t.Fatal(err)
	}
	return bearerOf(token)
}

func TestShiftsBeginAsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.policy(t, booked(m{"in_zone": true}))
	lunch, more := c.template(t, "20:30", "22:00", 5), c.template(t, "22:00", "23:00", 5)
	start := func(change m) m {
		body := m{"ends_at": w.clock.Now().Add(8 * time.Hour), "location": duomo}
		for k, v := range change {
			body[k] = v
		}
		return body
	}
	const path = "/v1/rider/shift/start"
	if r := w.refused(t, c.phone, "POST", path, start(nil), codeNotBooked); r.text("detail") != "No shift is booked." {
		t.Errorf("%s", r.raw)
	}
	var bookings []string
	for _, template := range []string{lunch, more} {
		bookings = append(bookings, w.ok(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": template, "day": today0}).text("id"))
	}
	if r := w.refused(t, c.phone, "POST", path, start(nil), codeNotBooked); r.text("detail") != "The next booked shift may begin from 2026-03-02T12:15:00Z on." {
		t.Errorf("%s", r.raw)
	}
	// A phone without a network may have begun it too early just as little.
	got := w.ok(t, c.phone, "POST", "/v1/rider/sync", m{"actions": []m{record("start_shift", noon, m{"ends_at": noon.Add(time.Hour), "location": duomo})}})
	if x := got.at("results").([]any)[0].(m); x["status"] != "conflict" || x["error"].(m)["code"] != codeNotBooked || x["advice"] != "call" {
		t.Errorf("%s", got.raw)
	}

	w.clock.Advance(15 * time.Minute)
	phone := c.freshPhone(t)
	w.refused(t, phone, "POST", path, start(m{"location": m{"lat": 43.9, "lng": 11.25}}), codeNotInZone)
	w.refused(t, phone, "POST", path, m{"ends_at": w.clock.Now().Add(time.Hour)}, codeNotInZone) // nothing is known
	w.ok(t, phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": w.clock.Now(), "lat": duomo.Lat, "lng": duomo.Lng, "accuracy_m": 5}}})
	w.clock.Advance(4 * time.Minute)
	w.refused(t, phone, "POST", path, m{"ends_at": w.clock.Now().Add(time.Hour)}, codeNotInZone) // that was a while ago
	w.ok(t, phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 2, "at": w.clock.Now(), "lat": duomo.Lat, "lng": duomo.Lng, "accuracy_m": 5}}})
	shift := w.ok(t, phone, "POST", path, m{"ends_at": w.clock.Now().Add(8 * time.Hour)})
	if shift.text("ends_at") != "2026-03-02T15:00:00Z" {
		t.Errorf("it ends with what is booked: %s", shift.raw)
	}
	w.clock.Advance(2 * time.Hour)
	for i, b := range w.ok(t, c.freshPhone(t), "GET", "/v1/rider/bookings", nil).at("data").([]any) {
		if b.(m)["id"] != bookings[i] || b.(m)["state"] != "kept" || b.(m)["shift_id"] != shift.text("id") {
			t.Errorf("booking %d: %v", i, b)
		}
	}
	w.refused(t, c.dispatcher, "DELETE", "/v1/console/bookings/"+bookings[0], nil, codeSlotClosed)
	c.booksByClient(t, lunch)
}

// booksByClient has the rider book and cancel by the Go client.
func (c *company) booksByClient(t *testing.T, template string) {
	t.Helper()
	cl := paidan.New(paidan.Options{URL: c.w.url})
	defer cl.Close()
	r, err := cl.Enrol(t.Context(), c.w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code"))
	if err != nil {
		t.Fatal(err)
	}
	slots, err := r.Slots(t.Context(), 2)
	if err != nil || len(slots) != 4 || slots[2].TemplateID != template || slots[2].Free != 5 {
		t.Fatalf("%+v, %v", slots, err)
	}
	b, err := r.Book(t.Context(), template, slots[2].Day)
	if err != nil || b.State != "booked" || !b.StartsAt.Equal(slots[2].StartsAt) {
		t.Fatalf("%+v, %v", b, err)
	}
	if err := r.CancelBooking(t.Context(), b.ID); err != nil {
		t.Error(err)
	}
	if left, err := r.Bookings(t.Context()); err != nil || len(left) != 2 {
		t.Errorf("%+v, %v", left, err)
	}
}
