package dispatch

import (
	"encoding/json"
	"testing"
	"time"
)

func TestOpening(t *testing.T) {
	t.Parallel()
	monday := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	var p Policy
	if err := json.Unmarshal([]byte(`{"hours":[{"from":"11:30","to":"14:30"},{"weekdays":["mon"],"from":"18:00","to":"02:00"}]}`), &p); err != nil {
		t.Fatal(err)
	}
	storm := p
	storm.ClosedUntil = new(monday(13, 0))
	late := p
	late.ClosedUntil = new(monday(15, 0))
	for _, tc := range []struct {
		p        Policy
		at, want time.Time
	}{
		{Policy{}, monday(4, 0), monday(4, 0)},
		{p, monday(12, 0), monday(12, 0)},
		{p, monday(11, 29), monday(11, 30)},
		{p, monday(14, 30), monday(18, 0)},
		{p, monday(25, 59), monday(25, 59)},
		{p, monday(26, 0), monday(35, 30)},
		{p, monday(24+15, 0), monday(48+11, 30)}, // no evening on Tuesdays
		{storm, monday(12, 0), monday(13, 0)},
		{storm, monday(13, 0), monday(13, 0)},
		{late, monday(12, 0), monday(18, 0)},
	} {
		if got := tc.p.Opening(tc.at); !got.Equal(tc.want) {
			t.Errorf("%v, closed until %v: opens at %v, want %v", tc.at, tc.p.ClosedUntil, got, tc.want)
		}
	}

	// What is sent replaces what there was, also where it leaves fields out.
	if err := json.Unmarshal([]byte(`{"hours":[{"from":"10:00","to":"11:00"},{"from":"12:00","to":"13:00"}]}`), &p); err != nil || p.Hours[1].Weekdays != nil {
		t.Errorf("%+v, %v", p.Hours, err)
	}
}
