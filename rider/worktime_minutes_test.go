package rider

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What a rider does in a minute.
const (
	away = iota
	resting
	working
)

// minutes are two days of a rider's life, the second of them today, up to now.
type minutes []int

const dayLong = 24 * 60

// drawLife makes up to a few shifts with breaks in them.
func drawLife(t *rapid.T) (m minutes, w Worked) {
	n := rapid.IntRange(dayLong, 2*dayLong-1).Draw(t, "now")
	m = make(minutes, n)
	at := func(i int) time.Time { return clockAt(0).Add(time.Duration(i-dayLong) * time.Minute) }
	i := rapid.IntRange(0, n).Draw(t, "first")
	for i < n {
		end := min(n, i+rapid.IntRange(1, 700).Draw(t, "shift"))
		w.Shifts = append(w.Shifts, Period{at(i), at(end)})
		for i < end {
			kind, till := working, min(end, i+rapid.IntRange(1, 300).Draw(t, "work"))
			if rapid.Bool().Draw(t, "break") && m[max(0, i-1)] != resting {
				kind, till = resting, min(end, i+rapid.IntRange(1, 40).Draw(t, "rest"))
				w.Breaks = append(w.Breaks, Period{at(i), at(till)})
			}
			for ; i < till; i++ {
				m[i] = kind
			}
		}
		i += rapid.SampledFrom([]int{1, 5, 30, 200, 700}).Draw(t, "gap")
	}
	if m[n-1] != away {
		w.OnShift, w.OnBreak = true, m[n-1] == resting
	}
	return m, w
}

// allowed reports whether a rider may work in the minute after those of m, as the rules say it; stretches are the breaks' affair.
func (m minutes) allowed(day, rest int) bool {
	today := 0
	for i := len(m) / dayLong * dayLong; i < len(m); i++ {
		if m[i] == working {
			today++
		}
	}
	if day > 0 && today >= day {
		return false
	}
	began, gap := -1, rest
	for i, x := range append(m[:len(m):len(m)], working) {
		if x == away {
			gap++
			continue
		}
		if gap >= rest || began < 0 {
			began = i
		}
		gap = 0
	}
	return rest == 0 || len(m)-began < dayLong-rest
}

// sinceBreak is the minutes since the last time that there was no work for so long, and whether that goes on.
func (m minutes) sinceBreak(long int) (since int, still bool) {
	pause := long
	for i, x := range m {
		if x != working {
			pause++
			if pause >= long {
				since = i + 1
			}
			continue
		}
		pause = 0
	}
	return len(m) - since, pause >= long
}

// The hours are what counting minute by minute, by the rules' own words, comes to.
func TestHoursAgreeWithTheMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, w := drawLife(t)
		day, stretch, long, rest := rapid.SampledFrom([]int{0, 60, 240, 480, 720}).Draw(t, "a day"), rapid.IntRange(10, 400).Draw(t, "a stretch"),
			rapid.IntRange(1, 45).Draw(t, "a break"), rapid.SampledFrom([]int{0, 300, 660, 900}).Draw(t, "a rest")
		of := func(n int) time.Duration { return time.Duration(n) * time.Minute }
		l := WorkLimits{Day: of(day), Stretch: of(stretch), Break: of(long), Rest: of(rest), Breaks: of(60)}
		now := clockAt(0).Add(of(len(m) - dayLong))
		h := l.HoursOf(w, now, clockAt(0), clockAt(24))

		today, rested := 0, 0
		for i := dayLong; i < len(m); i++ {
			if m[i] == working {
				today++
			}
		}
		if h.Today != of(today) {
			t.Fatalf("%v today, counted %v", h.Today, of(today))
		}
		if !w.OnShift {
			wait, later := 0, m
			for !later.allowed(day, rest) {
				wait, later = wait+1, append(later[:len(later):len(later)], away)
			}
			if (wait == 0) != (h.RestUntil == nil) || wait > 0 && !h.RestUntil.Equal(now.Add(of(wait))) {
				t.Fatalf("may begin at %v, counted %v", h.RestUntil, now.Add(of(wait)))
			}
			return
		}
		for i := len(m) - 1; i >= 0 && m[i] != away; i-- {
			if m[i] == resting {
				rested++
			}
		}
		if left := of(max(0, 60-rested)); *h.BreakLeft != left {
			t.Fatalf("%v of break left, counted %v", *h.BreakLeft, left)
		}
		if day > 0 || rest > 0 {
			more, later := 0, m
			for later.allowed(day, rest) {
				more, later = more+1, append(later[:len(later):len(later)], working)
			}
			if end := now.Add(of(more)); more > 0 && !h.EndAt.Equal(end) || more == 0 && h.EndAt.After(now) {
				t.Fatalf("work ends at %v, counted %v", h.EndAt, end)
			}
		}
		since, still := m.sinceBreak(long)
		if due := now.Add(of(stretch - since)); still != (h.BreakDueAt == nil) || !still && !h.BreakDueAt.Equal(due) {
			t.Fatalf("a break is due at %v, counted %v (on one: %v)", h.BreakDueAt, due, still)
		}
	})
}
