package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// What a customer is known by, here: the words that may be nowhere once the customer is erased.
const herPhone = "+39 055 284361"

var customerWords = []string{
	"Beatrice", "284361", "Borgo dei Greci", "Leoncini", "gate-4711", "second-bell", "ravioli", "for-beatrice", "note-of-the-shop", "4242", "barcode-77",
	"Portinari", "too-cold", "weeping", "nobody-opened", "changed-her-mind", "her-stairs", "not-up-there", fmt.Sprint(uffizi.Lat), fmt.Sprint(uffizi.Lng),
}

// Once a customer is erased, nothing that the tenant has tells of them: not the orders, not their history, not a picture. What was
// delivered, when, by whom and for how much is still there, and the books are right.
func TestAnErasedCustomerIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	hers := m{
		"dropoff": m{
			"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": "Borgo dei Greci 8", "floor": "Leoncini", "gate_code": "gate-4711",
			"contact_name": "Beatrice", "contact_phone": herPhone, "instructions": "second-bell",
		},
		"items": []m{{"name": "ravioli", "quantity": 2}}, "tags": []string{"for-beatrice"}, "metadata": m{"note": "note-of-the-shop"},
		"proof": m{"pin": "4242", "barcode": "barcode-77", "signature": true},
	}
	delivered, failed, open, others := c.place(t, hers), c.place(t, hers), c.place(t, hers), c.place(t)
	c.take(t, delivered, "pickup")
	asked := w.handover(c.colleague(t).rider.ID, delivered) // on board, at the door, and called off
	asked["reason"], asked["meet"] = "her-stairs", m{"lat": uffizi.Lat, "lng": uffizi.Lng}
	handover := w.ok(t, c.phone, "POST", "/v1/rider/handovers", asked).text("id")
	w.ok(t, c.dispatcher, "POST", "/v1/console/handovers/"+handover+"/cancel", m{"reason": "not-up-there"})
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+delivered+"/arrive-door", w.act())
	signature := c.upload(t, delivered, "signature", pixel).text("id")
	handed := w.act()
	handed["proof"] = m{"pin": "4242", "barcode": "barcode-77", "signature_id": signature, "signed_by": "Portinari", "location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+delivered+"/deliver", handed)
	w.ok(t, nobodyAtAll, "POST", c.track(t, delivered)+"/rating", m{"stars": 4, "comment": "too-cold"})
	c.take(t, failed, "pickup")
	w.ok(t, c.phone, "POST", "/v1/rider/incidents", c.incident("customer_absent", m{"order_id": failed, "note": "weeping", "location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}}))
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+failed+"/return", w.act())

	told := dump(t, w, c.tenant)
	for _, word := range customerWords {
		if !strings.Contains(told, word) && word != "nobody-opened" && word != "changed-her-mind" {
			t.Errorf("%q was never told, so it proves nothing", word)
		}
	}

	w.refused(t, c.key, "POST", "/v1/orders/"+open+"/erase", nil, codeOrderOpen)
	w.refused(t, c.dispatcher, "POST", "/v1/console/customers/erase", m{"phone": herPhone}, codeForbidden)
	got := w.ok(t, c.admin, "POST", "/v1/console/customers/erase", m{"phone": herPhone})
	if !sameJSON(got.body, m{"erased": []any{delivered, failed}, "open": []any{open}}) {
		t.Errorf("%s", got.raw)
	}
	w.refused(t, c.key, "GET", "/v1/orders/"+delivered+"/proofs/"+signature, nil, codeNotFound)
	if r := c.upload(t, delivered, "photo", pixel); r.text("code") != codeTooOld {
		t.Errorf("a picture of an erased order: %s", r.raw)
	}

	w.ok(t, c.key, "POST", "/v1/orders/"+open+"/cancel", m{"reason": "changed-her-mind"})
	erased := w.ok(t, c.key, "POST", "/v1/orders/"+open+"/erase", nil)
	if again := w.ok(t, c.key, "POST", "/v1/orders/"+open+"/erase", nil); again.text("erased_at") == "" || string(again.raw) != string(erased.raw) {
		t.Errorf("%s, again %s", erased.raw, again.raw)
	}
	if got := w.ok(t, c.admin, "POST", "/v1/console/customers/erase", m{"phone": herPhone}); !sameJSON(got.body, m{"erased": []any{}, "open": []any{}}) {
		t.Errorf("again: %s", got.raw)
	}

	// Another customer's order goes to the same house, and offers and handovers tell for a week where they would have led.
	w.ok(t, c.key, "POST", "/v1/orders/"+others+"/cancel", m{"reason": "x"})
	w.ok(t, c.key, "POST", "/v1/orders/"+others+"/erase", nil)
	w.ok(t, c.phone, "POST", "/v1/rider/shift/end", nil)
	if err := w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error {
		return rider.ForgetRoutes(t.Context(), tx, c.tenant, w.clock.Now().Add(8*24*time.Hour))
	}); err != nil {
		t.Fatal(err)
	}
	told = dump(t, w, c.tenant)
	for _, word := range customerWords {
		if i := strings.Index(told, word); i >= 0 {
			t.Errorf("%q is still told: …%s…", word, told[max(0, i-300):min(len(told), i+100)])
		}
	}
	o := w.ok(t, c.key, "GET", "/v1/orders/"+delivered, nil)
	if o.text("state") != "delivered" || o.at("rating", "stars") != 4.0 || o.text("rider", "name") == "" {
		t.Errorf("too much is gone: %s", o.raw)
	}
	for name, check := range map[string]func() ([]string, error){
		"dispatch": func() ([]string, error) {
			b, err := dispatch.CheckBooks(t.Context(), w.db, c.tenant)
			return b.Faults, err
		},
		"ledger": func() ([]string, error) {
			b, err := ledger.CheckBooks(t.Context(), w.db, c.tenant)
			return b.Faults, err
		},
	} {
		if faults, err := check(); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", name, faults, err)
		}
	}
}

// What is kept long enough goes by itself, pictures before customers, and nothing that is younger.
func TestOldOrdersAreErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.company(t), w.company(t)
	days := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	c.onShift(t)
	with := m{"dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": "x", "contact_name": "Beatrice"}}
	old := c.place(t, with)
	c.take(t, old, "pickup", "deliver")
	c.pictured(t, old)
	w.ok(t, c.phone, "POST", "/v1/rider/shift/end", nil)
	w.clock.Advance(24 * time.Hour)
	c.newToken(t)
	young, theirs := c.place(t, with), other.place(t, with)
	for who, oid := range map[*company]string{c: young, other: theirs} {
		w.ok(t, who.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "x"})
	}
	has := func(who *company, oid string, pictures int, name string) {
		t.Helper()
		got := w.ok(t, who.key, "GET", "/v1/orders/"+oid+"/proofs", nil).at("data").([]any)
		if o := w.ok(t, who.key, "GET", "/v1/orders/"+oid, nil); len(got) != pictures || o.text("dropoff", "contact_name") != name {
			t.Errorf("%d pictures, %s", len(got), o.raw)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(order.ErasePictures(t.Context(), w.db, c.tenant, w.api.files, days(0)))
	has(c, old, 1, "Beatrice") // ended at noon, not before it
	must(order.ErasePictures(t.Context(), w.db, c.tenant, w.api.files, days(0).Add(time.Hour)))
	has(c, old, 0, "Beatrice")
	must(order.EraseBefore(t.Context(), w.db, c.tenant, days(0).Add(time.Hour), days(366)))
	has(c, old, 0, "")
	has(c, young, 0, "Beatrice")
	must(order.EraseBefore(t.Context(), w.db, c.tenant, days(2), days(367)))
	has(c, young, 0, "")
	has(other, theirs, 0, "Beatrice")

	// Nobody erases what is another tenant's, nor what has not ended.
	open := other.place(t, with)
	must(w.db.Tx(t.Context(), other.tenant, func(tx pgx.Tx) error {
		erased, err := order.Erase(t.Context(), tx, []id.Order{orderID(t, old), orderID(t, young), orderID(t, open)}, days(1))
		if len(erased) > 0 {
			t.Errorf("erased %v", erased)
		}
		return err
	}))
}

func orderID(t testing.TB, text string) (o id.Order) {
	t.Helper()
	if err := o.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return o
}
