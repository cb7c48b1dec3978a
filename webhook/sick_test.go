package webhook

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// moody answers 500 until it is well.
func moody(well *atomic.Bool) func(http.ResponseWriter, *http.Request) {
	return func(rw http.ResponseWriter, _ *http.Request) {
		if !well.Load() {
			rw.WriteHeader(http.StatusInternalServerError)
		}
	}
}

// An endpoint that fails is asked with one request at a time, ever more rarely; once it answers it gets everything, at once.
func TestBreaker(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	var well atomic.Bool
	s := newShop(t, moody(&well))
	w.start()
	e, _ := w.create(s.URL + "/")
	os := w.place(sickAfter)
	w.until("it is sick", func() bool { return w.get(e.ID).Health.Sick() })
	first := s.count("/")
	if first != sickAfter {
		t.Errorf("%d requests before it was taken for sick", first)
	}
	for probe := range 5 {
		h := w.get(e.ID).Health
		w.estimate(os, probe) // more comes in, and wakes
		c.Advance(h.ProbeAt.Sub(c.Now()) - time.Millisecond)
		if n := s.count("/"); n != first+probe {
			t.Fatalf("probe %d: %d requests before its time", probe, n-first-probe)
		}
		c.Advance(time.Millisecond)
		w.until("the next probe has failed", func() bool { return w.get(e.ID).Health.Failures == h.Failures+1 })
	}
	if n := s.count("/"); n != first+5 {
		t.Errorf("%d requests in five probes", n-first)
	}
	well.Store(true)
	c.Advance(w.get(e.ID).Health.ProbeAt.Sub(c.Now()))
	want := sickAfter + 5*sickAfter
	w.until("all are delivered", func() bool { return len(w.list(e.ID, Delivered)) == want })
	if got := len(events(s.calls("/"))); got != want {
		t.Errorf("%d events came, want %d", got, want)
	}
	if h := w.get(e.ID).Health; h.Failures != 0 || h.FailingSince != nil || h.ProbeAt != nil {
		t.Errorf("health %+v", h)
	}
}

// Three days of nothing but failures disable an endpoint, which says so; enabled again, it gets all of it.
func TestDisabledAfterThreeDays(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	var well atomic.Bool
	s := newShop(t, moody(&well))
	w.start()
	e, _ := w.create(s.URL + "/")
	w.place(sickAfter)
	w.until("it is sick", func() bool { return w.get(e.ID).Health.Sick() })
	for w.get(e.ID).State == Enabled {
		if c.Now().After(noon.Add(giveUpAfter + time.Hour)) {
			t.Fatal("it is still enabled")
		}
		failures := w.get(e.ID).Health.Failures
		c.Advance(4 * time.Hour)
		w.until("it fails once more", func() bool { return w.get(e.ID).Health.Failures > failures })
	}
	got := w.get(e.ID)
	if got.Disabled != Failing || got.DisabledAt == nil || got.DisabledAt.Before(noon.Add(giveUpAfter)) || !got.Health.FailingSince.Equal(noon) {
		t.Errorf("%+v", got)
	}
	if n := len(w.list(e.ID, Failed)); n != 0 {
		t.Errorf("%d deliveries were given up because of their endpoint", n)
	}
	well.Store(true)
	w.update(e.ID, Change{State: new(Enabled)})
	w.until("all are delivered", func() bool { return len(w.list(e.ID, Delivered)) == sickAfter })
}

// 410 says it for good.
func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	s := newShop(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) })
	w.start()
	e, _ := w.create(s.URL + "/")
	w.place(1)
	w.until("it is disabled", func() bool { return w.get(e.ID).State == Disabled })
	if got := w.get(e.ID); got.Disabled != Gone {
		t.Errorf("%+v", got)
	}
	w.place(5)
	other, _ := w.create(newShop(t, nil).URL)
	w.place(1)
	w.until("another gets something", func() bool { return len(w.list(other.ID, Delivered)) > 0 })
	if n := s.count("/"); n != 1 {
		t.Errorf("%d requests", n)
	}
}
