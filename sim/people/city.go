package people

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

// CityOptions say where the demo city lives.
type CityOptions struct {
	URL   string
	Staff Credentials // of an admin of the demo tenant
	// Clock is the server's; nil is the wall clock.
	Clock clock.Clock
	// StateFile keeps the merchant's key between starts; "" makes a new key each time.
	StateFile string
	Seed      uint64
	Log       *slog.Logger
	// Riders and Stores are how many there are, 0 is 150 and 60.
	Riders, Stores int
	// PerMinute is the mean number of orders a minute, 0 is 22. It varies by a third up and down over the hour.
	PerMinute float64
}

func (o *CityOptions) defaults() {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Riders == 0 {
		o.Riders = 150
	}
	if o.Stores == 0 {
		o.Stores = 60
	}
	if o.PerMinute == 0 {
		o.PerMinute = 22
	}
}

// CityRiderPassword is the password of all riders of the demo city.
const CityRiderPassword = "paidan-demo"

// CityGuestPhone is the phone number of a rider of the demo city whom nobody plays: whoever tries out the riders' app can be him.
const CityGuestPhone = "+390555550000"

// CityGuestPlace is where to begin: in the middle of the centre, at the Duomo.
var CityGuestPlace = geo.LatLng{Lat: 43.7731, Lng: 11.2560}

// CityRiderPhone is the phone number of the n-th rider of the demo city, from 1.
func CityRiderPhone(n int) string { return cityPhone(n) }

// city is a run.
type city struct {
	*world
	o     CityOptions
	staff *client.Staff
	shop  *client.Merchant
	time  *timeline
	dice  florence.Dice // the demand's
	zones map[string]string
	shops []*shop
	crew  []crewMember

	door    chan struct{} // log-ins at once
	waiting atomic.Int64  // orders without a rider, lately
	mu      sync.Mutex
	errands map[string][]client.Stop // left over from an earlier run, by rider
}

// cityManners: a lively day. Three of a hundred offers are missed, a few customers are not at home.
var cityManners = manners{decline: 0.06, ignore: 0.02, failure: 0.004}

const (
	cityHands    = 16
	cityLogIns   = 2
	cityPatience = 25 * time.Minute // then the merchant gives an order up
	cityReport   = 5 * time.Minute
)

// RunCity keeps a city around Florence alive until ctx is done. It creates what is missing and goes on with what an
// earlier run has left, also in the middle of deliveries.
func RunCity(ctx context.Context, o CityOptions) error {
	o.defaults()
	c := &city{
		world: newWorld(o.Clock, client.New(client.Options{URL: o.URL, Clock: o.Clock}), o.Log),
		o:     o, dice: florence.NewDice(o.Seed, "demand"), time: newTimeline(o.Clock),
		door: make(chan struct{}, cityLogIns),
	}
	defer c.client.Close()
	if err := c.build(ctx); err != nil {
		return err
	}
	if err := c.resume(ctx); err != nil {
		return err
	}
	o.Log.Info("the demo city is awake", "stores", len(c.shops), "riders", len(c.crew), "orders_per_minute", o.PerMinute)

	var g errgroup.Group
	g.Go(func() error { return c.time.run(ctx, cityHands) })
	g.Go(func() error { return c.demand(ctx) })
	g.Go(func() error { return c.mind(ctx) })
	var riders sync.WaitGroup
	for _, m := range c.crew {
		riders.Go(func() { c.live(ctx, m) })
	}
	riders.Wait()
	_ = g.Wait() // all end with ctx
	return ctx.Err()
}

// mind is the merchant's office: it gives up on orders that nobody takes, and says now and then how it goes.
func (c *city) mind(ctx context.Context) error {
	told := c.clock.Now()
	for {
		if err := clock.Sleep(ctx, c.clock, 15*time.Second); err != nil {
			return err
		}
		now := c.clock.Now()
		waiting, err := c.lookAfter(ctx, now)
		if err != nil {
			if ctx.Err() == nil {
				c.log.Warn("demo city: looking after orders", "error", err)
			}
			continue
		}
		c.waiting.Store(int64(waiting))
		if now.Sub(told) >= cityReport {
			told = now
			c.log.Info("demo city", "placed", c.tally.placed.Load(), "delivered", c.tally.delivered.Load(),
				"cancelled", c.tally.cancelled.Load(), "waiting", waiting, "riders", c.tally.onShift.Load(), "busy", c.tally.busy.Load())
		}
	}
}

func (c *city) lookAfter(ctx context.Context, now time.Time) (waiting int, err error) {
	for _, state := range []string{client.Pending, client.Offered} {
		for o, err := range c.shop.Orders(ctx, client.OrderFilter{State: state}) {
			if err != nil {
				return 0, err
			}
			waiting++
			if now.Sub(o.PlacedAt) > cityPatience {
				c.cancel(ctx, o.ID, "merchant", "no_rider_found")
			}
		}
	}
	return waiting, nil
}

func (c *city) cancel(ctx context.Context, order, fault, reason string) {
	if _, err := c.shop.Cancel(ctx, order, fault, reason); err != nil {
		return // it has moved on meanwhile
	}
	c.tally.cancelled.Add(1)
	c.jobs.believe(order, client.Cancelled)
}
