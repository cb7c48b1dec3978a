package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/clock"
)

// Options say how long a batch is solved.
type Options struct {
	Limit      time.Duration // from the start of the call; the first plan is finished in any case
	Iterations int           // of improvement, at most; 0 = as many as fit
	Seed       uint64        // of the search
	CPUTime    bool          // all times are the process's CPU time instead of the wall's
	Tell       func(string)  // is told how it goes, a line at a time; may be nil
	Foreign    *Foreign      // another solver's answer to compare with; may be nil
}

// marks are when the cost is noted, as far as the limit allows, and at the limit itself.
var marks = []time.Duration{
	100 * time.Millisecond, 250 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second,
	20 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
}

func marksUntil(limit time.Duration) []time.Duration {
	var out []time.Duration
	for _, m := range marks {
		if m < limit {
			out = append(out, m)
		}
	}
	return append(out, limit)
}

// ErrNoCPUTime says that the system doesn't tell what a process has used.
var ErrNoCPUTime = errors.New("CPU time is not known on this system")

// Measure solves p from cold and reports how it went. When ctx ends first, the result says so and holds what is known.
func Measure(ctx context.Context, name string, p *solver.Problem, o Options) (Result, error) {
	r := Result{Batch: name, Riders: len(p.Riders)}
	for i := range p.Orders {
		if p.Orders[i].OnBoard {
			r.OnBoard++
		} else {
			r.Orders++
		}
	}
	memory := watchMemory() // what drew the batch is not its solver's to collect
	used := cpuTime()
	watch := clock.StartStopwatch()
	elapsed := watch.Elapsed
	if o.CPUTime {
		if used < 0 {
			return r, ErrNoCPUTime
		}
		elapsed = func() time.Duration { return cpuTime() - used }
	}
	rec := newRecorder(&r, o, ctx.Done(), elapsed, memory.sample)
	plan, err := solver.Solve(ctx, p, solver.Options{Seed: o.Seed, Iterations: o.Iterations, Until: rec.until, Observe: rec.observe})
	took, wall := elapsed(), watch.Elapsed()
	if err != nil {
		return r, err
	}
	if used >= 0 {
		share := (cpuTime() - used).Seconds() / wall.Seconds()
		r.CPUShare = &share
	}
	r.Memory = memory.peak()
	r.End = Point{AtS: took.Seconds(), Cost: plan.Cost, Waiting: len(plan.Unassigned)}
	r.Iterations, r.Interrupted = plan.Iterations, ctx.Err() != nil
	rec.finish()
	if err := solver.Check(p, &plan); err != nil {
		return r, fmt.Errorf("%s: the solver's plan is wrong: %s", name, firstLines(err))
	}
	if o.Foreign != nil {
		r.Compared = o.Foreign.compare(rec.reached, rec.inTime)
	}
	return r, nil
}

// firstLines are the first few of many faults.
func firstLines(err error) string {
	const most = 5
	lines := strings.SplitN(err.Error(), "\n", most+1)
	if len(lines) > most {
		lines[most] = "…"
	}
	return strings.Join(lines, "\n")
}
