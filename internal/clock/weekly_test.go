package clock

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Has and Next are what one gets who looks at every minute of the week.
func TestWeeklyAgainstMinutes(t *testing.T) {
	t.Parallel()
	times := []string{"00:00", "00:01", "07:30", "12:00", "22:00", "23:59"}
	rapid.Check(t, func(t *rapid.T) {
		w := Weekly{From: rapid.SampledFrom(times).Draw(t, "from"), To: rapid.SampledFrom(append(times, "24:00")).Draw(t, "to")}
		w.Weekdays = rapid.SliceOfNDistinct(rapid.SampledFrom(weekdays), 0, 3, rapid.ID).Draw(t, "weekdays")
		if w.From == w.To {
			return
		}
		const day, week = 24 * 60, 7 * 24 * 60
		open, begins := make([]bool, week), make([]bool, week)
		length := (minuteOf(w.To) - minuteOf(w.From) + day) % day
		if length == 0 { // 00:00 to 24:00
			length = day
		}
		for d, name := range weekdays {
			if len(w.Weekdays) == 0 || slices.Contains(w.Weekdays, name) {
				begins[d*day+minuteOf(w.From)] = true
				for m := range length {
					open[(d*day+minuteOf(w.From)+m)%week] = true
				}
			}
		}
		now := time.Date(2026, 3, 1, 0, 0, rapid.IntRange(0, 59).Draw(t, "second"), 0, time.UTC). // a Sunday
														Add(time.Duration(rapid.IntRange(0, week-1).Draw(t, "minute")) * time.Minute)
		minute := int(now.Weekday())*day + now.Hour()*60 + now.Minute()
		if got := w.Has(now); got != open[minute] {
			t.Fatalf("%+v has %v: %v", w, now, got)
		}
		want := now.Truncate(time.Minute).Add(time.Minute)
		for !begins[(int(want.Weekday())*day+want.Hour()*60+want.Minute())%week] {
			want = want.Add(time.Minute)
		}
		if got := w.Next(now); !got.Equal(want) {
			t.Fatalf("%+v after %v: %v, want %v", w, now, got, want)
		}
	})
}

func TestWeeklyFollowsTheClock(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	w := Weekly{Weekdays: []string{"sun"}, From: "10:00", To: "11:00"}
	saturday := time.Date(2026, 3, 28, 12, 0, 0, 0, rome) // the clocks go forward in the night
	if got := w.Next(saturday); got.Sub(saturday) != 21*time.Hour || !w.Has(got) || w.Has(got.Add(-time.Minute)) {
		t.Errorf("it begins at %v", got)
	}
}

func TestWeeklyFaults(t *testing.T) {
	t.Parallel()
	for field, w := range map[string]Weekly{
		"":            {[]string{"mon"}, "18:00", "24:00"},
		"from":        {nil, "24:00", "10:00"},
		"to":          {nil, "10:00", "1O:30"},
		"weekdays[1]": {[]string{"mon", "Monday"}, "10:00", "12:00"},
	} {
		var got []string
		w.Faults(func(field, _ string, _ any) { got = append(got, field) })
		if len(got) != min(1, len(field)) || len(got) == 1 && got[0] != field {
			t.Errorf("%+v: %v", w, got)
		}
	}
	equal := false
	Weekly{From: "10:00", To: "10:00"}.Faults(func(field, _ string, _ any) { equal = field == "to" })
	if !equal {
		t.Error("from 10:00 to 10:00 is taken")
	}
}
