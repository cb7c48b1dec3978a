package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// nullable is an object or null. Huma's own nullability stops at scalars.
type nullable[T any] struct{ v *T }

func some[T any](v T) nullable[T] { return nullable[T]{&v} }

// MarshalJSON writes the object, or null.
func (n nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.v) }

// UnmarshalJSON reads either.
func (n *nullable[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		n.v = nil
		return nil
	}
	n.v = new(T)
	return json.Unmarshal(b, n.v)
}

// Schema says so in the OpenAPI document.
func (nullable[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// List is one page of things.
type list[T any] struct {
	Body struct {
		Data       []T    `json:"data"`
		NextCursor string `json:"next_cursor" doc:"Send it as cursor to get the next page; empty on the last."`
	}
}

func listOf[T any](data []T, next string) *list[T] {
	l := new(list[T])
	l.Body.Data, l.Body.NextCursor = data, next
	if l.Body.Data == nil {
		l.Body.Data = []T{}
	}
	return l
}

// out is an answer with a body.
type out[T any] struct{ Body T }

func answer[T any](v T) *out[T] { return &out[T]{Body: v} }

type empty struct{}

type (
	// ByOrder is the id in a path.
	ByOrder struct {
		ID id.Order `path:"id" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The order's id."`
	}
	// ByStore is the id in a path.
	ByStore struct {
		ID id.Store `path:"id" pattern:"^sto_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The store's id."`
	}
	// ByOffer is the id in a path.
	ByOffer struct {
		ID id.Offer `path:"id" pattern:"^off_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The offer's id."`
	}
	// ByZone is the id in a path.
	ByZone struct {
		ID id.Zone `path:"id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The zone's id."`
	}
	// ByMerchant is the id in a path.
	ByMerchant struct {
		ID id.Merchant `path:"id" pattern:"^mer_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The merchant's id."`
	}
	// ByQuote is the id in a path.
	ByQuote struct {
		ID id.Quote `path:"id" pattern:"^quo_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The quote's id."`
	}
	// BySettlement is the id in a path.
	BySettlement struct {
		ID id.Settlement `path:"id" pattern:"^stl_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The settlement's id."`
	}
	// ByKey is the id in a path.
	ByKey struct {
		ID id.Key `path:"id" pattern:"^key_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The API key's id."`
	}
	// ByIncident is the id in a path.
	ByIncident struct {
		ID id.Incident `path:"id" pattern:"^inc_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The incident's id."`
	}
	// ByDevice is the id in a path.
	ByDevice struct {
		ID id.Device `path:"id" pattern:"^dev_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The device's id."`
	}
	// ByTemplate is the id in a path.
	ByTemplate struct {
		ID id.Template `path:"id" pattern:"^tpl_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The shift template's id."`
	}
	// ByBooking is the id in a path.
	ByBooking struct {
		ID id.Booking `path:"id" pattern:"^bkg_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The booking's id."`
	}
	// ByRider is the id in a path.
	ByRider struct {
		ID id.Rider `path:"id" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The rider's id."`
	}
)

// Money is an amount in minor units (cents, fen).
type Money struct {
	Amount   int64  `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Minor units."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217."`
}

// Item is one line of an order.
type Item struct {
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"10000"`
}

// Place is where something is.
type Place struct {
	Location geo.LatLng `json:"location"`
}

// Dropoff is where an order goes, and who waits there.
type Dropoff struct {
	Location     geo.LatLng `json:"location"`
	Address      string     `json:"address,omitempty" maxLength:"500"`
	Floor        string     `json:"floor,omitempty" maxLength:"20"`
	Unit         string     `json:"unit,omitempty" maxLength:"50" doc:"Flat, room, bell."`
	GateCode     string     `json:"gate_code,omitempty" maxLength:"50"`
	ContactName  string     `json:"contact_name,omitempty" maxLength:"200"`
	ContactPhone string     `json:"contact_phone,omitempty" maxLength:"50"`
	Instructions string     `json:"instructions,omitempty" maxLength:"2000" doc:"In words, for what the other fields don't say."`
	LeaveAtDoor  bool       `json:"leave_at_door,omitempty" doc:"Nobody need be met."`
}

// Seconds is a duration that is 50 % and 90 % likely to suffice.
type Seconds struct {
	P50 int `json:"p50_s" minimum:"0" maximum:"86400"`
	P90 int `json:"p90_s" minimum:"0" maximum:"86400"`
}

// OrderRider is a rider as merchants may see one; the zone's policy says how much. Staff see all.
type OrderRider struct {
	ID        id.Rider      `json:"id"`
	Name      string        `json:"name" doc:"First name and an initial."`
	Vehicle   rider.Vehicle `json:"vehicle"`
	Phone     string        `json:"phone,omitempty" doc:"While the rider has the order; masked, unless the zone shows it."`
	Location  *geo.LatLng   `json:"location,omitempty" doc:"Last position, while the rider has the order."`
	LocatedAt *time.Time    `json:"located_at,omitempty"`
}

// Eta is when an order is expected in the customer's hands.
type Eta struct {
	P50 time.Time `json:"p50" doc:"As likely sooner as later."`
	P90 time.Time `json:"p90" doc:"By then nine times of ten."`
}

// Cancel is why an order was cancelled.
type Cancel struct {
	Fault  string `json:"fault"`
	Reason string `json:"reason"`
}

// Rating is what a customer says of a delivery.
type Rating struct {
	Stars   int       `json:"stars" minimum:"1" maximum:"5"`
	Comment string    `json:"comment"`
	At      time.Time `json:"at"`
}

// Order is one delivery.
type Order struct {
	ID            id.Order             `json:"id"`
	ExternalID    string               `json:"external_id" doc:"The merchant's own id; may be empty."`
	JobID         id.Job               `json:"job_id" doc:"With whose orders one rider carries it; empty: it goes alone."`
	MerchantID    id.Merchant          `json:"merchant_id"`
	StoreID       id.Store             `json:"store_id"`
	ZoneID        id.Zone              `json:"zone_id"`
	State         order.State          `json:"state" enum:"scheduled,pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled"`
	Version       int64                `json:"version" doc:"Grows by one with each event."`
	Pickup        Place                `json:"pickup"`
	Dropoff       Dropoff              `json:"dropoff"`
	Items         []Item               `json:"items"`
	Load          int                  `json:"load" doc:"Units of a rider's capacity."`
	WeightG       int                  `json:"weight_g" doc:"Grams; 0: not told."`
	Skills        []string             `json:"skills"`
	Vehicles      []string             `json:"vehicles" doc:"Empty: any."`
	Value         nullable[Money]      `json:"value"`
	Fee           nullable[Fee]        `json:"fee" doc:"What the merchant pays for the delivery, fixed at placement; null where the zone had no tariff."`
	Cash          nullable[Money]      `json:"cash_on_delivery" doc:"To be collected at the door."`
	Tip           nullable[Money]      `json:"tip"`
	Proof         Demand               `json:"proof" doc:"Without which it can't be delivered."`
	Tags          []string             `json:"tags"`
	Metadata      map[string]string    `json:"metadata"`
	PlacedAt      time.Time            `json:"placed_at"`
	DueAt         time.Time            `json:"due_at" doc:"When dispatch may begin."`
	PromiseAt     time.Time            `json:"promise_at" doc:"What to tell the customer."`
	DeliverAfter  *time.Time           `json:"deliver_after"`
	DeliverBefore *time.Time           `json:"deliver_before"`
	ReadyEstimate time.Time            `json:"ready_estimate" doc:"When the food is expected to be ready."`
	AcceptedAt    *time.Time           `json:"accepted_at"`
	ReadyAt       *time.Time           `json:"ready_at"`
	AssignedAt    *time.Time           `json:"assigned_at"`
	AtStoreAt     *time.Time           `json:"at_store_at"`
	PickedUpAt    *time.Time           `json:"picked_up_at"`
	AtDoorAt      *time.Time           `json:"at_door_at"`
	EndedAt       *time.Time           `json:"ended_at"`
	EtaAt         *time.Time           `json:"eta_at" doc:"Live estimate of the drop-off; null once the order has ended."`
	Eta           nullable[Eta]        `json:"eta" doc:"The same with its uncertainty, from where the rider is; null while no rider has the order and once it has ended."`
	Rider         nullable[OrderRider] `json:"rider"`
	Cancel        nullable[Cancel]     `json:"cancel"`
	Rating        nullable[Rating]     `json:"rating" doc:"By the customer, on the tracking page."`
	TrackingURL   string               `json:"tracking_url" doc:"The customer's page, to be sent along: no log-in; it expires a day after the end."`
	UpdatedAt     time.Time            `json:"updated_at"`
	ErasedAt      *time.Time           `json:"erased_at" doc:"When what it told of its customer was deleted."`
}

func orderOf(o order.Order) Order {
	j := Order{
		ID: o.ID, ExternalID: o.ExternalID, JobID: o.Job, MerchantID: o.Merchant, StoreID: o.Store, ZoneID: o.Zone, State: o.State, Version: o.Version,
		Pickup: Place{o.Pickup}, Dropoff: dropoffOf(o.Dropoff), Items: itemsOf(o.Items),
		Load: o.Load, WeightG: o.WeightG, Skills: notNil(o.Skills), Vehicles: notNil(o.Vehicles),
		PlacedAt: o.PlacedAt, DueAt: o.DueAt, PromiseAt: o.PromiseAt, ReadyEstimate: o.ReadyEstimate,
		AcceptedAt: o.AcceptedAt, ReadyAt: o.ReadyAt, AssignedAt: o.AssignedAt, AtStoreAt: o.AtStoreAt, PickedUpAt: o.PickedUpAt,
		AtDoorAt: o.AtDoorAt, EndedAt: o.EndedAt, UpdatedAt: o.UpdatedAt, ErasedAt: o.ErasedAt,
		Value: moneyOf(o.Value), Cash: moneyOf(o.Cash), Tip: moneyOf(o.Tip), Proof: demandOf(o.Demand),
		Tags: notNil(o.Tags), Metadata: o.Metadata, DeliverAfter: o.DeliverAfter, DeliverBefore: o.DeliverBefore,
	}
	if j.Metadata == nil {
		j.Metadata = map[string]string{}
	}
	if o.Fee != nil {
		j.Fee = some(feeOf(*o.Fee))
	}
	if o.State == order.Cancelled {
		j.Cancel = some(Cancel{o.CancelFault, o.CancelReason})
	}
	return j
}

func dropoffOf(d order.Dropoff) Dropoff {
	return Dropoff{d.At, d.Address, d.Floor, d.Unit, d.GateCode, d.ContactName, d.ContactPhone, d.Instructions, d.LeaveAtDoor}
}

func (d Dropoff) dropoff() order.Dropoff {
	return order.Dropoff{
		At: d.Location, Address: d.Address, Floor: d.Floor, Unit: d.Unit, GateCode: d.GateCode,
		ContactName: d.ContactName, ContactPhone: d.ContactPhone, Instructions: d.Instructions, LeaveAtDoor: d.LeaveAtDoor,
	}
}

func itemsOf(items []order.Item) []Item {
	out := make([]Item, len(items))
	for i, x := range items {
		out[i] = Item(x)
	}
	return out
}

// etaOf is when an order is expected in the customer's hands: its rider's stops say it, or else the promise.
func etaOf(o order.Order, stops []rider.Stop) *time.Time {
	if o.State.Ended() {
		return nil
	}
	for _, st := range stops {
		if st.Order == o.ID && st.Kind == rider.Dropoff {
			t := st.DepartAt.UTC()
			return &t
		}
	}
	return &o.PromiseAt
}

// bandOf is etaOf with its uncertainty; null where no rider is on the way.
func bandOf(o order.Order, stops []rider.Stop) nullable[Eta] {
	for _, st := range stops {
		if st.Order == o.ID && st.Kind == rider.Dropoff && !o.State.Ended() && !st.DepartP90.IsZero() {
			return some(Eta{st.DepartAt.UTC(), st.DepartP90.UTC()})
		}
	}
	return nullable[Eta]{}
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
