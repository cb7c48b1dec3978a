package main

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/paidan/paidan/client"
)

// The API and the dispatch run apart: an order goes in here, is decided there, and rings the phone that listens here.
func TestRolesApart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := found(t, s.db, "town")
	api, engine := s.node("api").waitReady(), s.node("dispatch").waitReady()
	people := w.through(api.url)
	phone := people.hire("+39055100200")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	work := make(chan client.Work, 100)
	ended := make(chan error, 1)
	go func() { ended <- phone.Stream(ctx, func(w client.Work) { work <- w }) }()
	if first := <-work; !first.Snapshot || len(first.Offers) != 0 {
		t.Errorf("the stream begins with %+v", first)
	}
	o := people.mustPlace("apart")
	offer := waitOffer(ctx, t, work, o.ID)
	plan, err := phone.Accept(ctx, offer, action())
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Stops) != 2 {
		t.Errorf("the plan is %+v", plan)
	}
	for _, step := range []string{client.ArriveStore, client.PickUp, client.ArriveDoor, client.Deliver} {
		if err := phone.Step(ctx, o.ID, step, action()); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got, err := people.shop.Order(t.Context(), o.ID); err != nil || got.State != client.Delivered {
		t.Errorf("the order is %s, %v", got.State, err)
	}
	if pid, _ := s.owner.lease(w.zone); pid != engine.pid() {
		t.Errorf("the zone is process %d's", pid)
	}
	for path, want := range map[string]int{"/healthz": 200, "/metrics": 200, "/v1/orders": 404, "/": 404} {
		if got := status(t, engine.url+path); got != want {
			t.Errorf("the dispatch node answers %s with %d", path, got)
		}
	}
	balanced(t, s.db, w.tenant)
	api.stop()
	engine.stop()
	if pid, _ := s.owner.lease(w.zone); pid != 0 {
		t.Errorf("the stopped node keeps the lease (process %d)", pid)
	}
}

func waitOffer(ctx context.Context, t *testing.T, work <-chan client.Work, order string) string {
	t.Helper()
	for {
		select {
		case w := <-work:
			for _, f := range w.Offers {
				if len(f.OrderIDs) == 1 && f.OrderIDs[0] == order {
					return f.ID
				}
			}
		case <-ctx.Done():
			t.Fatal("no offer reached the phone")
		}
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	_ = res.Body.Close()
	return res.StatusCode
}
