package api

import (
	"strings"
	"testing"
	"time"
)

// A month's report tells what was offered and answered, what was decided, and what the ledger says was earned; in the company's time zone,
// and to nobody but the rider and staff.
func TestMonthReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	c.onShift(t)
	delivered, declined, seen := c.place(t), c.place(t), c.place(t)
	c.deliver(t, delivered)
	no := w.act()
	no["reason"] = "too_far"
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, declined).String()+"/decline", no)
	w.ok(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": w.clock.Now(), "lat": duomo.Lat, "lng": duomo.Lng, "accuracy_m": 5}}})
	c.pooled(t, seen, 0)
	w.ok(t, c.phone, "POST", "/v1/rider/pool/"+seen+"/claim", w.act())

	r := w.ok(t, c.phone, "GET", "/v1/rider/reports/2026-03", nil)
	for _, x := range []struct {
		path string
		want any
	}{
		{"month", "2026-03"}, {"from", "2026-02-28T16:00:00Z"}, {"to", "2026-03-31T16:00:00Z"}, // the company's clocks are eight hours ahead
		{"offers.accepted", 1.0}, {"offers.declined", 1.0}, {"offers.reasons.too_far", 1.0}, {"claims.won first", 1.0}, {"decisions.chosen.claimed", 1.0},
		{"zone.id", c.zone.String()}, {"zone.policy.mode", "offer"},
	} {
		if got := r.at(strings.Split(x.path, ".")...); got != x.want {
			t.Errorf("%s is %v, want %v\n%s", x.path, got, x.want, r.raw)
		}
	}
	month := w.ok(t, c.phone, "GET", "/v1/rider/statements?from=2026-03-01&to=2026-03-31", nil)
	if got := r.at("earned"); !sameJSON(got, month.at("total")) || len(got.([]any)) != 1 {
		t.Errorf("earned %v, by the statement %v", got, month.at("total"))
	}
	for lang, word := range map[string]string{"en": "acceptance rate", "zh": "接单率"} {
		if !strings.Contains(r.text("how", lang), word) {
			t.Errorf("%s: %s", lang, r.text("how", lang))
		}
	}
	if staff := w.ok(t, c.viewer, "GET", "/v1/console/riders/"+c.rider.ID.String()+"/reports/2026-03", nil); !sameJSON(staff.body, r.body) {
		t.Errorf("staff read %s", staff.raw)
	}
	if before := w.ok(t, c.phone, "GET", "/v1/rider/reports/2026-02", nil); before.at("offers", "accepted") != 0.0 || len(before.at("earned").([]any)) != 0 {
		t.Errorf("the month before: %s", before.raw)
	}
	for _, month := range []string{"2026-13", "2026-3", "march", "2026-04"} {
		if r := w.refused(t, c.phone, "GET", "/v1/rider/reports/"+month, nil, codeValidation); !strings.Contains(string(r.raw), "path.month") {
			t.Errorf("%s: %s", month, r.raw)
		}
	}
	w.refused(t, w.company(t).viewer, "GET", "/v1/console/riders/"+c.rider.ID.String()+"/reports/2026-03", nil, codeNotFound)

	w.clock.Advance(120 * 24 * time.Hour)
	c.logInAgain(t)
	old := w.ok(t, c.admin, "GET", "/v1/console/riders/"+c.rider.ID.String()+"/reports/2026-03", nil)
	if from := old.text("decisions", "from"); from != w.clock.Now().AddDate(0, 0, -90).Format(time.RFC3339) {
		t.Errorf("explanations are said to be known since %s", from)
	}
}
