package rider

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // the day after noon's

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

func (w *world) template(t Template) Template {
	w.t.Helper()
	t.Zone, t.FirstDay = w.zone, monday
	if t.Weekdays == nil {
		t.Weekdays = everyDay
	}
	w.tx(func(tx pgx.Tx) (err error) {
		t, err = CreateTemplate(w.t.Context(), tx, w.tenant, t, noon)
		return err
	})
	return t
}

func (w *world) book(r id.Rider, t Template, day time.Time, now time.Time) (b Booking, already bool, err error) {
	w.t.Helper()
	err = w.db.Tx(w.t.Context(), w.tenant, func(tx pgx.Tx) (err error) {
		b, already, err = Book(w.t.Context(), tx, w.tenant, Want{Rider: r, Template: t.ID, Day: day, Until: now.AddDate(0, 0, 14)}, now)
		return err
	})
	return b, already, err
}

func (w *world) cancel(b Booking, notice time.Duration, now time.Time) error {
	w.t.Helper()
	return w.db.Tx(w.t.Context(), w.tenant, func(tx pgx.Tx) error {
		b, err := BookingOf(w.t.Context(), tx, w.tenant, b.Rider, b.ID)
		if err != nil {
			return err
		}
		return CancelBooking(w.t.Context(), tx, w.tenant, b, notice, now)
	})
}

// A slot has the hours that the clock on the wall says, also where that clock is put forward or back.
func TestSlotsKeepTheWallsTime(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, day  string
		from, to   int
		start, end string
	}{
		{"winter", "2026-03-02", 8 * 60, 12 * 60, "2026-03-02T07:00:00Z", "2026-03-02T11:00:00Z"},
		{"summer", "2026-07-06", 8 * 60, 12 * 60, "2026-07-06T06:00:00Z", "2026-07-06T10:00:00Z"},
		{"over midnight", "2026-03-02", 20 * 60, 2 * 60, "2026-03-02T19:00:00Z", "2026-03-03T01:00:00Z"},
		{"a whole day", "2026-03-02", 6 * 60, 6 * 60, "2026-03-02T05:00:00Z", "2026-03-03T05:00:00Z"},
		{"the night that lacks an hour", "2026-03-28", 22 * 60, 6 * 60, "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"},
		{"the night that has one more", "2026-10-24", 22 * 60, 6 * 60, "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"},
		{"the day after the change", "2026-03-30", 8 * 60, 12 * 60, "2026-03-30T06:00:00Z", "2026-03-30T10:00:00Z"},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		s := Template{From: c.from, To: c.to}.slot(day, rome)
		if got := s.StartsAt.Format(time.RFC3339) + " " + s.EndsAt.Format(time.RFC3339); got != c.start+" "+c.end {
			t.Errorf("%s: %s, want %s %s", c.name, got, c.start, c.end)
		}
	}
	last := monday.AddDate(0, 0, 7)
	tpl := Template{Weekdays: []time.Weekday{time.Monday}, FirstDay: monday, LastDay: &last}
	for d, want := range map[int]bool{-7: false, 0: true, 1: false, 7: true, 14: false} {
		if tpl.on(monday.AddDate(0, 0, d)) != want {
			t.Errorf("day %d: on is not %v", d, want)
		}
	}
}

func TestLastPlacesGoToSoMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const places = 10
	tpl := w.template(Template{From: 18 * 60, To: 21 * 60, Places: places})
	riders := w.riders(100)
	got := make([]error, len(riders))
	var wg sync.WaitGroup
	for i, r := range riders {
		wg.Go(func() { _, _, got[i] = w.book(r, tpl, monday, noon) })
	}
	wg.Wait()
	var won []id.Rider
	for i, err := range got {
		switch {
		case err == nil:
			won = append(won, riders[i])
		case !errors.Is(err, ErrSlotFull):
			t.Error(err)
		}
	}
	if len(won) != places {
		t.Fatalf("%d riders have %d places", len(won), places)
	}
	first, already, err := w.book(won[0], tpl, monday, noon)
	if err != nil || !already {
		t.Errorf("again: %v, %v", already, err)
	}
	if err := w.cancel(first, time.Hour, noon); err != nil {
		t.Fatal(err)
	}
	if err := w.cancel(first, time.Hour, noon.Add(5*time.Hour)); err != nil {
		t.Errorf("cancelled again, later: %v", err)
	}
	w.tx(func(tx pgx.Tx) error {
		slots, err := Slots(t.Context(), tx, w.tenant, w.zone, monday, 2)
		if err != nil || len(slots) != 2 || slots[0].Free() != 1 || slots[1].Free() != places {
			t.Errorf("%+v, %v", slots, err)
		}
		return err
	})
	free := 0
	for _, r := range riders {
		if _, already, err := w.book(r, tpl, monday, noon); err == nil && !already {
			free++
		}
	}
	if free != 1 {
		t.Errorf("the place that was given back was booked %d times", free)
	}
}

// One rider who books shifts of one time from two phones at once gets one of them.
func TestBookingsDontOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var templates []Template
	for i := range 8 {
		templates = append(templates, w.template(Template{From: 18*60 + i, To: 19*60 + i, Places: 5}))
	}
	r := w.riders(1)[0]
	got := make([]error, len(templates))
	var wg sync.WaitGroup
	for i, tpl := range templates {
		wg.Go(func() { _, _, got[i] = w.book(r, tpl, monday, noon) })
	}
	wg.Wait()
	booked := 0
	for _, err := range got {
		if err == nil {
			booked++
		} else if !errors.Is(err, ErrSlotOverlaps) {
			t.Error(err)
		}
	}
	if booked != 1 {
		t.Errorf("%d shifts at one time", booked)
	}
	after := w.template(Template{From: 19*60 + 7, To: 20 * 60, Places: 1}) // begins as the last of them ends
	if _, _, err := w.book(r, after, monday, noon); err != nil {
		t.Errorf("one after the other: %v", err)
	}
}

func TestBookingsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.riders(1)[0]
	now := monday.Add(4 * time.Hour) // noon in Shanghai
	lunch := w.template(Template{From: 12*60 + 30, To: 14 * 60, Places: 1, Weekdays: []time.Weekday{time.Monday}})
	for name, c := range map[string]struct {
		tpl  Template
		day  time.Time
		now  time.Time
		want error
	}{
		"no such day":     {lunch, monday.AddDate(0, 0, 1), now, ErrNoSlot},
		"before it began": {lunch, monday.AddDate(0, 0, -7), now.AddDate(0, 0, -9), ErrNoSlot},
		"cars only":       {w.template(Template{From: 0, To: 1, Places: 1, Vehicles: []Vehicle{Car}}), monday.AddDate(0, 0, 1), now, ErrNoSlot},
		"too late":        {lunch, monday, now.Add(30 * time.Minute), ErrSlotClosed},
		"too far ahead":   {lunch, monday.AddDate(0, 0, 14), now, ErrSlotClosed},
		"unknown":         {Template{ID: id.NewTemplate()}, monday, now, ErrTemplateNotFound},
	} {
		if _, _, err := w.book(r, c.tpl, c.day, c.now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, _, err := w.book(r, lunch, monday, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cancel(b, time.Hour, now); !errors.Is(err, ErrSlotClosed) {
		t.Errorf("half an hour before, with an hour's notice: %v", err)
	}
	w.tx(func(tx pgx.Tx) error {
		s, err := StartShift(t.Context(), tx, w.tenant, r, now.Add(20*time.Minute), now.Add(time.Hour))
		if err != nil {
			return err
		}
		return Arrive(t.Context(), tx, w.tenant, s)
	})
	if err := w.cancel(b, -24*time.Hour, now); !errors.Is(err, ErrSlotClosed) {
		t.Errorf("once the rider has come: %v", err)
	}
}

func TestBookingStates(t *testing.T) {
	t.Parallel()
	b := Booking{StartsAt: noon, EndsAt: noon.Add(time.Hour)}
	kept, gone := b, b
	kept.Shift, gone.CancelledAt = id.NewShift(), &noon
	for _, c := range []struct {
		b     Booking
		after time.Duration
		want  BookingState
	}{
		{b, -time.Hour, BookingOpen}, {b, 20 * time.Minute, BookingOpen}, {b, 21 * time.Minute, BookingMissed},
		{kept, 2 * time.Hour, BookingKept}, {gone, 2 * time.Hour, BookingCancelled},
	} {
		if got := c.b.State(noon.Add(c.after), 20*time.Minute); got != c.want {
			t.Errorf("%v after: %s, want %s", c.after, got, c.want)
		}
	}
}
