package dispatch

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// A random afternoon: whatever people and rounds do in whatever order, every round solves and passes the solver's check,
// nobody is refused for another reason than the lifecycle's, and the books agree.
func TestRandomAfternoons(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			c := newCity(t, func(p *Policy) {
				p.CommitAheadS = 300
				if seed%2 == 1 {
					p.Mode = ModeForce
				}
			})
			c.setPrices()
			a := &afternoon{city: c, rng: rand.New(rand.NewPCG(seed, 7))}
			for range 5 {
				a.riders = append(a.riders, c.rider(a.place()))
			}
			for i := range 120 {
				a.act()
				if i%15 == 14 {
					c.round() // closes offers whose time is up
					c.clean()
				}
			}
		})
	}
}

type afternoon struct {
	*city
	rng    *rand.Rand
	riders []id.Rider
	orders []id.Order
}

func (a *afternoon) place() (p geo.LatLng) {
	p.Lat, p.Lng = center.Lat+(a.rng.Float64()-0.5)*0.05, center.Lng+(a.rng.Float64()-0.5)*0.05
	return p
}

func (a *afternoon) act() {
	ctx := context.Background()
	r := a.riders[a.rng.IntN(len(a.riders))]
	var err error
	switch n := a.rng.IntN(20); {
	case n < 4:
		pickup := a.place()
		if a.rng.IntN(3) == 0 {
			doors := make([]geo.LatLng, 2+a.rng.IntN(2))
			for i := range doors {
				doors[i] = a.place()
			}
			a.orders = append(a.orders, a.job(doors, time.Duration(a.rng.IntN(900))*time.Second, func(o *order.Order) { o.Pickup = a.place() })...)
			return
		}
		a.orders = append(a.orders, a.city.place(a.place(), time.Duration(a.rng.IntN(900))*time.Second, func(o *order.Order) {
			o.Pickup, o.Load = pickup, 1+a.rng.IntN(3)
			if a.rng.IntN(4) > 0 {
				o.Fee = fee()
			}
		}))
	case n < 9:
		a.round()
	case n < 11:
		a.clock.Advance(time.Duration(a.rng.IntN(60)) * time.Second)
		for _, x := range a.riders {
			a.seen(x, a.place())
		}
	case n < 14:
		for _, offer := range a.offers(r) {
			if a.rng.IntN(4) == 0 {
				err = a.s.DeclineOffer(ctx, a.tenant, r, offer.ID, a.action())
			} else {
				_, err = a.s.AcceptOffer(ctx, a.tenant, r, offer.ID, a.action())
			}
		}
	case n < 18:
		err = a.nextStep(ctx, r)
	case len(a.orders) == 0:
	case n == 18:
		_, err = a.s.Assign(ctx, a.tenant, a.any(), r, 0, dispatcher)
	default:
		switch a.rng.IntN(5) {
		case 4:
			if job := a.order(a.any()).Job; !job.IsZero() {
				_, _, err = a.s.CancelJob(ctx, a.tenant, job, dispatcher, "customer", "all of it")
			}
		case 0:
			_, err = a.s.SendBack(ctx, a.tenant, a.any(), dispatcher, "let us see", 0)
		case 1:
			door := a.place()
			_, err = a.s.Update(ctx, a.tenant, a.any(), Change{Update: order.Update{At: &door}, Actor: dispatcher})
		case 2:
			_, err = a.s.Cancel(ctx, a.tenant, a.any(), dispatcher, "customer", "changed their mind", 0)
		default:
			_, err = a.s.Unassign(ctx, a.tenant, a.any(), 0, dispatcher, "let us see")
		}
	}
	var wrong *order.TransitionError
	var closed *OfferClosedError
	var cannot *CannotAssignError
	var late *order.UpdateError
	var onBoard *JobOnBoardError
	if err != nil && !errors.As(err, &late) && !errors.As(err, &wrong) && !errors.As(err, &closed) && !errors.As(err, &cannot) && !errors.As(err, &onBoard) {
		a.t.Error(err)
	}
}

func (a *afternoon) any() id.Order { return a.orders[a.rng.IntN(len(a.orders))] }

// nextStep has a rider do what the first stop asks for.
func (a *afternoon) nextStep(ctx context.Context, r id.Rider) error {
	stops := a.plan(r).Stops
	if len(stops) == 0 {
		return nil
	}
	st := stops[0]
	var kinds []order.EventType
	switch o := a.order(st.Order); {
	case o.State == order.Returning:
		kinds = []order.EventType{order.EventReturned}
	case st.Kind == rider.Pickup:
		kinds = []order.EventType{order.EventArrivedAtStore, order.EventPickedUp}
	default:
		kinds = []order.EventType{order.EventArrivedAtDoor, order.EventDelivered, order.EventDeliveryFailed}
	}
	act := a.action()
	act.Reason = "nobody opens"
	_, _, err := a.s.Step(ctx, a.tenant, r, st.Order, kinds[a.rng.IntN(len(kinds))], act)
	return err
}
