package people

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

func TestTimelineKeepsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		line := newTimeline(clock.System{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var log []string
		note := func(name string) func(context.Context, time.Time) {
			return func(_ context.Context, due time.Time) {
				if late := time.Since(due); late != 0 {
					t.Errorf("%s is %v late", name, late)
				}
				log = append(log, fmt.Sprint(name, time.Since(start).Minutes()))
			}
		}
		at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
		line.at(at(5), note("b"))
		line.at(at(2), note("a"))
		line.at(at(90), func(context.Context, time.Time) { cancel() })
		go func() {
			time.Sleep(3 * time.Minute)
			line.at(at(4), note("between"))
		}()
		if err := line.run(ctx, 1); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := fmt.Sprint(log); got != "[a2 between4 b5]" {
			t.Error(got)
		}
	})
}

func TestTimelineIsLateRatherThanForgetful(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := newTimeline(clock.System{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := 0
		for range 5 {
			line.at(time.Now(), func(context.Context, time.Time) {
				time.Sleep(time.Minute)
				if done++; done == 5 {
					cancel()
				}
			})
		}
		begin := time.Now()
		_ = line.run(ctx, 1)
		if took := time.Since(begin); took != 5*time.Minute || done != 5 {
			t.Errorf("%d done in %v", done, took)
		}
	})
}
