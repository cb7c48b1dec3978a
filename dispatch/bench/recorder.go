package bench

import (
	"fmt"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
)

// recorder notes the phases and marks of one call, and ends it at the limit.
type recorder struct {
	r       *Result
	o       Options
	stop    <-chan struct{} // closed when it is interrupted
	elapsed func() time.Duration
	sample  func() // of memory
	marks   []time.Duration
	until   chan struct{} // closed at the limit, or at stop
	over    bool

	planned time.Duration // when the first plan was there
	before  int64         // insertions evaluated by then
	now     solver.Progress
	at      time.Duration // of now

	looked  time.Duration // when the cost was last compared with the foreign one
	reached *Point        // first seen as cheap as the foreign plan
	inTime  *Point        // first seen after a hundredth of the foreign solver's time
}

// glance is how often the cost is compared with a foreign one. Adding it up takes some microseconds.
const glance = time.Millisecond

func newRecorder(r *Result, o Options, stop <-chan struct{}, elapsed func() time.Duration, sample func()) *recorder {
	return &recorder{r: r, o: o, stop: stop, elapsed: elapsed, sample: sample, marks: marksUntil(o.Limit), until: make(chan struct{})}
}

// observe is called by the solver.
func (c *recorder) observe(now solver.Progress) {
	c.now, c.at = now, c.elapsed()
	switch now.Phase {
	case solver.PhaseReady:
		c.r.CandidatesS = c.at.Seconds()
		c.sample()
		return // a cost without a full plan says nothing
	case solver.PhasePlanned:
		c.planned, c.before = c.at, now.Evaluated
		first := c.point()
		c.r.FirstPlan = &first
		c.r.FirstEvaluations = now.Evaluated
		c.tell("first plan after", first)
		c.sample()
		// Marks that passed without a full plan stay empty.
		for len(c.marks) > 0 && c.marks[0] < c.at {
			c.r.After = append(c.r.After, Mark{AfterS: c.marks[0].Seconds()})
			c.marks = c.marks[1:]
		}
	case solver.PhaseImproving:
	}
	for len(c.marks) > 0 && c.at >= c.marks[0] {
		p := c.point()
		c.r.After = append(c.r.After, Mark{AfterS: c.marks[0].Seconds(), Point: &p})
		if c.marks[0] >= time.Second {
			c.tell("after", p)
		}
		c.marks = c.marks[1:]
	}
	c.compare()
	if !c.over && (c.at >= c.o.Limit || c.stopped()) {
		c.over = true
		close(c.until)
	}
}

func (c *recorder) stopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

func (c *recorder) point() Point {
	return Point{AtS: c.at.Seconds(), Cost: c.now.Cost(), Waiting: c.now.Waiting()}
}

func (c *recorder) tell(what string, p Point) {
	if c.o.Tell != nil {
		c.o.Tell(fmt.Sprintf("%s: %s %.2f s: cost %.0f, %d waiting", c.r.Batch, what, p.AtS, p.Cost, p.Waiting))
	}
}

// compare looks whether the plan is as cheap as the foreign one by now.
func (c *recorder) compare() {
	f := c.o.Foreign
	if f == nil || c.looked > 0 && c.at < c.looked+glance {
		return
	}
	c.looked = c.at
	p := c.point()
	c.reach(p)
	if c.inTime == nil && f.Took > 0 && c.at >= f.Took/100 {
		c.inTime = &p
	}
}

// reach notes that the plan is as cheap as the foreign one, give or take rounding.
func (c *recorder) reach(p Point) {
	if f := c.o.Foreign; f != nil && c.reached == nil && p.Cost <= f.Plan.Cost+1e-6 {
		c.reached = &p
	}
}

// finish fills in what follows from the whole.
func (c *recorder) finish() {
	for _, m := range c.marks { // interrupted, or out of iterations
		c.r.After = append(c.r.After, Mark{AfterS: m.Seconds()})
	}
	if c.r.FirstPlan == nil {
		return
	}
	c.reach(c.r.End)
	if s := c.planned.Seconds() - c.r.CandidatesS; s > 0 {
		c.r.FirstEvaluationsPerS = float64(c.before) / s
	}
	if s := (c.at - c.planned).Seconds(); s > 0 {
		c.r.IterationsPerS = float64(c.now.Iterations) / s
		c.r.EvaluationsPerS = float64(c.now.Evaluated-c.before) / s
	}
}
