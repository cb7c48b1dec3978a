package people

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// tooMany is the number of orders without a rider at which shops stop taking more, as platforms do in a rush.
const tooMany = 60

// demand has customers order, one after another with random gaps, more at half past than at the full hour.
func (c *city) demand(ctx context.Context) error {
	for {
		gap := c.dice.ExpFloat64() * float64(time.Minute) / rate(c.o.PerMinute, c.clock.Now())
		if err := clock.Sleep(ctx, c.clock, time.Duration(gap)); err != nil {
			return err
		}
		if c.waiting.Load() >= tooMany {
			continue
		}
		s := c.chooseShop()
		o, j := c.compose(s)
		c.time.at(c.clock.Now(), func(ctx context.Context, due time.Time) { c.order(ctx, o, j, due) })
	}
}

// rate is the number of orders a minute at a time: a third less at the full hour, a third more at half past.
func rate(perMinute float64, now time.Time) float64 {
	f := float64(now.Minute()*60+now.Second()) / 3600
	return perMinute * (1 - math.Cos(2*math.Pi*f)/3)
}

func (c *city) chooseShop() *shop {
	var total float64
	for _, s := range c.shops {
		total += s.popular
	}
	x := c.dice.Float64() * total
	for _, s := range c.shops {
		if x -= s.popular; x <= 0 {
			return s
		}
	}
	return c.shops[0]
}

// compose is what a customer nearby orders, and what truly happens in the kitchen.
func (c *city) compose(s *shop) (client.NewOrder, *job) {
	d := c.dice
	away := 200 + min(2200, d.ExpFloat64()*600)
	angle := d.Float64() * 2 * math.Pi
	told := int(s.kind.prep * 60)
	o := client.NewOrder{
		StoreID: s.id, ExternalID: "demo-" + uuid.NewString(), PreparationS: &told,
		Dropoff: client.Dropoff{
			Location: shift(s.at, away*math.Cos(angle), away*math.Sin(angle)), Address: address(d), ContactName: personName(d),
			ContactPhone: fmt.Sprintf("+393%09d", d.IntN(1_000_000_000)), Instructions: notes[d.IntN(len(notes))],
		},
		Value: &client.Money{Currency: "EUR"},
	}
	for range 1 + d.IntN(3) {
		x, n := s.kind.dishes[d.IntN(len(s.kind.dishes))], 1+d.IntN(2)
		o.Items = append(o.Items, client.Item{Name: x.name, Quantity: n})
		o.Value.Amount += x.cents * int64(n)
	}
	cooked := time.Duration(float64(told) * d.around(s.kind.spread) * float64(time.Second))
	return o, &job{externalID: o.ExternalID, readyAt: c.clock.Now().Add(cooked)}
}

// Some customers change their minds, most of them soon.
const (
	changeOfMind  = 0.01
	changeOfMindS = 120
)

func (c *city) order(ctx context.Context, o client.NewOrder, j *job, due time.Time) {
	placed, err := c.shop.PlaceOrder(ctx, j.externalID, o)
	if err != nil {
		if ctx.Err() == nil {
			c.log.Warn("demo city: an order was not placed", "error", err)
		}
		return
	}
	c.lags.did(lagPlace, due)
	c.tally.placed.Add(1)
	j.id = placed.ID
	c.cookLater(j)
	d := newDice(c.o.Seed, j.externalID)
	if d.chance(changeOfMind) {
		after := time.Duration(d.ExpFloat64() * changeOfMindS * float64(time.Second))
		c.time.at(c.clock.Now().Add(after), func(ctx context.Context, _ time.Time) {
			c.cancel(ctx, j.id, "customer", "changed_mind")
		})
	}
}
