package sim

import (
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
)

// Options of a run.
type Options struct {
	Iterations int // of improvement in each round, at most; 0 = no limit, < 0 = none
	Patience   int // iterations without improvement that end a round sooner, 0 = none
	Seed       uint64
	// Budget ends the improvement when a round has taken so long on the wall; 0 = never. A run under it can't be repeated exactly.
	Budget time.Duration
	// Watch is called after each round's time with the second of the day and the orders placed by then; nil = nobody watches.
	Watch func(now, placed int)
}

// Run plays a day to its end: a round every Policy.IntervalS from the first order on until nothing is left to do. The log
// of what happened is a function of the day and the options, Budget aside. When ctx ends, the day so far is returned along
// with its error.
func Run(ctx context.Context, d *Day, o Options) (*Result, error) {
	w, err := newWorld(d, o)
	if err != nil {
		return nil, err
	}
	step := d.Policy.IntervalS
	for now := w.begin(); !w.over(now); now += step {
		if err := ctx.Err(); err != nil {
			r, _ := w.result() // half a day is not checked
			return r, err
		}
		if err := w.tick(ctx, now); err != nil {
			return nil, err
		}
		if o.Watch != nil {
			o.Watch(now, w.known)
		}
	}
	return w.result()
}

// Result is how a day went.
type Result struct {
	Day      *Day
	Log      []Event
	Orders   []Fate // by order
	Rounds   []time.Duration
	Busy     []int    // by rider: seconds of the shift on the way for orders, at the store with them, or at a door
	Earned   []int    // by rider, of Day.Pay
	Wait     []int    // by rider: the longest time without an order, seconds
	Shifts   []Span   // by rider: the time at work, where the policy limits it
	Breaks   [][]Span // by rider: likewise
	Overrun  int      // the longest work beyond a limit, seconds
	Known    int      // orders placed
	Unserved int      // of them, with nobody
}

// Event is one thing that a rider was told.
type Event struct {
	At     int // seconds
	Rider  int
	Kind   Kind
	Store  int // of a move or a pickup
	Orders []int
	Known  int // orders placed by then
}

// Fate is what became of an order; zero times mean never.
type Fate struct {
	Rider   int
	Given   int // for good: with the pickup, or where the rules are sticky sooner
	Left    int // the store, aboard
	Dropped int // handed over, the rider's service at the door included
	Done    bool
}

// world is the truth, of which the engine sees a Snapshot.
type world struct {
	day     *Day
	options Options
	model   *eta.Model
	kitchen *kitchen
	known   int   // orders placed so far
	planned int   // the last round with a decision
	open    []int // placed and not picked up
	holder  []int // by order: the rider whom it was given to for good, or -1
	riders  []courier
	work    *worktime
	memory  dispatch.Memory
	names   names
	out     Result
}

// courier is a rider at work.
type courier struct {
	at        geo.LatLng
	since     int // came to at
	came      int // is at work at this place since; 0 = is not
	free      int // can be told something from then on
	store     int // where at is, or -1
	aboard    []int
	held      int   // orders that are given for good and not picked up
	next      []int // doors in the plan of the last round, which the rider follows when nobody says otherwise
	delivered int
	idle      int // without work since
	began     int // the ride to the store where the rider is or will be, for orders; 0 = none
}

// ErrEndless says that nothing would ever end a round.
var ErrEndless = errors.New("neither iterations nor patience nor budget: a round would never end")

func newWorld(d *Day, o Options) (*world, error) {
	if o.Iterations == 0 && o.Patience <= 0 && o.Budget <= 0 {
		return nil, ErrEndless
	}
	model, err := eta.New(d.Params)
	if err != nil {
		return nil, err
	}
	w := &world{day: d, options: o, model: model, kitchen: newKitchen(d), names: newNames(d)}
	w.riders = make([]courier, len(d.Riders))
	for i := range w.riders {
		w.riders[i] = courier{at: d.Riders[i].At, since: d.Riders[i].On, free: d.Riders[i].On, store: -1, idle: d.Riders[i].On}
	}
	w.work = newWorktime(w)
	w.holder = slices.Repeat([]int{-1}, len(d.Orders))
	w.out = Result{Day: d, Orders: make([]Fate, len(d.Orders)), Busy: make([]int, len(d.Riders)), Earned: make([]int, len(d.Riders)), Wait: make([]int, len(d.Riders))}
	return w, nil
}

// begin is the first round: the interval that the first order comes in.
func (w *world) begin() int {
	if len(w.day.Orders) == 0 {
		return 0
	}
	step := w.day.Policy.IntervalS
	return (w.day.Orders[0].Placed + step - 1) / step * step
}

// over reports whether nothing can change any more.
func (w *world) over(now int) bool {
	if w.known < len(w.day.Orders) {
		return false
	}
	working := false
	for i := range w.riders {
		if len(w.riders[i].aboard) > 0 {
			return false
		}
		working = working || now <= w.day.Riders[i].Off && !w.work.home(i)
	}
	return len(w.open) == 0 || !working
}

// tick is one moment of the day: what has happened since the last one, a round, and what follows from it.
func (w *world) tick(ctx context.Context, now int) error {
	for w.known < len(w.day.Orders) && w.day.Orders[w.known].Placed <= now {
		w.open = append(w.open, w.known)
		w.kitchen.placed(w.known)
		w.known++
	}
	w.kitchen.watch(now)
	w.follow(now)
	w.work.attend(now)
	if !w.undecided(now) {
		return nil
	}
	watch := clock.StartStopwatch()
	snap := w.snapshot(now)
	in := dispatch.NewInstance(snap, w.day.Params, &w.memory)
	o, stop := w.search(ctx, now, watch)
	defer stop()
	decided, err := dispatch.Decide(ctx, snap, in, &w.memory, o)
	if err != nil {
		return err
	}
	w.memory.Tentative = decided.Tentative
	w.out.Rounds = append(w.out.Rounds, watch.Elapsed())
	w.act(now, in, &decided)
	return nil
}

// search says how long a round may improve its plan.
func (w *world) search(ctx context.Context, now int, watch clock.Stopwatch) (solver.Options, context.CancelFunc) {
	o := solver.Options{Iterations: w.options.Iterations, Patience: w.options.Patience, Seed: w.options.Seed + uint64(now)}
	if w.options.Budget == 0 {
		return o, func() {}
	}
	limit, stop := clock.WithTimeout(ctx, clock.System{}, w.options.Budget-watch.Elapsed())
	o.Until = limit.Done()
	return o, stop
}

// undecided reports whether a round could change anything.
func (w *world) undecided(now int) bool {
	if len(w.open) > 0 {
		return true
	}
	if w.day.Rules.WholeBundle {
		return false
	}
	for i := range w.riders {
		if len(w.riders[i].aboard) > 0 && w.riders[i].free <= now {
			return true
		}
	}
	return false
}

func (w *world) travel(r int, to geo.LatLng) int {
	return int(w.model.Travel(string(w.day.Riders[r].Vehicle), w.riders[r].at, to).P50 / time.Second)
}

// log notes what a rider was told, which may have been before the present round: a rider goes on to the next door alone.
func (w *world) log(at, r int, kind Kind, store int, orders []int) {
	known := sort.Search(w.known, func(o int) bool { return w.day.Orders[o].Placed > at })
	w.out.Log = append(w.out.Log, Event{at, r, kind, store, orders, known})
}

// result is how the day went. An error says how riders were made to work more than the policy allows, which is a fault of the program.
func (w *world) result() (*Result, error) {
	w.out.Known, w.out.Unserved = w.known, len(w.open)
	if w.work != nil {
		w.work.finish(&w.out)
		var err error
		w.out.Overrun, err = CheckWork(&w.out)
		return &w.out, err
	}
	for i := range w.riders {
		w.waited(i, w.day.Riders[i].Off)
	}
	return &w.out, nil
}
