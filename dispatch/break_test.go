package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func (c *city) lastShift(r id.Rider) (s rider.Shift) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		s, err = rider.LastShift(context.Background(), tx, c.tenant, r)
		return err
	}))
	return s
}

// reasonOf is why an order waits, and why the rider is not the one, as staff are told.
func (c *city) reasonOf(o id.Order, r id.Rider) (waits, not string) {
	c.t.Helper()
	why, err := c.s.Why(context.Background(), c.tenant, o)
	must(c.t, err)
	if n := len(why.Decisions); n > 0 {
		waits = why.Decisions[n-1].Reason
	}
	for _, x := range why.Candidates {
		if x.Rider == r {
			not = x.Reason
		}
	}
	return waits, not
}

// bring has a rider take an order and do all steps with it but the last.
func (c *city) bring(r id.Rider, o id.Order) {
	c.t.Helper()
	c.seen(r, north(100))
	if got := c.round(); got.Offered != 1 {
		c.t.Fatalf("round %+v", got)
	}
	c.accept(r)
	c.step(r, o, order.EventPickedUp)
}

// A dispatcher ended the shift of a rider without a network, who ended it too, and then began another: which goes on.
func TestTheEndOfAnEarlierShift(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	ctx := t.Context()
	who := c.rider(north(100))
	if _, _, err := c.s.EndShift(ctx, c.tenant, who, Action{}); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(time.Hour)
	ago := func(d time.Duration) Action { return Action{ID: uuid.New(), At: c.clock.Now().Add(-d), Recorded: true} }
	if _, _, err := c.s.StartShift(ctx, c.tenant, who, c.clock.Now().Add(time.Hour), ago(20*time.Minute)); err != nil {
		t.Fatal(err)
	}
	shift, already, err := c.s.EndShift(ctx, c.tenant, who, ago(40*time.Minute))
	if err != nil || !already || shift.EndedAt != nil {
		t.Errorf("%+v, already %v, %v", shift, already, err)
	}
	if shift, _, err = c.s.EndShift(ctx, c.tenant, who, ago(10*time.Minute)); err != nil || shift.EndedAt == nil {
		t.Errorf("%+v, %v", shift, err)
	}
}

func TestShiftEndsWithTheLastDrop(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r, ctx := c.rider(north(100)), t.Context()
	first := c.place(north(-500), 0)
	c.bring(r, first)
	if _, _, err := c.s.EndShift(ctx, c.tenant, r, Action{}); !errors.Is(err, rider.ErrHasWork) {
		t.Fatal(err)
	}
	for range 2 { // twice is once
		s, _, err := c.s.EndShift(ctx, c.tenant, r, Action{AfterLastDrop: true})
		must(t, err)
		if s.EndAskedAt == nil || !s.EndAskedAt.Equal(c.clock.Now()) || s.EndedAt != nil {
			t.Fatalf("%+v", s)
		}
	}
	second := c.place(north(-400), 0)
	if got := c.round(); got.Offered != 0 || got.Unassigned != 1 {
		t.Errorf("a new order for who is about to go: %+v", got)
	}
	if waits, not := c.reasonOf(second, r); waits != ReasonEnding || not != ReasonEnding {
		t.Errorf("waits because %q, the rider is out because %q", waits, not)
	}
	c.clock.Advance(time.Minute)
	c.step(r, first, order.EventDelivered)
	if s := c.lastShift(r); s.EndedAt == nil || !s.EndedAt.Equal(c.clock.Now()) || s.Delivered != 1 {
		t.Errorf("after the last drop %+v", s)
	}
	c.clean()
}

// A phone without a network tells late, and in any order, that the shift was to end with the last drop: it ends when that was.
func TestRecordedEndWaitsForTheLastDrop(t *testing.T) {
	t.Parallel()
	for _, endFirst := range []bool{true, false} {
		c := newCity(t)
		r, ctx := c.rider(north(100)), t.Context()
		o := c.place(north(-500), 0)
		c.bring(r, o)
		asked, dropped := c.clock.Now().Add(time.Minute), c.clock.Now().Add(10*time.Minute)
		c.clock.Advance(time.Hour)
		end := func() {
			_, _, err := c.s.EndShift(ctx, c.tenant, r, Action{ID: uuid.New(), At: asked, Recorded: true, AfterLastDrop: true})
			must(t, err)
		}
		drop := func() {
			_, _, err := c.s.Step(ctx, c.tenant, r, o, order.EventDelivered, Action{ID: uuid.New(), At: dropped, Recorded: true})
			must(t, err)
		}
		if endFirst {
			end()
			drop()
		} else {
			drop()
			end()
		}
		if s := c.lastShift(r); s.EndedAt == nil || !s.EndedAt.Equal(dropped) {
			t.Errorf("the end first: %v: the shift ended at %v, the last drop was at %v", endFirst, s.EndedAt, dropped)
		}
	}
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Work = Work{StretchS: 4 * 3600, BreakS: 900} })
	r, ctx := c.rider(north(100)), t.Context()
	o := c.place(north(-500), 0)
	c.bring(r, o)
	if _, _, err := c.s.StartBreak(ctx, c.tenant, r, Action{}); !errors.Is(err, rider.ErrHasWork) {
		t.Fatal(err)
	}
	s, _, err := c.s.StartBreak(ctx, c.tenant, r, Action{AfterLastDrop: true})
	must(t, err)
	if s.BreakAskedAt == nil || s.BreakSince != nil {
		t.Fatalf("%+v", s)
	}
	c.step(r, o, order.EventDelivered)
	began := c.clock.Now()
	if s := c.lastShift(r); s.BreakSince == nil || !s.BreakSince.Equal(began) || s.BreakAskedAt != nil || s.EndedAt != nil {
		t.Fatalf("after the last drop %+v", s)
	}
	waiting := c.place(north(-400), 0)
	if got := c.round(); got.Offered != 0 {
		t.Errorf("an order in a break: %+v", got)
	}
	if waits, not := c.reasonOf(waiting, r); waits != ReasonOnBreak || not != ReasonOnBreak {
		t.Errorf("waits because %q, the rider is out because %q", waits, not)
	}
	c.clock.Advance(20 * time.Minute)
	if s, _, err = c.s.EndBreak(ctx, c.tenant, r, Action{}); err != nil || s.BreakSince != nil {
		t.Fatalf("%+v, %v", s, err)
	}
	must(t, c.db.Read(ctx, c.tenant, func(tx pgx.Tx) error {
		h, err := HoursOf(ctx, tx, c.tenant, r, c.clock.Now())
		if want := c.clock.Now().Add(4 * time.Hour); err != nil || h.Today != began.Sub(s.StartedAt) || h.BreakDueAt == nil || !h.BreakDueAt.Equal(want) {
			t.Errorf("%+v, %v: the next break should be due at %v", h, err, want)
		}
		return nil
	}))
	c.seen(r, north(100))
	if got := c.round(); got.Offered != 1 {
		t.Errorf("back from the break: %+v", got)
	}
	// An answer that crossed the beginning of a break ends it.
	if _, _, err := c.s.StartBreak(ctx, c.tenant, r, Action{}); err != nil {
		t.Fatal(err)
	}
	c.accept(r)
	if s := c.lastShift(r); s.BreakSince != nil {
		t.Errorf("at work, and on a break: %+v", s)
	}
	c.clean()
}

func TestWorkIsLimited(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Work = Work{DayS: 2 * 3600, BreakS: 900} })
	ctx := t.Context()
	busy, idle := c.rider(north(100)), c.rider(north(7000))
	c.clock.Advance(110 * time.Minute)
	c.seen(idle, north(7000))
	o := c.place(north(-300), 0)
	c.bring(busy, o)
	far := c.place(north(7500), 0) // no ten minutes' ride
	c.seen(busy, north(100))
	c.seen(idle, north(7000))
	if got := c.round(); got.Offered != 0 || got.Unassigned != 1 {
		t.Errorf("an order that takes longer than the rider may work: %+v", got)
	}
	if waits, not := c.reasonOf(far, idle); waits != "work_limit" || not != "work_limit" {
		t.Errorf("waits because %q, the rider is out because %q", waits, not)
	}
	c.clock.Advance(10 * time.Minute)
	c.round()
	if s := c.lastShift(idle); s.EndedAt == nil {
		t.Errorf("the day is over, and the shift of who has nothing to do goes on: %+v", s)
	}
	if s := c.lastShift(busy); s.EndedAt != nil || s.EndAskedAt == nil {
		t.Errorf("the shift should end with the last drop: %+v", s)
	}
	c.step(busy, o, order.EventDelivered)
	if s := c.lastShift(busy); s.EndedAt == nil {
		t.Errorf("after the last drop: %+v", s)
	}
	_, _, err := c.s.StartShift(ctx, c.tenant, idle, c.clock.Now().Add(time.Hour), Action{})
	var rest *RestError
	if !errors.As(err, &rest) || !rest.Until.After(c.clock.Now()) {
		t.Fatalf("another shift on the same day: %v", err)
	}
	c.clock.Advance(rest.Until.Sub(c.clock.Now()))
	if _, _, err := c.s.StartShift(ctx, c.tenant, idle, c.clock.Now().Add(time.Hour), Action{}); err != nil {
		t.Error(err)
	}
	c.clean()
}
