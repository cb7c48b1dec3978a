// Package clock is the only source of time. Domain code asks a Clock, so the same binary runs in real time,
// replays a day in minutes (Scaled), or stands still until a test moves it (Manual).
package clock

import (
	"context"
	"time"
)

// Clock tells the time and waits for it.
type Clock interface {
	// Now is the current time in UTC, at microsecond precision (PostgreSQL's).
	Now() time.Time
	// After delivers once d of this clock's time has passed; stop releases it early.
	After(d time.Duration) (c <-chan time.Time, stop func())
	// Real is how long d of this clock's time lasts on the wall.
	Real(d time.Duration) time.Duration
}

// Sleep waits for d of c's time, or until ctx is done, whose error it returns.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	t, stop := c.After(d)
	defer stop()
	select {
	case <-t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WithTimeout is context.WithTimeout in c's time.
func WithTimeout(ctx context.Context, c Clock, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.Real(d))
}

// System is the wall clock.
type System struct{}

// Now is the wall clock's time.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// After is a timer.
func (System) After(d time.Duration) (<-chan time.Time, func()) { return after(d) }

// Real is d itself.
func (System) Real(d time.Duration) time.Duration { return d }

func after(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
