package api

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/ledger"
)

// tariffJSON is 2.50, from 100 m on 10 cents per started 100 m: some 592 m to the Uffizi are 2.50 + 0.50.
func tariffJSON(change ...m) m {
	x := m{
		"currency": "EUR", "base": 250, "distance": []m{{"over_m": 100, "step_m": 100, "amount": 10}},
		"weight":       []m{{"over_g": 5000, "amount": 100}},
		"surcharges":   []m{{"name": "Night", "from": "01:00", "to": "03:00", "amount": 75}},
		"surge":        m{"orders_per_rider": 1, "percent_per_order": 10, "max_percent": 40},
		"max_weight_g": 20_000, "max_distance_m": 2500,
		"minimum": 200, "rider_pay": m{"per_order": 200, "per_km": 100}, "cancel_percent": 50,
	}
	for _, c := range change {
		for k, v := range c {
			x[k] = v
		}
	}
	return x
}

// setTariff gives the zone its first prices.
func (c *company) setTariff(t testing.TB, change ...m) {
	t.Helper()
	c.w.ok(t, c.finance, "PUT", "/v1/console/zones/"+c.zone.String()+"/tariff", m{"version": 0, "tariff": tariffJSON(change...)})
}

func (c *company) newQuote(change ...m) m {
	q := m{"store_id": c.store.String(), "dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}}}
	for _, x := range change {
		for k, v := range x {
			q[k] = v
		}
	}
	return q
}

func (c *company) quote(t testing.TB, change ...m) reply {
	t.Helper()
	return c.w.ok(t, c.key, "POST", "/v1/quotes", c.newQuote(change...))
}

// settle has a day of one correction settled, posts another, and answers the settlement's id.
func (c *company) settle(t testing.TB) string {
	t.Helper()
	adjust := func() {
		c.w.ok(t, c.finance, "POST", "/v1/console/ledger/adjustments", m{
			"client_id": uuid.NewString(), "merchant_id": c.merchant.String(), "amount": 120, "currency": "EUR", "reason": "=1+1 " + c.slug,
		})
	}
	adjust()
	if _, err := ledger.CloseDays(t.Context(), c.w.db, c.tenant, c.w.clock.Now().AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	adjust()
	s := c.w.ok(t, c.viewer, "GET", "/v1/console/settlements", nil).at("data").([]any)
	if len(s) != 1 {
		t.Fatalf("%d settlements", len(s))
	}
	return s[0].(m)["id"].(string)
}

// deliver takes an order from its offer to the customer.
func (c *company) deliver(t testing.TB, oid string) {
	t.Helper()
	c.w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, oid).String()+"/accept", c.w.act())
	for _, step := range []string{"arrive-store", "pickup", "arrive-door", "deliver"} {
		c.w.clock.Advance(time.Minute)
		c.w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/"+step, c.w.act())
	}
}

// minor reads a number of JSON.
func minor(v any) int64 {
	f, _ := v.(float64)
	return int64(f)
}

func TestTariffIsEdited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	path := "/v1/console/zones/" + c.zone.String() + "/tariff"
	if got := w.ok(t, c.viewer, "GET", path, nil); minor(got.at("version")) != 0 || got.at("tariff") != nil || got.at("changed_at") != nil {
		t.Errorf("before: %s", got.raw)
	}
	for _, who := range []cred{c.viewer, c.dispatcher} {
		w.refused(t, who, "PUT", path, m{"version": 0, "tariff": tariffJSON()}, codeForbidden)
	}
	got := w.ok(t, c.finance, "PUT", path, m{"version": 0, "tariff": tariffJSON()})
	if minor(got.at("version")) != 1 || minor(got.at("tariff", "base")) != 250 || got.text("changed_by") == "" {
		t.Errorf("%s", got.raw)
	}
	w.refused(t, c.finance, "PUT", path, m{"version": 0, "tariff": tariffJSON()}, codeConflict)
	if got := w.ok(t, c.admin, "PUT", path, m{"version": 1, "tariff": tariffJSON(m{"base": 300, "minimum": 0})}); minor(got.at("version")) != 2 {
		t.Errorf("%s", got.raw)
	}
	if got := w.ok(t, c.viewer, "GET", path, nil); minor(got.at("tariff", "base")) != 300 || minor(got.at("tariff", "minimum")) != 0 || len(got.at("tariff", "distance").([]any)) != 1 {
		t.Errorf("after: %s", got.raw)
	}
	for field, change := range map[string]m{
		"tariff.currency":             {"currency": "euro"},
		"tariff.base":                 {"base": -1},
		"tariff.distance[1].over_m":   {"distance": []m{{"over_m": 500, "step_m": 100, "amount": 1}, {"over_m": 400, "step_m": 100, "amount": 1}}},
		"tariff.surcharges[0].amount": {"surcharges": []m{{"name": "x", "from": "10:00", "to": "11:00"}}},
		"tariff.surge.max_percent":    {"surge": m{"orders_per_rider": 1, "percent_per_order": 1, "max_percent": 1000}},
		"tariff.rider_pay.per_order":  {"rider_pay": m{"per_order": 1.5, "per_km": 0}},
		"tariff.surcharges[0].from":   {"surcharges": []m{{"name": "x", "from": "25:00", "to": "11:00", "amount": 5}}},
		"tariff.distance[0].step_m":   {"distance": []m{{"over_m": 500, "step_m": 250, "amount": 1}}},
		"tariff.per_minute":           {"per_minute": 5},
	} {
		r := w.refused(t, c.finance, "PUT", path, m{"version": 2, "tariff": tariffJSON(change)}, codeValidation)
		named := false
		for _, f := range r.at("errors").([]any) {
			named = named || f.(m)["field"] == field
		}
		if !named {
			t.Errorf("no fault of %s: %s", field, r.raw)
		}
	}
}

func TestFeeIsFixedAtPlacement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	if o := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder()); o.at("fee") != nil {
		t.Errorf("without a tariff: %s", o.raw)
	}
	c.setTariff(t)
	o := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(m{"weight_g": 6000}))
	// One order was open for the one rider: no surge. 250 + 5 started 100 m beyond 100 + 100 for the weight.
	fee, _ := o.at("fee").(m)
	if minor(fee["amount"]) != 400 || fee["currency"] != "EUR" || minor(fee["tariff_version"]) != 1 || minor(o.at("weight_g")) != 6000 {
		t.Fatalf("%s", o.raw)
	}
	var sum int64
	var kinds []string
	for _, x := range fee["terms"].([]any) {
		sum += minor(x.(m)["amount"])
		kinds = append(kinds, x.(m)["kind"].(string))
	}
	if sum != 400 || len(kinds) != 3 {
		t.Errorf("terms %v of %d", kinds, sum)
	}
	w.ok(t, c.finance, "PUT", "/v1/console/zones/"+c.zone.String()+"/tariff", m{"version": 1, "tariff": tariffJSON(m{"base": 900})})
	if again := w.ok(t, c.key, "GET", "/v1/orders/"+o.text("id"), nil); string(again.raw) != string(o.raw) {
		t.Errorf("%s\nplaced as %s", again.raw, o.raw)
	}
	// Two are open for one rider: one more than is free, 10 % of 900 + 50.
	if dearer := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder()); minor(dearer.at("fee", "amount")) != 950+95 {
		t.Errorf("%s", dearer.raw)
	}
	// 01:30 in Shanghai is 17:30 UTC. For later there is no surge, but the night's surcharge.
	later := time.Date(2026, 3, 3, 17, 30, 0, 0, time.UTC)
	if night := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(m{"deliver_after": later})); minor(night.at("fee", "amount")) != 950+75 {
		t.Errorf("%s", night.raw)
	}
	w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"weight_g": 20_001}), codeTooHeavy)
	w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": m{"location": m{"lat": duomo.Lat + 0.05, "lng": duomo.Lng}}}), codeTooFar)
}
