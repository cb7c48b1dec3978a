package ledger

import "time"

// Day is a date of a tenant's time zone, as 2006-01-02; its order is that of time.
type Day string

// DayOf is the day of a moment.
func DayOf(t time.Time, in *time.Location) Day { return Day(t.In(in).Format(time.DateOnly)) }

// Start is the day's first moment.
func (d Day) Start(in *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), in)
	if err != nil { // no Day of ours
		return time.Time{}
	}
	return t
}

// Next is the day after.
func (d Day) Next() Day { return DayOf(d.Start(time.UTC).AddDate(0, 0, 1), time.UTC) }
