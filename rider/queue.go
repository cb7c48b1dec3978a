package rider

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"
)

var (
	errQueueFull   = errors.New("the queue is full")
	errQueueClosed = errors.New("the queue is closed")
)

// queue holds fixes until the writer has stored them, in batches whose memory is used again. Those being written count, so that an outage of
// the database can't grow it.
type queue struct {
	room  *semaphore.Weighted // rows that may still come
	wake  chan struct{}       // a batch is complete
	batch int                 // rows of one

	mu     sync.Mutex
	full   [][]fixRow // complete batches, oldest first
	last   []fixRow   // the one that grows
	spare  [][]fixRow // empty ones
	closed bool
}

// maxSpare is how many batches of memory are kept for later.
const maxSpare = 4

func newQueue(size, batch int) *queue {
	return &queue{room: semaphore.NewWeighted(int64(size)), wake: make(chan struct{}, 1), batch: batch}
}

// tryPush adds rows, all or none.
func (q *queue) tryPush(rows []fixRow) error {
	if !q.room.TryAcquire(int64(len(rows))) {
		return errQueueFull
	}
	return q.append(rows)
}

// push is tryPush that waits for room as long as ctx lasts.
func (q *queue) push(ctx context.Context, rows []fixRow) error {
	if err := q.room.Acquire(ctx, int64(len(rows))); err != nil {
		return errQueueFull
	}
	return q.append(rows)
}

// append adds rows that have their room.
func (q *queue) append(rows []fixRow) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		q.room.Release(int64(len(rows)))
		return errQueueClosed
	}
	for len(rows) > 0 {
		if q.last == nil {
			q.last = q.empty()
		}
		n := min(len(rows), q.batch-len(q.last))
		q.last, rows = append(q.last, rows[:n]...), rows[n:]
		if len(q.last) == q.batch {
			q.full, q.last = append(q.full, q.last), nil
			select {
			case q.wake <- struct{}{}:
			default:
			}
		}
	}
	return nil
}

// empty is memory for a batch.
func (q *queue) empty() []fixRow {
	n := len(q.spare)
	if n == 0 {
		return make([]fixRow, 0, q.batch)
	}
	b := q.spare[n-1]
	q.spare = q.spare[:n-1]
	return b
}

// take removes a batch from the front: a full one, or whatever there is when partial is true. The caller gives it back with done.
func (q *queue) take(partial bool) []fixRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.full) > 0 {
		out := q.full[0]
		q.full = slices.Delete(q.full, 0, 1) // at most some forty
		return out
	}
	if !partial {
		return nil
	}
	out := q.last
	q.last = nil
	return out
}

// done takes a batch back that was stored or given up.
func (q *queue) done(rows []fixRow) {
	q.mu.Lock()
	if len(q.spare) < maxSpare {
		q.spare = append(q.spare, rows[:0])
	}
	q.mu.Unlock()
	q.room.Release(int64(len(rows)))
}

// close refuses what comes later; what is left can still be taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.full)*q.batch + len(q.last)
}
