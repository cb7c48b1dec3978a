package dispatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
)

// Mode is how an order reaches a rider.
type Mode string

// The modes.
const (
	ModeOffer Mode = "offer" // proposed, the rider answers within OfferTTL
	ModeForce Mode = "force" // assigned without asking
	ModePool  Mode = "pool"  // shown to the riders nearby, who claim it
)

// Policy is how a zone is dispatched. It is stored as JSON; a field left out has its default.
type Policy struct {
	IntervalS    int  `json:"interval_s" minimum:"1" maximum:"600" doc:"Seconds between rounds."`
	BudgetMS     int  `json:"budget_ms" minimum:"1" maximum:"60000" doc:"Time the solver may improve a plan, milliseconds."`
	Mode         Mode `json:"mode" enum:"offer,force,pool" doc:"offer: riders are asked. force: riders are told. pool: the riders nearby see the orders that wait, and claim them."`
	OfferTTLS    int  `json:"offer_ttl_s" minimum:"5" maximum:"600" doc:"Seconds a rider has to answer an offer."`
	CommitAheadS int  `json:"commit_ahead_s" minimum:"0" maximum:"3600" doc:"An order is given away this long before its rider should set off for the store; until then the plan may still change."`
	StaleAfterS  int  `json:"stale_after_s" minimum:"10" maximum:"3600" doc:"A rider not heard of for so long gets no new orders."`
	RefusalS     int  `json:"refusal_s" minimum:"0" maximum:"86400" doc:"Riders who declined an order, or let its offer expire, are asked again once nothing else has happened to it for so many seconds."`

	GiveBack bool `json:"give_back" doc:"Riders may give an order back to the queue before they pick it up. They are not asked for it again for refusal_s; nothing else follows."`

	HandoverS int `json:"handover_s" minimum:"0" maximum:"3600" doc:"Seconds a rider has to answer a colleague who wants to hand orders over. 0: riders can't hand orders over."`
	MeetS     int `json:"meet_s" minimum:"0" maximum:"7200" doc:"Seconds after the giver is expected at the meeting place within which orders on board have to change hands: then the giver keeps them. 0: no limit."`

	PoolAfter   int `json:"pool_after" minimum:"0" maximum:"50" doc:"An order that so many riders declined, or let the offer of expire, goes into the pool, where the riders nearby may claim it. 0: never, unless the mode is pool."`
	PoolRadiusM int `json:"pool_radius_m" minimum:"100" maximum:"50000" doc:"Metres from the store within which riders see and may claim a pooled order."`
	PoolWindowS int `json:"pool_window_s" minimum:"0" maximum:"300" doc:"Seconds after an order enters the pool in which claims are collected; then the best gets it, and later on whoever claims it first. 0: always the first."`
	PoolForS    int `json:"pool_for_s" minimum:"0" maximum:"86400" doc:"An order that nobody has claimed for so many seconds is given to a rider by the engine too: offered, or forced by mode. 0: never."`

	MaxOrders  int  `json:"max_orders" minimum:"1" maximum:"50" doc:"Orders a rider may have at once; the rider's own limit applies too."`
	MaxStops   int  `json:"max_stops" minimum:"0" maximum:"100" doc:"Stops in a route, 0 for no limit."`
	MaxDetourS int  `json:"max_detour_s" minimum:"0" maximum:"7200" doc:"Seconds an order may ride along beyond its direct way, 0 for no limit."`
	AppendOnly bool `json:"append_only" doc:"Orders that a rider takes on come after all that the rider has already; off: they may come in between, and the rider is told what moved."`
	OneStore   bool `json:"one_store" doc:"Bundle orders of one store only."`

	GuaranteePerHour float64 `json:"guarantee_per_hour" minimum:"0" maximum:"100" doc:"Orders for each hour of a shift that the rider's guaranteed pay covers anyway: they cost no pay. 0: all cost."`

	Position   float64 `json:"position" minimum:"0" maximum:"10" doc:"Price, in minutes, of each minute that a route ends away from where orders have come from lately."`
	Reposition bool    `json:"reposition" doc:"Idle riders are told where to wait. Simulations only: riders' apps don't show it yet."`

	Hours       Hours      `json:"hours,omitempty" maxItems:"50" doc:"For when orders are taken, in the tenant's time zone; empty: always. What is wanted at another time is refused."`
	ClosedUntil *time.Time `json:"closed_until,omitempty" doc:"Until then no orders are taken, whatever the hours: a storm, a strike. Those placed are delivered."`

	Privacy Privacy `json:"privacy" doc:"What riders, merchants and customers learn of each other."`

	Geofence Geofence `json:"geofence" doc:"When a rider's positions suggest an arrival at a store or door. They never prove one."`

	Work Work `json:"work" doc:"How long riders may work."`

	Shifts Shifts `json:"shifts" doc:"How riders come to work."`

	Fairness Fairness `json:"fairness" doc:"What it is worth that work and earnings are shared among riders."`

	Objective solver.Objective `json:"objective" doc:"Weights of the cost terms, in minutes."`
}

// DefaultPolicy is what a new zone starts with.
func DefaultPolicy() Policy {
	return Policy{
		IntervalS: 10, BudgetMS: 500, Mode: ModeOffer, OfferTTLS: 45, CommitAheadS: 120, StaleAfterS: 180, RefusalS: 600, HandoverS: 120, MeetS: 900,
		PoolRadiusM: 3000, PoolWindowS: 10, MaxOrders: 5, MaxStops: 0, MaxDetourS: 1200, Position: 0.2,
		Privacy: DefaultPrivacy(), Geofence: DefaultGeofence(), Shifts: DefaultShifts(), Work: DefaultWork(), Fairness: DefaultFairness(),
		Objective: solver.DefaultObjective(),
	}
}

// ParsePolicy reads a policy over the defaults and refuses unknown fields and values out of range.
func ParsePolicy(data []byte) (Policy, error) { return parsePolicyOver(DefaultPolicy(), data) }

func parsePolicyOver(p Policy, data []byte) (Policy, error) {
	if len(data) == 0 {
		return p, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return p, fmt.Errorf("policy: %w", err)
	}
	if faults := p.Validate(); len(faults) > 0 {
		return p, &PolicyError{Faults: faults}
	}
	return p, nil
}

// Fault is one wrong field of a policy.
type Fault struct {
	Field, Message string
	Value          any
}

// PolicyError lists all that is wrong with a policy.
type PolicyError struct{ Faults []Fault }

func (e *PolicyError) Error() string {
	f := e.Faults[0]
	if len(e.Faults) == 1 {
		return fmt.Sprintf("policy: %s %s (is %v)", f.Field, f.Message, f.Value)
	}
	return fmt.Sprintf("policy: %s %s (is %v), and %d more", f.Field, f.Message, f.Value, len(e.Faults)-1)
}

// Validate lists the fields out of range.
func (p Policy) Validate() []Fault {
	var faults []Fault
	within := func(field string, v, low, high int) {
		if v < low || v > high {
			faults = append(faults, outOfRange(field, v, low, high))
		}
	}
	within("interval_s", p.IntervalS, 1, 600)
	within("budget_ms", p.BudgetMS, 1, 60_000)
	within("offer_ttl_s", p.OfferTTLS, 5, 600)
	within("commit_ahead_s", p.CommitAheadS, 0, 3600)
	within("stale_after_s", p.StaleAfterS, 10, 3600)
	within("refusal_s", p.RefusalS, 0, 86_400)
	within("handover_s", p.HandoverS, 0, 3600)
	within("meet_s", p.MeetS, 0, 7200)
	within("pool_after", p.PoolAfter, 0, 50)
	within("pool_radius_m", p.PoolRadiusM, 100, 50_000)
	within("pool_window_s", p.PoolWindowS, 0, 300)
	within("pool_for_s", p.PoolForS, 0, 86_400)
	within("max_orders", p.MaxOrders, 1, 50)
	within("max_stops", p.MaxStops, 0, 100)
	within("max_detour_s", p.MaxDetourS, 0, 7200)
	if !(p.GuaranteePerHour >= 0 && p.GuaranteePerHour <= 100) {
		faults = append(faults, Fault{"guarantee_per_hour", "must be 0 to 100", p.GuaranteePerHour})
	}
	if !(p.Position >= 0 && p.Position <= 10) {
		faults = append(faults, Fault{"position", "must be 0 to 10", p.Position})
	}
	faults = append(faults, p.Hours.faults()...)
	faults = append(faults, p.Privacy.faults()...)
	faults = append(faults, p.Geofence.faults()...)
	faults = append(faults, p.Shifts.faults()...)
	faults = append(faults, p.Work.faults()...)
	faults = append(faults, p.Fairness.faults()...)
	if p.Mode != ModeOffer && p.Mode != ModeForce && p.Mode != ModePool {
		faults = append(faults, Fault{"mode", "must be offer, force or pool", p.Mode})
	}
	for _, w := range []struct {
		field string
		v     float64
	}{
		{"click_to_door", p.Objective.ClickToDoor}, {"late", p.Objective.Late}, {"very_late", p.Objective.VeryLate},
		{"work", p.Objective.Work}, {"pay", p.Objective.Pay}, {"unassigned", p.Objective.Unassigned},
	} {
		if !(w.v >= 0 && w.v <= 1e6) {
			faults = append(faults, Fault{"objective." + w.field, "must be 0 to 1000000", w.v})
		}
	}
	return faults
}

func outOfRange(field string, v, low, high int) Fault {
	return Fault{field, fmt.Sprintf("must be %d to %d", low, high), v}
}

// HandoverTTL is how long a rider may think about what a colleague asks.
func (p Policy) HandoverTTL() time.Duration { return time.Duration(p.HandoverS) * time.Second }

// MeetBy is until when two riders have to have met of whom the giver is expected at a time; nil: whenever they do.
func (p Policy) MeetBy(expected time.Time) *time.Time {
	if p.MeetS == 0 {
		return nil
	}
	by := expected.Add(time.Duration(p.MeetS) * time.Second)
	return &by
}

// Interval is the time between rounds.
func (p Policy) Interval() time.Duration { return time.Duration(p.IntervalS) * time.Second }

// Budget is the solver's time.
func (p Policy) Budget() time.Duration { return time.Duration(p.BudgetMS) * time.Millisecond }

// OfferTTL is how long a rider may think.
func (p Policy) OfferTTL() time.Duration { return time.Duration(p.OfferTTLS) * time.Second }

// CommitAhead is how long before departure an order is given away.
func (p Policy) CommitAhead() time.Duration { return time.Duration(p.CommitAheadS) * time.Second }

// StaleAfter is the silence after which a rider gets nothing new.
func (p Policy) StaleAfter() time.Duration { return time.Duration(p.StaleAfterS) * time.Second }

// PoolWindow is how long claims are collected.
func (p Policy) PoolWindow() time.Duration { return time.Duration(p.PoolWindowS) * time.Second }

// PoolFor is how long the engine leaves a pooled order alone; 0: for ever.
func (p Policy) PoolFor() time.Duration { return time.Duration(p.PoolForS) * time.Second }

// Refusal is how long a refusal counts while nothing else happens to the order.
func (p Policy) Refusal() time.Duration { return time.Duration(p.RefusalS) * time.Second }
