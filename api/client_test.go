package api

import (
	"testing"

	paidan "github.com/paidan/paidan/client"
	"github.com/paidan/paidan/order"
)

// What the Go client knows of prices is what the API says.
func TestClientAsksForAQuote(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.company(t)
	co.onShift(t)
	c := paidan.New(paidan.Options{URL: w.url})
	t.Cleanup(c.Close)
	staff, err := c.LoginStaff(t.Context(), co.slug, "finance@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	zone := co.zone.String()
	if have, err := staff.Tariff(t.Context(), zone); err != nil || have.Version != 0 {
		t.Fatalf("%+v, %v", have, err)
	}
	if made, err := staff.PutTariff(t.Context(), zone, 0, tariffJSON()); err != nil || made.Version != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	_, secret, err := order.CreateKey(t.Context(), w.db, co.tenant, order.NewKey{Merchant: co.merchant, Name: "client"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	till := c.Merchant(secret)
	q, err := till.Quote(t.Context(), paidan.NewQuote{StoreID: co.store.String(), Dropoff: paidan.Place{Location: uffizi}, WeightG: 6000})
	if err != nil || q.Fee.Amount != 400 || len(q.Fee.Terms) != 3 || q.Delivery.P90At.Before(q.Pickup.P50At) || q.PromiseAt.IsZero() {
		t.Fatalf("%+v, %v", q, err)
	}
	o, err := till.PlaceOrder(t.Context(), "k", paidan.NewOrder{StoreID: co.store.String(), QuoteID: q.ID, WeightG: 5500, Dropoff: paidan.Dropoff{Location: uffizi}})
	if err != nil || o.Fee == nil || o.Fee.Amount != 400 || !o.PromiseAt.Equal(q.PromiseAt) {
		t.Errorf("%+v, %v", o, err)
	}
}
