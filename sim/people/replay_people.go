package people

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/sim/florence"
	"github.com/paidan/paidan/sim/rappi"
)

// place is the merchant with one order. It tries until the server has it: an order is not dropped because a line is bad.
func (r *replay) place(ctx context.Context, i int, due time.Time) {
	o, j := r.day.Orders[i], r.orders[i]
	order, err := r.shop.PlaceOrder(ctx, j.externalID, client.NewOrder{
		StoreID:    r.stores[rappi.SiteOf(o.Pickup)],
		ExternalID: j.externalID,
		Dropoff:    client.Dropoff{Location: o.Dropoff, Address: "Customer " + o.ID},
		ReadyAt:    &j.readyAt,
		PromiseAt:  &j.promiseAt,
	})
	if err != nil {
		if ctx.Err() == nil {
			r.faults.add("order "+o.ID, err)
		}
		if definitive(err) {
			r.tally.unplaced.Add(1)
		} else {
			r.time.at(r.clock.Now().Add(shortPause), func(ctx context.Context, _ time.Time) { r.place(ctx, i, due) })
		}
		return
	}
	r.lags.did(lagPlace, due)
	j.id = order.ID
	r.jobs.add(j)
	r.tally.placed.Add(1)
	r.time.at(j.readyAt, func(ctx context.Context, due time.Time) { r.cook(ctx, j, due) })
}

// cook is the kitchen: the food is ready. A rider who stood there has known it from the counter.
func (r *replay) cook(ctx context.Context, j *job, due time.Time) {
	if !r.jobs.open(j.id) {
		return
	}
	if _, err := r.shop.Ready(ctx, j.id); err != nil && !definitive(err) && ctx.Err() == nil {
		r.faults.add("ready "+j.id, err)
		return
	}
	r.lags.did(lagReady, due)
}

// sendRiders starts each rider at its time. The channel is closed when all have gone home.
func (r *replay) sendRiders(ctx context.Context) <-chan struct{} {
	opens := r.origin.Add(r.from)
	now := r.clock.Now()
	var wg sync.WaitGroup
	for i, c := range r.day.Couriers {
		d := florence.NewDice(r.o.Seed, "rider "+c.ID)
		start := r.origin.Add(c.On)
		if start.Before(opens) { // at work already: somewhere within the warm-up
			start = now.Add(time.Duration(d.Float64() * float64(opens.Sub(now))))
		}
		ends := r.origin.Add(c.Off)
		a := newAgent(r.world, newPerson(c.Vehicle, usual, d), d, r.riders[i], c.At, ends)
		wg.Go(func() { r.shift(ctx, a, start, c.ID) })
	}
	done := make(chan struct{})
	go func() { // ends with the riders, whom ctx ends
		defer close(done)
		wg.Wait()
	}()
	return done
}

func (r *replay) shift(ctx context.Context, a *agent, start time.Time, name string) {
	timer, stop := r.clock.After(start.Sub(r.clock.Now()))
	defer stop()
	select {
	case <-timer:
	case <-r.closing:
		return
	case <-ctx.Done():
		return
	}
	if !r.clock.Now().Before(a.ends) {
		r.tally.tooShort.Add(1) // over before it began
		return
	}
	err := a.run(ctx, start)
	if errors.Is(err, errTooShort) {
		r.tally.tooShort.Add(1)
		return
	}
	if err != nil && ctx.Err() == nil {
		r.tally.leftEarly.Add(1)
		r.faults.add("rider "+name, err)
	}
}

// faults are what went wrong with people, the first ones in words.
type faults struct {
	mu    sync.Mutex
	count int
	first []string
}

const faultsKept = 20

func (f *faults) add(who string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if len(f.first) < faultsKept {
		f.first = append(f.first, who+": "+err.Error())
	}
}
