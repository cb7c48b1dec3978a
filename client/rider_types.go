package client

import "time"

// RiderProfile is who delivers.
type RiderProfile struct {
	ID         string   `json:"id"`
	ZoneID     string   `json:"zone_id"`
	ExternalID string   `json:"external_id"`
	Name       string   `json:"name"`
	Phone      string   `json:"phone"`
	Vehicle    string   `json:"vehicle"`
	Capacity   int      `json:"capacity"`
	MaxOrders  int      `json:"max_orders"`
	Skills     []string `json:"skills"`
}

// Shift is a rider's time at work.
type Shift struct {
	ID        string     `json:"id"`
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at"`
	EndedAt   *time.Time `json:"ended_at"`
	Delivered int        `json:"delivered"`

	EndAskedAt   *time.Time `json:"end_asked_at"`   // it ends with the last drop
	BreakAskedAt *time.Time `json:"break_asked_at"` // a break begins with the last drop
	BreakSince   *time.Time `json:"break_since"`    // on a break
	BreakUntil   *time.Time `json:"break_until"`    // which ends by itself then; nil: when the rider ends it
}

// Me is what the server knows about a rider.
type Me struct {
	Rider    RiderProfile `json:"rider"`
	Shift    *Shift       `json:"shift"`
	Presence string       `json:"presence"`
	Hours    Hours        `json:"hours"`
}

// Hours is how a rider stands with the limits of working time; nil is no limit.
type Hours struct {
	TodayS     int        `json:"today_s"` // seconds worked since midnight
	BreakDueAt *time.Time `json:"break_due_at"`
	MustEndAt  *time.Time `json:"must_end_at"`
	RestUntil  *time.Time `json:"rest_until"`   // off shift: no shift may begin before
	BreakLeftS *int       `json:"break_left_s"` // on shift: seconds of break left in it
}

// The kinds of stop.
const (
	Pickup  = "pickup"
	DropOff = "dropoff"
)

// Stop is a place to go to for an order.
type Stop struct {
	OrderID       string    `json:"order_id"`
	Kind          string    `json:"kind"`
	Location      LatLng    `json:"location"`
	Name          string    `json:"name"`
	Address       string    `json:"address"`
	ArriveAt      time.Time `json:"arrive_at"`
	DepartAt      time.Time `json:"depart_at"`
	ReadyEstimate time.Time `json:"ready_estimate"`
	HandoverID    string    `json:"handover_id"` // of the kinds hand_over and take_over: a colleague is there

	Suggested *Suggested `json:"suggested"`
}

// Suggested is an arrival that the rider's positions show (ActArriveStore or ActArriveDoor). The rider confirms it.
type Suggested struct {
	Act string    `json:"act"`
	At  time.Time `json:"at"`
}

// Plan is the ordered stops of a rider, and their orders.
type Plan struct {
	Version int64       `json:"version"`
	Stops   []Stop      `json:"stops"`
	Orders  []PlanOrder `json:"orders"`
	// Changes is what others did to the plan since a version that the phone named (PlanSince), or that its stream told before.
	Since   *int64       `json:"since"`
	Changes []PlanChange `json:"changes"`
}

// PlanChange is one thing that others changed in a rider's plan: an order added or removed, a stop moved, a drop-off relocated.
type PlanChange struct {
	Kind    string `json:"kind"`
	OrderID string `json:"order_id"`
	Stop    string `json:"stop"`
	Reason  string `json:"reason"`
}

// PlanOrder is what a rider must know of an order to deliver it.
type PlanOrder struct {
	ID    string      `json:"id"`
	State string      `json:"state"`
	Proof RiderDemand `json:"proof"`
}

// RiderDemand is the proof that a rider must bring.
type RiderDemand struct {
	Photo     bool `json:"photo"`
	Signature bool `json:"signature"`
	PIN       bool `json:"pin"`
	Barcode   bool `json:"barcode"`
	MinAge    int  `json:"min_age"`
}

// Offer is orders proposed to the rider.
type Offer struct {
	ID        string    `json:"id"`
	State     string    `json:"state"`
	OrderIDs  []string  `json:"order_ids"`
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// OfferStatistics is how a rider has answered offers, and what follows from it.
type OfferStatistics struct {
	Periods []struct {
		Days           int      `json:"days"`
		Accepted       int      `json:"accepted"`
		Declined       int      `json:"declined"`
		Expired        int      `json:"expired"`
		Withdrawn      int      `json:"withdrawn"`
		AcceptanceRate *float64 `json:"acceptance_rate"` // nil: nothing was to be answered
	} `json:"periods"`
	Refused []struct {
		OrderID string    `json:"order_id"`
		Until   time.Time `json:"until"`
	} `json:"refused"`
	RateCounts  bool `json:"rate_counts"`
	ClaimsCount bool `json:"claims_count"`
	RefusalS    int  `json:"refusal_s"`
	OfferTTLS   int  `json:"offer_ttl_s"`
}

// Lot is what a rider may claim at once: a pooled order, or orders that go together. Claim any of them to claim all.
type Lot struct {
	OrderIDs  []string  `json:"order_ids"`
	Since     time.Time `json:"since"`
	ClosesAt  time.Time `json:"closes_at"` // until then claims are collected, and the best gets it; later the first one does
	DistanceM int       `json:"distance_m"`
	RideM     int       `json:"ride_m"`
	PickupAt  time.Time `json:"pickup_at"`
	DropoffAt time.Time `json:"dropoff_at"`
}

// How a claim stands.
const (
	ClaimOpen = "open" // collected, and decided at DecidesAt
	ClaimWon  = "won"
	ClaimLost = "lost"
)

// Claim is a rider's word for a pooled order.
type Claim struct {
	OrderID   string     `json:"order_id"`
	At        time.Time  `json:"at"`
	State     string     `json:"state"`
	DecidesAt *time.Time `json:"decides_at"`
	DecidedAt *time.Time `json:"decided_at"`
	Reason    string     `json:"reason"`
}

// Work is all that a rider has to do or to answer.
type Work struct {
	Plan   Plan    `json:"plan"`
	Offers []Offer `json:"offers"`
	Pool   []Lot   `json:"pool"`
	Claims []Claim `json:"claims"`

	Handovers []Handover `json:"handovers"`

	Now time.Time `json:"now"`
	// Snapshot tells a first word after a connection from a change.
	Snapshot bool `json:"-"`
}

// Fix is one GPS position. Seq grows with every fix of a rider, across restarts too.
type Fix struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	Lat       float64   `json:"lat"`
	Lng       float64   `json:"lng"`
	AccuracyM float64   `json:"accuracy_m"`
	SpeedMps  *float64  `json:"speed_mps,omitempty"`
}

// Action is what a rider did. The ID makes it one action however often it is sent.
type Action struct {
	ID     string    `json:"action_id"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
	Note   string    `json:"note,omitempty"`
	Proof  *Proof    `json:"proof,omitempty"`
}

// Proof shows that a step took place.
type Proof struct {
	PhotoIDs    []string `json:"photo_ids,omitempty"`
	SignatureID string   `json:"signature_id,omitempty"`
	SignedBy    string   `json:"signed_by,omitempty"`
	PIN         string   `json:"pin,omitempty"`
	Barcode     string   `json:"barcode,omitempty"`
	AgeChecked  bool     `json:"age_checked,omitempty"`
	Location    *LatLng  `json:"location,omitempty"`
}
