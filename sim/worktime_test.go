package sim

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

// alone is a day of one store, a rider there on each of some shifts, and an order every so many seconds, ready at once, for a door nearby.
func alone(work dispatch.Work, every, hours int, shifts ...Span) *Day {
	store := geo.LatLng{Lat: 43.77, Lng: 11.25}
	d := &Day{Name: "alone", Params: eta.Default(), Policy: CityPolicy(), Ready: ReadyExact, Stores: []Store{{Name: "s", At: store, Handoff: 60}}}
	d.Policy.Work, d.Policy.Position = work, 0
	for i, s := range shifts {
		d.Riders = append(d.Riders, Rider{Name: []string{"early", "late"}[i], Person: "Anna", At: store, On: s.From, Off: s.To, Vehicle: rider.Motorcycle, Capacity: 5, MaxOrders: 5})
	}
	for at := every / 2; at < hours*3600; at += every {
		d.Orders = append(d.Orders, Order{Name: "o", Dropoff: geo.Shift(store, 200, 0), Placed: at, Ready: at, Promise: at + 3600, Load: 1})
	}
	return d
}

func run(t *testing.T, d *Day) *Result {
	t.Helper()
	r, err := Run(t.Context(), d, Options{Iterations: 20, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An hour and a half without a break, at most three hours a day: a break when it falls due, and home when the hours are worked, to the second.
func TestRidersRestAndGoHome(t *testing.T) {
	t.Parallel()
	d := alone(dispatch.Work{StretchS: 5400, BreakS: 900, DayS: 3 * 3600}, 600, 6, Span{0, 6 * 3600})
	r := run(t, d)
	if want := [][]Span{{{5400, 6300}}}; !cmp.Equal(r.Breaks, want) {
		t.Errorf("breaks %v, want %v", r.Breaks, want)
	}
	if want := []Span{{0, 3*3600 + 900}}; !cmp.Equal(r.Shifts, want) {
		t.Errorf("at work %v, want %v", r.Shifts, want)
	}
	v := r.Report().Work
	if want := (&WorkReport{Hours: 3, Breaks: 1, BreakHours: 0.25, CutShort: 1}); !cmp.Equal(v, want) {
		t.Errorf("%+v, want %+v", v, want)
	}
	for _, f := range r.Orders {
		if f.Done && (f.Dropped > r.Shifts[0].To || f.Left < 6300 && f.Dropped > 5400) {
			t.Errorf("brought beyond a limit: %+v", f)
		}
	}
	if last := r.Orders[17]; !last.Done { // placed at 10,500: just before the end
		t.Errorf("%+v", last)
	}
	var text strings.Builder
	if err := WriteReports(&text, r.Report()); err != nil || !strings.Contains(text.String(), "work, alone: 3.0 h, and 1 breaks of 0.2 h in all; 1 shifts cut short") {
		t.Errorf("%s, %v", text.String(), err)
	}
	d = alone(dispatch.DefaultWork(), 600, 6, Span{0, 6 * 3600})
	if r := run(t, d); r.Shifts != nil || r.Report().Work != nil || r.Report().Undelivered != 0 {
		t.Errorf("nothing is limited: %+v", r.Report())
	}
}

// Two shifts of one person: the hours of the day are one account, and so is the rest, which moves the second shift's beginning.
func TestShiftsOfOnePerson(t *testing.T) {
	t.Parallel()
	const hour = 3600
	two := []Span{{0, 4 * hour}, {6 * hour, 10 * hour}}
	for _, c := range []struct {
		name   string
		work   dispatch.Work
		start  time.Time
		shifts []Span
		want   []Span
		cut    int
		not    int
	}{
		{"six hours a day", dispatch.Work{DayS: 6 * hour}, time.Time{}, two, []Span{{0, 4 * hour}, {6 * hour, 8 * hour}}, 1, 0},
		{"but midnight lies between", dispatch.Work{DayS: 6 * hour}, time.Date(2026, 3, 2, 19, 0, 0, 0, time.UTC), two, two, 0, 0},
		{"four hours a day", dispatch.Work{DayS: 4 * hour}, time.Time{}, two, []Span{{0, 4 * hour}, {24 * hour, 24 * hour}}, 0, 1},
		{"a rest that comes late", dispatch.Work{RestS: 21 * hour}, time.Time{}, []Span{{0, 4 * hour}, {20 * hour, 30 * hour}}, []Span{{0, 3 * hour}, {24 * hour, 27 * hour}}, 2, 0},
	} {
		d := alone(c.work, hour, c.shifts[1].To/hour, c.shifts...)
		d.Start = c.start
		r := run(t, d)
		if !cmp.Equal(r.Shifts, c.want) {
			t.Errorf("%s: at work %v, want %v", c.name, r.Shifts, c.want)
		}
		if v := r.Report().Work; v.CutShort != c.cut || v.NotBegun != c.not || v.Breaks != 0 {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

// Whose breaks are used up goes home when another is due.
func TestUsedUpBreaksEndTheShift(t *testing.T) {
	t.Parallel()
	r := run(t, alone(dispatch.Work{StretchS: 3600, BreakS: 900, BreaksS: 1000}, 600, 4, Span{0, 4 * 3600}))
	if !cmp.Equal(r.Breaks, [][]Span{{{3600, 4500}}}) || !cmp.Equal(r.Shifts, []Span{{0, 8100}}) {
		t.Errorf("%v, %v", r.Shifts, r.Breaks)
	}
}

// A city whose kitchens are slow: limits hold however ready times surprise, for every way of dispatch, and the check has found nothing.
func TestLimitsHoldInACity(t *testing.T) {
	t.Parallel()
	play := func(greedy, reposition bool) *Result {
		d, o := cityDay(t, CityOptions{Riders: 8, Stores: 6, PerMinute: 0.5, Hours: 1.5}, 5), Options{Iterations: 30, Seed: 5}
		d.Policy.Work = dispatch.Work{StretchS: 1800, BreakS: 600, DayS: 4800}
		if d.Policy.Reposition = reposition; greedy {
			Greedy(d, &o)
		}
		r, err := Run(t.Context(), d, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	ours, moved, greedy := play(false, false), play(false, true), play(true, false)
	for name, r := range map[string]*Result{"ours": ours, "moved": moved, "greedy": greedy} {
		if v := r.Report(); v.Work.Breaks < 8 || v.Work.CutShort < 8 || v.Undelivered > 30 {
			t.Errorf("%s: %v, %.1f %% undelivered", name, v.Work, v.Undelivered)
		}
	}
	// What is picked up when it is ready is brought in time, but for the part of a round that somebody may wait whose plan changes at a door.
	if most := CityPolicy().IntervalS; ours.Overrun > most || moved.Overrun > most {
		t.Errorf("%d s and %d s beyond a limit", ours.Overrun, moved.Overrun)
	}
}

// The check notices what it is for.
func TestCheckWork(t *testing.T) {
	t.Parallel()
	work := dispatch.Work{StretchS: 3600, BreakS: 900, DayS: 7200}
	good := run(t, alone(work, 600, 4, Span{0, 4 * 3600}))
	if n := slices.IndexFunc(good.Orders, func(f Fate) bool { return f.Given > 4500 }); n < 0 {
		t.Fatal("no order after the break")
	}
	for name, c := range map[string]struct {
		spoil func(*Result)
		says  string
	}{
		"no break":              {func(r *Result) { r.Breaks[0] = nil }, "has nothing to bring"},
		"a break that is short": {func(r *Result) { r.Breaks[0][0].To -= 1 }, "has nothing to bring"},
		"an order on a break":   {func(r *Result) { r.Breaks[0] = append(r.Breaks[0], Span{r.Orders[0].Given, r.Orders[0].Given + 1}) }, "told something on a break"},
		"work on a break":       {func(r *Result) { r.Breaks[0] = append(r.Breaks[0], Span{r.Orders[0].Left, r.Orders[0].Left + 1}) }, "an order in hand on a break"},
		"a day too long":        {func(r *Result) { r.Shifts[0].To += 60 }, "works 1 s beyond a limit, and has nothing to bring"},
		"an order at its end": {func(r *Result) {
			r.Shifts[0].To += 60
			n := len(r.Orders) - 1
			r.Orders[n] = Fate{Given: 8110, Dropped: 8160, Done: true}
			r.Log = append(r.Log, Event{At: 8110, Kind: Pick, Orders: []int{n}})
		}, "is given order o 11 s beyond a limit"},
		"a ride at its end": {func(r *Result) { r.Shifts[0].To += 60; r.Log = append(r.Log, Event{At: 8110, Kind: Reposition}) }, "is sent elsewhere"},
		"before it begins":  {func(r *Result) { r.Shifts[0].From = r.Log[0].At + 1 }, "told something before the shift"},
		"after it is over":  {func(r *Result) { r.Log = append(r.Log, Event{At: 9000, Kind: Drop}) }, "told something after the shift"},
		"too early":         {func(r *Result) { r.Shifts[0].From = -1 }, "begins too early"},
	} {
		r := *good
		r.Shifts, r.Breaks, r.Log, r.Orders = slices.Clone(good.Shifts), [][]Span{slices.Clone(good.Breaks[0])}, slices.Clone(good.Log), slices.Clone(good.Orders)
		c.spoil(&r)
		if _, err := CheckWork(&r); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, should say %q", name, err, c.says)
		}
	}
	late := *good // an order that was given before the limit may be brought after it
	late.Shifts, late.Orders = []Span{{0, 8160}}, slices.Clone(good.Orders)
	late.Orders[len(late.Orders)-1] = Fate{Given: 8000, Dropped: 8160, Done: true}
	if overrun, err := CheckWork(&late); err != nil || overrun != 60 {
		t.Errorf("an order that is late: %d s beyond, %v", overrun, err)
	}
}
