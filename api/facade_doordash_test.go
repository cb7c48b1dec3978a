package api

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// driveToken signs as DoorDash's clients do.
func driveToken(t *testing.T, credentials reply, now time.Time, change m) cred {
	t.Helper()
	claims := jwt.MapClaims{
		"aud": "doordash", "iss": credentials.text("developer_id"), "kid": credentials.text("key_id"), "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(),
	}
	for k, v := range change {
		claims[k] = v
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["dd-ver"] = "DD-JWT-V1"
	secret, err := base64.StdEncoding.DecodeString(credentials.text("signing_secret"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := token.SignedString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return bearerOf(signed)
}

func TestDoorDashIntegration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	w.ok(t, c.key, "PATCH", "/v1/stores/"+c.store.String(), m{"external_id": "store-1"})
	keyID, secret := c.newKeySecret(t)
	credentials := w.ok(t, bearerOf(secret), "GET", "/v1/doordash-credentials", nil)
	d := newIntegration(t, c, "doordash.schema.json")
	const base = "/doordash/drive/v2"

	for name, change := range map[string]m{
		"another's": {"iss": "mer_x"}, "expired": {"exp": noon.Add(-time.Minute).Unix()}, "for others": {"aud": "uber"}, "an unknown key": {"kid": "00"},
	} {
		t.Log(name)
		d.as(driveToken(t, credentials, noon, change)).refused(401, "authentication_error", "GET", base+"/deliveries/D-37494", nil)
	}
	d = d.as(driveToken(t, credentials, noon, nil))
	d.refused(404, "unknown_delivery_id", "GET", base+"/deliveries/D-37494", nil)
	d.refused(404, "unknown_delivery_id", "POST", base+"/quotes/D-37494/accept", nil)

	quote := d.ok("delivery", "POST", base+"/quotes", d.fixture("doordash_delivery.json"))
	if quote.text("delivery_status") != "quote" || minor(quote.at("fee")) != 300 || quote.text("currency") != "EUR" || len(quote.at("fee_components").([]any)) != 2 {
		t.Errorf("%s", quote.raw)
	}
	made := d.ok("delivery", "POST", base+"/quotes/D-37494/accept", m{"tip": 700, "dropoff_phone_number": "+39055210003"})
	for field, want := range map[string]any{
		"delivery_status": "created", "fee": 300.0, "tip": 700.0, "order_value": 1999.0, "dropoff_phone_number": "+39055210003", "dropoff_contact_given_name": "John",
		"dropoff_instructions": "At the store: Order number 61, Go to the bar for pick up.\nEnter gate code 1234 on the callbox.", "pickup_external_store_id": "store-1",
		"pickup_business_name": "Da Mario", "pickup_reference_tag": "Order number 61",
	} {
		if got := made.at(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	if pin := made.text("dropoff_pin_code_verification_metadata", "pin_code_value"); pin != "4711" {
		t.Errorf("PIN %q", pin)
	}
	oid := made.text("support_reference")
	if o := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); o.text("external_id") != "D-37494" || o.text("dropoff", "unit") != "# 6th" || minor(o.at("weight_g")) != 997 {
		t.Errorf("%s", o.raw)
	}
	d.refused(409, "duplicate_delivery_id", "POST", base+"/quotes/D-37494/accept", nil)
	d.refused(409, "duplicate_delivery_id", "POST", base+"/deliveries", d.fixture("doordash_delivery.json"))
	d.refused(409, "duplicate_delivery_id", "POST", base+"/quotes", d.fixture("doordash_delivery.json"))

	path := base + "/deliveries/D-37494"
	if r := d.ok("delivery", "PATCH", path, m{"dropoff_instructions": "Ring", "tip": 800}); r.text("dropoff_instructions") != "Ring" || minor(r.at("tip")) != 800 {
		t.Errorf("%s", r.raw)
	}
	is := func(status string) {
		t.Helper()
		if r := d.ok("delivery", "GET", path, nil); r.text("delivery_status") != status {
			t.Errorf("%s, want %s", r.text("delivery_status"), status)
		}
	}
	c.take(t, oid)
	is("enroute_to_pickup")
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/arrive-store", w.act())
	is("arrived_at_pickup")
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act())
	is("picked_up")
	if r := d.refused(409, "cancel_not_allowed", "PUT", path+"/cancel", nil); r.text("reason") != "delivery_picked_up" {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/return", m{"reason": "allergy"})
	is("enroute_to_return")
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/return", w.act())
	is("returned")
	if r := d.refused(409, "update_not_allowed", "PATCH", path, m{"dropoff_instructions": "late"}); r.text("reason") != "delivery_completed" {
		t.Errorf("%s", r.raw)
	}

	second := d.fixture("doordash_delivery.json", m{"external_delivery_id": "D-2"})
	d.ok("delivery", "POST", base+"/deliveries", second)
	if r := d.ok("delivery", "PUT", base+"/deliveries/D-2/cancel", nil); r.text("delivery_status") != "cancelled" || r.text("cancellation_reason") != "cancelled_by_creator" {
		t.Errorf("%s", r.raw)
	}
	if r := d.refused(409, "cancel_not_allowed", "PUT", base+"/deliveries/D-2/cancel", nil); r.text("reason") != "delivery_cancelled" {
		t.Errorf("%s", r.raw)
	}
	for field, change := range map[string]m{
		"dropoff_location": {"dropoff_location": nil}, "pickup_external_store_id": {"pickup_external_store_id": "nowhere"}, "action_if_undeliverable": {"action_if_undeliverable": "dispose"},
		"order_contains.alcohol": {"order_contains": m{"alcohol": true}}, "shopping_options": {"shopping_options": m{}}, "dropoff_options.id_verification": {"dropoff_options": m{"id_verification": "required"}},
		"dropoff_window.end_time": {"dropoff_window": m{"end_time": noon.Add(-time.Hour)}},
	} {
		r := d.refused(400, "validation_error", "POST", base+"/deliveries", d.fixture("doordash_delivery.json", m{"external_delivery_id": "D-3"}, change))
		if f := r.at("field_errors").([]any); len(f) != 1 || f[0].(m)["field"] != field {
			t.Errorf("no error of %s alone: %s", field, r.raw)
		}
	}
	far := d.fixture("doordash_delivery.json", m{"external_delivery_id": "D-3", "dropoff_location": m{"lat": 43.0, "lng": 10.0}})
	if r := d.refused(422, "invalid_delivery_parameters", "POST", base+"/deliveries", far); r.text("reason") != "distance_too_long" {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.admin, "POST", "/v1/console/keys/"+keyID+"/revoke", nil)
	d.refused(401, "authentication_error", "GET", path, nil)
}
