package webhook

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// logged makes deliveries without sending them: n events, a minute apart.
func (w *world) logged(c *clock.Manual, e id.Endpoint, n int) {
	w.Helper()
	for range n {
		before := len(w.list(e, ""))
		w.place(1)
		w.until("the event is passed", func() bool {
			if _, err := fanOut(w.Context(), w.db, w.tenant, c.Now()); err != nil {
				w.Fatal(err)
			}
			return len(w.list(e, "")) == before+1
		})
		c.Advance(time.Minute)
	}
}

func TestLogPages(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	e, _ := w.create("https://shop.example/")
	w.logged(c, e.ID, 7)
	all := w.list(e.ID, "")
	var paged []Delivery
	f := LogFilter{Limit: 3}
	for pages := 0; ; pages++ {
		var page []Delivery
		w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			page, err = Log(ctx, tx, w.tenant, e.ID, f)
			return err
		})
		if len(page) == 0 {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		paged = append(paged, page...)
		text, err := page[len(page)-1].Place().MarshalText()
		if err != nil || f.After.UnmarshalText(text) != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if len(paged) != 7 {
		t.Fatalf("%d deliveries", len(paged))
	}
	for i, d := range paged {
		if d.Event != all[i].Event || i > 0 && d.CreatedAt.After(paged[i-1].CreatedAt) {
			t.Errorf("delivery %d: %+v", i, d)
		}
	}
	for _, bad := range []string{"", "x", "1", "1/evt_x", "-1/" + all[0].Event.String(), "99999999999999999999/" + all[0].Event.String()} {
		if new(LogPlace).UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestReplayOfATime(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	e, _ := w.create("https://shop.example/")
	other, _ := w.create("https://shop.example/other")
	w.logged(c, e.ID, 6)
	w.tx(func(ctx context.Context, tx pgx.Tx) error { // minutes 0, 2 and 4 failed, the others were delivered
		_, err := tx.Exec(ctx, `update webhook_deliveries set attempts = 8, next_at = null,
			state = case when extract(minute from at)::int % 2 = 0 then 'failed' else 'delivered' end`)
		return err
	})
	replay := func(states []DeliveryState, from, to int) (n int) {
		t.Helper()
		w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			var next time.Time
			n, next, err = ReplayRange(ctx, tx, w.tenant, w.merchant, e.ID, states, noon.Add(time.Duration(from)*time.Minute), noon.Add(time.Duration(to)*time.Minute), c.Now())
			if !next.IsZero() {
				t.Errorf("more from %v", next)
			}
			return err
		})
		return n
	}
	if n := replay([]DeliveryState{Failed}, 2, 5); n != 2 {
		t.Errorf("%d were replayed, want those of minutes 2 and 4", n)
	}
	if n := replay([]DeliveryState{Failed}, 2, 5); n != 0 {
		t.Errorf("%d more failed ones", n)
	}
	if n := replay([]DeliveryState{Failed, Delivered}, 0, 2); n != 2 {
		t.Errorf("%d were replayed, want those of minutes 0 and 1", n)
	}
	for _, d := range w.list(e.ID, "") {
		minute := int(d.At.Sub(noon) / time.Minute)
		if pending := minute != 3 && minute != 5; (d.State == Pending) != pending || pending && (d.Attempts != 0 || !d.NextAt.Equal(c.Now())) {
			t.Errorf("minute %d: %+v", minute, d)
		}
	}
	if n := len(w.list(other.ID, Pending)); n != 0 {
		t.Errorf("%d of another endpoint were replayed", n)
	}
}

// Two weeks later the log is empty but for what is still to be sent, and a deleted endpoint leaves nothing.
func TestForget(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	e, _ := w.create("https://shop.example/")
	deleted, _ := w.create("https://shop.example/deleted")
	w.logged(c, e.ID, 4)
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update webhook_deliveries set state = 'delivered', next_at = null where endpoint_id = $1 and at > $2`, e.ID, noon)
		return err
	})
	w.tx(func(ctx context.Context, tx pgx.Tx) error { return Delete(ctx, tx, w.tenant, w.merchant, deleted.ID) })
	count := func() (n [2]int) {
		t.Helper()
		w.tx(func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, `select count(*) filter (where endpoint_id = $1), count(*) filter (where endpoint_id = $2) from webhook_deliveries`,
				e.ID, deleted.ID).Scan(&n[0], &n[1])
		})
		return n
	}
	forget := func(now time.Time) {
		t.Helper()
		w.tx(func(ctx context.Context, tx pgx.Tx) error { return Forget(ctx, tx, w.tenant, now) })
	}
	forget(noon.Add(keepLog))
	if n := count(); n != [2]int{4, 4} {
		t.Errorf("after two weeks there are %v", n)
	}
	forget(noon.Add(keepLog + 90*time.Second))
	if n := count(); n != [2]int{3, 2} {
		t.Errorf("a minute later there are %v", n)
	}
	forget(noon.Add(2 * keepLog))
	if n := count(); n != [2]int{1, 0} {
		t.Errorf("another two weeks later there are %v", n)
	}
}
