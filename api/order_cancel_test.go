package api

import (
	"bytes"
	"testing"
	"time"
)

// A dry run tells what the real one would do, in every situation, and does nothing.
func TestCancelDryRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	ask := func(oid, rule string, allowed bool) {
		t.Helper()
		before := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil)
		got := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread", "dry_run": true})
		if got.text("dry_run", "rule") != rule || got.at("dry_run", "allowed") != allowed || got.text("id") != oid {
			t.Errorf("want %s, allowed %v: %s", rule, allowed, got.raw)
		}
		if after := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil); !bytes.Equal(before.raw, after.raw) {
			t.Errorf("the dry run changed %s\ninto %s", before.raw, after.raw)
		}
		done := w.do(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread"})
		if (done.status < 300) != allowed {
			t.Errorf("%s: the real one answers %d %s", rule, done.status, done.raw)
		}
		if done.at("dry_run") != nil {
			t.Errorf("a real one speaks of a dry run: %s", done.raw)
		}
	}
	waiting := c.place(t)
	ask(waiting, "before_pickup", true)
	ask(waiting, "already_cancelled", true)
	carried := c.place(t)
	c.take(t, carried, "pickup")
	ask(carried, "on_board", false)
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+carried+"/deliver", w.act())
	ask(carried, "ended", false)
}

// What a dry run says that a cancellation costs is what the real one says, and what the ledger then holds.
func TestCancelCharge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	free := c.place(t) // before there are prices
	c.setTariff(t, m{"surge": m{"orders_per_rider": 0, "percent_per_order": 0, "max_percent": 0}})
	for name, tc := range map[string]struct {
		oid, fault, rule string
		assigned         bool
		amount           int64
		percent          any
	}{
		"no fee":       {oid: free, fault: "merchant", rule: "no_fee"},
		"no rider":     {fault: "merchant", rule: "no_rider"},
		"a rider":      {fault: "merchant", rule: "percent", assigned: true, amount: 150, percent: 50.0},
		"the customer": {fault: "customer", rule: "percent", assigned: true, amount: 150, percent: 50.0},
		"his fault":    {fault: "rider", rule: "not_yours", assigned: true}, // which a dispatcher says
	} {
		oid := tc.oid
		if oid == "" {
			oid = c.place(t) // for 3.00, half of which is lost once a rider has it
		}
		if tc.assigned {
			c.take(t, oid)
		}
		if tc.fault == "rider" {
			w.refused(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread", "fault": tc.fault}, codeValidation)
			version := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil).at("version")
			w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/cancel", m{"version": version, "reason": "out of bread", "fault": tc.fault})
			tc.fault = "merchant" // what the merchant says afterwards changes nothing
		}
		body := m{"reason": "out of bread", "fault": tc.fault}
		would := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "out of bread", "fault": tc.fault, "dry_run": true})
		did := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", body)
		again := w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", body)
		for how, r := range map[string]reply{"dry run": would, "cancellation": did, "repetition": again} {
			if minor(r.at("charge", "amount")) != tc.amount || r.text("charge", "rule") != tc.rule || r.at("charge", "percent") != tc.percent {
				t.Errorf("%s, %s: %v", name, how, r.at("charge"))
			}
		}
		var owed int64
		for _, tr := range w.ok(t, c.viewer, "GET", "/v1/console/ledger/transactions?order_id="+oid, nil).at("data").([]any) {
			for _, p := range tr.(m)["postings"].([]any) {
				if p.(m)["account"] == "merchant" {
					owed += minor(p.(m)["amount"])
				}
			}
		}
		if owed != tc.amount {
			t.Errorf("%s: the ledger says %d, want %d", name, owed, tc.amount)
		}
	}
	carried := c.place(t)
	c.take(t, carried, "pickup")
	if r := w.ok(t, c.key, "POST", "/v1/orders/"+carried+"/cancel", m{"reason": "late", "dry_run": true}); r.at("charge") != nil {
		t.Errorf("what can't be cancelled costs %v", r.at("charge"))
	}
}

func TestMerchantWantsItBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	path := "/v1/orders/" + oid + "/return"
	refused := w.refused(t, c.key, "POST", path, m{"reason": "allergy"}, codeTransition)
	if refused.text("state") != "pending" {
		t.Errorf("%s", refused.raw)
	}
	c.take(t, oid, "pickup")
	w.refused(t, c.key, "POST", path, m{}, codeValidation)
	for range 2 { // twice is once
		if got := w.ok(t, c.key, "POST", path, m{"reason": "allergy"}); got.text("state") != "returning" || got.at("version") != 5.0 {
			t.Errorf("%s", got.raw)
		}
	}
	plan := w.ok(t, c.phone, "GET", "/v1/rider/plan", nil)
	stop := plan.at("stops").([]any)[0].(m)
	if at := stop["location"].(m); at["lat"] != duomo.Lat || plan.at("orders").([]any)[0].(m)["state"] != "returning" {
		t.Errorf("the rider is not told: %s", plan.raw)
	}
	if got := w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/return", w.act()); got.text("state") != "returned" {
		t.Errorf("%s", got.raw)
	}
	w.refused(t, c.key, "POST", path, m{"reason": "allergy"}, codeTransition)
}

func TestKitchen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t, m{"preparation_s": 600})
	path := "/v1/orders/" + oid
	for range 2 {
		if got := w.ok(t, c.key, "POST", path+"/accept", nil); got.text("accepted_at") != noon.Format(time.RFC3339) || got.at("version") != 2.0 {
			t.Errorf("%s", got.raw)
		}
	}
	ready := func(r reply, want time.Duration) {
		t.Helper()
		if got := r.text("ready_estimate"); got != noon.Add(want).Format(time.RFC3339) {
			t.Errorf("ready at %s, want %s after noon", got, want)
		}
	}
	ready(w.ok(t, idempotent(c, "k"), "POST", path+"/delay", m{"by_s": 300, "reason": "the oven"}), 15*time.Minute)
	ready(w.ok(t, idempotent(c, "k"), "POST", path+"/delay", m{"by_s": 300, "reason": "the oven"}), 15*time.Minute)
	ready(w.ok(t, c.key, "POST", path+"/delay", m{"by_s": 300}), 20*time.Minute)
	ready(w.ok(t, c.key, "POST", path+"/delay", m{"ready_at": noon.Add(30 * time.Minute)}), 30*time.Minute)
	events := w.ok(t, c.key, "GET", path+"/events", nil).at("data").([]any)
	if len(events) != 5 || events[2].(m)["data"].(m)["reason"] != "the oven" {
		t.Errorf("%v", events)
	}
	w.refused(t, c.key, "POST", path+"/delay", m{}, codeValidation)
	w.refused(t, c.key, "POST", path+"/delay", m{"by_s": 300, "ready_at": noon}, codeValidation)
	w.refused(t, c.key, "POST", path+"/delay", m{"by_s": 0}, codeValidation)
	w.ok(t, c.key, "POST", path+"/cancel", m{"reason": "out of bread"})
	w.refused(t, c.key, "POST", path+"/accept", nil, codeTransition)
}
