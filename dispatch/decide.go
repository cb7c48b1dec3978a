package dispatch

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Assignment is what a round gives one rider now.
type Assignment struct {
	Rider       id.Rider
	Orders      []id.Order   // new to the rider
	Stops       []rider.Stop // the whole plan once taken
	PlanVersion int64        // of the plan that Stops extends
}

// Waiting is an order that gets no rider in this round, and why.
type Waiting struct {
	Order  id.Order
	Reason string    // ReasonHeld, or the solver's word
	Rider  id.Rider  // the rider it is meant for, where held
	Until  time.Time // when it will be given to that rider, where held
}

// Reasons beside the solver's.
const (
	ReasonHeld      = "held"       // meant for a rider, given when that rider should set off
	ReasonOfferOpen = "offer_open" // a rider is thinking
	ReasonPooled    = "pooled"     // riders may claim it
)

// Outcome is what one round comes to.
type Outcome struct {
	Plan      solver.Plan
	Tentative Tentative // for the next round to start from
	Give      []Assignment
	Wait      []Waiting
	Moves     []Move
}

// quietly is how many times less patience is spent on a round without a new order: the last one improved its plan already.
const quietly = 8

// Decide is the pure middle of a round: it solves, checks and splits the plan. A plan that breaks a rule is an error.
func Decide(ctx context.Context, s *Snapshot, in *Instance, m *Memory, o solver.Options) (Outcome, error) {
	if in.news == 0 && m.Tentative != nil {
		o.Patience = (o.Patience + quietly - 1) / quietly
	}
	plan, err := solver.Solve(ctx, &in.Problem, o)
	if err != nil {
		return Outcome{}, fmt.Errorf("solve: %w", err)
	}
	if err := solver.Check(&in.Problem, &plan); err != nil {
		return Outcome{}, fmt.Errorf("the solver's plan breaks a rule: %w", err)
	}
	d := Outcome{Plan: plan, Tentative: tentativeOf(in, &plan)}
	d.Give, d.Wait = split(s, in, &plan)
	d.Moves = m.Demand.reposition(s, in, &plan)
	return d, nil
}

// split parts a plan into what is committed now and what waits. Only the next physical step is committed: a stop's orders
// are given away CommitAhead before their rider should set off for the store; until then a better rider may turn up.
func split(s *Snapshot, in *Instance, plan *solver.Plan) ([]Assignment, []Waiting) {
	var give []Assignment
	var wait []Waiting
	for i, route := range plan.Routes {
		a, held := decideRoute(s, in, int32(i), &route)
		if len(a.Orders) > 0 {
			give = append(give, a)
		}
		wait = append(wait, held...)
	}
	for _, u := range plan.Unassigned {
		wait = append(wait, Waiting{Order: in.Orders[u.Order].ID, Reason: in.whyNobody(string(u.Reason))})
	}
	return give, wait
}

func decideRoute(s *Snapshot, in *Instance, at int32, route *solver.Route) (Assignment, []Waiting) {
	r := &in.Problem.Riders[at]
	ahead := seconds(s.Zone.Policy.CommitAhead())
	a := Assignment{Rider: in.Riders[at].Rider.ID, PlanVersion: s.Plans[in.Riders[at].Rider.ID].Version}
	given := make(map[int32]bool, len(route.Stops))
	var held []Waiting
	for _, d := range in.departures(r, route) {
		if d.at <= ahead {
			given[d.order] = true
			a.Orders = append(a.Orders, in.Orders[d.order].ID)
			continue
		}
		held = append(held, Waiting{
			Order: in.Orders[d.order].ID, Reason: ReasonHeld, Rider: a.Rider,
			Until: in.At.Add(time.Duration(d.at-ahead) * time.Second),
		})
	}
	if len(a.Orders) > 0 {
		a.Stops = in.stops(route, func(o int32) bool { return in.Problem.Orders[o].Rider >= 0 || given[o] })
	}
	return a, held
}

// departure is when a rider should leave at the latest to pick an order up.
type departure struct{ order, at int32 }

// departures are those for the orders that are new to rider r. Orders of a job go with the first of them: the rider is asked
// for all at once.
func (in *Instance) departures(r *solver.Rider, route *solver.Route) []departure {
	var out []departure
	var setOff int32
	var jobs map[int32]int32 // when the first of a job's orders does
	for k, st := range route.Stops {
		if k == 0 || !samePlace(in, route.Stops[k-1], st) {
			setOff = in.setOff(r, route, k)
		}
		o := &in.Problem.Orders[st.Order]
		if o.Rider >= 0 || !st.Pickup {
			continue
		}
		out = append(out, departure{st.Order, setOff})
		if first, ok := jobs[o.Group]; o.Group != 0 && (!ok || setOff < first) {
			if jobs == nil {
				jobs = make(map[int32]int32)
			}
			jobs[o.Group] = setOff
		}
	}
	for i := range out {
		if first, ok := jobs[in.Problem.Orders[out[i].order].Group]; ok {
			out[i].at = first
		}
	}
	return out
}

// setOff is when r should leave for the physical stop that begins at stop k of its route: as late as its food allows,
// were it all as soon as it may be, and not before the stop before is done.
func (in *Instance) setOff(r *solver.Rider, route *solver.Route, k int) int32 {
	from, free := r.At, r.FreeAt
	if k > 0 {
		from, free = in.place(route.Stops[k-1]), route.Depart[k-1]
	}
	service, ready := int32(0), int32(math.MinInt32)
	for i := k; i < len(route.Stops) && (i == k || samePlace(in, route.Stops[i-1], route.Stops[i])); i++ {
		o := &in.Problem.Orders[route.Stops[i].Order]
		service, ready = max(service, o.PickupService), max(ready, o.ReadyAt-o.ReadySpread)
	}
	return max(free, ready-service-in.Problem.Travel.Seconds(r.Vehicle, from, in.place(route.Stops[k])))
}

// samePlace reports whether two neighbours on a route are one physical stop.
func samePlace(in *Instance, a, b solver.Stop) bool {
	return a.Pickup && b.Pickup && in.Problem.Orders[a.Order].Store == in.Problem.Orders[b.Order].Store
}

// place is where a stop is.
func (in *Instance) place(st solver.Stop) geo.LatLng {
	if st.Pickup {
		return in.Problem.Orders[st.Order].Pickup
	}
	return in.Problem.Orders[st.Order].Dropoff
}

// stops writes a route in the rider's terms, for the orders that keep says.
func (in *Instance) stops(route *solver.Route, keep func(int32) bool) []rider.Stop {
	var out []rider.Stop
	for k, st := range route.Stops {
		if !keep(st.Order) {
			continue
		}
		out = append(out, in.meeting(rider.Stop{
			Order: in.Orders[st.Order].ID, Kind: in.kindOf(st), At: in.place(st),
			ArriveAt: in.At.Add(time.Duration(route.Arrive[k]) * time.Second),
			DepartAt: in.At.Add(time.Duration(route.Depart[k]) * time.Second),
		}))
	}
	return out
}
