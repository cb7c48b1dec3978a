package webhook

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// An order whose webhooks are to fail has every event sent twice, the second time as late as after any failure. The endpoint and the
// other orders don't notice.
func TestStagedFailures(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	s := newShop(t, nil)
	var os []id.Order
	w.start(func(s *Service) {
		s.failing = func(context.Context, pgx.Tx, id.Tenant, []id.Order) (map[id.Order]bool, error) {
			return map[id.Order]bool{os[0]: true}, nil
		}
	})
	os = w.place(2)
	w.until("they are in the feed, and so before what comes", func() bool { return w.feedLen() == 2 })
	e, _ := w.create(s.URL + "/")
	const n = 2 * sickAfter
	for i := range n {
		w.estimate(os, i)
	}
	w.until("the first attempts are recorded", func() bool {
		pending := w.list(e.ID, Pending)
		return len(pending) == n && len(w.list(e.ID, Delivered)) == n && !slices.ContainsFunc(pending, func(d Delivery) bool { return d.Attempts == 0 })
	})
	for _, d := range w.list(e.ID, Pending) {
		if d.Event.Order != os[0] || d.Status != 500 || d.Attempts != 1 || d.Body == "" || d.NextAt.Sub(noon) < 4*time.Second || d.NextAt.Sub(noon) > 6*time.Second {
			t.Errorf("%+v", d)
		}
	}
	if h := w.get(e.ID).Health; h.Failures != 0 || h.Sick() {
		t.Errorf("health %+v", h)
	}
	c.Advance(6 * time.Second)
	w.until("all have arrived", func() bool { return len(w.list(e.ID, Delivered)) == 2*n })
	times := map[id.Order]int{}
	for event, sent := range events(s.calls("/")) {
		var at order.EventID
		if err := at.UnmarshalText([]byte(event)); err != nil {
			t.Fatal(err)
		}
		times[at.Order] += sent
	}
	if times[os[0]] != 2*n || times[os[1]] != n {
		t.Errorf("sent %v", times)
	}
}
