package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// uber is a merchant's integration with Uber Direct, which has been given our address.
func (c *company) uber(t *testing.T) (*integration, string) {
	t.Helper()
	return newIntegration(t, c, "uber.schema.json"), "/uber/v1/customers/" + c.merchant.String()
}

func TestUberIntegration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	u, base := c.uber(t)

	form := func(secret, client string) string {
		return url.Values{"client_id": {client}, "client_secret": {secret}, "grant_type": {"client_credentials"}, "scope": {"eats.deliveries"}}.Encode()
	}
	asForm := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	_, bearer := c.newKeySecret(t)
	token := u.as(asForm).ok("token", "POST", "/uber/oauth/v2/token", form(bearer, c.merchant.String()))
	if token.text("scope") != "eats.deliveries" {
		t.Errorf("%s", token.raw)
	}
	u.as(asForm).refused(401, "unauthorized", "POST", "/uber/oauth/v2/token", form(bearer, id.NewMerchant().String()))
	u.as(asForm).refused(401, "unauthorized", "POST", "/uber/oauth/v2/token", form("pk_live_x", c.merchant.String()))
	u = u.as(bearerOf(token.text("access_token")))

	quote := u.ok("quote", "POST", base+"/delivery_quotes", u.fixture("uber_quote.json"))
	if minor(quote.at("fee")) != 300 || quote.text("currency") != "eur" || quote.text("expires") != noon.Add(10*time.Minute).Format(time.RFC3339) {
		t.Errorf("%s", quote.raw)
	}
	made := u.ok("delivery", "POST", base+"/deliveries", u.fixture("uber_delivery.json", m{"quote_id": quote.text("id")}))
	path := base + "/deliveries/" + made.text("id")
	for field, want := range map[string]any{
		"status": "pending", "fee": 800.0, "tip": 500.0, "currency": "eur", "external_id": "ext_123", "live_mode": true, "complete": false,
		"quote_id": quote.text("id"), "deliverable_action": "deliverable_action_meet_at_door", "dropoff.name": "Gordon S.", "dropoff.phone_number": "+39055210002",
		"dropoff.address": "Uffizi, Piazzale degli Uffizi 6, Floor 2, Firenze, FI 50122, IT", "dropoff.detailed_address.street_address_2": "Floor 2",
		"dropoff.notes": "At the store: Ring twice\nLeave at front desk\nFragile", "dropoff.location.lat": 43.7678, "pickup.name": "Da Mario",
		"dropoff.verification_requirements.pincode.value": "1234", "dropoff.verification_requirements.identification.min_age": 21.0,
		"dropoff.verification_requirements.signature_requirement.enabled": true, "manifest.reference": "REF0000002", "manifest.total_value": 1000.0, "manifest.description": "Thing 1",
	} {
		if got := made.at(strings.Split(field, ".")...); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	// It is an order as any other.
	ours := "/v1/orders/ord_" + strings.TrimPrefix(made.text("id"), "del_")
	if o := w.ok(t, c.key, "GET", ours, nil); o.text("external_id") != "ext_123 REF0000002" || o.text("proof", "barcode") != "A-17" || o.at("items").([]any)[0].(m)["quantity"] != 2.0 {
		t.Errorf("%s", o.raw)
	}
	if again := u.ok("delivery", "POST", base+"/deliveries", u.fixture("uber_delivery.json", m{"quote_id": quote.text("id")})); again.text("id") != made.text("id") {
		t.Errorf("the same idempotency_key: %s", again.raw)
	}
	twice := u.refused(409, "duplicate_delivery", "POST", base+"/deliveries", u.fixture("uber_delivery.json", m{"idempotency_key": "another"}))
	if twice.text("metadata", "delivery_id") != made.text("id") {
		t.Errorf("%s", twice.raw)
	}
	fresh := m{"idempotency_key": "third", "external_id": "other"}
	u.refused(400, "used_quote", "POST", base+"/deliveries", u.fixture("uber_delivery.json", fresh, m{"quote_id": quote.text("id")}))

	changed := u.ok("delivery", "POST", path, u.fixture("uber_update.json"))
	if minor(changed.at("tip")) != 700 || changed.text("dropoff", "notes") != "Call when you arrive" || changed.at("dropoff", "location", "lat") != 43.768 {
		t.Errorf("%s", changed.raw)
	}
	if r := u.refused(400, "invalid_params", "POST", path, m{"manifest_reference": "x"}); r.text("metadata", "manifest_reference") == "" {
		t.Errorf("%s", r.raw)
	}

	oid := strings.TrimPrefix(ours, "/v1/orders/")
	is := func(status string) reply {
		t.Helper()
		r := u.ok("delivery", "GET", path, nil)
		if r.text("status") != status {
			t.Errorf("%s, want %s", r.text("status"), status)
		}
		return r
	}
	c.take(t, oid)
	if r := is("pickup"); r.text("courier", "name") == "" || r.text("courier", "vehicle_type") != "bicycle" {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act())
	is("pickup_complete")
	if r := u.refused(400, "noncancelable_delivery", "POST", path+"/cancel", nil); r.text("kind") != "error" {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/arrive-door", w.act())
	is("dropoff")
	signature := c.upload(t, oid, "signature", pixel).text("id")
	act := w.act()
	act["proof"] = m{"signature_id": signature, "pin": "1234", "barcode": "A-17", "age_checked": true}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", act)
	if r := is("delivered"); r.at("complete") != true || r.text("dropoff", "status") != "completed" {
		t.Errorf("%s", r.raw)
	}
	pod := u.ok("pod", "POST", path+"/proof-of-delivery", m{"waypoint": "dropoff", "type": "signature"})
	if raw, err := base64.StdEncoding.DecodeString(pod.text("document")); err != nil || string(raw) != string(pixel) {
		t.Errorf("%s", pod.raw)
	}
	u.refused(400, "invalid_params", "POST", path+"/proof-of-delivery", m{"waypoint": "dropoff", "type": "picture"})
	if r := u.refused(400, "invalid_params", "POST", path, m{"dropoff_notes": "too late"}); r.text("metadata", "dropoff_notes") == "" {
		t.Errorf("%s", r.raw)
	}

	second := u.ok("delivery", "POST", base+"/deliveries", u.fixture("uber_delivery.json", fresh))
	if r := u.ok("delivery", "POST", base+"/deliveries/"+second.text("id")+"/cancel", nil); r.text("status") != "canceled" || r.at("complete") != true {
		t.Errorf("%s", r.raw)
	}
	page := u.ok("list", "GET", base+"/deliveries?limit=1", nil)
	if got := page.at("data").([]any); len(got) != 1 || got[0].(m)["id"] != second.text("id") {
		t.Errorf("%s", page.raw)
	}
	if next := u.ok("list", "GET", page.text("next_href"), nil).at("data").([]any); len(next) != 1 || next[0].(m)["id"] != made.text("id") {
		t.Errorf("the next page %v", next)
	}
	if got := u.ok("list", "GET", base+"/deliveries?filter=ongoing", nil).at("data").([]any); len(got) != 0 {
		t.Errorf("ongoing %v", got)
	}
}

// What is wrong is told as Uber does, with our hint how to put it right.
func TestUberRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	u, base := c.uber(t)
	for name, tc := range map[string]struct {
		change m
		field  string
	}{
		"no coordinates":        {m{"dropoff_latitude": nil}, "dropoff_latitude"},
		"no store near":         {m{"pickup_latitude": 43.70}, "external_store_id"},
		"an unknown store":      {m{"external_store_id": "nowhere"}, "external_store_id"},
		"leave or throw away":   {m{"undeliverable_action": "discard"}, "undeliverable_action"},
		"verified at the store": {m{"pickup_verification": m{"picture": true}}, "pickup_verification"},
		"two barcodes":          {m{"dropoff_verification": m{"barcodes": []m{{"value": "1"}, {"value": "2"}}}}, "dropoff_verification.barcodes"},
		"an age not told":       {m{"requires_id": true, "dropoff_verification": nil}, "requires_id"},
		"a robot, live":         {m{"test_specifications": m{"robo_courier_specification": m{"mode": "auto"}}}, "test_specifications"},
		"money without tariff":  {m{"tip": 0}, "manifest_total_value"},
		"unknown field":         {m{"dropoff_colour": "red"}, "dropoff_colour"},
		"a window in the past":  {m{"manifest_total_value": 0, "tip": 0, "dropoff_deadline_dt": noon.Add(-time.Hour)}, "dropoff_deadline_dt"},
		"no items":              {m{"manifest_items": []m{}}, "manifest_items"},
	} {
		r := u.refused(400, "invalid_params", "POST", base+"/deliveries", u.fixture("uber_delivery.json", tc.change))
		if r.text("metadata", tc.field) == "" {
			t.Errorf("%s: %s does not tell of %s", name, r.raw, tc.field)
		}
	}
	u.refused(404, "customer_not_found", "GET", "/uber/v1/customers/"+id.NewMerchant().String()+"/deliveries", nil)
	u.refused(404, "delivery_not_found", "GET", base+"/deliveries/del_01h455vb4pex5vsknk084sn02q", nil)
	u.refused(400, "address_undeliverable", "POST", base+"/delivery_quotes", u.fixture("uber_quote.json")) // no tariff
	c.setTariff(t)
	w.clock.Advance(recheck)
	u.refused(400, "address_undeliverable_limited_couriers", "POST", base+"/delivery_quotes", u.fixture("uber_quote.json"))
	u.refused(400, "address_undeliverable", "POST", base+"/delivery_quotes", u.fixture("uber_quote.json", m{"dropoff_latitude": 43.9}))
	u.as(bearerOf("pk_live_x")).refused(401, "unauthorized", "GET", base+"/deliveries", nil)
}
