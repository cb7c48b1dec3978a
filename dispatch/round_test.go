package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestAnOrderBecomesADelivery(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	far, near := c.rider(north(3000)), c.rider(north(300))
	o := c.place(north(-1500), 8*time.Minute)

	if r := c.round(); r.Held != 1 {
		t.Fatalf("the food is minutes away, so the order should be held: %+v", r)
	}
	c.clock.Advance(6 * time.Minute)
	c.seen(near, north(300))
	c.seen(far, north(3000))
	if r := c.round(); r.Offered != 1 {
		t.Fatalf("round %+v", r)
	}
	if offers := c.offers(far); len(offers) > 0 {
		t.Fatal("the far rider was asked")
	}
	c.inState(o, order.Offered)
	plan := c.accept(near)
	if len(plan.Stops) != 2 || plan.Stops[0].Kind != rider.Pickup || plan.Stops[1].Kind != rider.Dropoff {
		t.Fatalf("plan %+v", plan)
	}
	c.inState(o, order.Assigned)
	for _, step := range []struct {
		event order.EventType
		state order.State
		stops int
	}{
		{order.EventArrivedAtStore, order.AtStore, 2},
		{order.EventPickedUp, order.PickedUp, 1},
		{order.EventArrivedAtDoor, order.AtDoor, 1},
		{order.EventDelivered, order.Delivered, 0},
	} {
		c.clock.Advance(time.Minute)
		c.step(near, o, step.event)
		c.inState(o, step.state)
		if got := len(c.plan(near).Stops); got != step.stops {
			t.Fatalf("after %s the plan has %d stops, want %d", step.event, got, step.stops)
		}
		c.clean()
	}
	why, err := c.s.Why(context.Background(), c.tenant, o)
	must(t, err)
	if len(why.Decisions) != 2 || why.Decisions[0].Kind != KindHeld || why.Decisions[1].Kind != KindOffered {
		t.Fatalf("decisions %+v", why.Decisions)
	}
	got := why.Decisions[1]
	if got.Chosen == nil || got.Chosen.Rider != near || len(got.RunnersUp) != 1 || got.RunnersUp[0].Rider != far || got.RunnersUp[0].Cost <= got.Chosen.Cost {
		t.Fatalf("the choice is explained as %+v", got)
	}
}

func TestDeclinedOrderGoesToTheNextRider(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near, far := c.rider(north(200)), c.rider(north(900))
	o := c.place(north(-1500), 0)
	c.round()
	offer := c.offers(near)[0]
	must(t, c.s.DeclineOffer(context.Background(), c.tenant, near, offer.ID, c.action()))
	must(t, c.s.DeclineOffer(context.Background(), c.tenant, near, offer.ID, c.action())) // twice is one act
	c.inState(o, order.Pending)
	c.round()
	if c.offers(far)[0].Orders[0] != o || len(c.offers(near)) > 0 {
		t.Fatal("the order did not go on to the far rider")
	}
	c.clean()
}

func TestOfferExpiresAndIsNotTakenAfterwards(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near := c.rider(north(200))
	o := c.place(north(-1500), 0)
	c.round()
	offer := c.offers(near)[0]
	c.clock.Advance(46 * time.Second)
	var closed *OfferClosedError
	if _, err := c.s.AcceptOffer(context.Background(), c.tenant, near, offer.ID, c.action()); !errors.As(err, &closed) {
		t.Fatalf("accepting after the limit: %v", err)
	}
	r := c.round()
	if got := c.inState(o, order.Pending); got.Declines != 1 || r.Unassigned != 1 {
		t.Fatalf("%d declines, round %+v", got.Declines, r)
	}
	if _, err := c.s.AcceptOffer(context.Background(), c.tenant, near, offer.ID, c.action()); !errors.As(err, &closed) || closed.State != rider.OfferExpired {
		t.Fatalf("accepting after the round: %v", err)
	}
	why, err := c.s.Why(context.Background(), c.tenant, o)
	must(t, err)
	if last := why.Decisions[len(why.Decisions)-1]; last.Kind != KindWaiting || last.Reason != "refused" {
		t.Fatalf("it waits because of %+v", last)
	}
	c.clean()
}

func TestForceModeTellsInsteadOfAsking(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Mode = ModeForce })
	r := c.rider(north(200))
	first, second := c.place(north(-1500), 0), c.place(north(-1600), 0)
	if got := c.round(); got.Assigned != 2 {
		t.Fatalf("round %+v", got)
	}
	c.inState(first, order.Assigned)
	c.inState(second, order.Assigned)
	if stops := c.plan(r).Stops; len(stops) != 4 || stops[1].Kind != rider.Pickup {
		t.Fatalf("two orders of one store are one pick-up: %+v", stops)
	}
	c.clean()
}

func TestWaitingOrdersSayWhy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		set  func(*city)
		want string
	}{
		"nobody on shift": {func(*city) {}, "no_rider"},
		"skill":           {func(c *city) { c.rider(north(100)) }, "skill"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			test.set(c)
			o := c.place(north(500), 0, func(o *order.Order) { o.Skills = []string{"cold_box"} })
			c.round()
			why, err := c.s.Why(context.Background(), c.tenant, o)
			must(t, err)
			if len(why.Decisions) != 1 || why.Decisions[0].Reason != test.want {
				t.Fatalf("decisions %+v", why.Decisions)
			}
		})
	}
}

func TestStaleRidersAreNotAsked(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(2000))
	c.clock.Advance(6 * time.Minute)
	c.seen(far, north(2000))
	c.place(north(-500), 0)
	c.round()
	if len(c.offers(near)) > 0 || len(c.offers(far)) != 1 {
		t.Fatal("a rider not heard of for four minutes was asked")
	}
}

func TestScheduledOrderComesDue(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.rider(north(100))
	o := c.place(north(-500), time.Hour, func(o *order.Order) {
		o.State, o.DueAt = order.Scheduled, c.clock.Now().Add(30*time.Minute)
	})
	c.round()
	c.inState(o, order.Scheduled)
	c.clock.Advance(31 * time.Minute)
	c.round()
	c.inState(o, order.Pending)
	c.clean()
}

func TestALostLeaseCommitsNothing(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.rider(north(100))
	o := c.place(north(-500), 0)
	stale := c.of
	stale.term--
	if _, err := c.s.round(context.Background(), stale, c.state); !errors.Is(err, pg.ErrLeaseLost) {
		t.Fatalf("a round of an old term: %v", err)
	}
	snap, err := c.s.TakeSnapshot(context.Background(), c.tenant, c.zone.ID)
	must(t, err)
	in := NewInstance(snap, c.s.eta.Params(), &Memory{})
	d, err := Decide(context.Background(), snap, in, &Memory{}, solver.Options{Iterations: 100})
	must(t, err)
	if len(d.Give) != 1 {
		t.Fatalf("nothing to give: %+v", d)
	}
	if given, _, err := c.s.commit(context.Background(), stale, snap, id.NewRound(), d.Give); !errors.Is(err, pg.ErrLeaseLost) || len(given) > 0 {
		t.Fatalf("a paused owner committed %v: %v", given, err)
	}
	c.inState(o, order.Pending)
}

func TestDecisionsThatLostARaceAreLeftForTheNextRound(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, b := c.rider(north(100)), c.rider(north(200))
	lost, won := c.place(north(-500), 0), c.place(north(2500), 0, func(o *order.Order) { o.Pickup = north(2000) })
	_ = a
	_ = b
	snap, err := c.s.TakeSnapshot(context.Background(), c.tenant, c.zone.ID)
	must(t, err)
	in := NewInstance(snap, c.s.eta.Params(), &Memory{})
	d, err := Decide(context.Background(), snap, in, &Memory{}, solver.Options{Iterations: 100})
	must(t, err)
	give := d.Give
	_, err = c.s.Cancel(context.Background(), c.tenant, lost, dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	given, n, err := c.s.commit(context.Background(), c.of, snap, id.NewRound(), give)
	must(t, err)
	for _, g := range given {
		for _, o := range g.Orders {
			if o == lost {
				t.Fatal("a cancelled order was offered")
			}
		}
	}
	if n == 0 {
		t.Fatalf("nothing was counted as lost; given %+v of %+v", given, give)
	}
	c.inState(lost, order.Cancelled)
	_ = won
	c.clean()
}

func TestAnotherTenantSeesNoDecisions(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.rider(north(100))
	o := c.place(north(-500), 0)
	c.round()
	other := pgtest.Tenant(t, c.db)
	must(t, c.db.Read(context.Background(), other, func(tx pgx.Tx) error {
		for _, table := range []string{"rounds", "decisions", "zones", "leases", "offers", "plans"} {
			var n int
			must(t, tx.QueryRow(context.Background(), "SELECT count(*) FROM "+table).Scan(&n))
			if n > 0 {
				t.Errorf("the other tenant sees %d rows of %s", n, table)
			}
		}
		return nil
	}))
	if _, err := c.s.Why(context.Background(), other, o); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("the other tenant asks why: %v", err)
	}
	if _, err := c.s.Cancel(context.Background(), other, o, dispatcher, "", "x", 0); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("the other tenant cancels: %v", err)
	}
	if _, err := c.s.Assign(context.Background(), other, o, id.NewRider(), 0, dispatcher); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("the other tenant assigns: %v", err)
	}
}
