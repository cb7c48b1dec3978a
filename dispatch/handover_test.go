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

// by is a rider as an actor.
func by(r id.Rider) order.Actor { return order.Actor{Kind: order.ActorRider, ID: r.UUID()} }

// propose has a rider ask another to take orders over.
func (c *city) propose(giver, taker id.Rider, orders ...id.Order) (rider.Handover, error) {
	h, _, err := c.s.ProposeHandover(context.Background(), c.tenant, Proposal{
		Giver: giver, Taker: taker, Orders: orders, Reason: "flat tyre", Actor: by(giver), Action: uuid.New(),
	})
	return h, err
}

func (c *city) handover(h id.Handover) (out rider.Handover) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = rider.GetHandover(context.Background(), tx, c.tenant, h)
		return err
	}))
	return out
}

// told is what an act on an order was answered with.
func told(_ order.Order, err error) error { return err }

// stands fails unless the handover does.
func (c *city) stands(h rider.Handover, want rider.HandoverState) rider.Handover {
	c.t.Helper()
	got := c.handover(h.ID)
	if got.State != want {
		c.t.Fatalf("the handover is %s (%s), want %s", got.State, got.EndReason, want)
	}
	if !want.Live() && len(got.Left) > 0 {
		c.t.Errorf("%s, and %d orders still wait", want, len(got.Left))
	}
	return got
}

// taken is an order that the rider has.
func (c *city) taken(r id.Rider, door geo.LatLng, change ...func(*order.Order)) id.Order {
	c.t.Helper()
	o := c.place(door, 0, change...)
	_, err := c.s.Assign(context.Background(), c.tenant, o, r, 0, dispatcher)
	must(c.t, err)
	return o
}

// The whole way before the pickup: asked, agreed, moved in one step, paid to who brings it.
func TestOrdersAreHandedOver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	c.setPrices()
	anna, bea := c.rider(north(100)), c.rider(north(300))
	o, kept := c.taken(anna, north(-500), func(o *order.Order) { o.Fee = fee() }), c.taken(anna, north(-900))
	c.step(anna, o, order.EventArrivedAtStore)
	var woken []rider.Notice
	c.s.Waking(func(_ context.Context, _ pgx.Tx, _ id.Tenant, list []rider.Notice, _ time.Time) error {
		woken = append(woken, list...)
		return nil
	})

	p := Proposal{Giver: anna, Taker: bea, Orders: []id.Order{o}, Reason: "flat tyre", Actor: by(anna), Action: uuid.New()}
	h, already, err := c.s.ProposeHandover(ctx, c.tenant, p)
	must(t, err)
	again, repeated, err := c.s.ProposeHandover(ctx, c.tenant, p)
	if already || !repeated || again.ID != h.ID || err != nil {
		t.Errorf("asked twice: %v %v %v", already, repeated, err)
	}
	if len(h.Stops) != 2 || !h.ExpiresAt.Equal(c.clock.Now().Add(2*time.Minute)) || len(c.plan(bea).Stops) > 0 || c.order(o).Rider != anna {
		t.Errorf("only asked: %+v", h)
	}
	if got := woken; len(got) != 1 || got[0].Rider != bea || got[0].Kind != rider.NoticeHandover || got[0].Handover != h.ID {
		t.Errorf("woken: %+v", got)
	}
	if _, err := c.propose(anna, bea, o); !errors.Is(err, rider.ErrInHandover) {
		t.Errorf("a second one for the same order: %v", err)
	}
	if _, _, err := c.s.AcceptHandover(ctx, c.tenant, anna, h.ID, c.action()); !errors.Is(err, rider.ErrHandoverNotFound) {
		t.Errorf("the giver accepts: %v", err)
	}
	c.clean()

	before := c.plan(anna).Version
	act := c.action()
	plan, already, err := c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, act)
	must(t, err)
	if already || len(plan.Stops) != 2 || len(c.plan(anna).Stops) != 2 {
		t.Errorf("accepted: %v, %d stops, the giver has %d", already, len(plan.Stops), len(c.plan(anna).Stops))
	}
	if _, already, err = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, act); !already || err != nil {
		t.Errorf("accepted twice: %v %v", already, err)
	}
	moved := c.inState(o, order.Assigned)
	if moved.Rider != bea || moved.AtStoreAt != nil || c.order(kept).Rider != anna {
		t.Errorf("the order: %+v", moved)
	}
	last := c.history(o)[len(c.history(o))-1]
	if last.Type != order.EventHandedOver || last.From != anna || last.Rider != bea || last.Reason != "flat tyre" || last.Actor.ID != bea.UUID() {
		t.Errorf("the history ends with %+v", last)
	}
	if got, err := c.changes(anna, before); err != nil || !slices.Equal(got, []PlanChange{{Kind: StopsRemoved, Order: o, Reason: WasHandedOver}}) {
		t.Errorf("the giver is told %+v, %v", got, err)
	}
	c.stands(h, rider.HandoverDone)
	c.clean()

	if _, _, err := c.s.Step(ctx, c.tenant, anna, o, order.EventPickedUp, c.action()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("the giver goes on with it: %v", err)
	}
	c.step(bea, o, order.EventPickedUp)
	c.step(bea, o, order.EventDelivered)
	_, gave := c.earned(anna)
	if _, brought := c.earned(bea); gave != 0 || brought != 300 {
		t.Errorf("who gave it earned %d, who brought it %d", gave, brought)
	}
	c.clean()
}

// What can't be handed over, to whom, and why.
func TestHandoversAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea := c.rider(north(100)), c.rider(north(300), func(n *rider.New) { n.Capacity = 2 })
	o, carried := c.taken(anna, north(-500)), c.taken(anna, north(-900))
	big := c.place(north(-500), 0, func(o *order.Order) { o.Load = 3 })
	must(t, told(c.s.Assign(ctx, c.tenant, big, anna, 0, dispatcher)))
	c.step(anna, carried, order.EventPickedUp)
	c.step(anna, carried, order.EventArrivedAtDoor)
	off := c.rider(north(50))
	_, _, err := c.s.EndShift(ctx, c.tenant, off, c.action())
	must(t, err)
	resting := c.rider(north(60))
	_, _, err = c.s.StartBreak(ctx, c.tenant, resting, c.action())
	must(t, err)

	cannot := func(err error) string {
		var no *CannotHandOverError
		var unfit *CannotAssignError
		switch {
		case errors.As(err, &no):
			return no.Reason
		case errors.As(err, &unfit):
			return unfit.Reason
		case errors.Is(err, order.ErrNotFound):
			return "not found"
		case errors.Is(err, rider.ErrOffShift):
			return "off shift"
		}
		return "none of these"
	}
	for _, x := range []struct {
		to     id.Rider
		orders []id.Order
		want   string
	}{
		{anna, []id.Order{o}, ReasonSameRider},
		{bea, []id.Order{o, carried}, ReasonAtDoor},
		{bea, []id.Order{big}, "capacity"},
		{off, []id.Order{o}, "off shift"},
		{resting, []id.Order{o}, ReasonOnBreak},
		{bea, []id.Order{id.NewOrder()}, "not found"},
		{bea, []id.Order{c.taken(bea, north(-300))}, "not found"}, // another's
	} {
		if _, err := c.propose(anna, x.to, x.orders...); cannot(err) != x.want {
			t.Errorf("%v: %v, want %s", x, err, x.want)
		}
	}
	list := func(orders ...id.Order) (out []id.Rider) {
		must(t, c.db.Read(ctx, c.tenant, func(tx pgx.Tx) error {
			found, err := c.s.Colleagues(ctx, tx, c.tenant, anna, orders)
			for _, x := range found {
				out = append(out, x.Rider.ID)
			}
			return err
		}))
		return out
	}
	cara := c.rider(north(2000))
	if got := list(o); !slices.Equal(got, []id.Rider{bea, cara}) {
		t.Errorf("colleagues for a small order: %v", got)
	}
	if got := list(big); !slices.Equal(got, []id.Rider{cara}) {
		t.Errorf("colleagues for a big one: %v", got)
	}
	c.clean()

	strict := newCity(t, func(p *Policy) { p.HandoverS = 0 })
	anna, bea = strict.rider(north(100)), strict.rider(north(300))
	if _, err := strict.propose(anna, bea, strict.taken(anna, north(-500))); cannot(err) != ReasonHandoverOff {
		t.Errorf("against the policy: %v", err)
	}
}

// All ways out leave the giver's plan as it was, and end the handover once.
func TestHandoversEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea, cara := c.rider(north(100)), c.rider(north(300)), c.rider(north(400))
	o := c.taken(anna, north(-500))
	stops := c.plan(anna).Stops
	var closed *HandoverClosedError
	for way, end := range map[rider.HandoverState]func(h rider.Handover) error{
		rider.HandoverDeclined: func(h rider.Handover) error {
			a := c.action()
			a.Reason = "too far"
			if _, err := c.s.DeclineHandover(ctx, c.tenant, bea, h.ID, a); err != nil {
				return err
			}
			already, err := c.s.DeclineHandover(ctx, c.tenant, bea, h.ID, a)
			if !already {
				t.Error("declined twice is not once")
			}
			return err
		},
		rider.HandoverCancelled: func(h rider.Handover) error {
			if _, err := c.s.CancelHandover(ctx, c.tenant, h.ID, by(cara), ""); !errors.Is(err, rider.ErrHandoverNotFound) {
				t.Errorf("a stranger calls it off: %v", err)
			}
			if _, err := c.s.CancelHandover(ctx, c.tenant, h.ID, by(anna), "mended"); err != nil {
				return err
			}
			_, err := c.s.CancelHandover(ctx, c.tenant, h.ID, dispatcher, "")
			return err
		},
		rider.HandoverExpired: func(rider.Handover) error {
			c.clock.Advance(c.zone.Policy.HandoverTTL())
			c.round() // by whichever node has the zone
			return nil
		},
	} {
		c.seen(anna, north(100))
		c.seen(bea, north(300))
		h, err := c.propose(anna, bea, o)
		must(t, err)
		must(t, end(h))
		c.stands(h, way)
		if _, _, err := c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action()); !errors.As(err, &closed) || closed.State != way {
			t.Errorf("accepted after the end: %v", err)
		}
		if !slices.Equal(c.plan(anna).Stops, stops) || c.order(o).Rider != anna {
			t.Errorf("%s changed the giver's plan", way)
		}
		c.clean()
	}

	// The clock is enough: no round has closed it.
	h, err := c.propose(anna, bea, o)
	must(t, err)
	c.clock.Advance(c.zone.Policy.HandoverTTL() + time.Second)
	if _, _, err := c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action()); !errors.As(err, &closed) || closed.State != rider.HandoverExpired {
		t.Errorf("accepted too late: %v", err)
	}
	c.round()
	c.seen(bea, north(300))

	// Two of them: what is cancelled leaves, and the other is still to be had.
	second := c.taken(anna, north(-700))
	h, err = c.propose(anna, bea, o, second)
	must(t, err)
	must(t, told(c.s.Cancel(ctx, c.tenant, second, dispatcher, "customer", "changed their mind", 0)))
	if got := c.stands(h, rider.HandoverOpen); !slices.Equal(got.Left, []id.Order{o}) || len(got.Orders) != 2 {
		t.Errorf("left: %+v", got)
	}
	c.clean()
	must(t, told(c.s.Assign(ctx, c.tenant, o, cara, 0, dispatcher)))
	if got := c.stands(h, rider.HandoverOvertaken); got.EndReason != "unassigned" {
		t.Errorf("the last one went elsewhere: %+v", got)
	}
	c.clean()
}

// A job goes as a whole, also what joined it since.
func TestAJobIsHandedOverWhole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea := c.rider(north(100)), c.rider(north(300))
	job := c.job([]geo.LatLng{north(-500), north(-700)}, 0)
	must(t, told(c.s.Assign(ctx, c.tenant, job[0], anna, 0, dispatcher)))
	h, err := c.propose(anna, bea, job[1])
	must(t, err)
	if len(h.Orders) != 2 {
		t.Errorf("asked for %d orders", len(h.Orders))
	}
	_, _, err = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action())
	must(t, err)
	for _, o := range job {
		if c.order(o).Rider != bea {
			t.Errorf("order %s stays with the giver", o)
		}
	}
	c.clean()
}
