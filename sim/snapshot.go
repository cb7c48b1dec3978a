package sim

import (
	"encoding/binary"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// names are the engine's ids of a day's things, in the day's sequence, and what never changes about them.
type names struct {
	stores map[id.Store]order.Store
	orders []order.Order
	riders []rider.OnShift
}

func storeID(i int) (x id.Store) { number(x[:], i); return x }
func orderID(i int) (x id.Order) { number(x[:], i); return x }
func riderID(i int) (x id.Rider) { number(x[:], i); return x }

func number(x []byte, i int)    { binary.BigEndian.PutUint64(x[8:], uint64(i)+1) }
func orderIndex(x id.Order) int { return int(binary.BigEndian.Uint64(x[8:])) - 1 }
func storeIndex(x id.Store) int { return int(binary.BigEndian.Uint64(x[8:])) - 1 }
func riderIndex(x id.Rider) int { return int(binary.BigEndian.Uint64(x[8:])) - 1 }

func newNames(d *Day) names {
	n := names{stores: make(map[id.Store]order.Store, len(d.Stores)), orders: make([]order.Order, len(d.Orders)), riders: make([]rider.OnShift, len(d.Riders))}
	for i, s := range d.Stores {
		n.stores[storeID(i)] = order.Store{ID: storeID(i), Name: s.Name, At: s.At, Handoff: order.Seconds{P50: s.Handoff, P90: s.Handoff}}
	}
	for i, o := range d.Orders {
		n.orders[i] = order.Order{
			ID: orderID(i), Store: storeID(o.Store), ExternalID: o.Name, State: order.Pending, Pickup: d.Stores[o.Store].At,
			Dropoff: order.Dropoff{At: o.Dropoff}, Load: o.Load, Skills: o.Skills, Vehicles: o.Vehicles, PlacedAt: at(o.Placed), DueAt: at(o.Placed), PromiseAt: at(o.Promise), UpdatedAt: at(o.Placed),
		}
	}
	for i, r := range d.Riders {
		n.riders[i] = rider.OnShift{
			Rider: rider.Rider{ID: riderID(i), Name: r.Name, Vehicle: r.Vehicle, Capacity: r.Capacity, MaxOrders: r.MaxOrders, Skills: r.Skills},
			Shift: rider.Shift{Rider: riderID(i), StartedAt: at(r.On), EndsAt: at(r.Off + d.Rules.ReadyToLeave)},
		}
	}
	return n
}

// shiftsAhead is how long before its start a shift is planned with, seconds: it is booked.
const shiftsAhead = 3600

// snapshot is what the engine may know at a moment, in the form in which the server's rounds read it from the database.
func (w *world) snapshot(now int) *dispatch.Snapshot {
	s := &dispatch.Snapshot{
		Zone: dispatch.Zone{Policy: w.day.Policy}, At: at(now), Stores: w.names.stores,
		ReadySpread: map[id.Order]time.Duration{}, Plans: map[id.Rider]rider.Plan{}, Stands: make(map[id.Rider]dispatch.Stand, len(w.riders)),
	}
	for _, o := range w.open {
		x := w.names.orders[o]
		ready, spread := w.kitchen.expects(o, now)
		t := at(ready + w.day.Rules.ReadyToLeave)
		if x.ReadyEstimate = t; w.kitchen.known(o, now) {
			x.ReadyAt = &t
		} else {
			s.ReadySpread[x.ID] = time.Duration(spread) * time.Second
		}
		if r := w.holder[o]; r >= 0 {
			x.State, x.Rider = order.Assigned, riderID(r)
		}
		s.Orders = append(s.Orders, x)
	}
	for i := range w.riders {
		r, shift := &w.riders[i], &w.day.Riders[i]
		if shift.On > now+shiftsAhead || (shift.Off < now && len(r.aboard) == 0) || w.work.absent(i, now) {
			continue
		}
		who := w.names.riders[i]
		w.work.tell(s, i, now, &who)
		who.Shift.Delivered = r.delivered
		s.Riders = append(s.Riders, who)
		since := r.since
		switch {
		case r.free > now:
			since = r.free
		case r.store >= 0: // the last part of the service comes after the decision
			since = max(since, now-w.day.Stores[r.store].Handoff+w.day.Rules.ReadyToLeave)
		}
		w.standing(s, i, now)
		s.Stands[riderID(i)] = dispatch.Stand{At: r.at, Since: at(since), FreeAt: at(max(r.free, now))}
		if len(r.aboard) > 0 {
			w.aboard(s, i)
		}
		if stops := w.memory.Tentative[riderID(i)]; w.day.Rules.Sticky && len(stops) > 0 { // what they were given stays as it was planned
			s.Plans[riderID(i)] = rider.Plan{Rider: riderID(i), Stops: stops}
		}
	}
	return s
}

// aboard adds what a rider carries: orders that remain with the rider, and the plan to hand them over.
func (w *world) aboard(s *dispatch.Snapshot, r int) {
	plan := rider.Plan{Rider: riderID(r)}
	for _, o := range w.riders[r].aboard {
		x := w.names.orders[o]
		picked := at(w.out.Orders[o].Left)
		x.State, x.Rider, x.PickedUpAt = order.PickedUp, riderID(r), &picked
		s.Orders = append(s.Orders, x)
		plan.Stops = append(plan.Stops, rider.Stop{Order: x.ID, Kind: rider.Dropoff, At: x.Dropoff.At})
	}
	s.Plans[plan.Rider] = plan
}
