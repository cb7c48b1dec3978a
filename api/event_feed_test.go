package api

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/order"
)

// feed polls until so many events have come: a transaction of another test may hold the feed up for moments.
func (c *company) feed(t *testing.T, limit string, want int) (events []m, pages int) {
	t.Helper()
	for next := ""; len(events) < want; {
		r := c.w.ok(t, c.key, "GET", "/v1/events?limit="+limit+"&after="+next, nil)
		for _, e := range r.at("data").([]any) {
			events = append(events, e.(m))
		}
		if got := len(r.at("data").([]any)); got > 0 {
			pages++
		}
		if next = r.text("next_cursor"); next == "" && len(events) > 0 {
			t.Fatalf("no cursor: %s", r.raw)
		}
	}
	return events, pages
}

func TestEventFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, stranger := w.company(t), w.company(t)
	if r := w.ok(t, c.key, "GET", "/v1/events", nil); len(r.at("data").([]any)) != 0 {
		t.Errorf("events before any order: %s", r.raw)
	}
	stranger.place(t)
	first := c.place(t, m{"external_id": "A-1"})
	second := c.place(t)
	w.ok(t, c.key, "POST", "/v1/orders/"+first+"/ready", nil)
	w.ok(t, c.key, "POST", "/v1/orders/"+second+"/cancel", m{"reason": "rain"})
	events, pages := c.feed(t, "3", 4)
	if pages < 2 {
		t.Errorf("4 events in %d pages of 3", pages)
	}
	// Each is what the order's own history shows, and who it is about.
	histories := map[string][]any{}
	for _, oid := range []string{first, second} {
		histories[oid] = w.ok(t, c.key, "GET", "/v1/orders/"+oid+"/events", nil).at("data").([]any)
	}
	versions := map[string]int{}
	for _, e := range events {
		oid := e["order_id"].(string)
		versions[oid]++
		want := m{"order_id": oid, "external_id": map[string]string{first: "A-1"}[oid], "job_id": "", "store_id": c.store.String()}
		for k, v := range histories[oid][versions[oid]-1].(m) {
			want[k] = v
		}
		var name order.EventID
		if err := name.UnmarshalText([]byte(e["id"].(string))); err != nil || name.Order.String() != oid || name.Version != int64(versions[oid]) {
			t.Errorf("event %v of order %s: %v", e["id"], oid, err)
		}
		want["id"] = e["id"]
		if diff := cmp.Diff(want, e); diff != "" {
			t.Errorf("event (-history +feed):\n%s", diff)
		}
	}
	// Whoever has read all keeps a cursor, and gets what comes next.
	all := w.ok(t, c.key, "GET", "/v1/events", nil)
	again := w.ok(t, c.key, "GET", "/v1/events?after="+all.text("next_cursor"), nil)
	if again.text("next_cursor") != all.text("next_cursor") || len(again.at("data").([]any)) != 0 {
		t.Errorf("nothing new: %s", again.raw)
	}
	third := c.place(t)
	for {
		r := w.ok(t, c.key, "GET", "/v1/events?after="+again.text("next_cursor"), nil)
		if data := r.at("data").([]any); len(data) > 0 {
			if raw, _ := json.Marshal(data); len(data) != 1 || data[0].(m)["order_id"] != third {
				t.Errorf("after the cursor come %s", raw)
			}
			break
		}
	}
	w.refused(t, c.key, "GET", "/v1/events?after=xyz", nil, codeValidation)
	w.refused(t, c.key, "GET", "/v1/events?limit=1001", nil, codeValidation)
	w.refused(t, c.phone, "GET", "/v1/events", nil, codeUnauthenticated)
}
