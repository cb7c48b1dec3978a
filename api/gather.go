package api

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// gather lets callers who want the same done at the same time share one go at it: those who come while one is under way wait, and go
// together next (group commit). Nobody waits for company, so a caller who comes alone is as fast as without. One of the callers works
// for all of them, so there is no goroutine to look after.
type gather[K comparable, T any] struct {
	most int // items in one go
	// do settles all items of a key. Its context has the values of one of the callers, but nobody's end: who works for others must not
	// stop because their own client went away.
	do func(ctx context.Context, k K, items []T)

	mu      sync.Mutex
	waiting map[K][]*ticket[T] // for the go that is under way; a key without one has no entry
}

// ticket is a caller's place.
type ticket[T any] struct {
	ctx  context.Context // the caller's, who waits as long as it lives
	item T
	lead chan []*ticket[T] // the caller is to work for these, itself among them
	done chan struct{}     // closed once the item is settled, or never will be
	err  error             // set before done is closed
}

// errGoBroken is what others get whose worker panicked: the panic itself is the worker's, and so is its log entry.
var errGoBroken = errors.New("a request that worked for this one too has panicked")

// run has the item settled, and returns when it is. An error means that it was not, as far as this caller can know: its context ended, or
// the go broke. One whose context ends before its go begins is left out.
func (g *gather[K, T]) run(ctx context.Context, k K, item T) error {
	t := &ticket[T]{ctx: ctx, item: item, lead: make(chan []*ticket[T], 1), done: make(chan struct{})}
	if g.join(k, t) {
		return g.settle(k, t, []*ticket[T]{t})
	}
	select {
	case <-t.done:
		return t.err
	case all := <-t.lead:
		return g.settle(k, t, all)
	case <-ctx.Done():
	}
	g.leave(k, t)
	select {
	case all := <-t.lead: // too late to leave: others count on it
		return g.settle(k, t, all)
	default:
		return ctx.Err()
	}
}

// join queues up, or reports that nothing is under way.
func (g *gather[K, T]) join(k K, t *ticket[T]) (first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	queue, busy := g.waiting[k]
	if busy {
		g.waiting[k] = append(queue, t)
		return false
	}
	if g.waiting == nil {
		g.waiting = make(map[K][]*ticket[T])
	}
	g.waiting[k] = nil
	return true
}

// leave takes a ticket from the queue, if it is still there.
func (g *gather[K, T]) leave(k K, t *ticket[T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting[k], t); i >= 0 {
		g.waiting[k] = slices.Delete(g.waiting[k], i, i+1)
	}
}

// settle is one go. However it ends, nobody is left waiting, and the next go begins.
func (g *gather[K, T]) settle(k K, mine *ticket[T], all []*ticket[T]) error {
	err := errGoBroken
	defer func() {
		g.next(k)
		for _, t := range all {
			t.err = err
			close(t.done)
		}
	}()
	items := make([]T, len(all))
	for i, t := range all {
		items[i] = t.item
	}
	g.do(context.WithoutCancel(mine.ctx), k, items)
	err = nil
	return nil
}

// next has the first of those who wait work for as many as may go together.
func (g *gather[K, T]) next(k K) {
	g.mu.Lock()
	defer g.mu.Unlock()
	queue := slices.DeleteFunc(g.waiting[k], func(t *ticket[T]) bool { return t.ctx.Err() != nil })
	if len(queue) == 0 {
		delete(g.waiting, k)
		return
	}
	n := min(g.most, len(queue))
	g.waiting[k] = slices.Clone(queue[n:])
	queue[0].lead <- queue[:n:n]
}
