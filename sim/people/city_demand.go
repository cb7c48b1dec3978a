package people

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/sim/florence"
)

// tooMany is the number of orders without a rider at which shops stop taking more, as platforms do in a rush.
const tooMany = 60

// demand has customers order, one after another with random gaps, more at half past than at the full hour.
func (c *city) demand(ctx context.Context) error {
	for {
		if err := clock.Sleep(ctx, c.clock, florence.Gap(c.dice, c.o.PerMinute, c.clock.Now())); err != nil {
			return err
		}
		if c.waiting.Load() >= tooMany {
			continue
		}
		s := c.shops[florence.Choose(c.dice, len(c.shops), func(i int) float64 { return c.shops[i].Popular })]
		o, j := c.compose(s)
		c.time.at(c.clock.Now(), func(ctx context.Context, due time.Time) { c.order(ctx, o, j, due) })
	}
}

// dishG is what a dish weighs with its box, grams.
const dishG = 600

// compose is what a customer nearby orders, and what truly happens in the kitchen.
func (c *city) compose(s *shop) (client.NewOrder, *job) {
	d := c.dice
	told := s.Kind.PrepP50()
	o := client.NewOrder{
		StoreID: s.id, ExternalID: "demo-" + uuid.NewString(), PreparationS: &told,
		Dropoff: client.Dropoff{
			Location: florence.Doorstep(d, s.At), Address: address(d), ContactName: personName(d),
			ContactPhone: fmt.Sprintf("+393%09d", d.IntN(1_000_000_000)), Instructions: notes[d.IntN(len(notes))],
		},
		Value: &client.Money{Currency: "EUR"},
	}
	for range 1 + d.IntN(3) {
		x, n := s.Kind.Dishes[d.IntN(len(s.Kind.Dishes))], 1+d.IntN(2)
		o.Items = append(o.Items, client.Item{Name: x.Name, Quantity: n})
		o.Value.Amount += x.Cents * int64(n)
		o.WeightG += n * dishG
	}
	o.Proof = demandOf(o.Value.Amount)
	cooked := time.Duration(s.Kind.Cook(d) * float64(time.Second))
	return o, &job{externalID: o.ExternalID, readyAt: c.clock.Now().Add(cooked)}
}

// demandOf is the proof that an order of some worth asks for: dear food is handed over against a PIN or a photo, and the rest
// as it always was.
func demandOf(cents int64) *client.Demand {
	switch {
	case cents >= 5000:
		return &client.Demand{PIN: client.AutoPIN}
	case cents >= 4000:
		return &client.Demand{Photo: true}
	}
	return nil
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
	j.id, j.secret = placed.ID, placed.Proof
	c.cookLater(j)
	d := florence.NewDice(c.o.Seed, j.externalID)
	if d.Chance(changeOfMind) {
		after := time.Duration(d.ExpFloat64() * changeOfMindS * float64(time.Second))
		c.time.at(c.clock.Now().Add(after), func(ctx context.Context, _ time.Time) {
			c.cancel(ctx, j.id, "customer", "changed_mind")
		})
	}
}
