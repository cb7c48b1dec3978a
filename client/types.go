package client

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// LatLng is a WGS-84 position.
type LatLng = geo.LatLng

// Range is a duration known only roughly, in whole seconds.
type Range struct {
	P50 int `json:"p50_s"`
	P90 int `json:"p90_s"`
}

// Store is where food is picked up.
type Store struct {
	ID         string `json:"id,omitempty"`
	MerchantID string `json:"merchant_id,omitempty"`
	ZoneID     string `json:"zone_id,omitempty"`
	ExternalID string `json:"external_id,omitempty"`
	Name       string `json:"name"`
	Address    string `json:"address"`
	Location   LatLng `json:"location"`
	Prep       *Range `json:"prep,omitempty"`
	Handoff    *Range `json:"handoff,omitempty"`
}

// Dropoff is where and to whom an order goes.
type Dropoff struct {
	Location     LatLng `json:"location"`
	Address      string `json:"address,omitempty"`
	ContactName  string `json:"contact_name,omitempty"`
	ContactPhone string `json:"contact_phone,omitempty"`
	Instructions string `json:"instructions,omitempty"`
	Floor        string `json:"floor,omitempty"`
	Unit         string `json:"unit,omitempty"`
	GateCode     string `json:"gate_code,omitempty"`
	LeaveAtDoor  bool   `json:"leave_at_door,omitempty"`
}

// Demand is the proof without which an order can't be delivered.
type Demand struct {
	Photo     bool      `json:"photo,omitempty"`
	Signature bool      `json:"signature,omitempty"`
	PIN       string    `json:"pin,omitempty"` // digits, or AutoPIN; answers have digits
	Barcode   string    `json:"barcode,omitempty"`
	AgeCheck  *AgeCheck `json:"age_check,omitempty"`
}

// AgeCheck is a least age in years.
type AgeCheck struct {
	MinAge int `json:"min_age"`
}

// AutoPIN has the server make a PIN.
const AutoPIN = "auto"

// Place is where an order is picked up.
type Place struct {
	Location LatLng `json:"location"`
}

// Item is a line of the order.
type Item struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
}

// Money is an amount in the currency's minor unit.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// NewOrder is what a merchant orders.
type NewOrder struct {
	StoreID      string     `json:"store_id"`
	ExternalID   string     `json:"external_id,omitempty"`
	QuoteID      string     `json:"quote_id,omitempty"`
	Dropoff      Dropoff    `json:"dropoff"`
	Items        []Item     `json:"items,omitempty"`
	Value        *Money     `json:"value,omitempty"`
	Load         int        `json:"load,omitempty"`
	WeightG      int        `json:"weight_g,omitempty"`
	Skills       []string   `json:"skills,omitempty"`
	Vehicles     []string   `json:"vehicles,omitempty"`
	ReadyAt      *time.Time `json:"ready_at,omitempty"`
	PreparationS *int       `json:"preparation_s,omitempty"`
	DeliverAfter *time.Time `json:"deliver_after,omitempty"`
	PromiseAt    *time.Time `json:"promise_at,omitempty"`
	Test         *Test      `json:"test,omitempty"` // with a test key only

	DeliverBefore *time.Time        `json:"deliver_before,omitempty"`
	Cash          *Money            `json:"cash_on_delivery,omitempty"`
	Tip           *Money            `json:"tip,omitempty"`
	Proof         *Demand           `json:"proof,omitempty"`
	Tags          []string          `json:"tags,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
}

// Test is what is to go wrong with a test order.
type Test struct {
	Fault string `json:"fault"`
}

// The states of an order.
const (
	Scheduled = "scheduled"
	Pending   = "pending"
	Offered   = "offered"
	Assigned  = "assigned"
	AtStore   = "at_store"
	PickedUp  = "picked_up"
	AtDoor    = "at_door"
	Delivered = "delivered"
	Returning = "returning"
	Returned  = "returned"
	Cancelled = "cancelled"
)

// Ended reports whether nobody has to act any more on an order in this state.
func Ended(state string) bool { return state == Delivered || state == Returned || state == Cancelled }

// Order is a delivery as the server tells it.
type Order struct {
	ID         string  `json:"id"`
	JobID      string  `json:"job_id"` // with whose orders one rider carries it; "" = it goes alone
	ExternalID string  `json:"external_id"`
	MerchantID string  `json:"merchant_id"`
	StoreID    string  `json:"store_id"`
	ZoneID     string  `json:"zone_id"`
	State      string  `json:"state"`
	Version    int64   `json:"version"`
	Pickup     Place   `json:"pickup"`
	Dropoff    Dropoff `json:"dropoff"`
	Rider      *struct {
		ID string `json:"id"`
	} `json:"rider"`
	Fee           *Fee       `json:"fee"`
	PlacedAt      time.Time  `json:"placed_at"`
	DueAt         time.Time  `json:"due_at"`
	PromiseAt     time.Time  `json:"promise_at"`
	ReadyEstimate time.Time  `json:"ready_estimate"`
	ReadyAt       *time.Time `json:"ready_at"`
	AssignedAt    *time.Time `json:"assigned_at"`
	AtStoreAt     *time.Time `json:"at_store_at"`
	PickedUpAt    *time.Time `json:"picked_up_at"`
	AtDoorAt      *time.Time `json:"at_door_at"`
	EndedAt       *time.Time `json:"ended_at"`
	EtaAt         *time.Time `json:"eta_at"`
	ErasedAt      *time.Time `json:"erased_at"`
	Cancel        *struct {
		Fault  string `json:"fault"`
		Reason string `json:"reason"`
	} `json:"cancel"`
	UpdatedAt time.Time `json:"updated_at"`

	DeliverAfter  *time.Time        `json:"deliver_after"`
	DeliverBefore *time.Time        `json:"deliver_before"`
	Cash          *Money            `json:"cash_on_delivery"`
	Tip           *Money            `json:"tip"`
	Proof         Demand            `json:"proof"`
	Tags          []string          `json:"tags"`
	Metadata      map[string]string `json:"metadata"`
	TrackingURL   string            `json:"tracking_url"`
}

// PlacedRow is what became of one order of a batch: an Order, or the Error that a request of its own would have had.
type PlacedRow struct {
	Index  int      `json:"index"`
	Status int      `json:"status"`
	Order  *Order   `json:"order"`
	Error  *Problem `json:"error"`
}

// page is one answer of a list.
type page[T any] struct {
	Data       []T    `json:"data"`
	NextCursor string `json:"next_cursor"`
}
