package sim

import (
	"slices"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/rider"
)

// act has the riders do what the engine decided. A rider whose next stop is due and who is elsewhere rides there, and
// its orders stay open, free for a better plan until they are picked up (unless the rules give them for good); a rider who is
// there picks them up.
func (w *world) act(now int, in *dispatch.Instance, d *dispatch.Outcome) {
	if w.day.Rules.Sticky {
		w.keep(now, in, d)
	} else {
		for _, a := range d.Give {
			w.start(now, riderIndex(a.Rider), a.Stops)
		}
	}
	w.plan(d, now)
	w.follow(now)
	for _, m := range d.Moves {
		if r := riderIndex(m.Rider); w.riders[r].free <= now && len(w.riders[r].aboard) == 0 {
			w.reposition(now, r, storeIndex(m.Store), nil)
		}
	}
}

// keep gives orders for good: their riders go on with all that they have.
func (w *world) keep(now int, in *dispatch.Instance, d *dispatch.Outcome) {
	for _, a := range d.Give {
		for _, o := range a.Orders {
			w.holder[orderIndex(o)] = riderIndex(a.Rider)
			w.out.Orders[orderIndex(o)].Given = now
			w.riders[riderIndex(a.Rider)].held++
		}
	}
	for _, who := range in.Riders {
		if stops := d.Tentative[who.Rider.ID]; len(stops) > 0 {
			w.start(now, riderIndex(who.Rider.ID), stops)
		}
	}
}

// start has a free rider begin with a plan whose first stop is a pickup.
func (w *world) start(now, r int, stops []rider.Stop) {
	if w.riders[r].free > now || stops[0].Kind != rider.Pickup {
		return // to be told at the next stop
	}
	bundle, doors := firstBundle(stops)
	store := w.day.Orders[bundle[0]].Store
	switch {
	case w.riders[r].store != store:
		w.reposition(now, r, store, bundle)
	case !w.allReady(bundle, now): // the bundle may yet change, or never come
	case w.day.Rules.WholeBundle:
		w.deliver(now, r, store, doors)
	default:
		w.pick(now, r, store, bundle)
	}
}

// allReady reports whether nothing about a bundle is uncertain: once it is given, its rider can't be told to leave without it.
func (w *world) allReady(bundle []int, now int) bool {
	for _, o := range bundle {
		if !w.kitchen.known(o, now) {
			return false
		}
	}
	return true
}

// firstBundle is what a rider takes along at the first stop of a plan, as planned and in the sequence of the doors.
func firstBundle(stops []rider.Stop) (bundle, doors []int) {
	place := stops[0].At
	for _, st := range stops {
		if st.Kind != rider.Pickup || st.At != place {
			break
		}
		bundle = append(bundle, orderIndex(st.Order))
	}
	for _, st := range stops {
		if o := orderIndex(st.Order); st.Kind == rider.Dropoff && slices.Contains(bundle, o) {
			doors = append(doors, o)
		}
	}
	return bundle, doors
}

func (w *world) reposition(now, r, store int, why []int) {
	w.log(now, r, Reposition, store, why)
	c := &w.riders[r]
	c.free = now + w.travel(r, w.day.Stores[store].At)
	c.at, c.store, c.since, c.came, c.began = w.day.Stores[store].At, store, c.free, 0, 0
	if len(why) > 0 {
		c.came, c.began = c.free, now
		w.works(r, now, c.free)
	}
}

// works counts what of a time of work is in the shift.
func (w *world) works(r, from, to int) {
	shift := &w.day.Riders[r]
	w.out.Busy[r] += max(0, min(to, shift.Off)-max(from, shift.On))
}

// deliver is a bundle from pickup to last door in one go.
func (w *world) deliver(now, r, store int, doors []int) {
	w.log(now, r, Deliver, store, doors)
	w.load(now, r, doors)
	for _, o := range doors {
		w.drop(r, o)
	}
}

// pick has a rider wait for the food of a bundle and leave with it.
func (w *world) pick(now, r, store int, bundle []int) {
	w.log(now, r, Pick, store, bundle)
	w.load(now, r, bundle)
	w.riders[r].aboard = append(w.riders[r].aboard, bundle...)
}

// load takes a bundle off the open orders; the rider is busy until it is ready and handed over.
func (w *world) load(now, r int, bundle []int) {
	c := &w.riders[r]
	w.takes(now, r, bundle)
	c.free = max(now+w.day.Rules.ReadyToLeave, c.since+w.day.Stores[c.store].Handoff)
	for _, o := range bundle {
		c.free = max(c.free, w.day.Orders[o].Ready+w.day.Rules.ReadyToLeave)
	}
	for _, o := range bundle {
		f := &w.out.Orders[o]
		if f.Rider, f.Left = r, c.free; w.holder[o] < 0 {
			f.Given = now
		} else {
			c.held--
		}
		w.open = slices.DeleteFunc(w.open, func(x int) bool { return x == o })
	}
	if c.came > 0 { // waiting there is work, for who came for orders
		now = c.came
	}
	w.works(r, now, c.free)
	c.came = c.free
}

// drop rides to a door, from wherever the rider is when free, and hands the order over.
func (w *world) drop(r, o int) {
	c := &w.riders[r]
	to, from := w.day.Orders[o].Dropoff, c.free
	c.free += w.travel(r, to) + int(w.day.Params.DoorHandoff.P50.Seconds())
	c.at, c.store, c.since, c.came, c.idle = to, -1, c.free, 0, c.free
	c.delivered++
	w.works(r, from, c.free)
	w.out.Orders[o].Dropped, w.out.Orders[o].Done = c.free, true
}

// plan notes which doors each rider goes to next, up to the next pickup.
func (w *world) plan(d *dispatch.Outcome, now int) {
	w.planned = now
	for i := range w.riders {
		w.riders[i].next = w.riders[i].next[:0]
	}
	for who, stops := range d.Tentative {
		r := riderIndex(who)
		for _, st := range stops {
			if st.Kind == rider.Pickup {
				break
			}
			w.riders[r].next = append(w.riders[r].next, orderIndex(st.Order))
		}
	}
}

// follow has free riders go on to the doors of their plan.
func (w *world) follow(now int) {
	if w.day.Rules.WholeBundle {
		return
	}
	for i := range w.riders {
		c := &w.riders[i]
		for len(c.next) > 0 && c.free <= now {
			o := c.next[0]
			c.next = c.next[1:]
			c.free = max(c.free, w.planned) // not before the plan said so
			w.log(c.free, i, Drop, -1, []int{o})
			c.aboard = slices.DeleteFunc(c.aboard, func(x int) bool { return x == o })
			w.drop(i, o)
		}
	}
}
