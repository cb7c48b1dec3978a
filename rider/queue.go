package rider

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

var (
	errQueueFull   = errors.New("the queue is full")
	errQueueClosed = errors.New("the queue is closed")
)

// queue holds fixes until the writer has stored them. Those being written count, so that an outage of the database can't grow it.
type queue struct {
	room *semaphore.Weighted // rows that may still come
	wake chan struct{}       // a batch is complete

	mu     sync.Mutex
	rows   []fixRow
	batch  int
	closed bool
}

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
		q.done(len(rows))
		return errQueueClosed
	}
	q.rows = append(q.rows, rows...)
	if len(q.rows) >= q.batch {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

// take removes a batch from the front: a full one, or whatever there is when partial is true. The caller must call done with its size.
func (q *queue) take(partial bool) []fixRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.rows), q.batch)
	if n == 0 || n < q.batch && !partial {
		return nil
	}
	out := q.rows[:n:n]
	q.rows = q.rows[n:]
	if len(q.rows) == 0 {
		q.rows = nil
	}
	return out
}

// done gives the room of rows back that were taken.
func (q *queue) done(rows int) {
	if rows > 0 {
		q.room.Release(int64(rows))
	}
}

// close refuses what comes later and returns what is left.
func (q *queue) close() []fixRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	rows := q.rows
	q.rows = nil
	return rows
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.rows)
}
