package api

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var everything = m{
	"dropoff": m{
		"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": "Piazzale degli Uffizi 6", "floor": "2", "unit": "B", "gate_code": "#12",
		"contact_name": "Anna", "contact_phone": "+39055123456", "instructions": "ring twice", "leave_at_door": true,
	},
	"cash_on_delivery": m{"amount": 1250.0, "currency": "EUR"}, "tip": m{"amount": 200.0, "currency": "EUR"},
	"tags": []any{"vip", "cold chain"}, "metadata": m{"table": "7", "till": "a\"b"},
	"deliver_after": "2026-03-02T18:00:00Z", "deliver_before": "2026-03-02T18:30:00Z",
	"proof": m{"photo": true, "signature": true, "pin": "004217", "barcode": "A-1", "age_check": m{"min_age": 18.0}},
}

// Whatever a merchant tells comes back as it was told, from the answer, from the order and from a list.
func TestOrderDetailsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	made := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder(everything))
	read := w.ok(t, c.key, "GET", "/v1/orders/"+made.text("id"), nil)
	if !bytes.Equal(made.raw, read.raw) {
		t.Errorf("created as %s\nread as %s", made.raw, read.raw)
	}
	for field, want := range everything {
		if got := made.at(field); !sameJSON(got, want) {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
	if made.text("promise_at") != "2026-03-02T18:30:00Z" || made.text("state") != "scheduled" {
		t.Errorf("the window's end is the promise: %s", made.raw)
	}
	bare := w.ok(t, c.key, "POST", "/v1/orders", c.newOrder())
	if bare.at("tip") != nil || bare.at("cash_on_delivery") != nil || len(bare.at("tags").([]any)) != 0 || len(bare.at("metadata").(m)) != 0 || len(bare.at("proof").(m)) != 0 {
		t.Errorf("%s", bare.raw)
	}
}

func sameJSON(a, b any) bool {
	switch a := a.(type) {
	case m:
		b, ok := b.(m)
		return ok && maps.EqualFunc(a, b, sameJSON)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameJSON)
	}
	return a == b
}

func TestPINsAreMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	seen := map[string]bool{}
	for i := range 20 {
		key := idempotent(c, strconv.Itoa(i))
		order := c.newOrder(m{"proof": m{"pin": "auto"}})
		first := w.ok(t, key, "POST", "/v1/orders", order)
		pin := first.text("proof", "pin")
		if !regexp.MustCompile(`^\d{4}$`).MatchString(pin) {
			t.Fatalf("PIN %q", pin)
		}
		seen[pin] = true
		if again := w.ok(t, key, "POST", "/v1/orders", order); !bytes.Equal(again.raw, first.raw) {
			t.Errorf("again: %s\nfirst: %s", again.raw, first.raw)
		}
	}
	if len(seen) < 10 {
		t.Errorf("20 orders have the PINs %v", seen)
	}
}

func TestBadDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	many := m{}
	for i := range 51 {
		many[strconv.Itoa(i)] = "x"
	}
	for name, tc := range map[string]struct {
		with  m
		field string
	}{
		"window upside down":  {m{"deliver_after": noon.Add(2 * time.Hour), "deliver_before": noon.Add(time.Hour)}, "deliver_before"},
		"an empty window":     {m{"deliver_after": noon.Add(time.Hour), "deliver_before": noon.Add(time.Hour)}, "deliver_before"},
		"a window that is up": {m{"deliver_before": noon.Add(-time.Minute)}, "deliver_before"},
		"21 tags":             {m{"tags": make([]string, 21)}, "tags"},
		"an empty tag":        {m{"tags": []string{"a", ""}}, "tags[1]"},
		"a long tag":          {m{"tags": []string{strings.Repeat("x", 65)}}, "tags[0]"},
		"51 entries":          {m{"metadata": many}, "metadata"},
		"a number":            {m{"metadata": m{"n": 1}}, "metadata.n"},
		"a long text":         {m{"metadata": m{"n": strings.Repeat("x", 501)}}, "metadata.n"},
		"a long name":         {m{"metadata": m{strings.Repeat("x", 65): ""}}, "metadata." + strings.Repeat("x", 55)},
		"a PIN of 3":          {m{"proof": m{"pin": "123"}}, "proof.pin"},
		"a PIN of letters":    {m{"proof": m{"pin": "abcd"}}, "proof.pin"},
		"an empty barcode":    {m{"proof": m{"barcode": ""}}, "proof.barcode"},
		"age 0":               {m{"proof": m{"age_check": m{"min_age": 0}}}, "proof.age_check.min_age"},
		"a negative tip":      {m{"tip": m{"amount": -1, "currency": "EUR"}}, "tip.amount"},
		"cash without a kind": {m{"cash_on_delivery": m{"amount": 1}}, "cash_on_delivery"},
	} {
		r := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(tc.with), codeValidation)
		if !slices.ContainsFunc(r.at("errors").([]any), func(f any) bool { return f.(m)["field"] == tc.field }) {
			t.Errorf("%s: no fault of %s: %s", name, tc.field, r.raw)
		}
	}
}
