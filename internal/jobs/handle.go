package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/paidan/paidan/internal/clock"
)

// Handle registers what runs the jobs of T's kind on this node, before Start. It panics when the kind has a handler already.
func Handle[T Args](c *Client, fn func(context.Context, T) error) {
	var zero T
	p := policyOf(zero)
	river.AddWorker(c.workers, &worker[T]{client: c, policy: p, fn: fn})
	if p.Queue != "" {
		c.queues[p.Queue] = river.QueueConfig{MaxWorkers: cmp.Or(p.Workers, c.queues[river.QueueDefault].MaxWorkers)}
	}
}

type worker[T Args] struct {
	river.WorkerDefaults[envelope[T]]
	client *Client
	policy Policy
	fn     func(context.Context, T) error
}

// Work runs one attempt.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[envelope[T]]) error {
	info := Info{ID: j.ID, Attempt: j.Attempt, MaxAttempts: j.MaxAttempts}
	if j.Args.Due != nil {
		info.Due = *j.Args.Due
	}
	watch := clock.StartStopwatch()
	err := w.fn(context.WithValue(ctx, infoKey{}, info), j.Args.Args)
	w.client.metrics.observe(j.Kind, err, watch.Elapsed())
	if after, ok := PutOff(err); ok {
		return river.JobSnooze(w.client.clock.Real(after))
	}
	return err
}

// Timeout is the policy's.
func (w *worker[T]) Timeout(*river.Job[envelope[T]]) time.Duration { return w.policy.Timeout }

// NextRetry is the policy's.
func (w *worker[T]) NextRetry(j *river.Job[envelope[T]]) time.Time {
	if j.Attempt >= len(w.policy.Delays) {
		return time.Time{} // River's own schedule, or no more attempts
	}
	return w.client.onWall(w.policy.Delays[j.Attempt])
}

// Info is what a handler may want to know about its job.
type Info struct {
	ID          int64
	Attempt     int // from 1
	MaxAttempts int
	Due         time.Time // of a cron chore, by the client's clock
}

type infoKey struct{}

// InfoOf is the Info of the job that a handler's context belongs to.
func InfoOf(ctx context.Context) Info {
	i, _ := ctx.Value(infoKey{}).(Info)
	return i
}

// Again has a job run again after a while of the client's time, as if it had not been tried. Up to some seconds are exact to one.
func Again(after time.Duration) error { return &againError{after} }

type againError struct{ after time.Duration }

func (e *againError) Error() string { return fmt.Sprintf("again in %v", e.after) }

// PutOff is for how long an error of Again's puts a job off; false for others.
func PutOff(err error) (after time.Duration, ok bool) {
	var again *againError
	if errors.As(err, &again) {
		return again.after, true
	}
	return 0, false
}

// Discard wraps an error that no retry can mend: the job is given up.
func Discard(err error) error { return river.JobCancel(err) }
