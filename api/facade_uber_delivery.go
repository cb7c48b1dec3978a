package api

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// UberQuote is a quote as Uber Direct shows it.
type UberQuote struct {
	Kind            string    `json:"kind" enum:"delivery_quote"`
	ID              string    `json:"id"`
	Created         time.Time `json:"created"`
	Expires         time.Time `json:"expires"`
	Fee             int64     `json:"fee" doc:"Minor units."`
	Currency        string    `json:"currency" doc:"In lower case."`
	CurrencyType    string    `json:"currency_type" doc:"In upper case."`
	DropoffETA      time.Time `json:"dropoff_eta"`
	Duration        int       `json:"duration" doc:"Minutes until the drop-off."`
	PickupDuration  int       `json:"pickup_duration" doc:"Minutes until the rider leaves the store."`
	DropoffDeadline time.Time `json:"dropoff_deadline"`
}

func uberQuoteOf(q Quote) UberQuote {
	minutes := func(t time.Time) int { return int(math.Ceil(t.Sub(q.CreatedAt).Minutes())) }
	return UberQuote{
		"delivery_quote", uberQuoteID(q.ID), q.CreatedAt, q.ExpiresAt, q.Fee.Amount, strings.ToLower(q.Fee.Currency), q.Fee.Currency,
		q.Delivery.P50At, minutes(q.Delivery.P50At), minutes(q.Pickup.P50At), q.PromiseAt,
	}
}

// UberDelivery is an order as Uber Direct shows a delivery.
type UberDelivery struct {
	ID                  string        `json:"id"`
	QuoteID             string        `json:"quote_id"`
	Status              string        `json:"status" enum:"pending,pickup,pickup_complete,dropoff,delivered,canceled,returned"`
	Complete            bool          `json:"complete"`
	Kind                string        `json:"kind" enum:"delivery"`
	Courier             *UberCourier  `json:"courier,omitempty" nullable:"false" doc:"While a rider has it."`
	CourierImminent     bool          `json:"courier_imminent" doc:"The rider has arrived at the store or at the door."`
	Created             time.Time     `json:"created"`
	Updated             time.Time     `json:"updated"`
	Currency            string        `json:"currency" doc:"In lower case; empty where the zone had no tariff."`
	DeliverableAction   string        `json:"deliverable_action" enum:"deliverable_action_meet_at_door,deliverable_action_leave_at_door"`
	Pickup              UberWaypoint  `json:"pickup"`
	PickupReady         time.Time     `json:"pickup_ready"`
	PickupETA           time.Time     `json:"pickup_eta" doc:"When the food is expected to be ready, then when it was picked up."`
	PickupDeadline      time.Time     `json:"pickup_deadline" doc:"As dropoff_deadline."`
	Dropoff             UberWaypoint  `json:"dropoff"`
	DropoffReady        time.Time     `json:"dropoff_ready"`
	DropoffETA          time.Time     `json:"dropoff_eta"`
	DropoffDeadline     time.Time     `json:"dropoff_deadline"`
	DropoffIdentifier   string        `json:"dropoff_identifier" doc:"Always empty."`
	ExternalID          string        `json:"external_id"`
	Fee                 int64         `json:"fee" doc:"Minor units, the tip included."`
	Tip                 int64         `json:"tip"`
	LiveMode            bool          `json:"live_mode"`
	Manifest            UberManifest  `json:"manifest"`
	ManifestItems       []Item        `json:"manifest_items"`
	RelatedDeliveries   []UberRelated `json:"related_deliveries" doc:"Always empty: what is brought back is the same delivery."`
	TrackingURL         string        `json:"tracking_url"`
	UndeliverableAction string        `json:"undeliverable_action" enum:",returned"`
	UndeliverableReason string        `json:"undeliverable_reason" doc:"Always empty: the order's events have it."`
	UUID                string        `json:"uuid"`
}

// UberCourier is the rider.
type UberCourier struct {
	Name        string      `json:"name"`
	VehicleType string      `json:"vehicle_type" enum:"walker,bicycle,motorcycle,car"`
	PhoneNumber string      `json:"phone_number"`
	Location    *geo.LatLng `json:"location,omitempty" nullable:"false"`
	ImgHref     string      `json:"img_href" doc:"Always empty."`
}

// UberWaypoint is the store or the door.
type UberWaypoint struct {
	Name            string       `json:"name"`
	PhoneNumber     string       `json:"phone_number"`
	Address         string       `json:"address"`
	DetailedAddress *UberAddress `json:"detailed_address,omitempty" nullable:"false" doc:"Where the address came in parts."`
	Notes           string       `json:"notes"`
	SellerNotes     string       `json:"seller_notes" doc:"Always empty: they are part of notes."`
	CourierNotes    string       `json:"courier_notes" doc:"Always empty."`
	Location        geo.LatLng   `json:"location"`
	Requirements    *UberDemands `json:"verification_requirements,omitempty" nullable:"false"`
	Status          string       `json:"status,omitempty" enum:"completed,failed"`
	StatusTimestamp *time.Time   `json:"status_timestamp,omitempty"`
	ExternalStoreID string       `json:"external_store_id,omitempty"`
}

// UberAddress is an address in parts.
type UberAddress struct {
	Street1 string `json:"street_address_1"`
	Street2 string `json:"street_address_2"`
	City    string `json:"city"`
	State   string `json:"state"`
	Zip     string `json:"zip_code"`
	Country string `json:"country"`
}

// UberDemands is the proof that the drop-off demands.
type UberDemands struct {
	SignatureRequirement *UberSignature `json:"signature_requirement,omitempty" nullable:"false"`
	Barcodes             []UberBarcode  `json:"barcodes,omitempty"`
	Pincode              *UberPincode   `json:"pincode,omitempty" nullable:"false"`
	Identification       *UberID        `json:"identification,omitempty" nullable:"false"`
	Picture              bool           `json:"picture,omitempty"`
}

// UberManifest is what is delivered, in sum.
type UberManifest struct {
	Reference   string `json:"reference"`
	Description string `json:"description"`
	TotalValue  int64  `json:"total_value"`
}

// UberRelated is another delivery that belongs to one.
type UberRelated struct {
	ID           string `json:"id"`
	Relationship string `json:"relationship" enum:"original,return"`
}

// uberStatus is what Uber calls our states. A delivery that is on its way back is not over.
var uberStatus = map[order.State]string{
	order.Scheduled: "pending", order.Pending: "pending", order.Offered: "pending", order.Assigned: "pickup", order.AtStore: "pickup",
	order.PickedUp: "pickup_complete", order.AtDoor: "dropoff", order.Returning: "dropoff",
	order.Delivered: "delivered", order.Returned: "returned", order.Cancelled: "canceled",
}

// uberStates are the states that a filter means; none for no filter.
func uberStates(filter string) []string {
	var out []string
	for _, st := range order.States() {
		if filter != "" && (uberStatus[st] == filter || filter == "ongoing" && !st.Ended()) {
			out = append(out, string(st))
		}
	}
	return out
}

var uberVehicle = map[rider.Vehicle]string{
	rider.Walking: "walker", rider.Bicycle: "bicycle", rider.EBike: "bicycle", rider.Motorcycle: "motorcycle", rider.Car: "car",
}

func uberDeliveryOf(o Order, st order.Store, who merchant) UberDelivery {
	d := UberDelivery{
		ID: uberID(o.ID.String()), QuoteID: o.Metadata[uberQuoted], Status: uberStatus[o.State], Complete: o.State.Ended(), Kind: "delivery",
		CourierImminent: o.State == order.AtStore || o.State == order.AtDoor, Created: o.PlacedAt, Updated: o.UpdatedAt,
		DeliverableAction: "deliverable_action_meet_at_door", PickupReady: o.ReadyEstimate, PickupETA: o.ReadyEstimate, PickupDeadline: o.PromiseAt,
		DropoffReady: o.DueAt, DropoffETA: o.PromiseAt, DropoffDeadline: o.PromiseAt, ExternalID: o.Metadata[uberExternal], LiveMode: !who.Test,
		Manifest: UberManifest{Reference: o.Metadata[uberReference]}, ManifestItems: o.Items, RelatedDeliveries: []UberRelated{},
		TrackingURL: o.TrackingURL, UUID: strings.ToUpper(strings.ReplaceAll(o.ID.UUID().String(), "-", "")),
		Pickup: UberWaypoint{Name: st.Name, Address: st.Address, Location: o.Pickup.Location, ExternalStoreID: st.ExternalID},
		Dropoff: UberWaypoint{
			Name: o.Dropoff.ContactName, PhoneNumber: o.Dropoff.ContactPhone, Address: o.Dropoff.Address, Notes: o.Dropoff.Instructions,
			Location: o.Dropoff.Location, Requirements: uberDemandsOf(o.Proof),
		},
	}
	if o.Dropoff.LeaveAtDoor {
		d.DeliverableAction = "deliverable_action_leave_at_door"
	}
	if o.State == order.Returning || o.State == order.Returned {
		d.UndeliverableAction = "returned"
	}
	if o.DeliverAfter != nil {
		d.DropoffReady = *o.DeliverAfter
	}
	if o.PickedUpAt != nil {
		d.PickupETA = *o.PickedUpAt
	}
	if at := cmp.Or(o.EtaAt, o.EndedAt); at != nil {
		d.DropoffETA = *at
	}
	d.money(o)
	d.steps(o)
	if a, ok := uberParts(o.Metadata[uberAddressed]); ok {
		street := append(slices.Clone(a.Street), "", "")
		d.Dropoff.DetailedAddress = &UberAddress{street[0], inOneText(", ", street[1:]...), a.City, a.State, a.Zip, a.Country}
	}
	if r := o.Rider.v; r != nil {
		d.Courier = &UberCourier{Name: r.Name, VehicleType: uberVehicle[r.Vehicle], PhoneNumber: r.Phone, Location: r.Location}
	}
	for _, x := range o.Items {
		d.Manifest.Description = inOneText(", ", d.Manifest.Description, x.Name)
	}
	return d
}

func (d *UberDelivery) money(o Order) {
	if f := o.Fee.v; f != nil {
		d.Fee, d.Currency = f.Amount, strings.ToLower(f.Currency)
	}
	if t := o.Tip.v; t != nil {
		d.Tip = t.Amount
		d.Fee += t.Amount
	}
	if v := o.Value.v; v != nil {
		d.Manifest.TotalValue = v.Amount
	}
}

// steps says how the waypoints went.
func (d *UberDelivery) steps(o Order) {
	if o.PickedUpAt != nil {
		d.Pickup.Status, d.Pickup.StatusTimestamp = "completed", o.PickedUpAt
	}
	switch o.State {
	case order.Delivered:
		d.Dropoff.Status, d.Dropoff.StatusTimestamp = "completed", o.EndedAt
	case order.Returning, order.Returned:
		d.Dropoff.Status, d.Dropoff.StatusTimestamp = "failed", &o.UpdatedAt
	}
}

func uberDemandsOf(p Demand) *UberDemands {
	var d UberDemands
	if p.Signature {
		d.SignatureRequirement = &UberSignature{Enabled: true}
	}
	if p.Barcode != "" {
		d.Barcodes = []UberBarcode{{Value: p.Barcode}}
	}
	if p.PIN != "" {
		d.Pincode = &UberPincode{true, p.PIN}
	}
	if p.AgeCheck != nil {
		d.Identification = &UberID{p.AgeCheck.MinAge}
	}
	d.Picture = p.Photo
	if d.SignatureRequirement == nil && d.Barcodes == nil && d.Pincode == nil && d.Identification == nil && !d.Picture {
		return nil
	}
	return &d
}
