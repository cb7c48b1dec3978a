package dispatch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// breaks are those of a rider's open shift that are over.
func (c *city) breaks(r id.Rider) (out []rider.Period) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		worked, err := rider.WorkedBy(context.Background(), tx, c.tenant, []id.Rider{r}, c.clock.Now())
		w := worked[r]
		if out = w.Breaks; w.OnBreak {
			out = out[:len(out)-1]
		}
		return err
	}))
	return out
}

// lasted is what breaks lasted, the earliest first.
func lasted(breaks []rider.Period) (out []time.Duration) {
	for _, b := range breaks {
		out = append(out, b.To.Sub(b.From))
	}
	return out
}

// policy changes the zone's.
func (c *city) policy(change func(*Policy)) {
	c.t.Helper()
	var err error
	change(&c.zone.Policy)
	c.zone, err = UpdateZone(context.Background(), c.db, c.tenant, c.zone)
	must(c.t, err)
}

func TestBreaksEndWhenTheyAreUsedUp(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Work.BreaksS = 1800 })
	ctx := t.Context()
	var told []rider.Notice
	c.s.Waking(func(_ context.Context, _ pgx.Tx, _ id.Tenant, list []rider.Notice, _ time.Time) error {
		for _, n := range list {
			if n.Kind == rider.NoticeBreakOver {
				told = append(told, n)
			}
		}
		return nil
	})
	anna, bea := c.rider(north(100)), c.rider(north(3000))
	start := func(who id.Rider, a Action) rider.Shift {
		t.Helper()
		s, _, err := c.s.StartBreak(ctx, c.tenant, who, a)
		must(t, err)
		return s
	}
	start(anna, Action{})
	c.clock.Advance(10 * time.Minute)
	if s, _, err := c.s.EndBreak(ctx, c.tenant, anna, Action{}); err != nil || s.BreakFor != nil {
		t.Fatalf("%+v, %v", s, err)
	}
	c.clock.Advance(time.Minute)
	s := start(anna, Action{})
	until := c.clock.Now().Add(20 * time.Minute)
	if s.BreakUntil() == nil || !s.BreakUntil().Equal(until) {
		t.Fatalf("twenty minutes are left: %+v", s)
	}
	if again := start(anna, Action{}); !again.BreakUntil().Equal(until) {
		t.Errorf("begun twice: %+v", again)
	}
	if c.round(); !c.state.due.Equal(until) {
		t.Errorf("the next round should come by %v, not %v", until, c.state.due)
	}

	// A break that begins with the last drop knows how long it may last as well.
	o := c.place(north(3200), 0)
	c.seen(bea, north(3000))
	if got := c.round(); got.Offered != 1 {
		t.Fatalf("%+v", got)
	}
	c.accept(bea)
	start(bea, Action{AfterLastDrop: true})
	c.step(bea, o, order.EventPickedUp)
	c.step(bea, o, order.EventDelivered)
	if s := c.lastShift(bea); s.BreakUntil() == nil || s.BreakUntil().Sub(*s.BreakSince) != 30*time.Minute {
		t.Errorf("after the last drop: %+v", s)
	}

	// Nobody was there to end them; they end when they should have, once, and whoever is at it.
	c.clock.Advance(3 * time.Hour)
	var both sync.WaitGroup
	both.Go(func() { c.round() })
	both.Go(func() {
		if _, _, err := c.s.EndBreak(ctx, c.tenant, bea, Action{}); err != nil {
			t.Error(err)
		}
	})
	both.Wait()
	c.round()
	if got := lasted(c.breaks(anna)); !slices.Equal(got, []time.Duration{10 * time.Minute, 20 * time.Minute}) {
		t.Errorf("Anna's breaks: %v", got)
	}
	if got := lasted(c.breaks(bea)); !slices.Equal(got, []time.Duration{30 * time.Minute}) {
		t.Errorf("Bea's break: %v", got)
	}
	n := 0
	for _, x := range told {
		if x.Rider == anna {
			n++
		}
	}
	if n != 1 || len(told) > 2 {
		t.Errorf("told of the end: %+v", told)
	}
	if s := c.lastShift(anna); s.BreakSince != nil || s.BreakFor != nil || s.EndedAt != nil {
		t.Errorf("%+v", s)
	}
	var used *BreaksUsedError
	for _, late := range []bool{false, true} {
		if _, _, err := c.s.StartBreak(ctx, c.tenant, anna, Action{AfterLastDrop: late}); !errors.As(err, &used) || used.Cap != 30*time.Minute {
			t.Errorf("a third break: %v", err)
		}
	}

	// The next shift has breaks of its own, and they end with it.
	if _, _, err := c.s.EndShift(ctx, c.tenant, anna, Action{}); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(time.Second)
	if _, _, err := c.s.StartShift(ctx, c.tenant, anna, c.clock.Now().Add(8*time.Hour), Action{}); err != nil {
		t.Fatal(err)
	}
	start(anna, Action{})
	c.clock.Advance(time.Hour)
	if _, _, err := c.s.EndShift(ctx, c.tenant, anna, Action{}); err != nil {
		t.Fatal(err)
	}
	if got := lasted(c.breaks(anna)); got[len(got)-1] != 30*time.Minute {
		t.Errorf("ended with the shift: %v", got)
	}
	c.clean()
}

// The answer to an offer that crossed the beginning of a break ends it, though not later than by itself; where the policy changes on the way, what
// the rider was told holds.
func TestCappedBreaksMeetOtherActs(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Work.BreaksS, p.OfferTTLS = 60, 600 })
	r, ctx := c.rider(north(100)), t.Context()
	c.place(north(-500), 0)
	if got := c.round(); got.Offered != 1 {
		t.Fatalf("%+v", got)
	}
	if _, _, err := c.s.StartBreak(ctx, c.tenant, r, Action{}); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(5 * time.Minute)
	c.accept(r)
	if got := lasted(c.breaks(r)); !slices.Equal(got, []time.Duration{time.Minute}) {
		t.Errorf("%v", got)
	}

	free := c.rider(north(5000))
	at := c.clock.Now()
	c.clock.Advance(time.Hour)
	act := Action{ID: uuid.New(), At: at.Add(10 * time.Minute), Recorded: true}
	if s, _, err := c.s.StartBreak(ctx, c.tenant, free, act); err != nil || !s.BreakUntil().Equal(at.Add(11*time.Minute)) {
		t.Fatalf("%+v, %v", s, err)
	}
	var used *BreaksUsedError
	if _, _, err := c.s.StartBreak(ctx, c.tenant, free, Action{}); !errors.As(err, &used) {
		t.Errorf("another one: %v", err)
	}
	if _, already, err := c.s.StartBreak(ctx, c.tenant, free, act); err != nil || !already {
		t.Errorf("told twice: %v, %v", already, err)
	}
	c.policy(func(p *Policy) { p.Work.BreaksS = 3600 })
	if s, _, err := c.s.StartBreak(ctx, c.tenant, free, Action{}); err != nil || *s.BreakFor != 59*time.Minute || !s.BreakSince.Equal(c.clock.Now()) {
		t.Errorf("the policy allows more now: %+v, %v", s, err)
	}
	c.policy(func(p *Policy) { p.Work.BreaksS = 0 })
	if s, _, err := c.s.StartBreak(ctx, c.tenant, free, Action{}); err != nil || *s.BreakFor != 59*time.Minute {
		t.Errorf("a limit that the rider was told of is kept: %+v, %v", s, err)
	}
	c.clean()
}
