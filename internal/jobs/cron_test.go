package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestNodesShareAChore(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	now := clock.NewManual(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	ran, waiting, fired := make(chan time.Time, 10), make(chan struct{}, 10), make(chan bool, 10)
	for range 2 {
		c := client(t, pgtest.Open(t, url), now)
		Handle(c, func(ctx context.Context, _ greet) error {
			ran <- InfoOf(ctx).Due
			return nil
		})
		err := c.addChore("30 3 * * *", greet{"early birds"}, seen{
			waiting: func() { waiting <- struct{}{} },
			fired:   func(added bool) { fired <- added },
		})
		if err != nil {
			t.Fatal(err)
		}
		start(t, c)
	}
	for day := range 3 {
		<-waiting
		<-waiting
		now.Advance(24 * time.Hour)
		if a, b := <-fired, <-fired; a == b {
			t.Errorf("day %d: inserted by one node %v, by the other %v", day, a, b)
		}
		want := time.Date(2026, 3, 1+day, 3, 30, 0, 0, time.UTC)
		if due := <-ran; !due.Equal(want) {
			t.Errorf("the chore due at %v ran as that of %v", want, due)
		}
	}
	select {
	case due := <-ran:
		t.Errorf("the chore of %v ran twice", due)
	default:
	}
}

func TestSchedulesAreChecked(t *testing.T) {
	t.Parallel()
	c := client(t, pgtest.New(t), nil)
	for _, bad := range []string{"", "x", "* * * *", "61 * * * *", "@every 5m"} {
		if err := c.Cron(bad, greet{}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	for _, good := range []string{"*/5 * * * *", "@daily", "CRON_TZ=Asia/Shanghai 0 4 * * *"} {
		if err := c.Cron(good, greet{}); err != nil {
			t.Error(err)
		}
	}
}
