package solver

import "github.com/paidan/paidan/internal/geo"

// Problem is one round's question, complete: nothing outside it is consulted.
// It is plain data, so any round can be stored as JSON and solved again, bit for bit.
//
// Times are whole seconds relative to the round's snapshot (Now = 0); the past is negative.
type Problem struct {
	Orders    []Order   `json:"orders"`
	Riders    []Rider   `json:"riders"`
	Travel    Travel    `json:"travel"`
	Objective Objective `json:"objective"`
	Limits    Limits    `json:"limits"`
}

// Order is one delivery job as the solver sees it.
type Order struct {
	ID    string `json:"id"`    // breaks ties, so it must be unique
	Store int32  `json:"store"` // orders of the same Store share a pickup stop

	Pickup  geo.LatLng `json:"pickup"`
	Dropoff geo.LatLng `json:"dropoff"`

	PlacedAt       int32 `json:"placed_at"`
	ReadyAt        int32 `json:"ready_at"`        // expected ready time; a rider who is early waits
	ReadySpread    int32 `json:"ready_spread"`    // how much sooner or later it may be ready, with the same chance; 0 = known
	TargetAt       int32 `json:"target_at"`       // lateness is counted from here (the promise)
	PickupService  int32 `json:"pickup_service"`  // once per pickup stop: the longest of its orders
	DropoffService int32 `json:"dropoff_service"` // per order

	EndCost float64 `json:"end_cost"` // minutes: what it costs that a route ends at this door, far from the next order

	Load     int32  `json:"load"`     // units of Rider.Capacity
	Skills   uint64 `json:"skills"`   // every bit must be in Rider.Skills
	Vehicles uint8  `json:"vehicles"` // bit v set: vehicle kind v may carry it; 0 = all

	Rider   int32   `json:"rider"`    // index of the rider who has it now, -1 = nobody
	OnBoard bool    `json:"on_board"` // picked up already: only the drop-off remains
	Fixed   bool    `json:"fixed"`    // must stay with Rider (accepted, locked, or on board)
	Refused []int32 `json:"refused"`  // riders who may not get it (declined, excluded)

	Group int32 `json:"group,omitempty"` // orders of one group go to one rider, all or none; 0 = it goes alone
}

// Rider is somebody on shift, with the plan kept from the last round as the warm start.
type Rider struct {
	ID      string     `json:"id"`
	At      geo.LatLng `json:"at"`
	FreeAt  int32      `json:"free_at"`  // earliest departure from At (≥ 0; later while serving at a stop)
	Waited  int32      `json:"waited"`   // seconds spent at At by FreeAt: they count as service of a first stop there
	Vehicle uint8      `json:"vehicle"`  // index into Travel.Vehicles
	EndCost float64    `json:"end_cost"` // minutes: what it costs to stay where the rider is, as Order.EndCost
	Leaves  float64    `json:"leaves"`   // part of end costs that don't count, 0..1: 1 for a rider about to go home

	Capacity  int32   `json:"capacity"`   // units of Order.Load aboard at once
	MaxOrders int32   `json:"max_orders"` // orders aboard or assigned at once
	Skills    uint64  `json:"skills"`
	ShiftEnd  int32   `json:"shift_end"`          // no pickup after it; drop-offs may be later
	WorkEnd   int32   `json:"work_end,omitempty"` // no stop after it, unless it is of an order that the rider has already; 0 = no such limit
	PayShare  float64 `json:"pay_share"`          // part of Objective.Pay that each order costs, 0..1: less while guaranteed pay covers it anyway

	// Fairness, minutes: what each order costs more, or less where negative, with this rider than with others.
	Idle   float64 `json:"idle,omitempty"`   // for the time that the rider has been without work
	Earned float64 `json:"earned,omitempty"` // for what the rider has earned

	Route []Stop `json:"route"` // remaining stops; may mention Fixed orders and tentative ones
	Held  int32  `json:"held"`  // the first Held stops of Route are under way: not to be moved or preceded
}

// Stop is a visit for one order; consecutive pickups of one store are one physical stop.
type Stop struct {
	Order  int32 `json:"order"`  // index into Problem.Orders
	Pickup bool  `json:"pickup"` // else the drop-off
}

// Travel estimates seconds between two places for a vehicle kind.
// Built in: great-circle distance × Detour / Speed + Fixed, rounded up to whole Steps. (A matrix provider will fill Table.)
type Travel struct {
	Vehicles []VehicleTravel `json:"vehicles"`
}

// VehicleTravel is how one vehicle kind moves.
type VehicleTravel struct {
	Speed  float64 `json:"speed"`  // metres per second
	Detour float64 `json:"detour"` // road metres per great-circle metre
	Fixed  int32   `json:"fixed"`  // seconds per leg: parking, unlocking
	Step   int32   `json:"step"`   // seconds; a leg takes whole steps, 0 = 1
}

// Objective weighs the cost terms. Costs are in minutes.
type Objective struct {
	ClickToDoor   float64 `json:"click_to_door"`   // per minute from placement to drop-off
	Late          float64 `json:"late"`            // per minute beyond the target
	VeryLate      float64 `json:"very_late"`       // additionally per minute beyond target + VeryLateAfter
	VeryLateAfter int32   `json:"very_late_after"` // seconds
	Work          float64 `json:"work"`            // per minute of rider work (driving, serving, waiting for food)
	Pay           float64 `json:"pay"`             // per order, times the rider's PayShare
	Unassigned    float64 `json:"unassigned"`      // per order left without a rider, on top of the delay it has suffered already
}

// Limits bound a route.
type Limits struct {
	MaxStops  int32 `json:"max_stops"`  // physical stops in a route, 0 = no limit
	MaxDetour int32 `json:"max_detour"` // seconds an order may stay aboard beyond its direct ride, 0 = no limit
	OneStore  bool  `json:"one_store"`  // strict bundles: no pickup while orders of another store are aboard or planned between
}

// Plan is the solver's answer: a route for every rider and the orders nobody takes.
type Plan struct {
	Routes     []Route      `json:"routes"` // by rider index; empty for an unused rider
	Unassigned []Unassigned `json:"unassigned"`
	Cost       float64      `json:"cost"`
	Iterations int          `json:"iterations"`
}

// Route is the plan of one rider, with its schedule.
type Route struct {
	Stops  []Stop  `json:"stops"`
	Arrive []int32 `json:"arrive"` // arrival at Stops[i]
	Depart []int32 `json:"depart"` // departure: after waiting for the food and service
	Cost   float64 `json:"cost"`
}

// Unassigned says why an order has no rider.
type Unassigned struct {
	Order  int32  `json:"order"`
	Reason Reason `json:"reason"`
}

// Reason is a stable word for why an order waits.
type Reason string

// The reasons, from the hardest to the softest.
const (
	ReasonNoRider  Reason = "no_rider"   // nobody is on shift
	ReasonSkill    Reason = "skill"      // nobody has the skill or vehicle
	ReasonRefused  Reason = "refused"    // all who could have refused
	ReasonShiftEnd Reason = "shift_end"  // nobody reaches the store before the shift ends
	ReasonWork     Reason = "work_limit" // nobody brings it before having worked as long as is allowed
	ReasonCapacity Reason = "capacity"   // all who could are full
	ReasonDetour   Reason = "detour"     // it would delay orders aboard beyond the limit
	ReasonTogether Reason = "together"   // somebody could, but nobody all orders of its group
	ReasonNotWorth Reason = "not_worth"  // every insertion costs more than leaving it
	ReasonNoTime   Reason = "no_time"    // somebody could, but the budget ended first: the next round takes it
	ReasonFixed    Reason = "fixed"      // only in Rank: it must stay with another rider, or go to the one who has the rest of its group
)
