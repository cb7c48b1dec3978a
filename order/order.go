package order

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Order is one delivery as it stands now. Optional times are nil until they happen; all are UTC, to the microsecond.
type Order struct {
	Tenant     id.Tenant
	ID         id.Order
	Merchant   id.Merchant
	Store      id.Store
	Zone       id.Zone
	ExternalID string // the merchant's own name for it, unique per merchant; "" = none
	Job        id.Job // with whose orders one rider carries it; zero = it goes alone

	State   State
	Version int64    // counts its events, from 1 (placed)
	Rider   id.Rider // who has it (or delivered or returned it)
	Offer   id.Offer // set exactly in state Offered

	Pickup   geo.LatLng
	Dropoff  Dropoff
	Load     int      // units of the rider's capacity, at least 1
	WeightG  int      // grams, 0 = not told; it matters to the fee only
	Skills   []string // the rider must have all of them
	Vehicles []string // the rider must use one of them; empty = any
	Items    []Item
	Value    Money
	Fee      *Fee  // what the merchant pays for the delivery; nil where the zone had no tariff
	Cash     Money // to be collected at the door
	Tip      Money
	Demand   Demand
	Tags     []string          // the merchant's own, as is Metadata
	Metadata map[string]string // kept and shown, not looked into

	PlacedAt      time.Time
	DueAt         time.Time // when dispatch may begin; later than PlacedAt for an order placed for later
	PromiseAt     time.Time // told to the customer
	DeliverAfter  *time.Time
	DeliverBefore *time.Time
	ReadyEstimate time.Time // expected ready time, as last told; see ReadyTime
	AcceptedAt    *time.Time
	ReadyAt       *time.Time
	AssignedAt    *time.Time
	AtStoreAt     *time.Time
	PickedUpAt    *time.Time
	AtDoorAt      *time.Time
	EndedAt       *time.Time // delivered, returned or cancelled

	Declines     int        // offers declined or left to expire
	RefusedBy    []id.Rider // who is not asked again
	CancelFault  string     // whose fault: an ActorKind, or the tenant's own word; "" unless cancelled
	CancelReason string
	UpdatedAt    time.Time  // the server's time of the last event
	ErasedAt     *time.Time // when what it told of its customer was deleted
}

// Dropoff is where the order goes and who waits there.
type Dropoff struct {
	At           geo.LatLng
	Address      string
	Floor, Unit  string
	GateCode     string
	ContactName  string
	ContactPhone string
	Instructions string // in words, for what the other fields don't say
	LeaveAtDoor  bool   // nobody need be met
}

// Item is one line of what is carried; it is shown, not planned with.
type Item struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
}

// Money is an amount in the currency's minor unit (ISO 4217).
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// ReadyTime is when the food was ready, or is expected to be.
func (o Order) ReadyTime() time.Time {
	if o.ReadyAt != nil {
		return *o.ReadyAt
	}
	return o.ReadyEstimate
}

// RefusedByRider reports whether r declined this order, let its offer expire, or gave it back.
func (o Order) RefusedByRider(r id.Rider) bool {
	for _, x := range o.RefusedBy {
		if x == r {
			return true
		}
	}
	return false
}
