package main

import (
	"testing"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
)

// Test orders are delivered by a robot that lives in no process: those that were under way when it was killed go on with the next.
func TestTestOrdersSurviveTheirRobot(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := found(t, s.db, "town")
	quick := clock.Scaled{Epoch: time.Now(), Start: time.Now(), Speed: 20}
	n := serve(t, "--database-url", s.url, "--roles", "api,dispatch", "--clock", quick.String()).waitReady()
	c := client.New(client.Options{URL: n.url})
	defer c.Close()
	boss, err := c.LoginStaff(t.Context(), w.slug, "boss@example.com", townPassword)
	if err != nil {
		t.Fatal(err)
	}
	merchants, err := client.Collect(boss.Merchants(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := boss.CreateTestKey(t.Context(), merchants[0].ID, "trials")
	if err != nil {
		t.Fatal(err)
	}
	shop := c.Merchant(secret)
	store, err := shop.CreateStore(t.Context(), client.Store{Name: "Da Mario", Location: duomo})
	if err != nil {
		t.Fatal(err)
	}
	door := geo.LatLng{Lat: duomo.Lat + 0.004, Lng: duomo.Lng + 0.004}
	ends := map[string]string{"": client.Delivered, "undeliverable": client.Returned}
	orders := map[string]string{} // by id, how each ends
	for fault, end := range ends {
		o := client.NewOrder{StoreID: store.ID, Dropoff: client.Dropoff{Location: door}}
		if fault != "" {
			o.Test = &client.Test{Fault: fault}
		}
		placed, err := shop.PlaceOrder(t.Context(), "test "+fault, o)
		if err != nil {
			t.Fatal(err)
		}
		orders[placed.ID] = end
	}
	in := func(shop *client.Merchant, arrived func(client.Order) bool) func() bool {
		return func() bool {
			for id := range orders {
				if o, err := shop.Order(t.Context(), id); err != nil || !arrived(o) {
					return false
				}
			}
			return true
		}
	}
	until(t, "riders have the orders", patience, in(shop, func(o client.Order) bool { return o.Rider != nil }))
	n.kill()
	next := serve(t, "--database-url", s.url, "--roles", "api,dispatch", "--clock", quick.String()).waitReady()
	c2 := client.New(client.Options{URL: next.url})
	defer c2.Close()
	until(t, "the orders have ended", patience, in(c2.Merchant(secret), func(o client.Order) bool { return o.State == orders[o.ID] }))
	for id := range orders {
		if got := get[int](s.owner, "SELECT count(*) - count(DISTINCT type) FROM order_events WHERE order_id = $1", orderID(t, id)); got != 0 {
			t.Errorf("order %s did %d things twice", id, got)
		}
	}
	next.stop()
	if o := run(t, "admin", "check", "--database-url", s.url); o.status != 0 {
		t.Errorf("%s%s", o.stdout, o.stderr)
	}
}
