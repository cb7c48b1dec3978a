package api

import (
	"bytes"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
)

// pooled puts an order into the pool, as a round would.
func (c *company) pooled(t testing.TB, oid string, window time.Duration) {
	t.Helper()
	var o id.Order
	if err := o.UnmarshalText([]byte(oid)); err != nil {
		t.Fatal(err)
	}
	now := c.w.clock.Now()
	c.w.exec(t, c.tenant, `INSERT INTO pool_orders (tenant_id, order_id, lot_id, zone_id, since, closes_at) VALUES ($1, $2, $2, $3, $4, $5)`,
		c.tenant, o, c.zone, now, now.Add(window))
	c.w.publish(t, bus.RiderSubject(c.tenant, c.rider.ID), struct{}{})
}

// A rider sees what may be claimed, and what it is worth, but not whose it is; claims it, and has it.
func TestARiderClaimsFromThePool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	if empty := w.ok(t, c.phone, "GET", "/v1/rider/pool", nil); len(empty.at("data").([]any)) > 0 {
		t.Errorf("off shift: %s", empty.raw)
	}
	oid, later := c.place(t), c.place(t)
	w.refused(t, c.phone, "POST", "/v1/rider/pool/"+oid+"/claim", w.act(), codeOffShift)
	c.onShift(t)
	st := w.open(t.Context(), t, c.phone, "/v1/rider/stream")
	defer st.close()
	c.pooled(t, oid, 0)
	seen := st.until(t, "changed", func(j m) bool { return len(j["pool"].([]any)) == 1 })
	if bytes.Contains(seen.data, []byte("Uffizi")) {
		t.Errorf("the customer's address is not for riders who don't have the order: %s", seen.data)
	}
	lot := w.ok(t, c.phone, "GET", "/v1/rider/pool", nil).at("data").([]any)[0].(m)
	first := lot["orders"].([]any)[0].(m)
	if pay, _ := first["pay"].(m); pay["amount"] != 259.0 || first["store_name"] != "Da Mario" || lot["order_ids"].([]any)[0] != oid {
		t.Errorf("the lot is %v", lot)
	}
	if lot["distance_m"] != 0.0 || lot["ride_m"] != 592.0 || lot["pickup_at"] != "2026-03-02T12:00:00Z" || lot["dropoff_at"].(string) <= first["ready_estimate"].(string) {
		t.Errorf("the way: %v", lot)
	}

	act := w.act()
	won := w.ok(t, c.phone, "POST", "/v1/rider/pool/"+oid+"/claim", act)
	if won.text("claim", "state") != "won" || won.text("claim", "reason") != "first" || len(won.at("plan", "stops").([]any)) != 2 {
		t.Errorf("the claim: %s", won.raw)
	}
	if again := w.ok(t, c.phone, "POST", "/v1/rider/pool/"+oid+"/claim", act); !bytes.Equal(again.raw, won.raw) {
		t.Errorf("claimed twice: %s, first %s", again.raw, won.raw)
	}
	st.until(t, "changed", func(j m) bool { return len(j["pool"].([]any)) == 0 && len(j["claims"].([]any)) == 1 })
	why := w.ok(t, c.viewer, "GET", "/v1/console/orders/"+oid, nil)
	events := why.at("events").([]any)
	last := events[len(events)-1].(m)
	if d := why.at("why", "decisions").([]any)[0].(m); d["kind"] != "claimed" || d["rider_name"] != "Gino" || d["reason"] != "first" {
		t.Errorf("why: %s", why.raw)
	}
	if last["type"] != "assigned" || last["actor"].(m)["kind"] != "rider" {
		t.Errorf("the last event is %v", last)
	}

	w.refused(t, c.phone, "POST", "/v1/rider/pool/"+later+"/claim", w.act(), codeOrderTaken) // was never pooled
	c.pooled(t, later, time.Minute)
	open := w.ok(t, c.phone, "POST", "/v1/rider/pool/"+later+"/claim", w.act())
	if open.text("claim", "state") != "open" || open.text("claim", "decides_at") != "2026-03-02T12:01:00Z" || len(open.at("plan", "stops").([]any)) != 2 {
		t.Errorf("a claim within the window: %s", open.raw)
	}
	w.clock.Advance(10 * time.Minute)
	if r := w.refused(t, c.phone, "POST", "/v1/rider/pool/"+c.pooledAnew(t)+"/claim", w.act(), codeUnassignable); r.text("reason") != "stale" {
		t.Errorf("without a fresh position: %s", r.raw)
	}
}

// pooledAnew places an order and puts it into the pool.
func (c *company) pooledAnew(t testing.TB) string {
	t.Helper()
	oid := c.place(t)
	c.pooled(t, oid, 0)
	return oid
}
