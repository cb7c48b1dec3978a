package dispatch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// together runs acts at the same instant, as near as goroutines come to it, and returns what each was told.
func together(acts ...func() error) []error {
	told := make([]error, len(acts))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, act := range acts {
		wg.Go(func() {
			<-start
			told[i] = act()
		})
	}
	close(start)
	wg.Wait()
	return told
}

// offer proposes an order to a rider, as a round does.
func (c *city) offer(r id.Rider, o id.Order) rider.Offer {
	c.t.Helper()
	x := c.order(o)
	must(c.t, c.s.tx(context.Background(), c.tenant, func(t *txn) error {
		a := Assignment{Rider: r, Orders: []id.Order{o}, Stops: []rider.Stop{
			{Order: o, Kind: rider.Pickup, At: x.Pickup, ArriveAt: t.now, DepartAt: t.now}, {Order: o, Kind: rider.Dropoff, At: x.Dropoff.At, ArriveAt: t.now, DepartAt: t.now},
		}}
		won, err := t.offerGroup(context.Background(), []Assignment{a}, c.zone.ID, id.NewRound(), c.zone.Policy)
		if err == nil && len(won) != 1 {
			c.t.Fatal("the offer was not made")
		}
		return err
	}))
	return c.offers(r)[0]
}

// contest is an offer that many answer at once: its rider from two phones, the clock, and somebody who takes the order away.
type contest struct {
	*city
	rider, other id.Rider
	order        id.Order
	offer        rider.Offer
	door         geo.LatLng // where an update sends it

	yes, again, no, taken error
}

// The ways in which others take an offered order away; each wins over any answer, before it or after it.
const (
	leftAlone = iota
	cancelled
	byHand
	moved
	taking
)

// acts are what is done to the contest's offer at the same time.
func (x *contest) acts(way int) []func() error {
	ctx := context.Background()
	acts := []func() error{
		func() error { _, x.yes = x.s.AcceptOffer(ctx, x.tenant, x.rider, x.offer.ID, x.action()); return x.yes },
		func() error {
			_, x.again = x.s.AcceptOffer(ctx, x.tenant, x.rider, x.offer.ID, x.action())
			return x.again
		},
		func() error { x.no = x.s.DeclineOffer(ctx, x.tenant, x.rider, x.offer.ID, x.action()); return x.no },
	}
	switch way {
	case cancelled:
		acts = append(acts, func() error {
			_, x.taken = x.s.Cancel(ctx, x.tenant, x.order, dispatcher, "customer", "changed their mind", 0)
			return x.taken
		})
	case byHand:
		acts = append(acts, func() error { _, x.taken = x.s.Assign(ctx, x.tenant, x.order, x.other, 0, dispatcher); return x.taken })
	case moved:
		acts = append(acts, func() error {
			_, x.taken = x.s.Update(ctx, x.tenant, x.order, Change{Update: order.Update{At: &x.door}, Actor: dispatcher})
			return x.taken
		})
	}
	return acts
}

// check fails unless one thing happened to the offer, everybody was told that, and the order is where it leads.
func (x *contest) check(way int) rider.OfferState {
	t := x.t
	t.Helper()
	var offer rider.Offer
	var history []order.RecordedEvent
	must(t, x.db.Read(context.Background(), x.tenant, func(tx pgx.Tx) (err error) {
		if offer, err = rider.GetOffer(context.Background(), tx, x.tenant, x.offer.ID); err != nil {
			return err
		}
		history, err = order.Events(context.Background(), tx, x.tenant, x.order)
		return err
	}))
	ends := map[order.EventType]rider.OfferState{
		order.EventOfferAccepted: rider.OfferAccepted, order.EventOfferDeclined: rider.OfferDeclined,
		order.EventOfferExpired: rider.OfferExpired, order.EventOfferWithdrawn: rider.OfferWithdrawn,
	}
	var ended []rider.OfferState
	for _, e := range history {
		if state, ok := ends[e.Type]; ok {
			ended = append(ended, state)
		}
	}
	if !slices.Equal(ended, []rider.OfferState{offer.State}) {
		t.Errorf("way %d: the order's history says %v, the offer %s", way, ended, offer.State)
	}
	answer := func(who string, err error, wins rider.OfferState) {
		t.Helper()
		var closed *OfferClosedError
		switch {
		case err == nil && offer.State == wins:
		case errors.As(err, &closed) && offer.State != wins && closed.State == offer.State:
		default:
			t.Errorf("way %d: the offer is %s, and who %s is told: %v", way, offer.State, who, err)
		}
	}
	answer("accepts", x.yes, rider.OfferAccepted)
	answer("accepts on another phone", x.again, rider.OfferAccepted)
	answer("declines", x.no, rider.OfferDeclined)
	if x.taken != nil {
		t.Errorf("way %d: who takes the order away is told: %v", way, x.taken)
	}

	want, holder := order.Pending, id.Rider{}
	if offer.State == rider.OfferAccepted {
		want, holder = order.Assigned, x.rider
	}
	switch way {
	case cancelled:
		want, holder = order.Cancelled, id.Rider{}
	case byHand:
		want, holder = order.Assigned, x.other
	}
	got := x.city.order(x.order)
	if got.State != want || got.Rider != holder {
		t.Errorf("way %d: the offer is %s, and the order %s with %s", way, offer.State, got.State, got.Rider)
	}
	if way == moved && got.Dropoff.At != x.door {
		t.Errorf("the order goes to %v", got.Dropoff.At)
	}
	return offer.State
}

// At the very second that an offer ends, its rider says yes on two phones and no on a third, the clock's chore closes it, and somebody
// cancels the order, gives it away or sends it elsewhere: one of them closes the offer, and each is told which.
func TestAnswersToAnOfferRace(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.MaxOrders = 8 })
	other := c.rider(north(300), func(n *rider.New) { n.Capacity, n.MaxOrders = 1000, 50 })
	seen := map[rider.OfferState]int{}
	for heat := range 6 {
		var contests []*contest
		var acts []func() error
		for way := range taking {
			for range 3 {
				x := &contest{city: c, rider: c.rider(north(100)), other: other, order: c.place(north(-500), 0), door: north(-700)}
				x.offer = c.offer(x.rider, x.order)
				contests = append(contests, x)
				acts = append(acts, x.acts(way)...)
			}
		}
		chores := 2 * (heat % 2)                  // its chore mostly wins, so every other heat is without
		c.clock.Advance(c.zone.Policy.OfferTTL()) // the last moment for an answer, and the first to expire
		for range chores {
			acts = append(acts, func() error {
				err := c.s.chores(context.Background(), c.of)
				if err != nil {
					t.Errorf("the clock's chore: %v", err)
				}
				return err
			})
		}
		together(acts...)
		for i, x := range contests {
			seen[x.check(i/3)]++
		}
		c.clean()
		for _, x := range contests { // nobody is full, or on the way, in the next heat
			if o := c.order(x.order); !o.State.Ended() {
				_, err := c.s.Cancel(context.Background(), c.tenant, x.order, dispatcher, "customer", "enough", 0)
				must(t, err)
			}
		}
	}
	t.Logf("offers ended: %v", seen)
	if len(seen) < 3 {
		t.Errorf("the heats end alike (%v): they prove little", seen)
	}
}

// Rounds go on while people decide by hand on the same orders: whoever is later is told, and the books agree.
func TestRoundsRaceWithHands(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, mode := range []Mode{ModeOffer, ModeForce} {
		c := newCity(t, func(p *Policy) { p.Mode, p.CommitAheadS = mode, 3600 })
		var riders []id.Rider
		for i := range 4 {
			riders = append(riders, c.rider(north(float64(200*i))))
		}
		var acts []func() error
		rounds := func() error {
			for range 6 {
				if _, err := c.s.round(ctx, c.of, c.state); err != nil {
					t.Errorf("%s: a round: %v", mode, err)
				}
			}
			return nil
		}
		acts = append(acts, rounds)
		for i := range 12 {
			o, r := c.place(north(-500), 0), riders[i%4]
			acts = append(acts, func() error {
				_, err := c.s.Assign(ctx, c.tenant, o, r, 0, dispatcher)
				return err
			}, func() error {
				_, err := c.s.Unassign(ctx, c.tenant, o, 0, dispatcher, "let us see")
				return err
			}, func() error {
				if i%3 > 0 {
					return nil
				}
				_, err := c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "changed their mind", 0)
				if err != nil {
					t.Errorf("%s: cancel: %v", mode, err)
				}
				return err
			})
		}
		for _, err := range together(acts...) {
			var wrong *order.TransitionError
			var cannot *CannotAssignError
			if err != nil && !errors.As(err, &wrong) && !errors.As(err, &cannot) {
				t.Errorf("%s: %v", mode, err)
			}
		}
		c.clean()
	}
}
