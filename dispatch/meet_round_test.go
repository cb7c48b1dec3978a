package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// woken has a city keep whom it wakes; the function takes what it has kept so far.
func (c *city) woken() func() []rider.Notice {
	var kept []rider.Notice
	c.s.Waking(func(_ context.Context, _ pgx.Tx, _ id.Tenant, list []rider.Notice, _ time.Time) error {
		kept = append(kept, list...)
		return nil
	})
	return func() []rider.Notice {
		out := kept
		kept = nil
		for i := range out {
			out[i].ExpiresAt = time.Time{}
		}
		return out
	}
}

func (c *city) recorded(at time.Time) Action { return Action{ID: uuid.New(), At: at, Recorded: true} }

// Two riders who don't meet in time need not: the giver goes on with the order, both are told once, and a word that was given in time counts late.
func TestMeetingsHaveATimeLimit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	woken := c.woken()
	anna, bea := c.rider(north(-300)), c.rider(north(300))
	o := c.taken(anna, north(-2000))
	c.step(anna, o, order.EventPickedUp)
	h := c.meeting(anna, bea, o)
	if h.MeetBy == nil || h.MeetBy.Sub(*h.MeetAt) != 15*time.Minute {
		t.Fatalf("until %v, expected at %v", h.MeetBy, h.MeetAt)
	}
	c.clock.Advance(h.MeetBy.Sub(c.clock.Now()) - time.Second)
	c.round()
	c.stands(h, rider.HandoverAccepted)
	woken()
	c.clock.Advance(time.Second)
	c.state = &zoneState{diary: newDiary(), rings: newRings(), policy: c.zone.Policy} // another process goes on
	c.round()
	if got := c.stands(h, rider.HandoverExpired); got.EndReason != rider.NotMet {
		t.Errorf("ended by %q", got.EndReason)
	}
	plan := func(r id.Rider) rider.Notice { return rider.Notice{Rider: r, Kind: rider.NoticePlan} }
	if got := woken(); !slices.Equal(got, []rider.Notice{plan(anna), plan(bea)}) {
		t.Errorf("woken %+v", got)
	}
	c.round()
	if got := woken(); len(got) > 0 {
		t.Errorf("woken again: %+v", got)
	}
	if stops := c.plan(anna).Stops; len(stops) != 1 || stops[0].Kind != rider.Dropoff || stops[0].At != north(-2000) || len(c.plan(bea).Stops) > 0 {
		t.Errorf("the giver has %+v, the taker %+v", stops, c.plan(bea).Stops)
	}
	c.clean()

	var closed *HandoverClosedError
	for what, a := range map[string]Action{"said now": c.action(), "recorded afterwards": c.recorded(c.clock.Now().Add(time.Second))} {
		c.clock.Advance(2 * time.Second)
		if _, _, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, a); !errors.As(err, &closed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	early := c.recorded(h.MeetBy.Add(-time.Minute))
	again, err := c.propose(anna, bea, o) // asked anew: the old word must not undo it
	must(t, err)
	if _, _, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, early); !errors.As(err, &closed) {
		t.Errorf("while it is asked anew: %v", err)
	}
	_, err = c.s.CancelHandover(ctx, c.tenant, again.ID, by(anna), "")
	must(t, err)
	for i := range 2 {
		got, already, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, early)
		if err != nil || already != (i == 1) || len(got.Stops) != 1 || got.Stops[0].At != north(-2000) {
			t.Fatalf("taken over in time, told late: %+v, %v, %v", got.Stops, already, err)
		}
	}
	c.stands(h, rider.HandoverDone)
	if c.order(o).Rider != bea || len(c.plan(anna).Stops) > 0 {
		t.Errorf("it is with %s, and the giver has %+v", c.order(o).Rider, c.plan(anna).Stops)
	}
	c.clean()
	c.step(bea, o, order.EventDelivered)

	// What the giver has brought since is the giver's.
	o = c.taken(anna, north(-2000))
	c.step(anna, o, order.EventPickedUp)
	h = c.meeting(anna, bea, o)
	early = c.recorded(c.clock.Now().Add(time.Minute))
	c.clock.Advance(h.MeetBy.Sub(c.clock.Now()))
	c.round()
	c.step(anna, o, order.EventDelivered)
	if _, _, err := c.s.TakeOver(ctx, c.tenant, bea, h.ID, early); !errors.As(err, &closed) {
		t.Errorf("brought by the giver: %v", err)
	}
	c.clean()
}

// The limit, the taker's word and the giver's second thoughts meet in the same instant: one of them counts.
func TestTheEndOfAMeetingRaces(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea := c.rider(north(-300)), c.rider(north(300))
	for heat := range 4 {
		c.seen(anna, north(-300))
		c.seen(bea, north(300))
		o := c.taken(anna, north(-900))
		c.step(anna, o, order.EventPickedUp)
		h := c.meeting(anna, bea, o)
		c.clock.Advance(h.MeetBy.Sub(c.clock.Now()))
		var have, off error
		errs := together(
			func() error { _, err := c.s.round(ctx, c.of, c.state); return err },
			func() error { _, _, have = c.s.TakeOver(ctx, c.tenant, bea, h.ID, c.action()); return nil },
			func() error { _, off = c.s.CancelHandover(ctx, c.tenant, h.ID, by(anna), "mended"); return nil },
		)
		must(t, errors.Join(errs...))
		got := c.handover(h.ID)
		want := map[bool]id.Rider{true: bea, false: anna}[have == nil]
		if got.State.Live() || (have == nil) != (got.State == rider.HandoverDone) || (off == nil) != (got.State == rider.HandoverCancelled) || c.order(o).Rider != want {
			t.Errorf("heat %d: %s, with %s; told %v and %v", heat, got.State, c.order(o).Rider, have, off)
		}
		c.clean()
		c.step(c.order(o).Rider, o, order.EventDelivered)
	}
}

// When the giver comes is estimated anew, for the route of who waits there; told when it moves much.
func TestTheGiverIsExpectedAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, func(p *Policy) { p.MeetS = 0 })
	anna, bea := c.rider(center), c.rider(north(2500))
	o := c.taken(anna, north(4000))
	c.step(anna, o, order.EventPickedUp)
	woken := c.woken()
	meet := north(2500)
	h, _, err := c.s.ProposeHandover(ctx, c.tenant, Proposal{Taker: bea, Orders: []id.Order{o}, Meet: &meet, Actor: dispatcher, Action: uuid.New()})
	must(t, err)
	if got := woken(); !slices.Equal(got, []rider.Notice{{Rider: bea, Kind: rider.NoticeHandover, Handover: h.ID}, {Rider: anna, Kind: rider.NoticeHandoverAsked, Handover: h.ID}}) {
		t.Errorf("a dispatcher asks: woken %+v", got)
	}
	_, _, err = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action())
	must(t, err)
	first := c.handover(h.ID)
	if first.MeetBy != nil {
		t.Errorf("until %v, without a limit", first.MeetBy)
	}
	woken()
	at := func(after time.Duration, where geo.LatLng) (moved time.Duration, told bool) {
		t.Helper()
		c.clock.Advance(after)
		c.seen(anna, where)
		c.seen(bea, meet)
		c.round()
		return c.handover(h.ID).MeetAt.Sub(*first.MeetAt), slices.Contains(woken(), rider.Notice{Rider: bea, Kind: rider.NoticePlan})
	}
	if moved, told := at(time.Minute, north(200)); moved != 0 || told {
		t.Errorf("on the way: moved %v, told %v", moved, told)
	}
	moved, told := at(time.Minute, north(-1500)) // the wrong way
	if moved < meetMoves || !told {
		t.Errorf("away: moved %v, told %v", moved, told)
	}
	c.seen(anna, north(-1600))
	snap, err := c.s.TakeSnapshot(ctx, c.tenant, c.zone.ID)
	must(t, err)
	must(t, c.s.expectGivers(ctx, c.of, snap))
	if got := snap.Meets[o].From.Sub(first.MeetAt.Add(moved)); got == 0 || got.Abs() > meetMoves {
		t.Errorf("the solver goes by %v", got)
	}
	if again, told := at(time.Second, north(-1600)); again != moved || told {
		t.Errorf("a little later: moved %v, told %v", again, told)
	}
	if _, told := at(time.Minute, meet); !told || c.handover(h.ID).MeetAt.After(c.clock.Now()) {
		t.Errorf("there: expected at %v, told %v", c.handover(h.ID).MeetAt, told)
	}
	if _, told := at(time.Hour, meet); told {
		t.Error("who is there is expected anew")
	}
	c.stands(h, rider.HandoverAccepted)
	c.clean()
}
