package dispatch

import (
	"context"
	"errors"
	"testing"

	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Yes, no, calling it off, the clock, and somebody who takes the order meet in the same instant: there is one truth, and everybody is told it.
func TestHandoversRace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	anna, bea, cara := c.rider(north(100)), c.rider(north(300)), c.rider(north(400))
	for heat := range 12 {
		c.seen(anna, north(100))
		c.seen(bea, north(300))
		c.seen(cara, north(400))
		o := c.taken(anna, north(-500))
		h, err := c.propose(anna, bea, o)
		must(t, err)
		if heat%3 == 1 { // its last instant
			c.clock.Advance(c.zone.Policy.HandoverTTL())
		}
		var yes, again, no, off, cancelled error
		acts := []func() error{
			func() error { _, _, yes = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action()); return yes },
			func() error { _, _, again = c.s.AcceptHandover(ctx, c.tenant, bea, h.ID, c.action()); return again },
			func() error { _, no = c.s.DeclineHandover(ctx, c.tenant, bea, h.ID, c.action()); return no },
			func() error { _, off = c.s.CancelHandover(ctx, c.tenant, h.ID, by(anna), "mended"); return off },
			func() error { _, err := c.s.round(ctx, c.of, c.state); return err },
		}
		switch heat % 4 {
		case 1:
			acts = append(acts, func() error {
				cancelled = told(c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "changed their mind", 0))
				return cancelled
			})
		case 2:
			acts = append(acts, func() error { return told(c.s.Assign(ctx, c.tenant, o, cara, 0, dispatcher)) })
		case 3:
			acts = append(acts, func() error {
				_, _, err := c.s.Step(ctx, c.tenant, anna, o, order.EventPickedUp, c.action())
				return err
			})
		}
		var closed *HandoverClosedError
		var cannot *CannotHandOverError
		for i, err := range together(acts...) {
			known := errors.As(err, &closed) || errors.As(err, &cannot) && i < 2 || errors.Is(err, order.ErrNotFound) && heat%4 == 3
			if err != nil && !known {
				t.Errorf("heat %d, act %d: %v", heat, i, err)
			}
		}
		got := c.handover(h.ID)
		accepted := yes == nil || again == nil
		switch {
		case got.State.Live():
			t.Errorf("heat %d: still %s", heat, got.State)
		case accepted != (got.State == rider.HandoverDone), accepted && (yes != nil || again != nil):
			t.Errorf("heat %d: %s, and the taker was told %v and %v", heat, got.State, yes, again)
		case (no == nil) != (got.State == rider.HandoverDeclined), (off == nil) != (got.State == rider.HandoverCancelled):
			t.Errorf("heat %d: %s, and they were told %v and %v", heat, got.State, no, off)
		}
		switch x := c.order(o); {
		case heat%4 == 1 && x.State != order.Cancelled:
			t.Errorf("heat %d: the order is %s, and its cancelling was told %v", heat, x.State, cancelled)
		case heat%4 == 2 && x.Rider != cara:
			t.Errorf("heat %d: the order is not where the dispatcher put it", heat)
		case (heat%4 == 0 || heat%4 == 3) && accepted && x.Rider != bea, heat%4 != 2 && !accepted && x.Rider == bea:
			t.Errorf("heat %d: accepted %v, and the order is with %s", heat, accepted, x.Rider)
		}
		c.clean()
		if x := c.order(o); x.State == order.PickedUp {
			c.step(x.Rider, o, order.EventDelivered)
		} else if x.State != order.Cancelled {
			must(t, told(c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "the end", 0)))
		}
	}
}
