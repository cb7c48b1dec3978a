package backtest

import (
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/sim"
)

// Day is the window as the simulator plays it: seconds count from its beginning, riders can be told something new at every
// stop, ready times are known from the moment that an order is due.
func (h *History) Day(policy dispatch.Policy) *sim.Day {
	d := &sim.Day{Name: h.Zone.Name, Start: h.From, Params: eta.Default(), Policy: policy, Ready: sim.ReadyExact}
	d.Orders = make([]sim.Order, 0, len(h.Orders))
	type site struct {
		store id.Store
		at    geo.LatLng
	}
	stores := map[site]int{} // a store that has moved is two
	for i := range h.Orders {
		o := &h.Orders[i]
		s := site{o.Store, o.Pickup}
		k, ok := stores[s]
		if !ok {
			k = len(d.Stores)
			stores[s] = k
			store := h.Stores[o.Store]
			d.Stores = append(d.Stores, sim.Store{Name: store.Name, At: o.Pickup, Handoff: store.Handoff.P50})
		}
		d.Orders = append(d.Orders, sim.Order{
			Name: o.ID.String(), Store: k, Dropoff: o.Dropoff.At, Placed: h.second(o.DueAt), Ready: h.second(ready(o)), Promise: h.second(o.PromiseAt),
			Load: o.Load, Skills: o.Skills, Vehicles: o.Vehicles,
		})
	}
	middle := geo.Middle(h.Zone.Cells)
	for i := range h.Shifts {
		s := &h.Shifts[i]
		at, seen := h.Starts[i]
		if !seen {
			at = middle
		}
		on, off := h.second(clock.Later(s.Shift.StartedAt, h.From)), h.second(ends(s.Shift))
		if off > on {
			d.Riders = append(d.Riders, sim.Rider{
				Name: s.Rider.Name, Person: s.Rider.ID.String(), At: at, On: on, Off: off, Vehicle: s.Rider.Vehicle, Capacity: s.Rider.Capacity, MaxOrders: s.Rider.MaxOrders, Skills: s.Skills,
			})
		}
	}
	return d
}

// Recorded is what really became of a day's orders.
func (h *History) Recorded(d *sim.Day) *sim.Result {
	r := &sim.Result{Day: d, Orders: make([]sim.Fate, len(h.Orders)), Busy: make([]int, len(d.Riders)), Known: len(h.Orders)}
	for i := range h.Orders {
		o, f := &h.Orders[i], &r.Orders[i]
		f.Rider = -1
		if o.PickedUpAt != nil {
			f.Left = h.second(*o.PickedUpAt)
		}
		if o.State == order.Delivered && o.EndedAt != nil {
			f.Dropped, f.Done = h.second(*o.EndedAt), true
		} else {
			r.Unserved++
		}
	}
	return r
}

// ready is when the food was ready: as the store said, else as it was last expected, and not after it was taken along.
func ready(o *order.Order) time.Time {
	t := o.ReadyTime()
	if o.PickedUpAt != nil {
		t = clock.Earlier(t, *o.PickedUpAt)
	}
	return t
}

// second is the whole second that t is in, from the window's beginning on.
func (h *History) second(t time.Time) int {
	d := t.Sub(h.From)
	s := int(d / time.Second)
	if d < 0 && d%time.Second != 0 {
		s--
	}
	return s
}
