package api

import (
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

func TestShortNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Anna Bianchi": "Anna B.", "Anna Maria de' rossi": "Anna R.", "Gino": "Gino", "": "", "  ": "", "王小明": "王*", "王": "王", "欧阳 小明": "欧阳 小.",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestMaskedPhones(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"+8613812345678": "+861******5678", "138 1234 5678": "138 **** 5678", "+39 055 123456": "+39 0** **3456", "112": "*12", "12": "12", "": "",
	} {
		if got := maskPhone(phone); got != want {
			t.Errorf("%q is shown as %q, want %q", phone, got, want)
		}
	}
}

// What the rider, the merchant and staff see of whom, step by step.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	phone := "+39055987654"
	oid := c.place(t, m{"proof": m{"pin": "0042"}, "dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "contact_phone": phone}})
	merchant := func() reply { return w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil) }
	if got := merchant(); got.at("eta") != nil || got.at("rider") != nil {
		t.Errorf("before anybody has it: %s", got.raw)
	}
	rider := func(step string) string {
		t.Helper()
		act := w.act()
		act["proof"] = m{"pin": "0042"}
		return w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/"+step, act).text("dropoff", "contact_phone")
	}
	c.take(t, oid)
	if got := rider("arrive-store"); got != "" {
		t.Errorf("the rider sees %q before the pickup", got)
	}
	got := merchant()
	p50, _ := time.Parse(time.RFC3339, got.text("eta", "p50"))
	p90, _ := time.Parse(time.RFC3339, got.text("eta", "p90"))
	if got.text("rider", "phone") != maskPhone(c.rider.Phone) || got.at("rider", "location", "lat") != duomo.Lat || got.text("rider", "located_at") == "" ||
		got.text("eta", "p50") != got.text("eta_at") || !p90.After(p50) {
		t.Errorf("the merchant sees %s", got.raw)
	}
	staff := w.ok(t, c.viewer, "GET", "/v1/console/orders/"+oid, nil)
	if staff.text("order", "rider", "phone") != c.rider.Phone || staff.at("order", "proof", "pin") != nil {
		t.Errorf("staff see %s", staff.raw)
	}
	if got := rider("pickup"); got != phone {
		t.Errorf("the rider sees %q on the way", got)
	}
	zone := func(version int, privacy m) {
		t.Helper()
		w.ok(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": version, "policy": m{"privacy": privacy}})
	}
	zone(1, m{"courier_phone": "none", "courier_position": false, "customer_phone": "none"})
	if got := merchant(); got.at("rider", "phone") != nil || got.at("rider", "location") != nil {
		t.Errorf("the merchant sees %s", got.raw)
	}
	if got := rider("arrive-door"); got != "" {
		t.Errorf("the rider sees %q against the policy", got)
	}
	zone(2, m{"courier_phone": "full", "courier_position": true, "customer_phone": "delivery"})
	if got := merchant(); got.text("rider", "phone") != c.rider.Phone {
		t.Errorf("the merchant sees %s", got.raw)
	}
	act := w.act()
	act["proof"] = m{"pin": "0042"}
	path := "/v1/rider/orders/" + oid + "/deliver"
	if got := w.ok(t, c.phone, "POST", path, act); got.text("dropoff", "contact_phone") != phone {
		t.Errorf("the rider can't call back: %s", got.raw)
	}
	w.clock.Advance(afterDoor + time.Second)
	token, err := w.api.tokens.issue(c.rider, id.Device{}) // the first has expired
	if err != nil {
		t.Fatal(err)
	}
	c.phone = bearerOf(token)
	if again := w.ok(t, c.phone, "POST", path, act); again.text("dropoff", "contact_phone") != "" {
		t.Errorf("the rider sees the phone for ever: %s", again.raw)
	}
	if got := merchant(); got.at("rider", "phone") != nil || got.at("rider", "location") != nil || got.at("eta") != nil {
		t.Errorf("after the delivery the merchant sees %s", got.raw)
	}
	w.refused(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": 3, "policy": m{"privacy": m{"courier_phone": "loud"}}}, codeValidation)
}
