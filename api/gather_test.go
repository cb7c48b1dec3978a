package api

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// gathering is a gather whose goes end when the test says so.
type gathering struct {
	gather[string, int]
	goes chan []int // begun
	end  chan func()
}

func newGathering(most int) *gathering {
	g := &gathering{goes: make(chan []int, 100), end: make(chan func(), 100)}
	g.most = most
	g.do = func(_ context.Context, _ string, items []int) {
		g.goes <- items
		(<-g.end)()
	}
	return g
}

// come has a caller join, and returns where its answer will be once it waits.
func (g *gathering) come(ctx context.Context, k string, item int) <-chan error {
	out := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				out <- v.(error)
			}
		}()
		out <- g.run(ctx, k, item)
	}()
	synctest.Wait()
	return out
}

func (g *gathering) next(t *testing.T, want ...int) {
	t.Helper()
	synctest.Wait()
	select {
	case got := <-g.goes:
		if !slices.Equal(got, want) {
			t.Errorf("%v go, want %v", got, want)
		}
	default:
		t.Errorf("nobody goes, want %v", want)
	}
}

func (g *gathering) finish() { g.end <- func() {} }

func TestGatherGoesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGathering(3)
		var answers []<-chan error
		for i := range 6 {
			answers = append(answers, g.come(t.Context(), "a", i))
		}
		g.next(t, 0) // at once, alone
		other := g.come(t.Context(), "b", 9)
		g.next(t, 9) // another key waits for nobody
		g.finish()
		g.finish()
		g.next(t, 1, 2, 3)
		g.finish()
		g.next(t, 4, 5)
		g.finish()
		for i, a := range append(answers, other) {
			if err := <-a; err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		if len(g.waiting) != 0 {
			t.Errorf("%d keys are remembered", len(g.waiting))
		}
	})
}

// Who goes away before its go is left out, also the one who would work for the others; who goes away during it is settled all the same.
func TestGatherLeavesOutWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGathering(10)
		first := g.come(t.Context(), "a", 0)
		g.next(t, 0)
		impatient, leave := context.WithCancel(t.Context())
		gone := []<-chan error{g.come(impatient, "a", 1), g.come(t.Context(), "a", 2), g.come(impatient, "a", 3)}
		later, leaveLater := context.WithCancel(t.Context())
		member := g.come(later, "a", 4)
		leave()
		for _, i := range []int{0, 2} {
			if err := <-gone[i]; !errors.Is(err, context.Canceled) {
				t.Errorf("who left: %v", err)
			}
		}
		g.finish()
		g.next(t, 2, 4)
		leaveLater()
		if err := <-member; !errors.Is(err, context.Canceled) {
			t.Errorf("who left during the go: %v", err)
		}
		g.finish()
		if err := errors.Join(<-first, <-gone[1]); err != nil {
			t.Error(err)
		}
	})
}

// A worker that has begun works on when its own client leaves.
func TestGatherWorkerStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen error
		g := newGathering(10)
		do := g.do
		g.do = func(ctx context.Context, k string, items []int) {
			do(ctx, k, items)
			seen = ctx.Err()
		}
		ctx, leave := context.WithCancel(t.Context())
		a := g.come(ctx, "a", 0)
		g.next(t, 0)
		leave()
		g.finish()
		if err := <-a; err != nil || seen != nil {
			t.Errorf("%v, in the go %v", err, seen)
		}
	})
}

// A panic is its worker's; the others are told, and those behind them go on.
func TestGatherSurvivesPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGathering(2)
		answers := make([]<-chan error, 5)
		for i := range answers {
			answers[i] = g.come(t.Context(), "a", i)
		}
		g.next(t, 0)
		g.finish()
		g.next(t, 1, 2)
		boom := errors.New("boom")
		g.end <- func() { panic(boom) }
		g.next(t, 3, 4)
		g.finish()
		for i, want := range []error{nil, boom, errGoBroken, nil, nil} {
			if err := <-answers[i]; !errors.Is(err, want) {
				t.Errorf("%d: %v, want %v", i, err, want)
			}
		}
	})
}

// Under a rush everybody is settled once, or has left.
func TestGatherSettlesEachOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	settled := map[int]int{}
	g := &gather[string, int]{most: 7, do: func(_ context.Context, _ string, items []int) {
		mu.Lock()
		defer mu.Unlock()
		for _, i := range items {
			settled[i]++
		}
	}}
	var all sync.WaitGroup
	for i := range 2000 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%5 == 0 {
				go cancel()
			}
			err := g.run(ctx, "a", i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && settled[i] != 1 || settled[i] > 1 {
				t.Errorf("%d was settled %d times: %v", i, settled[i], err)
			}
		})
	}
	all.Wait()
	if len(g.waiting) != 0 {
		t.Errorf("%d keys are remembered", len(g.waiting))
	}
}
