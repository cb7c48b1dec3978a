package people

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/internal/clock"
)

// timeline does things at their time, a bounded number at once. What has to wait for its turn is done late, not dropped.
type timeline struct {
	clock clock.Clock
	wake  chan struct{}
	mu    sync.Mutex
	queue deeds
	count int
}

type deed struct {
	at  time.Time
	nth int // of two at one time the one asked for first
	do  func(ctx context.Context, due time.Time)
}

func newTimeline(c clock.Clock) *timeline { return &timeline{clock: c, wake: make(chan struct{}, 1)} }

// at asks for something to be done. It may be called at any time, from within a deed too.
func (t *timeline) at(when time.Time, do func(ctx context.Context, due time.Time)) {
	t.mu.Lock()
	t.count++
	heap.Push(&t.queue, deed{when, t.count, do})
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// run works until ctx is done and then waits for what has begun.
func (t *timeline) run(ctx context.Context, workers int) error {
	var g errgroup.Group
	g.SetLimit(workers)
	for ctx.Err() == nil {
		d, wait, ok := t.take()
		if ok {
			g.Go(func() error { d.do(ctx, d.at); return nil })
			continue
		}
		t.rest(ctx, wait)
	}
	_ = g.Wait() // deeds return no errors
	return ctx.Err()
}

// take is the next deed that is due, or how long until one is.
func (t *timeline) take() (d deed, wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.queue) == 0 {
		return d, time.Hour, false
	}
	if wait = t.queue[0].at.Sub(t.clock.Now()); wait > 0 {
		return d, wait, false
	}
	return heap.Pop(&t.queue).(deed), 0, true
}

func (t *timeline) rest(ctx context.Context, wait time.Duration) {
	timer, stop := t.clock.After(wait)
	defer stop()
	select {
	case <-timer:
	case <-t.wake:
	case <-ctx.Done():
	}
}

type deeds []deed

func (q deeds) Len() int { return len(q) }
func (q deeds) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].nth < q[j].nth
}
func (q deeds) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *deeds) Push(x any)   { *q = append(*q, x.(deed)) }
func (q *deeds) Pop() any {
	old := *q
	d := old[len(old)-1]
	old[len(old)-1] = deed{}
	*q = old[:len(old)-1]
	return d
}
