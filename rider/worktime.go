package rider

import (
	"slices"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// WorkLimits is how long a rider may work. A zero limit is none.
type WorkLimits struct {
	Day     time.Duration // of work in a day of the tenant's time zone, breaks left out
	Stretch time.Duration // of work without a break
	Break   time.Duration // the shortest break that ends a stretch
	Rest    time.Duration // in one piece, within 24 hours from when a rider begins to work
	Breaks  time.Duration // in one shift, all together
}

// None reports whether work is not limited.
func (l WorkLimits) None() bool { return l.Day <= 0 && l.Stretch <= 0 && l.Rest <= 0 }

// Period is a time, from and to.
type Period struct{ From, To time.Time }

// within is how much of s lies in another period.
func (s Period) within(o Period) time.Duration {
	return max(0, clock.Earlier(s.To, o.To).Sub(clock.Later(s.From, o.From)))
}

// Worked is what a rider has worked lately: two days suffice. What goes on ends now.
type Worked struct {
	Shifts  []Period // oldest first
	Breaks  []Period
	OnShift bool
	OnBreak bool // the last of Breaks goes on
}

// Hours is how a rider stands with the limits.
type Hours struct {
	Today      time.Duration // worked since midnight
	BreakDueAt *time.Time    // on shift: by then a break should begin, for the next stretch to begin anew
	EndAt      *time.Time    // on shift: by then the work should end
	RestUntil  *time.Time    // off shift: no shift may begin before

	BreakLeft *time.Duration // on shift: what is left of its breaks; nil: they are not limited
}

// StopAt is when new orders must all be done: at the break or at the end, whichever is due first; nil: whenever.
func (h Hours) StopAt() *time.Time {
	if h.BreakDueAt == nil || h.EndAt != nil && h.EndAt.Before(*h.BreakDueAt) {
		return h.EndAt
	}
	return h.BreakDueAt
}

// HoursOf reckons at a time of a day that begins and ends at two midnights.
func (l WorkLimits) HoursOf(w Worked, now, midnight, next time.Time) Hours {
	h := Hours{Today: w.workIn(Period{midnight, now})}
	if !w.OnShift {
		if from := l.mayBegin(w, h.Today, now, next); from.After(now) {
			h.RestUntil = &from
		}
		return h
	}
	if l.Rest > 0 {
		h.EndAt = new(w.since(l.Rest).Add(24*time.Hour - l.Rest))
	}
	if l.Day > 0 {
		end := now.Add(max(0, l.Day-h.Today))
		if h.Today < l.Day && !end.Before(next) { // the next day's hours count anew
			end = next.Add(l.Day)
		}
		if h.EndAt == nil || end.Before(*h.EndAt) {
			h.EndAt = &end
		}
	}
	if l.Stretch > 0 {
		if since := w.stretchSince(l.Break); !w.OnBreak || since.Before(w.Breaks[len(w.Breaks)-1].To) { // else on one that suffices
			h.BreakDueAt = new(since.Add(l.Stretch))
		}
	}
	if l.Breaks > 0 {
		h.BreakLeft = new(max(0, l.Breaks-w.breaksIn(w.Shifts[len(w.Shifts)-1])))
	}
	return h
}

// mayBegin is from when on a rider who is off shift may begin one: when neither the rest nor the hours of the day are against it.
func (l WorkLimits) mayBegin(w Worked, today time.Duration, now, next time.Time) time.Time {
	from := now
	if l.Day > 0 && today >= l.Day {
		from = next
	}
	if l.Rest > 0 && len(w.Shifts) > 0 {
		rested := w.Shifts[len(w.Shifts)-1].To.Add(l.Rest)
		if !from.Before(w.since(l.Rest).Add(24*time.Hour-l.Rest)) && from.Before(rested) {
			from = rested
		}
	}
	return from
}

// workIn is the work in a period.
func (w Worked) workIn(s Period) time.Duration {
	var d time.Duration
	for _, x := range w.Shifts {
		d += x.within(s)
	}
	return max(0, d-w.breaksIn(s))
}

// breaksIn is the time of breaks in a period.
func (w Worked) breaksIn(s Period) time.Duration {
	var d time.Duration
	for _, x := range w.Breaks {
		d += x.within(s)
	}
	return d
}

// since is when the work began that no gap between shifts of so long has parted.
func (w Worked) since(gap time.Duration) time.Time {
	at := len(w.Shifts) - 1
	for at > 0 && w.Shifts[at].From.Sub(w.Shifts[at-1].To) < gap {
		at--
	}
	return w.Shifts[at].From
}

// stretchSince is when the work began that nothing of so long has parted: a break, a gap between shifts, or the two where one follows the other.
func (w Worked) stretchSince(gap time.Duration) time.Time {
	pauses := slices.Clone(w.Breaks)
	var last time.Time // before the first shift there was no work
	for _, s := range w.Shifts {
		pauses = append(pauses, Period{last, s.From})
		last = s.To
	}
	slices.SortFunc(pauses, func(a, b Period) int { return a.From.Compare(b.From) })
	pause, since := pauses[0], pauses[0].To
	for _, p := range pauses[1:] {
		if p.From.After(pause.To) {
			pause = p
		}
		pause.To = clock.Later(pause.To, p.To)
		if pause.To.Sub(pause.From) >= max(gap, 1) {
			since = pause.To
		}
	}
	return since
}
