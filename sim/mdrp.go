package sim

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/rider"
)

// MDRPRules are the two sets of rules under which Grubhub's days are played.
type MDRPRules string

// The rules.
const (
	// MDRPStrict are those of Reyes et al. 2018: a bundle comes from one restaurant, and nothing reaches its courier until it
	// is delivered.
	MDRPStrict MDRPRules = "strict"
	// MDRPPlatform lets pickups of several restaurants interleave and a courier be told something new at every stop.
	MDRPPlatform MDRPRules = "platform"
)

const minute = 60

// Day is the instance as the simulator plays it. The service at a restaurant is half before and half after the pickup, which
// is not before the food is ready: so the courier leaves at max(arrival + service, ready + half the service). A drop-off
// is half a service before the end of the stop; the promise is shifted alike.
func (m *MDRP) Day(rules MDRPRules, ready ReadyTimes, policy dispatch.Policy) *Day {
	half := m.DropoffService * minute / 2
	d := &Day{Name: m.Name, Policy: policy, Ready: ready, Rules: Rules{WholeBundle: rules == MDRPStrict, ReadyToLeave: m.PickupService * minute / 2}}
	d.Policy.OneStore = rules == MDRPStrict
	d.Policy.GuaranteePerHour = m.PayPerHour / m.PayPerOrder
	d.Params = mdrpParams(m)
	for _, r := range m.Restaurants {
		d.Stores = append(d.Stores, Store{Name: r.ID, At: onGlobe(r.At), Handoff: m.PickupService * minute})
	}
	for _, o := range m.Orders {
		d.Orders = append(d.Orders, Order{Name: o.ID, Store: o.Restaurant, Dropoff: onGlobe(o.At), Placed: o.Placed * minute,
			Ready: o.Ready * minute, Promise: (o.Placed+m.Target)*minute + half, Load: 1})
	}
	for _, c := range m.Couriers {
		d.Riders = append(d.Riders, Rider{Name: c.ID, At: onGlobe(c.At), On: c.On * minute, Off: c.Off * minute,
			Vehicle: rider.Car, Capacity: mdrpCapacity, MaxOrders: mdrpCapacity})
	}
	return d
}

// MDRPPolicy is what the days are played with: the default one, a round each minute, riders told when they should set off,
// and no limits that the rules don't have.
//
// Where ready times are only estimated, riders set off sooner, lateness costs hardly more than its minutes, since who is late
// already must not keep the others waiting, and pay costs more. Under platform rules, where an order may change riders up to
// its pickup, saving pay costs the customers less time, and fewer are late anyway.
func MDRPPolicy(rules MDRPRules, ready ReadyTimes) dispatch.Policy {
	p := dispatch.DefaultPolicy()
	p.IntervalS, p.Mode, p.CommitAheadS, p.MaxOrders, p.MaxDetourS = minute, dispatch.ModeForce, minute, mdrpCapacity, 0
	p.Position, p.Reposition = 0.2, true
	p.Objective.Late, p.Objective.VeryLate, p.Objective.Pay = 1, 0.2, 2.2
	if rules == MDRPPlatform {
		p.Objective.Late, p.Objective.Pay = 0.8, 2.4
	}
	if ready == ReadyEstimated {
		p.CommitAheadS = 10 * minute
		p.Objective.Late, p.Objective.VeryLate, p.Objective.Pay = 0.1, 0, 4
	}
	return p
}

// mdrpCapacity is no limit: the rules have none.
const mdrpCapacity = 50

// mdrpParams are the instance's speed, on the shrunken plane, in whole minutes.
func mdrpParams(m *MDRP) eta.Params {
	p := eta.Default()
	v := eta.Vehicle{SpeedMps: m.MetresPerMinute / minute * planeScale, Detour: 1, Step: minute * time.Second, Spread: 1}
	p.Vehicles = map[string]eta.Vehicle{}
	for _, kind := range rider.Vehicles() {
		p.Vehicles[string(kind)] = v
	}
	service := time.Duration(m.DropoffService) * time.Minute
	p.DoorHandoff = eta.Range{P50: service, P90: service}
	return p
}

// RunMDRP plays an instance and returns what every courier was told and what came of it.
func RunMDRP(ctx context.Context, m *MDRP, rules MDRPRules, ready ReadyTimes, policy dispatch.Policy, o Options) ([]Instruction, *Solution, *Result, error) {
	result, err := Run(ctx, m.Day(rules, ready, policy), o)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("instance %s: %w", m.Name, err)
	}
	log := instructions(result)
	return log, m.solution(result, log), result, nil
}

func instructions(r *Result) []Instruction {
	log := make([]Instruction, 0, len(r.Log))
	for _, e := range r.Log {
		x := Instruction{At: e.At / minute, Courier: e.Rider, Kind: e.Kind, Store: e.Store, Known: e.Known}
		if e.Kind == Reposition {
			x.For = e.Orders
		} else {
			x.Orders = e.Orders
		}
		log = append(log, x)
	}
	slices.SortStableFunc(log, func(a, b Instruction) int { return a.At - b.At })
	return log
}

// solution writes what happened in the library's terms, from the simulator's own record.
func (m *MDRP) solution(r *Result, log []Instruction) *Solution {
	s := &Solution{Moves: make([][]Move, len(m.Couriers))}
	half := m.PickupService / 2
	for o, f := range r.Orders {
		if f.Done {
			s.Deliveries = append(s.Deliveries, Delivery{Order: o, Courier: f.Rider, Pickup: f.Left/minute - half, Dropoff: f.Dropped/minute - m.DropoffService/2})
		}
	}
	here := make([]Place, len(m.Couriers))
	free := make([]int, len(m.Couriers)) // when the courier can leave here
	for i := range here {
		here[i] = Place{OnLocation, i}
	}
	ride := func(c int, depart int, to Place) {
		s.Moves[c] = append(s.Moves[c], Move{Depart: depart, From: here[c], To: to})
		here[c] = to
	}
	for _, x := range log {
		c := x.Courier
		switch x.Kind {
		case Reposition:
			ride(c, x.At, Place{AtRestaurant, x.Store})
		case Drop:
			ride(c, x.At, Place{AtCustomer, x.Orders[0]})
		default:
			left := r.Orders[x.Orders[0]].Left / minute
			s.Bundles = append(s.Bundles, Bundle{Assigned: x.At, Pickup: left - half, Courier: c, Orders: x.Orders})
			if x.Kind != Deliver {
				continue
			}
			free[c] = left
			for _, o := range x.Orders {
				ride(c, free[c], Place{AtCustomer, o})
				free[c] = r.Orders[o].Dropped / minute
			}
		}
	}
	return s
}
