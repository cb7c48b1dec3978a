package solver

import "math"

// reach sums up where and when a rider is, to tell from afar that an order is not worth pricing there. The riders' grid keeps
// them in the order in which they are looked at.
type reach struct {
	end     int32 // last departure
	there   int32 // last arrival
	from    int32 // departure from the first place after which the route may still change
	since   int32 // an idle rider's rider.since
	slack   int32 // seconds of a delay that can't be felt at the end: the longest leg between such places, and all waiting for food
	rider   int32
	vehicle uint8
	full    bool    // no more orders
	pairs   int64   // of places to insert an order's stops
	last    vec     // where the route ends
	each    float64 // rider.each
	tail    float64 // cost of where the route ends
	stays   float64 // rider.stays
	middle  vec     // of such places; an idle rider's position
	radius  float64 // metres around middle that hold them
	radius2 float64 // its square
}

func (s *state) reachOf(r int32, t *route) reach {
	ro, v := &s.riders[r], t.v
	out := reach{from: ro.since, end: t.end, there: t.end, since: ro.since, tail: s.endOf(ro, v), stays: ro.stays, slack: ro.freeAt - ro.since, rider: r, vehicle: ro.vehicle, full: t.orders >= ro.maxOrders,
		each: ro.each}
	at, held := ro.at, min(int(ro.held), len(v)) // a route may not be set yet
	if held > 0 {
		at, out.from = v[held-1].at, v[held-1].depart
		if v[held-1].pickup { // which another one may join
			out.from = v[held-1].arrive
		}
	}
	rest, longest := v[held:], int32(0)
	out.pairs = pairs(len(rest))
	out.middle, out.last = at, at
	if len(rest) > 0 {
		out.last, out.there = rest[len(rest)-1].at, rest[len(rest)-1].arrive
	}
	for i := range rest {
		x, service := &rest[i], s.orders[rest[i].order].dropService
		out.middle.x += x.at.x
		out.middle.y += x.at.y
		out.middle.z += x.at.z
		longest = max(longest, x.leg)
		switch {
		case x.merged:
			out.slack += max(0, x.depart-v[held+i-1].depart)
		case x.pickup:
			service = s.orders[x.order].pickService
			fallthrough
		default:
			out.slack += x.depart - x.arrive - service
		}
	}
	n := 1 / float64(len(rest)+1)
	out.middle = vec{out.middle.x * n, out.middle.y * n, out.middle.z * n}
	far := out.middle.chord2(at)
	for i := range rest {
		far = max(far, out.middle.chord2(rest[i].at))
	}
	out.slack += longest
	out.radius = math.Sqrt(far) + 1 // a metre for rounding
	out.radius2 = out.radius * out.radius
	return out
}

// worth reports whether giving x to the rider of t may cost less than limit. It weighs the three ways to do it.
//
// Both stops last: that is the cost, but for food that may be late and parts of a second. Both between others: the last drop-off
// comes later by the way to the store and back, less the leg saved and the waiting that absorbs it; and not before the food is
// ready, brought, and the rider back from the door. Or the pickup between and the drop-off last: the last drop-off comes later for
// the pickup, and the ride to the door is extra work.
func (s *state) worth(x *order, t *reach, limit float64) bool {
	p := &s.paces[t.vehicle]
	direct := s.scratch.direct[t.vehicle] + x.dropService
	limit -= t.each
	end := x.end*t.stays - t.tail

	arrive, ride := t.since, int32(0) // there already
	if d := t.last.chord2(x.pick); d > 0 {
		ride = p.atLeast(math.Sqrt(d))
		arrive = t.end + ride
	}
	done := max(arrive+x.pickService, x.ready) + direct
	if s.w.own(x, done)+s.w.work*float64(done-t.end)+end < limit {
		return true
	}

	detour, leave := -t.slack, t.from // the pickup may join a stop that there is already
	if d := t.middle.chord2(x.pick); d > t.radius2 {
		away := p.atLeast(math.Sqrt(d) - t.radius)
		detour += 2*away + x.pickService
		leave += away + x.pickService
	}
	leave = max(leave, x.ready)
	delay := max(0, detour, leave+ride-t.there)
	cost := s.w.door*float64(delay) + end
	done = max(t.end+delay+x.dropService, leave+direct)
	last := s.w.own(x, done)+s.w.work*float64(done-t.end)+cost < limit
	own, later := s.w.own(x, leave+direct), s.w.door+s.w.work
	between := own+later*float64(max(0, detour+x.dropService, leave+direct-t.there)) < limit
	if !last && !between {
		return false
	}
	home := int32(0)
	if d := t.last.chord2(x.drop); d > 0 {
		home = p.atLeast(math.Sqrt(d))
	}
	if between && own+later*float64(max(0, detour+x.dropService, leave+direct+home-t.there)) < limit {
		return true
	}
	done = max(t.end+delay+home+x.dropService, leave+direct)
	return s.w.own(x, done)+s.w.work*float64(done-t.end)+cost < limit
}
