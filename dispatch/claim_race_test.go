package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Two hundred riders grab one order in the same instant: one has it, all others are told that they don't.
func TestTwoHundredRidersGrabOneOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, pooling, func(p *Policy) { p.PoolWindowS = 0 })
	riders := make([]id.Rider, 200)
	for i := range riders {
		riders[i] = c.rider(north(float64(10 * i)))
	}
	o := c.place(north(-500), 0)
	c.round()
	actions := make([]Action, len(riders))
	acts := make([]func() error, len(riders))
	won := make([]bool, len(riders))
	for i, r := range riders {
		actions[i] = c.action()
		acts[i] = func() error {
			claim, _, err := c.s.Claim(ctx, c.tenant, r, o, actions[i])
			won[i] = err == nil && claim.State == rider.ClaimWon
			return err
		}
	}
	refused := 0
	for i, err := range together(acts...) {
		switch {
		case errors.Is(err, ErrTaken):
			refused++
		case err != nil || !won[i]:
			t.Errorf("rider %d is told %v", i, err)
		}
	}
	winner := slices.Index(won, true)
	if refused != 199 || winner < 0 {
		t.Fatalf("%d of 200 are told that the order is taken; winner %d", refused, winner)
	}
	got := c.inState(o, order.Assigned)
	if got.Rider != riders[winner] {
		t.Errorf("the order is %s's, and %s was told to have won it", got.Rider, riders[winner])
	}
	for i, r := range riders {
		if stops := len(c.plan(r).Stops); (stops == 2) != (i == winner) || stops != 0 && i != winner {
			t.Errorf("rider %d has %d stops", i, stops)
		}
	}
	for _, i := range []int{winner, (winner + 1) % 200} { // the answer was lost: the same again
		claim, already, err := c.s.Claim(ctx, c.tenant, riders[i], o, actions[i])
		if i == winner && (err != nil || !already || claim.State != rider.ClaimWon) || i != winner && !errors.Is(err, ErrTaken) {
			t.Errorf("rider %d asks again and is told %+v %v", i, claim, err)
		}
	}
	d := c.lastDecision(o)
	if d.Kind != KindClaimed || d.Rider != riders[winner] || d.Reason != rider.ClaimFirst {
		t.Errorf("explained as %+v", d)
	}
	events := c.history(o)
	if last := events[len(events)-1]; last.Type != order.EventAssigned || last.Actor.Kind != order.ActorRider || last.Reason != "claimed" {
		t.Errorf("the history ends with %+v", last)
	}
	c.clean()
}

// Claims, answers by hand and the settling round meet at the end of the window: one rider has the order, and nobody's claim stays open.
func TestClaimsRaceWithTheirSettling(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, pooling)
	for heat := range 4 {
		var riders []id.Rider
		for i := range 10 {
			riders = append(riders, c.rider(north(float64(100*i))))
		}
		o := c.place(north(-500), 0)
		c.round()
		for _, r := range riders[:5] {
			must2(t)(c.claim(r, o))
		}
		c.clock.Advance(c.zone.Policy.PoolWindow())
		var acts []func() error
		for _, r := range riders[5:] {
			acts = append(acts, func() error { _, err := c.claim(r, o); return err })
		}
		acts = append(acts, func() error { _, err := c.s.round(ctx, c.of, c.state); return err })
		switch heat % 4 {
		case 1:
			acts = append(acts, func() error { _, err := c.s.Assign(ctx, c.tenant, o, riders[0], 0, dispatcher); return err })
		case 2:
			acts = append(acts, func() error {
				_, err := c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "changed their mind", 0)
				return err
			})
		}
		for i, err := range together(acts...) {
			if err != nil && !errors.Is(err, ErrTaken) {
				t.Errorf("heat %d, act %d: %v", heat, i, err)
			}
		}
		c.round()
		won := 0
		for _, r := range riders {
			switch x, ok := c.claims(r)[o]; {
			case ok && x.State == rider.ClaimOpen:
				t.Errorf("heat %d: a claim stays open", heat)
			case ok && x.State == rider.ClaimWon:
				won++
			}
		}
		if got := c.order(o); got.State == order.Pending || won > 1 {
			t.Errorf("heat %d: the order is %s, %d have won it", heat, got.State, won)
		}
		c.clean()
	}
}
