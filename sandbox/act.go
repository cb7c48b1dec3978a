package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// offerTime is how long a robot's offer stands: longer than any outage that the robot is likely to make up for.
const offerTime = 24 * time.Hour

// stuckError names an order that the lifecycle refused to move: it is left out, so that it doesn't hold up the others.
type stuckError struct {
	order id.Order
	err   error
}

func (e *stuckError) Error() string { return fmt.Sprintf("test order %s: %v", e.order, e.err) }
func (e *stuckError) Unwrap() error { return e.err }

// batch is a set of jobs in the making, of one sandbox, in one transaction. Locks are taken as everywhere: plans, offers, orders.
type batch struct {
	pgx.Tx
	tenant id.Tenant
	now    time.Time

	plans   map[id.Rider]rider.Plan
	changed map[id.Rider]bool
	changes []order.Change
	touched map[id.Zone]*touch
}

// touch is what the bus will be told of a zone.
type touch struct {
	orders []id.Order
	riders []id.Rider
}

// act does all jobs in a fixed number of statements, and returns what the bus should hear of once the transaction has committed.
// A job whose order has changed since it was read is left undone. *stuckError where the lifecycle refuses.
func act(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time, jobs []job) (map[id.Zone]*touch, error) {
	b := &batch{Tx: tx, tenant: tenant, now: now, changed: map[id.Rider]bool{}, touched: map[id.Zone]*touch{}}
	answered, err := b.answerOffers(ctx, jobs)
	if err != nil {
		return nil, err
	}
	jobs, err = b.lock(ctx, jobs)
	if err != nil {
		return nil, err
	}
	var pending []job
	var delivered []id.Rider
	for _, j := range jobs {
		switch j.move.event {
		case order.EventOffered:
			pending = append(pending, j)
		case order.EventOfferAccepted, order.EventOfferDeclined:
			if f, ok := answered[j.order.Offer]; ok {
				b.answer(j, f)
			}
		case order.EventDue:
			b.change(j, j.event(now, order.System), id.Rider{})
		default:
			b.step(j)
			if j.move.event == order.EventDelivered {
				delivered = append(delivered, j.order.Rider)
			}
		}
	}
	if err := b.offer(ctx, pending); err != nil {
		return nil, err
	}
	if err := b.write(ctx); err != nil {
		return nil, err
	}
	if len(delivered) == 0 {
		return b.touched, nil
	}
	return b.touched, rider.CountDeliveries(ctx, tx, tenant, delivered)
}

// answerOffers locks the plans of all riders concerned, and closes the offers that are to be answered. It returns those that it closed.
func (b *batch) answerOffers(ctx context.Context, jobs []job) (map[id.Offer]rider.Offer, error) {
	var accept, decline []id.Offer
	var riders []id.Rider
	for _, j := range jobs {
		switch {
		case j.move.event == order.EventOfferAccepted:
			accept = append(accept, j.order.Offer)
		case j.move.event == order.EventOfferDeclined:
			decline = append(decline, j.order.Offer)
		case !j.order.Rider.IsZero():
			riders = append(riders, j.order.Rider)
		}
	}
	open, err := rider.OffersByID(ctx, b, b.tenant, slices.Concat(accept, decline))
	if err != nil {
		return nil, err
	}
	for _, f := range open {
		riders = append(riders, f.Rider)
	}
	if b.plans, err = rider.LockPlans(ctx, b, b.tenant, riders); err != nil {
		return nil, err
	}
	accepted, err := rider.CloseOffers(ctx, b, b.tenant, accept, rider.OfferAccepted, "", b.now)
	if err != nil {
		return nil, err
	}
	declined, err := rider.CloseOffers(ctx, b, b.tenant, decline, rider.OfferDeclined, string(Decline), b.now)
	if err != nil {
		return nil, err
	}
	closed := make(map[id.Offer]rider.Offer)
	for _, f := range slices.Concat(accepted, declined) {
		closed[f.ID] = f
	}
	return closed, nil
}

// lock locks the orders, and leaves out the jobs whose orders have changed hands since they were read. (A kitchen's word changes nothing
// for the robot; an order whose offer was closed just now can't have.)
func (b *batch) lock(ctx context.Context, jobs []job) ([]job, error) {
	ids := make([]id.Order, len(jobs))
	for i, j := range jobs {
		ids[i] = j.order.ID
	}
	locked, err := order.Lock(ctx, b, b.tenant, ids)
	if err != nil {
		return nil, err
	}
	now := make(map[id.Order]order.Order, len(locked))
	for _, o := range locked {
		now[o.ID] = o
	}
	var out []job
	for _, j := range jobs {
		o := now[j.order.ID]
		if o.State == j.order.State && o.Offer == j.order.Offer && o.Rider == j.order.Rider {
			j.order = o
			out = append(out, j)
		}
	}
	return out, nil
}

// offer proposes each order to a robot of its own, who has not declined it.
func (b *batch) offer(ctx context.Context, jobs []job) error {
	type kind struct {
		zone    id.Zone
		vehicle rider.Vehicle
	}
	byKind := make(map[kind][]job)
	for _, j := range jobs {
		k := kind{j.order.Zone, rider.EBike}
		if len(j.order.Vehicles) > 0 {
			k.vehicle = rider.Vehicle(j.order.Vehicles[0])
		}
		byKind[k] = append(byKind[k], j)
	}
	var offers []rider.Offer
	of := make(map[id.Offer]job, len(jobs))
	for k, jobs := range byKind {
		spare := 0 // so many more, and there is always one who has not declined
		for _, j := range jobs {
			spare = max(spare, len(j.order.RefusedBy))
		}
		robots, err := rider.HireRobots(ctx, b, b.tenant, k.zone, k.vehicle, len(jobs)+spare, b.now)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			i := slices.IndexFunc(robots, func(r id.Rider) bool { return !j.order.RefusedByRider(r) })
			hired := robots[i]
			robots = slices.Delete(robots, i, i+1)
			f := rider.Offer{
				ID: id.NewOffer(), Rider: hired, Zone: k.zone, Round: id.NewRound(), Orders: []id.Order{j.order.ID}, Stops: stops(j),
				MadeAt: b.now, ExpiresAt: b.now.Add(offerTime),
			}
			offers, of[f.ID] = append(offers, f), j
		}
	}
	slices.SortFunc(offers, func(a, c rider.Offer) int { return cmp.Compare(a.ID.String(), c.ID.String()) })
	made, err := rider.MakeOffers(ctx, b, b.tenant, offers)
	if err != nil {
		return err
	}
	for _, f := range offers {
		if !slices.Contains(made, f.ID) { // somebody else's offer came first
			continue
		}
		e := of[f.ID].event(b.now, order.Engine)
		e.Rider, e.Offer = f.Rider, f.ID
		b.change(of[f.ID], e, f.Rider)
	}
	return nil
}

// stops are the robot's plan for an order: where it will be when by the script.
func stops(j job) []rider.Stop {
	o := j.order
	at := func(s order.State) time.Time {
		m, _ := next(s, o.Declines, j.fault)
		return o.DueAt.Add(m.after)
	}
	return []rider.Stop{
		{Order: o.ID, Kind: rider.Pickup, At: o.Pickup, ArriveAt: at(order.Assigned), DepartAt: at(order.AtStore)},
		{Order: o.ID, Kind: rider.Dropoff, At: o.Dropoff.At, ArriveAt: at(order.PickedUp), DepartAt: at(order.AtDoor)},
	}
}

func (b *batch) answer(j job, f rider.Offer) {
	e := j.event(b.now, robot(f.Rider))
	e.Rider, e.Offer = f.Rider, f.ID
	if j.move.event == order.EventOfferAccepted {
		b.plan(f.Rider, j.order.Zone, f.Stops)
	} else {
		e.Reason = string(Decline)
	}
	b.change(j, e, f.Rider)
}

// step is what the rider does with an order, and what that leaves of the plan.
func (b *batch) step(j job) {
	o := j.order
	e := j.event(b.now, robot(o.Rider))
	e.Rider = o.Rider
	plan := b.plans[o.Rider]
	switch j.move.event {
	case order.EventPickedUp:
		plan = plan.Without(o.ID, rider.Pickup)
	case order.EventDeliveryFailed:
		e.Reason, e.Fault = string(j.fault), string(order.ActorCustomer)
		plan.Stops = slices.Clone(plan.Stops)
		for i := range plan.Stops { // the drop-off is now at the store
			plan.Stops[i].At = o.Pickup
		}
	case order.EventDelivered:
		plan = plan.Without(o.ID)
		e.Proof = &order.Proof{PIN: o.Demand.PIN, Barcode: o.Demand.Barcode, AgeChecked: o.Demand.MinAge > 0}
		if o.Demand.Photo || o.Demand.Signature { // the robot has no camera
			e.Actor = order.System
		}
	case order.EventReturned:
		plan = plan.Without(o.ID)
	}
	b.plan(o.Rider, o.Zone, plan.Stops)
	b.change(j, e, o.Rider)
	if j.move.event == order.EventArrivedAtStore && j.fault == Delay20Min {
		b.changes = append(b.changes, lateFood(o, b.now))
	}
}

// lateFood is the kitchen's word with Delay20Min.
func lateFood(o order.Order, now time.Time) order.Change {
	ready := o.ReadyTime().Add(foodIsLate)
	return order.Change{Order: o.ID, Event: order.Event{
		Type: order.EventReadyEstimateChanged, At: now, Actor: order.System, ReadyEstimate: &ready, Reason: string(Delay20Min),
	}}
}

func robot(r id.Rider) order.Actor { return order.Actor{Kind: order.ActorRider, ID: r.UUID()} }

func (b *batch) plan(r id.Rider, zone id.Zone, stops []rider.Stop) {
	p := b.plans[r]
	p.Rider, p.Zone, p.Stops = r, zone, stops
	b.plans[r], b.changed[r] = p, true
}

func (b *batch) change(j job, e order.Event, r id.Rider) {
	b.changes = append(b.changes, order.Change{Order: j.order.ID, Event: e})
	t := b.touched[j.order.Zone]
	if t == nil {
		t = &touch{}
		b.touched[j.order.Zone] = t
	}
	t.orders = append(t.orders, j.order.ID)
	if !r.IsZero() {
		t.riders = append(t.riders, r)
	}
}

func (b *batch) write(ctx context.Context) error {
	outcomes, err := order.ApplyAll(ctx, b, b.tenant, b.changes)
	if err != nil {
		return err
	}
	for i, out := range outcomes {
		if out.Err != nil {
			return &stuckError{b.changes[i].Order, out.Err}
		}
		if !out.Repeated {
			if err := ledger.EndOrder(ctx, b, b.tenant, out.Order); err != nil {
				return err
			}
		}
	}
	plans := make([]rider.Plan, 0, len(b.changed))
	for r := range b.changed {
		p := b.plans[r]
		p.Version++
		plans = append(plans, p)
	}
	return rider.SavePlans(ctx, b, b.tenant, b.now, plans)
}
