package clock

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Weekly is a time that comes back every week: on some weekdays, from one time of the day until another, in local time.
type Weekly struct {
	Weekdays []string `json:"weekdays,omitempty" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which it begins; empty: every day."`
	From     string   `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"Local time, like 18:00."`
	To       string   `json:"to" pattern:"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" doc:"Local time, not included; before from it is the next day's."`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Has reports whether a local time lies in it.
func (w Weekly) Has(local time.Time) bool {
	from, to := minuteOf(w.From), minuteOf(w.To)
	now := local.Hour()*60 + local.Minute()
	if from < to {
		return from <= now && now < to && w.on(local.Weekday())
	}
	return now >= from && w.on(local.Weekday()) || now < to && w.on((local.Weekday()+6)%7) // through midnight: it began yesterday
}

// Next is when it begins next after a local time; the zero time if never.
func (w Weekly) Next(local time.Time) time.Time {
	from := minuteOf(w.From)
	for days := range 8 {
		begin := time.Date(local.Year(), local.Month(), local.Day()+days, from/60, from%60, 0, 0, local.Location())
		if begin.After(local) && w.on(begin.Weekday()) {
			return begin
		}
	}
	return time.Time{}
}

func (w Weekly) on(d time.Weekday) bool {
	return len(w.Weekdays) == 0 || slices.Contains(w.Weekdays, weekdays[d])
}

// Faults names the fields that are wrong, with what each must be.
func (w Weekly) Faults(fault func(field, message string, value any)) {
	if from := minuteOf(w.From); from < 0 || from == 24*60 {
		fault("from", "must be a time of the day, like 18:00", w.From)
	}
	switch {
	case minuteOf(w.To) < 0:
		fault("to", "must be a time of the day, like 22:30 or 24:00", w.To)
	case w.From == w.To:
		fault("to", "must not be from; a whole day is 00:00 to 24:00", w.To)
	}
	for i, d := range w.Weekdays {
		if !slices.Contains(weekdays, d) {
			fault(fmt.Sprintf("weekdays[%d]", i), "must be mon, tue, wed, thu, fri, sat or sun", d)
		}
	}
}

// minuteOf is the minute of the day of a valid "18:30", -1 of anything else.
func minuteOf(clock string) int {
	if len(clock) != 5 || clock[2] != ':' || strings.Trim(clock[:2]+clock[3:], "0123456789") != "" {
		return -1
	}
	h, m := int(clock[0]-'0')*10+int(clock[1]-'0'), int(clock[3]-'0')*10+int(clock[4]-'0')
	if m > 59 || h > 24 || h == 24 && m > 0 {
		return -1
	}
	return h*60 + m
}
