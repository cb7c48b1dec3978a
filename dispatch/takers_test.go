package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// previewed is who could take orders over, the best first, and the preview.
func (c *city) previewed(orders ...id.Order) ([]id.Rider, HandoverPreview) {
	c.t.Helper()
	p, err := c.s.PreviewHandover(context.Background(), c.tenant, orders)
	must(c.t, err)
	var who []id.Rider
	for _, x := range p.Takers {
		who = append(who, x.Rider.ID)
	}
	return who, p
}

// A preview ranks who would do it at the least cost, says what that means for each, and is what asking comes to.
func TestHandoversArePreviewed(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	anna, bea, busy := c.rider(north(100)), c.rider(north(400)), c.rider(north(150))
	cara := c.rider(north(1500))
	c.rider(north(120), func(n *rider.New) { n.Capacity = 1 }) // has no room for two
	c.rider(north(9000))                                       // is nowhere near
	kept := c.taken(busy, north(-900))
	job := c.job([]geo.LatLng{north(-500), north(-700)}, 0)
	must(t, told(c.s.Assign(t.Context(), c.tenant, job[0], anna, 0, dispatcher)))

	who, p := c.previewed(job[1])
	if p.Giver != anna || len(p.Orders) != 2 || p.Meet != nil || p.Answer != c.zone.Policy.HandoverTTL() {
		t.Errorf("the preview: %+v", p)
	}
	if !slices.Equal(who, []id.Rider{bea, busy, cara}) { // the nearest would let a customer of her own wait
		t.Fatalf("ranked %v", who)
	}
	best, near := p.Takers[0], p.Takers[1]
	if best.DistanceM != 400 || best.Orders != 0 || best.Delay != 0 || near.DistanceM != 150 || near.Orders != 1 || near.Delay < 3*time.Minute || near.Cost <= best.Cost {
		t.Errorf("the best %+v, the nearest %+v", best, near)
	}
	h, err := c.propose(anna, bea, job...)
	must(t, err)
	for _, st := range h.Stops {
		if !st.Kind.Loads() && !st.ArriveAt.Equal(best.Doors[st.Order]) || st == h.Stops[0] && !st.ArriveAt.Equal(best.TakeAt) {
			t.Errorf("asked, %s would be at %v: previewed were %v and %v", st.Kind, st.ArriveAt, best.TakeAt, best.Doors)
		}
	}
	if _, err := c.s.CancelHandover(t.Context(), c.tenant, h.ID, dispatcher, "x"); err != nil {
		t.Error(err)
	}

	// On board they meet where the giver is, not before the giver is there.
	for _, o := range job {
		c.step(anna, o, order.EventPickedUp)
	}
	c.seen(anna, north(-300))
	_, p = c.previewed(job...)
	if p.Meet == nil || geo.Distance(p.Meet.At, north(-300)) > 1 || len(p.Takers) != 3 || p.Takers[0].Rider.ID != bea || p.Takers[0].DistanceM != 700 {
		t.Errorf("on board: %+v", p)
	}
	c.clean()

	var cannot *CannotHandOverError
	c.step(anna, job[0], order.EventArrivedAtDoor)
	if _, err := c.s.PreviewHandover(t.Context(), c.tenant, job); !errors.As(err, &cannot) || cannot.Reason != ReasonAtDoor {
		t.Errorf("at the door: %v", err)
	}
	for name, orders := range map[string][]id.Order{"of two riders": {job[1], kept}, "unknown": {id.NewOrder()}, "nobody's": {c.place(north(-500), 0)}} {
		if _, err := c.s.PreviewHandover(t.Context(), c.tenant, orders); !errors.Is(err, order.ErrNotFound) {
			t.Errorf("orders %s: %v", name, err)
		}
	}
}
