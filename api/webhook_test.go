package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/sandbox"
	"github.com/paidan/paidan/webhook"
)

// sending runs who sends webhooks, and lets them go to this machine.
func sending(t *testing.T) *world {
	t.Helper()
	open := webhook.Reach{AllowHTTP: true, AllowPrivate: true}
	w := newWorld(t, func(d *Deps) { d.Config.Webhooks = open })
	s := webhook.New(webhook.Options{
		DB: w.db, Bus: w.bus, Clock: w.clock, Log: w.api.log, Owner: "test", Show: ShowEvent, Failing: sandbox.FailingWebhooks, Reach: open, Interval: 20 * time.Millisecond,
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

// receiver passes on what a merchant's server gets; it answers with the status that path ends in, if any.
func receiver(t *testing.T) (url string, got <-chan *http.Request) {
	t.Helper()
	c := make(chan *http.Request, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		c <- r
		if strings.HasSuffix(r.URL.Path, "/500") {
			http.Error(rw, "not now", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, c
}

func TestWebhookEndpointLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	made := w.ok(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://shop.example/hook", "description": "till", "event_types": []string{"order.delivered"}})
	if made.status != http.StatusCreated || !strings.HasPrefix(made.text("secret"), "whsec_") || made.text("state") != "enabled" {
		t.Fatalf("%d %s", made.status, made.raw)
	}
	path := "/v1/webhook-endpoints/" + made.text("id")
	got := w.ok(t, c.key, "GET", path, nil)
	want := made.body
	delete(want, "secret")
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("read (-made +read):\n%s", diff)
	}
	if r := w.refused(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://shop.example/hook"}, codeURLTaken); r.text("existing_id") != made.text("id") {
		t.Errorf("%s", r.raw)
	}
	changed := w.ok(t, c.key, "PATCH", path, m{"event_types": []string{}, "state": "disabled"})
	if changed.text("disabled_reason") != "merchant" || changed.text("description") != "till" || len(changed.at("event_types").([]any)) != 0 {
		t.Errorf("%s", changed.raw)
	}
	for _, act := range []string{"/test", "/deliveries/evt_01h455vb4pex5vsknk084sn02q_1/replay"} {
		w.refused(t, c.key, "POST", path+act, nil, codeDisabled)
	}
	if r := w.ok(t, c.key, "PATCH", path, m{"state": "enabled"}); r.text("state") != "enabled" || r.at("disabled_at") != nil || r.text("disabled_reason") != "" {
		t.Errorf("%s", r.raw)
	}
	rotated := w.ok(t, c.key, "POST", path+"/rotate-secret", nil)
	if rotated.text("secret") == made.text("secret") || rotated.text("old_secret_until") != noon.Add(24*time.Hour).Format(time.RFC3339) {
		t.Errorf("%s", rotated.raw)
	}
	if list := w.ok(t, c.key, "GET", "/v1/webhook-endpoints", nil); len(list.at("data").([]any)) != 1 || strings.Contains(string(list.raw), "whsec_") {
		t.Errorf("%s", list.raw)
	}
	w.refused(t, c.key, "POST", path+"/deliveries/evt_01h455vb4pex5vsknk084sn02q_1/replay", nil, codeNotFound)
	if r := w.ok(t, c.key, "DELETE", path, nil); r.status != http.StatusNoContent {
		t.Errorf("%d", r.status)
	}
	w.refused(t, c.key, "GET", path, nil, codeNotFound)
	w.refused(t, c.key, "DELETE", path, nil, codeNotFound)
}

// What is sent is what the feed shows; the log has it with its answer, and sends it again on demand.
func TestWebhooksTellWhatTheFeedShows(t *testing.T) {
	t.Parallel()
	w := sending(t)
	c := w.company(t)
	url, got := receiver(t)
	path := "/v1/webhook-endpoints/" + w.ok(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": url + "/hook"}).text("id")
	oid := c.place(t, m{"external_id": "A-1"})
	w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/ready", nil)
	events, _ := c.feed(t, "10", 2)
	for i, want := range events {
		r := <-got
		var p m
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m{"type": "order." + want["type"].(string), "timestamp": want["at"], "data": want}, p); diff != "" {
			t.Errorf("event %d (-feed +webhook):\n%s", i, diff)
		}
		if r.Header.Get("webhook-id") != want["id"] {
			t.Errorf("webhook-id %s of %v", r.Header.Get("webhook-id"), want["id"])
		}
	}
	var log []any
	for done := 0; done < 2; { // recorded a moment after it was answered
		log = w.ok(t, c.key, "GET", path+"/deliveries?state=delivered", nil).at("data").([]any)
		done = len(log)
	}
	first := log[1].(m)
	if first["type"] != "order.placed" || first["request"].(m)["body"].(m)["data"].(m)["external_id"] != "A-1" || first["response"].(m)["status"] != 200.0 || first["attempts"] != 1.0 {
		t.Errorf("%v", first)
	}
	name := path + "/deliveries/" + first["event_id"].(string)
	if diff := cmp.Diff(first, w.ok(t, c.key, "GET", name, nil).body); diff != "" {
		t.Errorf("one delivery (-log +read):\n%s", diff)
	}
	if r := w.ok(t, c.key, "POST", name+"/replay", nil); r.text("state") != "pending" && r.text("state") != "delivered" {
		t.Errorf("%s", r.raw)
	}
	if r := <-got; r.Header.Get("webhook-id") != first["event_id"] {
		t.Errorf("replayed %s", r.Header.Get("webhook-id"))
	}
	page := w.ok(t, c.key, "GET", path+"/deliveries?limit=1", nil)
	next := w.ok(t, c.key, "GET", path+"/deliveries?limit=1&cursor="+page.text("next_cursor"), nil)
	if page.at("data").([]any)[0].(m)["event_id"] == next.at("data").([]any)[0].(m)["event_id"] || next.text("next_cursor") != "" {
		t.Errorf("pages %s, %s", page.raw, next.raw)
	}
	r := w.ok(t, c.key, "POST", path+"/replay", m{"from": noon, "to": noon.Add(time.Second), "states": []string{"delivered", "pending"}})
	if r.at("replayed") != 2.0 || r.at("next_from") != nil {
		t.Errorf("%s", r.raw)
	}
}

func TestWebhookTest(t *testing.T) {
	t.Parallel()
	w := sending(t)
	c := w.company(t)
	url, got := receiver(t)
	made := w.ok(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": url + "/500", "event_types": []string{"order.delivered"}})
	path := "/v1/webhook-endpoints/" + made.text("id")
	event := w.ok(t, c.key, "POST", path+"/test", nil).text("event_id")
	if r := <-got; r.Header.Get("webhook-id") != event {
		t.Errorf("webhook-id %s of %s", r.Header.Get("webhook-id"), event)
	}
	for {
		r := w.ok(t, c.key, "GET", path+"/deliveries/"+event, nil)
		if r.at("response") == nil {
			continue
		}
		if r.at("response", "status") != 500.0 || r.at("response", "body") != "not now\n" || r.text("next_at") == "" || r.at("request", "body", "type") != "webhook.test" {
			t.Errorf("%s", r.raw)
		}
		break
	}
	if r := w.ok(t, c.key, "GET", path, nil); r.at("health", "failures") != 1.0 || r.text("health", "failing_since") == "" {
		t.Errorf("%s", r.raw)
	}
}
