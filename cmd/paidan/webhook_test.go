package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/paidan/paidan/client"
)

// till is a merchant's server that counts the events it gets.
type till struct {
	*httptest.Server
	mu  sync.Mutex
	got map[string]int
}

func newTill(t *testing.T) *till {
	t.Helper()
	s := &till{got: make(map[string]int)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got[r.Header.Get("webhook-id")]++
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *till) events() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

// The process that sends webhooks is killed while it sends. Another takes over, and every event arrives.
func TestWebhooksSurviveKill9(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := found(t, s.db, "hooks")
	s.args = append(s.args, "--webhook-allow-http", "--webhook-allow-private")
	p := w.through(s.node("api").waitReady().url)
	receiver := newTill(t)
	e, err := p.shop.CreateWebhook(t.Context(), receiver.URL, "till")
	if err != nil {
		t.Fatal(err)
	}
	nodes := []*node{s.node("jobs"), s.node("jobs")}
	for _, n := range nodes {
		n.waitReady()
	}
	var orders []client.Order
	for i := range 40 {
		orders = append(orders, p.mustPlace(fmt.Sprintf("till-%d", i)))
	}
	until(t, "the first events arrive", patience, func() bool { return receiver.events() > 10 })
	pid := pidOf(get[string](s.owner, "SELECT owner FROM leases WHERE name = 'webhooks'"))
	for nth, round := range []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour} {
		for _, o := range orders {
			if _, err := p.shop.Delay(t.Context(), o.ID, o.PlacedAt.Add(round)); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range nodes {
			if nth == 1 && n.pid() == pid {
				n.kill()
			}
		}
	}
	killed := time.Now()
	want := get[int](s.owner, "SELECT count(*) FROM order_events WHERE tenant_id = $1", w.tenant)
	if want < 4*len(orders) {
		t.Fatalf("only %d events", want)
	}
	until(t, "all events arrive", patience, func() bool { return receiver.events() == want })
	t.Logf("%d events, all there %v after the kill", want, time.Since(killed).Round(time.Millisecond))
	until(t, "all are recorded", patience, func() bool {
		return get[int](s.owner, "SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered'") == want
	})
	// What arrived is what the feed tells, and what the log says.
	for after := ""; ; {
		events, next, err := p.shop.Events(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if receiver.got[e.ID] == 0 {
				t.Errorf("event %s did not arrive", e.ID)
			}
		}
		if after = next; len(events) == 0 {
			break
		}
	}
	log, err := client.Collect(p.shop.WebhookDeliveries(t.Context(), e.ID, "delivered"))
	if err != nil || len(log) != want {
		t.Errorf("the log has %d of %d: %v", len(log), want, err)
	}
	endpoints, err := client.Collect(p.shop.Webhooks(t.Context()))
	if err != nil || len(endpoints) != 1 || endpoints[0].ID != e.ID || endpoints[0].State != "enabled" {
		t.Errorf("%+v, %v", endpoints, err)
	}
}
