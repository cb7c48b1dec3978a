package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Where the policy allows it a rider gives an order back before the pickup: it is offered to others, and to that rider only much later.
func TestARiderGivesAnOrderBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	strict := newCity(t)
	r := strict.rider(north(100))
	o := strict.place(north(-500), 0)
	strict.round()
	strict.accept(r)
	if _, err := strict.s.GiveBack(ctx, strict.tenant, r, o, strict.action()); !errors.Is(err, ErrGivingBack) {
		t.Errorf("against the policy: %v", err)
	}
	strict.inState(o, order.Assigned)

	c := newCity(t, func(p *Policy) { p.GiveBack = true })
	r = c.rider(north(100))
	o = c.place(north(-500), 0)
	c.round()
	c.accept(r)
	act := c.action()
	for i := range 2 {
		already, err := c.s.GiveBack(ctx, c.tenant, r, o, act)
		if err != nil || already != (i == 1) {
			t.Fatalf("time %d: already %v, %v", i, already, err)
		}
	}
	if got := c.inState(o, order.Pending); got.Declines != 0 || !got.RefusedByRider(r) || len(c.plan(r).Stops) != 0 {
		t.Errorf("given back: %+v", got)
	}
	if _, err := c.s.GiveBack(ctx, c.tenant, r, o, c.action()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("another rider's or nobody's: %v", err)
	}
	c.round()
	if len(c.offers(r)) > 0 {
		t.Error("the rider is asked for it again at once")
	}
	c.clock.Advance(c.zone.Policy.Refusal() + time.Second)
	c.seen(r, north(100))
	c.round()
	c.accept(r)
	c.step(r, o, order.EventPickedUp)
	var wrong *order.TransitionError
	if _, err := c.s.GiveBack(ctx, c.tenant, r, o, c.action()); !errors.As(err, &wrong) {
		t.Errorf("what is on board: %v", err)
	}
	c.step(r, o, order.EventDelivered)

	job := c.job([]geo.LatLng{north(-500), north(-700)}, 0)
	c.round()
	c.accept(r)
	if _, err := c.s.GiveBack(ctx, c.tenant, r, job[0], c.action()); err != nil {
		t.Fatal(err)
	}
	for _, x := range job {
		c.inState(x, order.Pending)
	}
	_, err := c.s.Assign(ctx, c.tenant, job[0], r, 0, dispatcher)
	must(t, err)
	c.step(r, job[0], order.EventPickedUp)
	var onBoard *JobOnBoardError
	if _, err := c.s.GiveBack(ctx, c.tenant, r, job[1], c.action()); !errors.As(err, &onBoard) || onBoard.Rider == (id.Rider{}) {
		t.Errorf("the rest of a job on board: %v", err)
	}
	c.clean()
}
