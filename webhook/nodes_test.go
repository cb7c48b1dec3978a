package webhook

import (
	"sync"
	"testing"

	"github.com/paidan/paidan/internal/clock"
)

// Two nodes send each event once, and when one stops in good order, the other goes on where it was: still once.
func TestNodesShareTheWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.System{})
	s := newShop(t, nil)
	e, _ := w.create(s.URL + "/")
	stops := []func(){w.start(), w.start()}
	var os = w.place(20)
	written := 20
	var wg sync.WaitGroup
	for n := range 12 {
		w.estimate(os, n)
		written += len(os)
		if n == 4 { // whichever has the lease, it is given back
			wg.Go(stops[0])
		}
	}
	wg.Wait()
	w.until("all are delivered", func() bool { return len(w.list(e.ID, Delivered)) == written })
	calls := s.calls("/")
	for event, n := range events(calls) {
		if n != 1 {
			t.Errorf("event %s came %d times", event, n)
		}
	}
	if err := inOrder(calls); err != nil || len(calls) != written {
		t.Errorf("%d calls for %d events: %v", len(calls), written, err)
	}
}

// A node that can no longer record what it sends, as one that was killed, leaves it to its successor: nothing is lost.
func TestAfterASuddenEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.System{})
	s := newShop(t, nil)
	e, _ := w.create(s.URL + "/")
	own := w.reopen()
	stop := w.start(func(s *Service) { s.db = own })
	os := w.place(50)
	written := 50
	for n := range 6 {
		w.estimate(os, n)
		written += len(os)
	}
	w.until("it is in the middle of it", func() bool { return s.count("/") > 60 })
	own.Close() // from here on it can't write a thing, not even give back its lease
	stop()
	done := len(w.list(e.ID, Delivered))
	w.expireLeases()
	w.start()
	w.until("all are delivered", func() bool { return len(w.list(e.ID, Delivered)) == written })
	if got := len(events(s.calls("/"))); got != written {
		t.Errorf("%d events came, %d were written", got, written)
	}
	t.Logf("%d of %d were recorded when it ended; %d of %d calls were repeats", done, written, s.count("/")-written, s.count("/"))
}
