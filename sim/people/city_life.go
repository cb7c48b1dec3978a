package people

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
)

// live is a rider's life: shifts and rests. A shift that is still open is gone on with, from where the rider was.
func (c *city) live(ctx context.Context, m crewMember) {
	at := m.home
	first := time.Duration(m.dice.Float64() * float64(40*time.Second)) // not all in one instant
	if err := clock.Sleep(ctx, c.clock, first); err != nil {
		return
	}
	for ctx.Err() == nil {
		end, err := c.shift(ctx, m, at)
		at = end
		rest := m.restLength()
		if err != nil {
			if ctx.Err() == nil {
				c.log.Warn("demo city: a rider's shift broke off", "rider", m.id, "error", err)
			}
			rest = 2 * time.Minute
		}
		if err := clock.Sleep(ctx, c.clock, rest); err != nil {
			return
		}
	}
}

// shift works once and tells where it ended.
func (c *city) shift(ctx context.Context, m crewMember, at geo.LatLng) (geo.LatLng, error) {
	rider, err := c.logIn(ctx, m)
	if err != nil {
		return at, err
	}
	me, err := rider.Me(ctx)
	if err != nil {
		return at, err
	}
	now := c.clock.Now()
	if until := me.Hours.RestUntil; until != nil && me.Shift == nil { // no shift may begin before
		return at, clock.Sleep(ctx, c.clock, until.Sub(now))
	}
	ends := now.Add(m.shiftLength())
	if me.Shift != nil {
		ends = me.Shift.EndsAt // which may be long past: what is on the plan is finished, and then there is a rest
		if p, ok, err := c.staff.RiderPosition(ctx, m.id); err == nil && ok {
			at = p
		}
	}
	a := newAgent(c.world, m.person(), m.dice, rider, at, ends)
	a.todo.errands = c.errandsOf(m.id)
	if me.Shift != nil {
		err = a.goOn(ctx, *me.Shift)
	} else {
		err = a.run(ctx, now)
	}
	return a.where(c.clock.Now()), err
}

// person is as riders are in Florence, which is dense: the counter is at the street and the customer comes down.
func (m crewMember) person() person {
	p := newPerson(m.vehicle, cityManners, m.dice)
	p.store, p.door, p.park = p.store/2, p.door/2, p.park/2
	return p
}

// logIn waits for its turn: checking a password is hard work on purpose, and the whole crew comes at once.
func (c *city) logIn(ctx context.Context, m crewMember) (*client.Rider, error) {
	select {
	case c.door <- struct{}{}:
		defer func() { <-c.door }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return c.client.LoginRider(ctx, c.o.Staff.Tenant, m.phone, CityRiderPassword)
}

// resume takes over what an earlier run has left: food that is being cooked, and food that is on its way back.
func (c *city) resume(ctx context.Context) error {
	c.errands = map[string][]client.Stop{}
	for _, state := range []string{client.Pending, client.Offered, client.Assigned, client.AtStore, client.PickedUp, client.AtDoor, client.Returning} {
		for o, err := range c.shop.Orders(ctx, client.OrderFilter{State: state}) {
			if err != nil {
				return err
			}
			switch {
			case state == client.Returning && o.Rider != nil:
				back := client.Stop{OrderID: o.ID, Kind: returning, Location: o.Pickup.Location}
				c.errands[o.Rider.ID] = append(c.errands[o.Rider.ID], back)
			case o.ReadyAt == nil && o.PickedUpAt == nil:
				c.cookLater(&job{id: o.ID, externalID: o.ExternalID, readyAt: o.ReadyEstimate, secret: o.Proof})
			default: // its customer still knows the PIN
				c.remember(&job{id: o.ID, externalID: o.ExternalID, readyAt: clock.Earlier(o.ReadyEstimate, c.clock.Now()), secret: o.Proof})
			}
		}
	}
	return nil
}

// errandsOf hands a rider's left-over errands out, once.
func (c *city) errandsOf(rider string) []client.Stop {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.errands[rider]
	delete(c.errands, rider)
	return out
}

// memory is how long the city remembers an order after its food was ready.
const memory = 3 * time.Hour

// cookLater has the kitchen tell when the food is ready.
func (c *city) cookLater(j *job) {
	c.remember(j)
	c.time.at(j.readyAt, func(ctx context.Context, due time.Time) {
		if c.jobs.open(j.id) {
			if _, err := c.shop.Ready(ctx, j.id); definitive(err) {
				c.lags.did(lagReady, due)
			}
		}
	})
}

// remember knows an order for as long as it may be on its way.
func (c *city) remember(j *job) {
	c.jobs.add(j)
	c.time.at(clock.Later(j.readyAt, c.clock.Now()).Add(memory), func(context.Context, time.Time) { c.jobs.forget(j.id) })
}
