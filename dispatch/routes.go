package dispatch

import (
	"slices"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// routes gives each rider the route to start from: the last round's, where it still fits what is so, else the own stops.
func (b *builder) routes(warm Tentative) {
	taken := make(map[int32]bool) // pending orders that a route mentions already
	for i := range b.in.Problem.Riders {
		r := &b.in.Problem.Riders[i]
		who := b.in.Riders[i].Rider.ID
		own := b.known(b.stops(who), int32(i))
		r.Route = own
		if _, stands := b.snap.Stands[who]; len(own) > 0 && !stands {
			r.Held = b.underWay(own)
			if b.snap.Zone.Policy.AppendOnly {
				r.Held = max(r.Held, b.accepted(own))
			}
		}
		if tentative, ok := warm[who]; ok {
			if route, ok := b.refresh(tentative, own, int32(i), taken); ok {
				r.Route = route
			}
		}
	}
}

// known turns stops into the solver's, leaving out those of orders that are no longer this rider's.
func (b *builder) known(stops []rider.Stop, at int32) []solver.Stop {
	var out []solver.Stop
	for _, st := range stops {
		o, ok := b.in.find(st.Order, at)
		if !ok || b.in.Problem.Orders[o].Rider != at {
			continue
		}
		pickup := st.Kind.Loads()
		if pickup && b.in.Problem.Orders[o].OnBoard {
			continue
		}
		out = append(out, solver.Stop{Order: o, Pickup: pickup})
	}
	return out
}

// underWay counts the leading stops that the rider is driving to or serving: one place, so a pickup's neighbours of the
// same store belong to it. A stop is under way only once its order is the rider's: a mere offer is not.
func (b *builder) underWay(own []solver.Stop) int32 {
	first := own[0]
	if b.in.Orders[first.Order].State == order.Offered {
		return 0
	}
	n := int32(1)
	for _, st := range own[1:] {
		if !samePlace(b.in, first, st) || b.in.Orders[st.Order].State == order.Offered {
			break
		}
		n++
	}
	return n
}

// accepted counts the leading stops of orders that are the rider's, not merely offered.
func (b *builder) accepted(own []solver.Stop) int32 {
	for i, st := range own {
		if b.in.Orders[st.Order].State == order.Offered {
			return int32(i)
		}
	}
	return int32(len(own))
}

// refresh brings the last round's route up to date: stops done since are dropped, and it must still serve exactly the
// rider's own orders, in an order that keeps what is under way first. ok is false where it does not fit any more.
func (b *builder) refresh(tentative []rider.Stop, own []solver.Stop, at int32, taken map[int32]bool) (route []solver.Stop, ok bool) {
	r := &b.in.Problem.Riders[at]
	missing := make(map[solver.Stop]bool, len(own))
	for _, st := range own {
		missing[st] = true
	}
	room := int(r.MaxOrders) - countDropoffs(own)
	extra := make(map[int32]bool)
	for _, st := range tentative {
		o, open := b.in.find(st.Order, at)
		if !open {
			continue
		}
		stop := solver.Stop{Order: o, Pickup: st.Kind.Loads()}
		if missing[stop] {
			delete(missing, stop)
			route = append(route, stop)
			continue
		}
		if stop.Pickup && b.in.Problem.Orders[o].Rider < 0 && !taken[o] && len(extra) < room {
			extra[o] = true
		}
		if extra[o] {
			route = append(route, stop)
		}
	}
	if len(missing) > 0 || len(route) < len(own) || !slices.Equal(route[:r.Held], own[:r.Held]) {
		return nil, false
	}
	for o := range extra {
		taken[o] = true
	}
	return route, true
}

func countDropoffs(own []solver.Stop) int {
	n := 0
	for _, st := range own {
		if !st.Pickup {
			n++
		}
	}
	return n
}

// tentativeOf keeps a plan for the next round's warm start.
func tentativeOf(in *Instance, plan *solver.Plan) Tentative {
	out := make(Tentative)
	for i, route := range plan.Routes {
		if len(route.Stops) == 0 {
			continue
		}
		stops := make([]rider.Stop, len(route.Stops))
		for k, st := range route.Stops {
			stops[k] = rider.Stop{Order: in.Orders[st.Order].ID, Kind: in.kindOf(st)}
		}
		out[in.Riders[i].Rider.ID] = stops
	}
	return out
}
