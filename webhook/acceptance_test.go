package webhook

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// Twenty endpoints, of which five hang and five answer 500: the ten healthy ones get everything while the sick are still sick; once those
// have recovered they get everything, too. With PAIDAN_LONG it is 10,000 events at 400 a second.
func TestSickEndpointsDelayNobody(t *testing.T) {
	t.Parallel()
	orders, rounds, pace := 50, 9, time.Duration(0) // 500 events at once
	if os.Getenv("PAIDAN_LONG") != "" {
		orders, rounds, pace = 100, 99, 250*time.Millisecond
	}
	w := newWorld(t, clock.System{})
	w.upkeep()
	recovered := make(chan struct{})
	var refused atomic.Int64
	s := newShop(t, func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-recovered:
			return
		default:
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/hangs"):
			select {
			case <-recovered:
			case <-r.Context().Done():
			}
		case strings.HasPrefix(r.URL.Path, "/fails"):
			refused.Add(1)
			rw.WriteHeader(http.StatusInternalServerError)
		}
	})
	endpoints := map[string]id.Endpoint{}
	var healthy, sick []string
	for n := range 20 {
		path := fmt.Sprintf("/%s/%d", []string{"well", "well", "hangs", "fails"}[n%4], n)
		e, _ := w.create(s.URL + path)
		endpoints[path] = e.ID
		if n%4 < 2 {
			healthy = append(healthy, path)
		} else {
			sick = append(sick, path)
		}
	}
	w.start(impatient(2 * time.Second))
	watch := clock.StartStopwatch()
	placed := w.place(orders)
	for n := range rounds {
		w.estimate(placed, n)
		if pace > 0 {
			_ = clock.Sleep(t.Context(), clock.System{}, pace)
		}
	}
	written := orders * (rounds + 1)
	made := watch.Elapsed()

	w.until("the healthy have everything", func() bool {
		return !slices.ContainsFunc(healthy, func(path string) bool { return s.count(path) < written })
	})
	took := watch.Elapsed()
	for _, path := range sick {
		if n := len(w.list(endpoints[path], Delivered)); n != 0 {
			t.Errorf("%s is not sick: %d deliveries", path, n)
		}
	}
	var lags []time.Duration
	for _, path := range healthy {
		calls := s.calls(path)
		if err := inOrder(calls); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if len(events(calls)) != written || len(calls) != written {
			t.Errorf("%s got %d events in %d calls, want %d", path, len(events(calls)), len(calls), written)
		}
		for _, c := range calls {
			lags = append(lags, c.at.Sub(c.Timestamp))
		}
	}
	slices.Sort(lags)
	t.Logf("%d events written in %v; with 10 healthy endpoints after %v, %.0f deliveries/s; from event to endpoint p50 %v, p99 %v, max %v; %d requests were refused",
		written, made.Round(time.Millisecond), took.Round(time.Millisecond), float64(len(lags))/took.Seconds(), lags[len(lags)/2], lags[len(lags)*99/100], lags[len(lags)-1], refused.Load())

	close(recovered)
	w.tx(func(ctx context.Context, tx pgx.Tx) error { // ask them now, rather than in the seconds or minutes that a probe may take
		_, err := tx.Exec(ctx, "update webhook_progress set probe_at = $1 where failures > 0", w.clock.Now())
		return err
	})
	for _, path := range sick {
		w.until(path+" has everything", func() bool { return len(w.list(endpoints[path], Delivered)) == written })
		if got := len(events(s.calls(path))); got != written {
			t.Errorf("%s got %d events, want %d", path, got, written)
		}
	}
	t.Logf("the sick had everything %v after they had recovered", (watch.Elapsed() - took).Round(time.Millisecond))
}
