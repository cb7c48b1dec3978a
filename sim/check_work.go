package sim

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// CheckWork verifies that nobody was made to work more than the day's policy allows, slowly and by obvious code that shares nothing with the engine's:
// second by second, person by person. It returns the longest work beyond a limit, seconds, and joins all that is wrong.
//
// The rule: what riders are told, they are told at work and not on a break. Once a limit is reached (the hours of the day, the stretch without a break
// that counts, the hours before a rest) they get nothing new, and work on only to bring what was given to them before. How far beyond the limit
// that leads is the lateness of those orders.
func CheckWork(r *Result) (overrun int, err error) {
	k := workCheck{r: r, told: make([][]Event, len(r.Day.Riders)), given: make([][]Fate, len(r.Day.Riders))}
	for _, e := range r.Log {
		k.told[e.Rider] = append(k.told[e.Rider], e)
	}
	for i := range k.told {
		slices.SortStableFunc(k.told[i], func(a, b Event) int { return a.At - b.At })
	}
	for _, f := range r.Orders {
		if f.Done {
			k.given[f.Rider] = append(k.given[f.Rider], f)
		}
	}
	people := map[string][]int{}
	for i, x := range r.Day.Riders {
		name := "of " + x.Person
		if x.Person == "" {
			name = fmt.Sprint("rider ", i)
		}
		people[name] = append(people[name], i)
	}
	for _, shifts := range people {
		slices.SortFunc(shifts, func(a, b int) int { return r.Shifts[a].From - r.Shifts[b].From })
		k.person(shifts)
	}
	slices.SortFunc(k.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return k.overrun, errors.Join(k.errs...)
}

type workCheck struct {
	r       *Result
	told    [][]Event // by rider, by time
	given   [][]Fate  // by rider: what was brought
	overrun int
	errs    []error
}

// person goes through the seconds of one person's shifts.
func (k *workCheck) person(shifts []int) {
	limits := k.r.Day.Policy.Work
	worked := 0           // today
	idler := false        // works beyond a limit for nothing, which was told
	first := true         // no work yet
	idle, off := 0, 0     // seconds without work, and off shift, up to now
	stretch, days := 0, 0 // when the stretch, and the working day, began
	t := k.r.Shifts[shifts[0]].From
	_, midnight := k.r.Day.around(t)
	for n, i := range shifts {
		s := k.r.Shifts[i]
		if n > 0 && s.From < k.r.Shifts[shifts[n-1]].To {
			k.fail(i, s.From, "a shift begins before the last one is over")
		}
		if s.length() > 0 && s.From < k.r.Day.Riders[i].On {
			k.fail(i, s.From, "the shift begins too early")
		}
		told := k.told[i]
		early := sort.Search(len(told), func(n int) bool { return told[n].At >= t })
		k.none(told[:early], "before the shift")
		told = told[early:]
		for ; t < s.To; t++ {
			if t == midnight {
				worked = 0
				_, midnight = k.r.Day.around(t)
			}
			var now []Event
			for len(told) > 0 && told[0].At <= t {
				now, told = append(now, told[0]), told[1:]
			}
			if t < s.From {
				idle, off = idle+1, off+1
				k.none(now, "before the shift")
				continue
			}
			if slices.ContainsFunc(k.r.Breaks[i], func(b Span) bool { return b.has(t) }) {
				idle, off = idle+1, 0
				k.none(now, "on a break")
				k.busy(i, t)
				continue
			}
			if first || idle >= max(1, limits.BreakS) {
				stretch = t
			}
			if first || limits.RestS > 0 && off >= limits.RestS {
				days = t
			}
			first, idle, off = false, 0, 0
			beyond := 0
			if limits.DayS > 0 {
				beyond = max(beyond, worked+1-limits.DayS)
			}
			if limits.StretchS > 0 {
				beyond = max(beyond, t+1-stretch-limits.StretchS)
			}
			if limits.RestS > 0 {
				beyond = max(beyond, t+1-days-(24*3600-limits.RestS))
			}
			worked++
			if beyond == 0 {
				idler = false
			} else if k.beyond(i, t, beyond, now); !idler && !k.brings(i, t, beyond) {
				idler = true
				k.fail(i, t, "works %d s beyond a limit, and has nothing to bring", beyond)
			}
		}
		k.none(told, "after the shift")
	}
}

// brings reports whether a rider who is so many seconds beyond a limit has something in hand that was given before it.
func (k *workCheck) brings(i, t, by int) bool {
	return slices.ContainsFunc(k.given[i], func(f Fate) bool { return f.Given <= t-by && t < f.Dropped })
}

// beyond checks what is told in a second that is so many seconds beyond a limit.
func (k *workCheck) beyond(i, t, by int, told []Event) {
	k.overrun = max(k.overrun, by)
	for _, e := range told {
		if e.Kind == Drop {
			continue
		}
		if len(e.Orders) == 0 {
			k.fail(i, t, "is sent elsewhere %d s beyond a limit", by)
		}
		for _, o := range e.Orders {
			if f := k.r.Orders[o]; f.Rider != i || f.Given > t-by {
				k.fail(i, t, "is given order %s %d s beyond a limit", k.r.Day.Orders[o].Name, by)
			}
		}
	}
}

// busy checks a second of a break.
func (k *workCheck) busy(i, t int) {
	for _, f := range k.given[i] {
		if f.Given <= t && t < f.Dropped {
			k.fail(i, t, "has an order in hand on a break")
		}
	}
}

// none checks that nothing was told.
func (k *workCheck) none(told []Event, when string) {
	for _, e := range told {
		k.fail(e.Rider, e.At, "is told something %s", when)
	}
}

// mostWorkFaults is how many are worth reading.
const mostWorkFaults = 20

func (k *workCheck) fail(i, t int, what string, args ...any) {
	if len(k.errs) < mostWorkFaults {
		k.errs = append(k.errs, fmt.Errorf("second %d, rider %s: "+what, append([]any{t, k.r.Day.Riders[i].Name}, args...)...))
	}
}
