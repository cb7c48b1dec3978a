package api

import (
	"bytes"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// What was placed with a key has its answer for a day, also when the same request would be refused by then.
func TestRepeatedWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	body := c.newOrder(m{
		"external_id": "X", "deliver_after": noon.Add(time.Hour), "deliver_before": noon.Add(2 * time.Hour), "proof": m{"pin": "auto"},
		"items": []m{{"name": "Ribollita", "quantity": 2}}, "tags": []string{"a"},
	})
	first := w.ok(t, idempotent(c, "k"), "POST", "/v1/orders", body)
	batch := m{"orders": []any{c.newOrder(m{"deliver_before": noon.Add(time.Hour)}), c.newOrder(m{"load": 0})}}
	rows := w.ok(t, idempotent(c, "b"), "POST", "/v1/orders/batch", batch)
	w.ok(t, c.key, "POST", "/v1/orders/"+first.text("id")+"/cancel", m{"reason": "the oven"})

	w.clock.Advance(5 * time.Hour)
	if again := w.ok(t, idempotent(c, "k"), "POST", "/v1/orders", body); !bytes.Equal(again.raw, first.raw) {
		t.Errorf("%s\nwas %s", again.raw, first.raw)
	}
	if again := w.ok(t, idempotent(c, "b"), "POST", "/v1/orders/batch", batch); !bytes.Equal(again.raw, rows.raw) {
		t.Errorf("%s\nwas %s", again.raw, rows.raw)
	}
	w.refused(t, c.key, "POST", "/v1/orders", body, codeValidation)
	w.refused(t, idempotent(c, "other"), "POST", "/v1/orders", body, codeValidation)
	body["store_id"] = id.NewStore().String()
	w.refused(t, idempotent(c, "k"), "POST", "/v1/orders", body, codeValidation)
	body["store_id"] = c.store.String()

	w.clock.Advance(keyLife)
	w.refused(t, idempotent(c, "k"), "POST", "/v1/orders", body, codeValidation)
	if all := w.ok(t, c.key, "GET", "/v1/orders", nil).at("data").([]any); len(all) != 2 {
		t.Errorf("%d orders, want the two that were placed first", len(all))
	}
}
