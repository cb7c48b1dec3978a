package sim

import (
	"cmp"
	"slices"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Span is a time of a day, seconds, from and to.
type Span struct{ From, To int }

func (s Span) length() int { return s.To - s.From }

func (s Span) has(second int) bool { return s.From <= second && second < s.To }

// worktime keeps the riders' hours where the policy limits work; nil where it does not. Riders do what the rules ask of them, to the second: one whose
// break is due begins it when nothing is left to do, for as long as a break must be to count; one who has worked as long as is allowed goes home. So
// does one whose break is due when those of the shift are used up. A shift begins when the rest before it is over.
type worktime struct {
	w      *world
	cards  []card         // by rider
	before []int          // by rider: the same person's shift before, or -1
	person []int          // by rider
	past   []rider.Worked // by person: the shifts that are over
}

// card is how a shift is worked.
type card struct {
	came, gone bool
	Span              // at work, as far as is known
	breaks     []Span // that are over
	rest       Span   // the break under way; its end is 0 where none is
	seen, next int    // from seen on the rider has nothing to do, and goes home or rests at next
}

func newWorktime(w *world) *worktime {
	if !w.day.Policy.Work.Limits() {
		return nil
	}
	n := len(w.day.Riders)
	x := &worktime{w: w, cards: make([]card, n), before: slices.Repeat([]int{-1}, n), person: make([]int, n)}
	byTime := make([]int, n)
	for i := range byTime {
		byTime[i] = i
	}
	slices.SortStableFunc(byTime, func(a, b int) int { return cmp.Compare(w.day.Riders[a].On, w.day.Riders[b].On) })
	last := map[string]int{}
	for _, i := range byTime {
		name := w.day.Riders[i].Person
		before, known := last[name]
		if name == "" || !known {
			x.person[i] = len(x.past)
			x.past = append(x.past, rider.Worked{})
		} else {
			x.before[i], x.person[i] = before, x.person[before]
		}
		last[name] = i
	}
	return x
}

// attend brings all hours up to a time.
func (x *worktime) attend(now int) {
	if x == nil {
		return
	}
	for i := range x.cards {
		for x.turn(i, now) {
		}
	}
}

// turn has a rider come, rest, go on or go home, whichever is next and not after now. It reports whether there was anything.
func (x *worktime) turn(i, now int) bool {
	c := &x.cards[i]
	switch {
	case c.gone:
		return false
	case !c.came:
		return x.come(i, now)
	case c.rest.To > 0:
		if c.rest.To > now {
			return false
		}
		c.breaks = append(c.breaks, c.rest)
		x.w.riders[i].idle, c.rest = c.rest.To, Span{}
		return true
	}
	return x.rests(i, now)
}

// begins is when a shift can begin; known is false while the shift before goes on. One that would begin after its end never does.
func (x *worktime) begins(i int) (from int, known bool) {
	from = x.w.day.Riders[i].On
	if b := x.before[i]; b >= 0 {
		if !x.cards[b].gone {
			return 0, false
		}
		from = max(from, x.cards[b].To)
	}
	for {
		h := x.reckon(x.past[x.person[i]], from)
		if h.RestUntil == nil {
			return from, true
		}
		from = second(*h.RestUntil)
	}
}

// come begins a shift, or finds that it can't.
func (x *worktime) come(i, now int) bool {
	if x.w.day.Riders[i].On > now+shiftsAhead {
		return false
	}
	from, known := x.begins(i)
	c, r := &x.cards[i], &x.w.riders[i]
	switch {
	case !known:
		return false
	case from >= x.w.day.Riders[i].Off:
		c.gone, c.Span = true, Span{from, from}
		return true
	case from > now:
		r.free, r.since = from, from // as far as plans go
		return false
	}
	c.came, c.Span = true, Span{from, from}
	r.free, r.since, r.idle = from, from, from
	return true
}

// rests has a rider begin a break, or go home, who has nothing to do.
func (x *worktime) rests(i, now int) bool {
	c, r := &x.cards[i], &x.w.riders[i]
	if len(r.aboard) > 0 || r.held > 0 || r.free > now {
		return false
	}
	since := max(r.free, c.From)
	if n := len(c.breaks); n > 0 {
		since = max(since, c.breaks[n-1].To)
	}
	if c.seen == since && now < c.next {
		return false
	}
	h := x.hours(i, since)
	home, rest := max(since, x.w.day.Riders[i].Off), 0
	if h.EndAt != nil {
		home = min(home, max(since, second(*h.EndAt)))
	}
	if h.BreakDueAt != nil {
		if due := max(since, second(*h.BreakDueAt)); due < home {
			home, rest = due, due+max(1, x.w.day.Policy.Work.BreakS)
			if h.BreakLeft != nil && second(at(due).Add(*h.BreakLeft)) < rest {
				rest = 0
			}
			rest = min(rest, x.w.day.Riders[i].Off) // or until the shift ends
		}
	}
	if c.seen, c.next = since, home; home > now {
		return false
	}
	x.w.waited(i, home)
	if rest > 0 {
		c.rest = Span{home, rest}
		return true
	}
	c.gone, c.To = true, home
	past := &x.past[x.person[i]]
	*past = x.worked(i, home)
	past.OnShift, past.OnBreak = false, false
	return true
}

// worked is what a rider who is at work has worked by a time.
func (x *worktime) worked(i, now int) rider.Worked {
	c, past := &x.cards[i], &x.past[x.person[i]]
	v := rider.Worked{Shifts: append(slices.Clip(past.Shifts), period(Span{c.From, now})), Breaks: slices.Clip(past.Breaks), OnShift: true, OnBreak: c.rest.To > 0}
	for _, b := range c.breaks {
		v.Breaks = append(v.Breaks, period(b))
	}
	if v.OnBreak {
		v.Breaks = append(v.Breaks, period(Span{c.rest.From, now}))
	}
	return v
}

func period(s Span) rider.Period { return rider.Period{From: at(s.From), To: at(s.To)} }

// hours is how a rider who is at work stands with the limits at a time.
func (x *worktime) hours(i, now int) rider.Hours { return x.reckon(x.worked(i, now), now) }

// reckon is the engine's own reckoning.
func (x *worktime) reckon(v rider.Worked, now int) rider.Hours {
	midnight, next := x.w.day.around(now)
	return x.w.day.Policy.Work.HoursAt(v, at(now), at(midnight), at(next))
}

// around is the calendar's day that has a second: its first, and the next day's.
func (d *Day) around(now int) (midnight, next int) {
	y, m, day := d.Start.Add(time.Duration(now) * time.Second).Date()
	since := func(t time.Time) int { return int(t.Sub(d.Start) / time.Second) }
	return since(time.Date(y, m, day, 0, 0, 0, 0, d.Start.Location())), since(time.Date(y, m, day+1, 0, 0, 0, 0, d.Start.Location()))
}

// home reports whether a rider's shift is over.
func (x *worktime) home(i int) bool { return x != nil && x.cards[i].gone }

// absent reports whether plans leave a rider out: not yet coming, or gone.
func (x *worktime) absent(i, now int) bool {
	if x == nil {
		return false
	}
	if x.cards[i].came || x.cards[i].gone {
		return x.cards[i].gone
	}
	if x.w.day.Riders[i].On > now+shiftsAhead {
		return true
	}
	from, known := x.begins(i)
	return !known || from > now+shiftsAhead
}

// tell adds to what the engine is told of a rider: a break under way, and the hours. Who comes later has the hours of then.
func (x *worktime) tell(s *dispatch.Snapshot, i, now int, who *rider.OnShift) {
	if x == nil {
		return
	}
	if s.Hours == nil {
		s.Hours = make(map[id.Rider]rider.Hours, len(x.cards))
	}
	c := &x.cards[i]
	if !c.came {
		from, _ := x.begins(i)
		v := x.past[x.person[i]]
		v.Shifts, v.OnShift = append(slices.Clip(v.Shifts), period(Span{from, from})), true
		s.Hours[riderID(i)] = x.reckon(v, from)
		return
	}
	if c.rest.To > 0 {
		who.Shift.BreakSince = new(at(c.rest.From))
	}
	s.Hours[riderID(i)] = x.hours(i, now)
}

// sofar is what a rider has worked in the shift, breaks left out, seconds.
func (x *worktime) sofar(i, now int) int {
	c := &x.cards[i]
	if !c.came {
		return 0
	}
	n := now - c.From
	for _, b := range c.breaks {
		n -= b.length()
	}
	if c.rest.To > 0 {
		n -= now - c.rest.From
	}
	return n
}

// finish plays the shifts to their ends, which nobody has anything to do in any more, and writes all down.
func (x *worktime) finish(out *Result) {
	end := 0
	for i := range x.cards {
		end = max(end, x.w.day.Riders[i].Off, x.w.riders[i].free)
	}
	x.attend(end + 24*3600)
	out.Shifts, out.Breaks = make([]Span, len(x.cards)), make([][]Span, len(x.cards))
	for i := range x.cards {
		out.Shifts[i], out.Breaks[i] = x.cards[i].Span, x.cards[i].breaks
	}
}
