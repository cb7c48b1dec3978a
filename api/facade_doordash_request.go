package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// DoorDashRequest asks for a quote or a delivery.
type DoorDashRequest struct {
	ExternalID      string            `json:"external_delivery_id" pattern:"^[^/]+$" maxLength:"128"`
	Locale          string            `json:"locale,omitempty" maxLength:"20" doc:"Not used."`
	Fulfillment     string            `json:"order_fulfillment_method,omitempty" enum:"standard,catering,large_order" doc:"Not used."`
	PickupAddress   string            `json:"pickup_address,omitempty" maxLength:"500" doc:"Not used: the store has one."`
	PickupName      string            `json:"pickup_business_name,omitempty" maxLength:"200" doc:"Not used."`
	PickupPhone     string            `json:"pickup_phone_number,omitempty" maxLength:"50" doc:"Not used."`
	PickupNotes     string            `json:"pickup_instructions,omitempty" maxLength:"500"`
	PickupTag       string            `json:"pickup_reference_tag,omitempty" maxLength:"200"`
	PickupBusiness  string            `json:"pickup_external_business_id,omitempty" maxLength:"128" doc:"Not used."`
	PickupStore     string            `json:"pickup_external_store_id,omitempty" maxLength:"128" doc:"The external_id of a store; needed."`
	DropoffAddress  string            `json:"dropoff_address" minLength:"1" maxLength:"500"`
	DropoffName     string            `json:"dropoff_business_name,omitempty" maxLength:"200"`
	DropoffLocation *geo.LatLng       `json:"dropoff_location,omitempty" nullable:"false" doc:"Needed: addresses are not looked up."`
	DropoffPhone    string            `json:"dropoff_phone_number" maxLength:"50"`
	DropoffNotes    string            `json:"dropoff_instructions,omitempty" maxLength:"1000"`
	GivenName       string            `json:"dropoff_contact_given_name,omitempty" maxLength:"100"`
	FamilyName      string            `json:"dropoff_contact_family_name,omitempty" maxLength:"99"`
	Notify          bool              `json:"dropoff_contact_send_notifications,omitempty" doc:"Not used."`
	Options         *DoorDashOptions  `json:"dropoff_options,omitempty" nullable:"false"`
	AddressParts    map[string]string `json:"dropoff_address_components,omitempty" doc:"Of them sub_premise."`
	Pin             *DoorDashPin      `json:"dropoff_pin_code_verification_metadata,omitempty" nullable:"false"`
	OrderValue      *int64            `json:"order_value,omitempty" minimum:"0" maximum:"1000000000000"`
	Items           []DoorDashItem    `json:"items,omitempty" maxItems:"200"`
	PickupTime      *time.Time        `json:"pickup_time,omitempty"`
	DropoffTime     *time.Time        `json:"dropoff_time,omitempty"`
	PickupWindow    *DoorDashWindow   `json:"pickup_window,omitempty" nullable:"false"`
	DropoffWindow   *DoorDashWindow   `json:"dropoff_window,omitempty" nullable:"false"`
	Contactless     bool              `json:"contactless_dropoff,omitempty"`
	Undeliverable   string            `json:"action_if_undeliverable,omitempty" enum:"return_to_pickup,dispose"`
	Tip             *int64            `json:"tip,omitempty" minimum:"0" maximum:"1000000000000"`
	Contains        map[string]bool   `json:"order_contains,omitempty"`
	Vehicles        []string          `json:"dasher_allowed_vehicles,omitempty" enum:"car,bicycle,walking" maxItems:"3"`
	Signature       bool              `json:"dropoff_requires_signature,omitempty"`
	Cash            *int64            `json:"dropoff_cash_on_delivery,omitempty" minimum:"0" maximum:"1000000000000"`
}

// DoorDashOptions are proofs that the drop-off demands.
type DoorDashOptions struct {
	Signature string `json:"signature,omitempty" enum:"required,preferred,none"`
	ID        string `json:"id_verification,omitempty" enum:"required,preferred,none"`
	Proof     string `json:"proof_of_delivery,omitempty" enum:"photo_required,photo_preferred,pin_code,none"`
	Catering  string `json:"catering_setup,omitempty" enum:"required,none"`
}

// DoorDashPin is which PIN the customer has.
type DoorDashPin struct {
	Type  string `json:"pin_code_type,omitempty" enum:"random_number,customer_phone_number,merchant_provided_number"`
	Value string `json:"pin_code_value,omitempty" pattern:"^[0-9]{4,6}$"`
}

// DoorDashItem is a line of the order.
type DoorDashItem struct {
	Name        string  `json:"name" minLength:"1" maxLength:"200"`
	Description string  `json:"description,omitempty" doc:"Not used."`
	Quantity    int     `json:"quantity" minimum:"1" maximum:"10000"`
	ExternalID  string  `json:"external_id,omitempty" doc:"Not used."`
	InstanceID  string  `json:"external_instance_id,omitempty" doc:"Not used."`
	Barcode     string  `json:"barcode,omitempty" doc:"Not used."`
	Price       int64   `json:"price,omitempty" doc:"Not used."`
	Volume      float64 `json:"volume,omitempty" doc:"Not used."`
	Weight      float64 `json:"weight,omitempty" minimum:"0" maximum:"2000" doc:"Pounds, of one."`
	Length      float64 `json:"length,omitempty" doc:"Not used."`
	Width       float64 `json:"width,omitempty" doc:"Not used."`
	Height      float64 `json:"height,omitempty" doc:"Not used."`
	Special     string  `json:"special_instructions,omitempty" doc:"Not used."`
}

// DoorDashWindow is a time from and to.
type DoorDashWindow struct {
	Start *time.Time `json:"start_time,omitempty"`
	End   *time.Time `json:"end_time,omitempty"`
}

// DoorDashChange is what shall change; fields that can't are unknown here.
type DoorDashChange struct {
	DropoffAddress  *string         `json:"dropoff_address,omitempty" minLength:"1" maxLength:"500"`
	DropoffLocation *geo.LatLng     `json:"dropoff_location,omitempty" nullable:"false"`
	DropoffPhone    *string         `json:"dropoff_phone_number,omitempty" maxLength:"50"`
	DropoffNotes    *string         `json:"dropoff_instructions,omitempty" maxLength:"1000"`
	DropoffTime     *time.Time      `json:"dropoff_time,omitempty"`
	DropoffWindow   *DoorDashWindow `json:"dropoff_window,omitempty" nullable:"false"`
	Tip             *int64          `json:"tip,omitempty" minimum:"0" maximum:"1000000000000"`
	Items           *[]DoorDashItem `json:"items,omitempty" maxItems:"200" nullable:"false"`
}

// What a delivery says that an order of ours has no field for is kept in its metadata, by these names.
const (
	doordashTagKept = "doordash.pickup_reference_tag"
	doordashGiven   = "doordash.given_name"
	doordashFamily  = "doordash.family_name"
)

const gramsPerPound = 453.59237

// order is what the request means, but for its store and its money.
func (r DoorDashRequest) order() (NewOrder, error) {
	if faults := r.check(); len(faults) > 0 {
		return NewOrder{}, invalid(faults...)
	}
	n := NewOrder{
		ExternalID: r.ExternalID, Load: 1, ReadyAt: r.PickupTime, DeliverBefore: r.DropoffTime, Proof: r.demand(), Metadata: map[string]string{},
		Dropoff: Dropoff{
			Location: *r.DropoffLocation, Address: inOneText(", ", r.DropoffName, r.DropoffAddress), Unit: r.AddressParts["sub_premise"],
			ContactName: inOneText(" ", r.GivenName, r.FamilyName), ContactPhone: r.DropoffPhone, LeaveAtDoor: r.Contactless,
			Instructions: inOneText("\n", prefixed("At the store: ", inOneText(", ", r.PickupTag, r.PickupNotes)), r.DropoffNotes),
		},
	}
	if w := r.PickupWindow; w != nil && w.Start != nil {
		n.ReadyAt = w.Start
	}
	if w := r.DropoffWindow; w != nil {
		n.DeliverAfter, n.DeliverBefore = w.Start, w.End
	}
	for name, text := range map[string]string{doordashTagKept: r.PickupTag, doordashGiven: r.GivenName, doordashFamily: r.FamilyName} {
		if text != "" {
			n.Metadata[name] = text
		}
	}
	for _, v := range r.Vehicles {
		if n.Vehicles = append(n.Vehicles, v); v == "bicycle" {
			n.Vehicles = append(n.Vehicles, "ebike")
		}
	}
	grams := 0.0
	for _, x := range r.Items {
		n.Items = append(n.Items, Item{x.Name, x.Quantity})
		grams += x.Weight * float64(x.Quantity) * gramsPerPound
	}
	n.WeightG = int(grams)
	if len(n.Dropoff.Address) > 500 || len(n.Dropoff.Unit) > 50 {
		return n, invalid(FieldFault{"dropoff_address", "must have at most 500 bytes, and its sub_premise 50", nil})
	}
	return n, nil
}

// check finds what would matter and can't be had.
func (r DoorDashRequest) check() []FieldFault {
	var faults []FieldFault
	refuse := func(wrong bool, field, message string) {
		if wrong {
			faults = append(faults, FieldFault{field, message, nil})
		}
	}
	o := r.Options
	refuse(r.DropoffLocation == nil, "dropoff_location", "is needed: addresses are not looked up; send the door's coordinates")
	refuse(r.Undeliverable == "dispose", "action_if_undeliverable", "what can't be delivered is always brought back: send return_to_pickup, or leave it out")
	refuse(o != nil && o.ID == "required", "dropoff_options.id_verification", "which age is not told here: place the order with proof.age_check at POST /v1/orders")
	refuse(o != nil && o.Catering == "required", "dropoff_options.catering_setup", "riders set nothing up: leave it out")
	refuse(r.Pin != nil && r.Pin.Type == "customer_phone_number", "dropoff_pin_code_verification_metadata.pin_code_type", "send random_number, or merchant_provided_number with a pin_code_value")
	refuse(r.Pin != nil && r.Pin.Type == "merchant_provided_number" && r.Pin.Value == "", "dropoff_pin_code_verification_metadata.pin_code_value", "must be 4 to 6 digits")
	for name, yes := range r.Contains {
		refuse(yes, "order_contains."+name, "goods that not everybody may have: place the order with proof.age_check at POST /v1/orders")
	}
	grams := 0.0
	for _, x := range r.Items {
		grams += x.Weight * float64(x.Quantity) * gramsPerPound
	}
	refuse(grams > 1e6, "items", "must weigh at most 1000 kg together")
	return faults
}

func (r DoorDashRequest) demand() *Demand {
	d := Demand{Signature: r.Signature, Photo: r.Contactless}
	if o := r.Options; o != nil {
		d.Signature = d.Signature || o.Signature == "required"
		d.Photo = d.Photo || o.Proof == "photo_required"
		if o.Proof == "pin_code" {
			if d.PIN = autoPIN; r.Pin != nil && r.Pin.Type == "merchant_provided_number" {
				d.PIN = r.Pin.Value
			}
		}
	}
	if d == (Demand{}) {
		return nil
	}
	return &d
}

func (r DoorDashChange) change() (OrderChange, error) {
	c := OrderChange{DeliverBefore: r.DropoffTime}
	if r.DropoffAddress != nil || r.DropoffLocation != nil || r.DropoffPhone != nil || r.DropoffNotes != nil {
		c.Dropoff = &DropoffChange{Location: r.DropoffLocation, Address: r.DropoffAddress, ContactPhone: r.DropoffPhone, Instructions: r.DropoffNotes}
	}
	if r.DropoffAddress != nil && r.DropoffLocation == nil {
		return c, invalid(FieldFault{"dropoff_location", "is needed with another address: addresses are not looked up", nil})
	}
	if w := r.DropoffWindow; w != nil {
		c.DeliverAfter, c.DeliverBefore = w.Start, w.End
	}
	if r.Items != nil {
		items := make([]Item, len(*r.Items))
		for i, x := range *r.Items {
			items[i] = Item{x.Name, x.Quantity}
		}
		c.Items = &items
	}
	return c, nil
}

// keepWanted keeps with a quote what was asked for.
func keepWanted(ctx context.Context, tx pgx.Tx, who merchant, q id.Quote, n NewOrder) error {
	raw, err := json.Marshal(n)
	if err == nil {
		_, err = tx.Exec(ctx, "UPDATE quotes SET external_id = $4, wanted = $5 WHERE tenant_id = $1 AND merchant_id = $2 AND id = $3", who.Tenant, who.Merchant, q, n.ExternalID, raw)
	}
	if err != nil {
		return fmt.Errorf("keep what was quoted: %w", err)
	}
	return nil
}

// readWanted is what the last quote of an external id was asked for. order.ErrQuoteNotFound.
func readWanted(ctx context.Context, tx pgx.Tx, who merchant, external string) (n NewOrder, err error) {
	rows, err := tx.Query(ctx, "SELECT wanted FROM quotes WHERE tenant_id = $1 AND merchant_id = $2 AND external_id = $3 ORDER BY created_at DESC, id DESC LIMIT 1", who.Tenant, who.Merchant, external)
	if err != nil {
		return n, fmt.Errorf("read what was quoted: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err == nil && len(found) == 0 {
		return n, order.ErrQuoteNotFound
	}
	if err == nil {
		err = json.Unmarshal(found[0], &n)
	}
	if err != nil {
		return n, fmt.Errorf("read what was quoted: %w", err)
	}
	return n, nil
}
