package people

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
)

// shortPause is how long a rider waits after the server has refused or failed, before trying anything again.
const shortPause = 15 * time.Second

type stepKey struct{ order, step string }

// where is the rider's place at t.
func (a *agent) where(t time.Time) geo.LatLng {
	if a.phase == driving {
		return a.leg.at(t)
	}
	return a.at
}

// steer turns to the plan's next stop: out of idleness, on the road, and at the counter while the food is not ready.
// A hand-over that has begun is finished.
func (a *agent) steer(now time.Time) {
	next, ok := a.todo.next()
	switch a.phase {
	case handing:
		return
	case waiting:
		if a.todo.has(a.stop.OrderID, a.stop.Kind) &&
			(!now.Before(a.serve) || geo.Distance(next.Location, a.stop.Location) < near) {
			return
		}
	case driving:
		if ok && next.OrderID == a.stop.OrderID && next.Kind == a.stop.Kind {
			return
		}
	}
	if !ok {
		a.become(idle, now, now)
		return
	}
	from := a.where(now)
	a.become(driving, now, now)
	a.stop = next
	a.leg = newLeg(a.person, from, next.Location, now, a.dice)
	a.until = a.leg.arrive()
	if a.leg.drive == 0 && next.Kind == client.Pickup && a.told[next.OrderID] {
		a.stand(now, true) // the next dish over the same counter
	}
}

// become changes the phase; the rider stays where it is.
func (a *agent) become(p phase, now, until time.Time) {
	a.at = a.where(now)
	if (p == idle) != (a.phase == idle) {
		if p == idle {
			a.tally.busy.Add(-1)
		} else {
			a.tally.busy.Add(1)
		}
	}
	a.phase, a.until = p, until
}

// stand waits at the counter until the food is ready and handed over.
func (a *agent) stand(now time.Time, further bool) {
	ready, known := a.jobs.readyAt(a.stop.OrderID)
	if !known {
		ready = a.stop.ReadyEstimate
	}
	a.serve = clock.Later(now, ready)
	a.become(waiting, now, a.serve.Add(a.person.atCounter(a.dice, further)))
}

// complete ends the phase: it tells the server and turns to what follows.
func (a *agent) complete(ctx context.Context) {
	due := clock.Later(a.until, a.pause)
	switch a.phase {
	case driving:
		a.arrive(ctx, due)
	case waiting:
		if a.step(ctx, a.stop, client.PickUp, due) {
			a.stores[a.stop.OrderID] = a.stop.Location
			a.finish()
		}
	case handing:
		a.hand(ctx, due)
	}
}

func (a *agent) arrive(ctx context.Context, due time.Time) {
	a.gps.arrive(ctx, a)
	switch a.stop.Kind {
	case client.Pickup:
		for _, s := range a.todo.counter(a.stop.Location) {
			if !a.told[s.OrderID] && !a.step(ctx, s, client.ArriveStore, due) {
				return
			}
			a.told[s.OrderID] = true
		}
		a.stand(a.clock.Now(), false)
	case returning:
		if a.step(ctx, a.stop, client.Return, due) {
			a.jobs.believe(a.stop.OrderID, client.Returned)
			a.finish()
		}
	default:
		if a.step(ctx, a.stop, client.ArriveDoor, due) {
			now := a.clock.Now()
			a.become(handing, now, now.Add(a.person.atTheDoor(a.dice)))
		}
	}
}

// hand gives the food to the customer, or finds nobody and takes it back.
func (a *agent) hand(ctx context.Context, due time.Time) {
	if (a.person.failure > 0 && a.dice.Chance(a.person.failure)) || !a.customerKnows(a.stop.OrderID) {
		if a.step(ctx, a.stop, client.Fail, due) {
			a.tally.failed.Add(1)
			back := a.stop
			back.Kind, back.Location = returning, a.at
			if store, known := a.stores[a.stop.OrderID]; known {
				back.Location = store
			}
			a.todo.errands = append(a.todo.errands, back)
			a.finish()
		}
		return
	}
	proof, ok := a.prove(ctx, a.stop.OrderID)
	if !ok {
		return
	}
	if a.stepWith(ctx, a.stop, client.Deliver, proof, due) {
		a.tally.delivered.Add(1)
		a.jobs.believe(a.stop.OrderID, client.Delivered)
		a.finish()
	}
}

// finish strikes the stop off.
func (a *agent) finish() {
	a.todo.finish(a.stop.OrderID, a.stop.Kind)
	if a.stop.Kind != client.Pickup {
		delete(a.stores, a.stop.OrderID)
		delete(a.told, a.stop.OrderID)
	}
	now := a.clock.Now()
	a.become(idle, now, now)
}

// step tells the server and reports whether it agreed. The same step keeps its id until the server has answered.
func (a *agent) step(ctx context.Context, s client.Stop, what string, due time.Time) bool {
	return a.stepWith(ctx, s, what, nil, due)
}

func (a *agent) stepWith(ctx context.Context, s client.Stop, what string, proof *client.Proof, due time.Time) bool {
	k := stepKey{s.OrderID, what}
	id := a.ids[k]
	if id == "" {
		id = uuid.NewString()
		a.ids[k] = id
	}
	act := client.Action{ID: id, At: a.clock.Now(), Proof: proof}
	if what == client.Fail {
		act.Reason = "customer_absent"
	}
	err := a.rider.Step(ctx, s.OrderID, what, act)
	if !definitive(err) {
		a.pause = a.clock.Now().Add(shortPause)
		return false
	}
	delete(a.ids, k)
	a.lags.did(lagStep, due)
	if err == nil {
		return true
	}
	a.tally.refused.Add(1)
	a.log.Debug("step refused", "step", what, "order", s.OrderID, "error", err)
	a.refetch(ctx)
	now := a.clock.Now()
	a.pause = now.Add(shortPause)
	a.become(idle, now, now)
	return false
}

// refetch asks for the truth after a refusal: somebody else has changed something.
func (a *agent) refetch(ctx context.Context) {
	plan, err := a.rider.Plan(ctx)
	if err != nil {
		return // the stream's next word will do
	}
	a.todo.done = nil
	a.todo.absorb(plan, true)
	if a.phase == waiting && !a.todo.has(a.stop.OrderID, a.stop.Kind) {
		delete(a.told, a.stop.OrderID)
	}
}

// definitive reports whether the server has answered: yes or no, not "later" and not silence.
func definitive(err error) bool {
	if err == nil {
		return true
	}
	var p *client.Problem
	return errors.As(err, &p) && p.Status < 500 && p.Status != 401 && p.Status != 429
}
