package rider

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// clockAt is a time of the day that begins at midnight, in hours.
func clockAt(hours float64) time.Time {
	return monday.Add(time.Duration(hours * float64(time.Hour)))
}

func periods(hours ...float64) (out []Period) {
	for i := 0; i < len(hours); i += 2 {
		out = append(out, Period{clockAt(hours[i]), clockAt(hours[i+1])})
	}
	return out
}

func TestHours(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	none := -1.0
	for _, c := range []struct {
		name             string
		limits           WorkLimits
		shifts, breaks   []Period
		on               bool
		now              float64
		today            float64
		brk, end, rested float64
	}{
		{"nothing is limited", WorkLimits{}, periods(8, 12), nil, true, 12, 4, none, none, none},
		{"hours of the day", WorkLimits{Day: 9 * hour}, periods(8, 12), nil, true, 12, 4, none, 17, none},
		{"breaks don't count", WorkLimits{Day: 9 * hour}, periods(8, 12), periods(9, 10), true, 12, 3, none, 18, none},
		{"two shifts of a day", WorkLimits{Day: 9 * hour}, periods(8, 12, 14, 15), nil, true, 15, 5, none, 19, none},
		{"over midnight, before", WorkLimits{Day: 3 * hour}, periods(22, 23), nil, true, 23, 1, none, 27, none},
		{"over midnight, after", WorkLimits{Day: 3 * hour}, periods(-2, 1), nil, true, 1, 1, none, 3, none},
		{"the day is full", WorkLimits{Day: 4 * hour}, periods(8, 12), nil, true, 12, 4, none, 12, none},
		{"none today any more", WorkLimits{Day: 4 * hour}, periods(8, 12), nil, false, 13, 4, none, none, 24},
		{"a break is due", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 10), nil, true, 10, 2, 12, none, none},
		{"a short break is none", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 10), periods(9, 9.25), true, 10, 1.75, 12, none, none},
		{"a break was had", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 10), periods(9, 9.5), true, 10, 1.5, 13.5, none, none},
		{"on a break, not long yet", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 10), periods(9.75, 10), true, 10, 1.75, 12, none, none},
		{"on a break that suffices", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 10), periods(9.5, 10), true, 10, 1.5, none, none, none},
		{"a gap between shifts is a break", WorkLimits{Stretch: 4 * hour, Break: hour / 2}, periods(8, 9, 9.5, 10), nil, true, 10, 1.5, 13.5, none, none},
		{"rest within 24 hours", WorkLimits{Rest: 11 * hour}, periods(8, 12), nil, true, 12, 4, none, 21, none},
		{"the second shift of the day", WorkLimits{Rest: 11 * hour}, periods(8, 12, 17, 18), nil, true, 18, 5, none, 21, none},
		{"back at once", WorkLimits{Rest: 11 * hour}, periods(8, 12), nil, false, 12.1, 4, none, none, none},
		{"must rest", WorkLimits{Rest: 11 * hour}, periods(8, 20), nil, false, 21, 12, none, none, 31},
		{"has rested", WorkLimits{Rest: 11 * hour}, periods(-16, -4), nil, false, 7, 0, none, none, none},
		{"the rest and the day", WorkLimits{Rest: 11 * hour, Day: 6 * hour}, periods(8, 14), nil, true, 14, 6, none, 14, none},
	} {
		got := c.limits.HoursOf(Worked{c.shifts, c.breaks, c.on, strings.HasPrefix(c.name, "on a break")}, clockAt(c.now), clockAt(0), clockAt(24))
		for what, x := range map[string]struct {
			got  *time.Time
			want float64
		}{"a break is due": {got.BreakDueAt, c.brk}, "work ends": {got.EndAt, c.end}, "rest lasts until": {got.RestUntil, c.rested}} {
			if (x.got == nil) != (x.want == none) || x.got != nil && !x.got.Equal(clockAt(x.want)) {
				t.Errorf("%s: %s %v, want %v", c.name, what, x.got, x.want)
			}
		}
		if got.Today != time.Duration(c.today*float64(hour)) {
			t.Errorf("%s: %v today, want %v", c.name, got.Today, c.today)
		}
	}
}

// Whoever works until the day's hours are over has worked them, and no minute more, however the day was cut.
func TestDayIsFullWhenItSaysSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := WorkLimits{Day: time.Duration(rapid.IntRange(1, 600).Draw(t, "day")) * time.Minute}
		w := Worked{OnShift: true}
		now := clockAt(0)
		for range rapid.IntRange(1, 4).Draw(t, "shifts") {
			from := now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "gap")) * time.Minute)
			to := from.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "shift")) * time.Minute)
			w.Shifts = append(w.Shifts, Period{from, to})
			if pause := rapid.IntRange(0, int(to.Sub(from)/time.Minute)).Draw(t, "break"); pause > 0 {
				w.Breaks = append(w.Breaks, Period{from, from.Add(time.Duration(pause) * time.Minute)})
			}
			now = to
		}
		h := l.HoursOf(w, now, clockAt(0), clockAt(24))
		if h.Today >= l.Day {
			if !h.EndAt.Equal(now) {
				t.Fatalf("the day is full and ends at %v", h.EndAt)
			}
			return
		}
		w.Shifts[len(w.Shifts)-1].To = *h.EndAt
		if full := l.HoursOf(w, *h.EndAt, clockAt(0), clockAt(24)); full.Today != l.Day || !full.EndAt.Equal(*h.EndAt) {
			t.Fatalf("at its end %v of %v were worked", full.Today, l.Day)
		}
	})
}
