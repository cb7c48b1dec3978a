package api

import (
	"fmt"
	"testing"
	"time"
)

// A phone that comes back, and one that listens, are told what others have changed in the plan meanwhile.
func TestAPhoneIsToldWhatOthersChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	kept, gone := c.place(t), c.place(t)
	c.take(t, kept)
	c.take(t, gone)
	plan := w.ok(t, c.phone, "GET", "/v1/rider/plan", nil)
	if plan.at("since") != nil || len(plan.at("changes").([]any)) != 0 {
		t.Errorf("nobody asked for changes: %s", plan.raw)
	}
	since := fmt.Sprintf("?since=%.0f", plan.at("version"))
	st := w.open(t.Context(), t, c.phone, "/v1/rider/stream"+since)
	defer st.close()
	if first := st.next(t); first.json["plan"].(m)["since"] != plan.at("version") || len(first.json["plan"].(m)["changes"].([]any)) != 0 {
		t.Errorf("the snapshot: %s", first.data)
	}
	w.clock.Advance(time.Second)
	w.ok(t, c.key, "POST", "/v1/orders/"+gone+"/cancel", m{"reason": "closed"})
	told := func(changes any) bool {
		list, _ := changes.([]any)
		if len(list) != 1 {
			return false
		}
		x := list[0].(m)
		return x["kind"] == "removed" && x["order_id"] == gone && x["reason"] == "cancelled"
	}
	st.until(t, "changed", func(j m) bool { return told(j["plan"].(m)["changes"]) })
	if later := w.ok(t, c.phone, "GET", "/v1/rider/plan"+since, nil); !told(later.at("changes")) || later.at("since") != plan.at("version") {
		t.Errorf("later: %s", later.raw)
	}
	if unknown := w.ok(t, c.phone, "GET", "/v1/rider/plan?since=4000", nil); unknown.at("since") != nil || len(unknown.at("changes").([]any)) != 0 {
		t.Errorf("a version that never was: %s", unknown.raw)
	}
}
