package solver

import "math"

// reach sums up where and when a rider is, to tell with one square root that an
// order is not worth pricing there. The riders' grid keeps them in the order in
// which they are looked at, one cache line each.
type reach struct {
	middle  vec     // an idle rider's position
	radius  float64 // metres around middle that hold all places from which the route may still change
	from    int32   // departure from the first of them
	end     int32   // last departure
	longest int32   // longest leg between them, seconds
	wait    int32   // all waiting for food on the way, which can absorb a delay
	stays   float64 // rider.stays
	since   int32   // an idle rider's rider.since
	tail    float64 // cost of where the route ends
	rider   int32
	vehicle uint8
	full    bool // no more orders
	pay     float64
}

func (s *state) reachOf(r int32, t *route) reach {
	ro, v := &s.riders[r], t.v
	out := reach{from: ro.since, end: t.end, since: ro.since, tail: s.endOf(ro, v), stays: ro.stays, wait: ro.freeAt - ro.since, rider: r, vehicle: ro.vehicle, full: t.orders >= ro.maxOrders,
		pay: ro.pay}
	at, held := ro.at, min(int(ro.held), len(v)) // a route may not be set yet
	if held > 0 {
		at, out.from = v[held-1].at, v[held-1].depart
	}
	rest := v[held:]
	out.middle = at
	for i := range rest {
		x, service := &rest[i], s.orders[rest[i].order].dropService
		out.middle.x += x.at.x
		out.middle.y += x.at.y
		out.middle.z += x.at.z
		out.longest = max(out.longest, x.leg)
		switch {
		case x.merged:
			out.wait += max(0, x.depart-v[held+i-1].depart)
		case x.pickup:
			service = s.orders[x.order].pickService
			fallthrough
		default:
			out.wait += x.depart - x.arrive - service
		}
	}
	n := 1 / float64(len(rest)+1)
	out.middle = vec{out.middle.x * n, out.middle.y * n, out.middle.z * n}
	far := out.middle.chord2(at)
	for i := range rest {
		far = max(far, out.middle.chord2(rest[i].at))
	}
	out.radius = math.Sqrt(far)
	return out
}

// least is a lower bound of the cost of giving x to the rider of t.
//
// With the pickup d away from every place of the route, either it goes last:
// then all of the ride, d and direct, is extra work. Or it goes between two
// places: then the last drop-off is delayed by the way there and back, less
// the leg saved and the waiting that absorbs it.
func (s *state) least(x *order, t *reach) float64 {
	away, p := int32(0), s.paces[t.vehicle]
	if d := math.Sqrt(t.middle.chord2(x.pick)) - t.radius - 1; d > 0 {
		away = min(int32(min(d*p.perMetre, maxLeg)), maxLeg-p.fixed) + p.fixed
	}
	after := s.scratch.direct[t.vehicle] + x.dropService
	done := max(t.end+away+x.pickService, x.ready) + after
	last := s.w.own(x, done) + s.w.work*float64(done-t.end) + x.end*t.stays - t.tail
	done = max(t.from+away+x.pickService, x.ready) + after
	delay := max(0, 2*away+x.pickService-t.longest-t.wait)
	between := s.w.own(x, done) + (s.w.door+s.w.work)*float64(delay)
	return min(last, between) + t.pay
}
