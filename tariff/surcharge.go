package tariff

import (
	"slices"
	"strings"
	"time"
)

// Surcharge is added on some weekdays, from one time of the day until another.
type Surcharge struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100" doc:"As the bill shows it."`
	Weekdays []string `json:"weekdays,omitempty" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which it begins; empty: every day."`
	From     string   `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"Local time, like 18:00."`
	To       string   `json:"to" pattern:"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" doc:"Local time, not included; at or before from it is the next day's."`
	Amount   int64    `json:"amount,omitempty" minimum:"0" maximum:"1000000000"`
	Percent  int      `json:"percent,omitempty" minimum:"0" maximum:"500" doc:"Of base, distance and weight; instead of an amount."`
}

// at reports whether the surcharge counts at a local time.
func (s Surcharge) at(t time.Time) bool {
	from, to := minuteOf(s.From), minuteOf(s.To)
	now := t.Hour()*60 + t.Minute()
	if from < to {
		return from <= now && now < to && s.on(t.Weekday())
	}
	return now >= from && s.on(t.Weekday()) || now < to && s.on((t.Weekday()+6)%7) // through midnight: it began yesterday
}

func (s Surcharge) on(d time.Weekday) bool {
	return len(s.Weekdays) == 0 || slices.Contains(s.Weekdays, strings.ToLower(d.String()[:3]))
}

// minuteOf is the minute of the day of a valid "18:30", -1 of anything else.
func minuteOf(clock string) int {
	if len(clock) != 5 || clock[2] != ':' {
		return -1
	}
	for _, i := range []int{0, 1, 3, 4} {
		if clock[i] < '0' || clock[i] > '9' {
			return -1
		}
	}
	h, m := int(clock[0]-'0')*10+int(clock[1]-'0'), int(clock[3]-'0')*10+int(clock[4]-'0')
	if m > 59 || h > 24 || h == 24 && m > 0 {
		return -1
	}
	return h*60 + m
}
