package api

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
)

// DoorDashDelivery is an order, or a quote, as DoorDash Drive shows it.
type DoorDashDelivery struct {
	ExternalID      string            `json:"external_delivery_id"`
	Status          string            `json:"delivery_status" enum:"quote,created,enroute_to_pickup,arrived_at_pickup,picked_up,arrived_at_dropoff,delivered,enroute_to_return,returned,cancelled"`
	CancelReason    string            `json:"cancellation_reason,omitempty" enum:"cancelled_by_creator,failed_to_assign_and_refunded"`
	Currency        string            `json:"currency"`
	Fee             int64             `json:"fee" doc:"Minor units."`
	FeeComponents   []DoorDashFeePart `json:"fee_components"`
	Tax             int64             `json:"tax" doc:"Always 0."`
	TaxComponents   []DoorDashFeePart `json:"tax_components" doc:"Always empty."`
	Tip             int64             `json:"tip"`
	Cash            int64             `json:"dropoff_cash_on_delivery"`
	OrderValue      int64             `json:"order_value"`
	Items           []Item            `json:"items"`
	PickupAddress   string            `json:"pickup_address"`
	PickupName      string            `json:"pickup_business_name"`
	PickupStore     string            `json:"pickup_external_store_id"`
	PickupTag       string            `json:"pickup_reference_tag,omitempty"`
	DropoffAddress  string            `json:"dropoff_address"`
	DropoffLocation geo.LatLng        `json:"dropoff_location"`
	DropoffPhone    string            `json:"dropoff_phone_number"`
	DropoffNotes    string            `json:"dropoff_instructions"`
	GivenName       string            `json:"dropoff_contact_given_name,omitempty"`
	FamilyName      string            `json:"dropoff_contact_family_name,omitempty"`
	Options         DoorDashOptions   `json:"dropoff_options"`
	Pin             *DoorDashPin      `json:"dropoff_pin_code_verification_metadata,omitempty" nullable:"false"`
	Contactless     bool              `json:"contactless_dropoff"`
	Signature       bool              `json:"dropoff_requires_signature"`
	Undeliverable   string            `json:"action_if_undeliverable" enum:"return_to_pickup"`
	UpdatedAt       time.Time         `json:"updated_at"`
	PickupEstimated *time.Time        `json:"pickup_time_estimated"`
	PickupActual    *time.Time        `json:"pickup_time_actual"`
	DropEstimated   *time.Time        `json:"dropoff_time_estimated"`
	DropActual      *time.Time        `json:"dropoff_time_actual"`
	ReturnActual    *time.Time        `json:"return_time_actual"`
	ReturnAddress   string            `json:"return_address,omitempty"`
	Support         string            `json:"support_reference" doc:"The order's id; empty for a quote."`
	TrackingURL     string            `json:"tracking_url" doc:"Empty for a quote."`
	DasherName      string            `json:"dasher_name,omitempty" doc:"While a rider has it."`
	DasherDropPhone string            `json:"dasher_dropoff_phone_number,omitempty"`
	DasherPickPhone string            `json:"dasher_pickup_phone_number,omitempty"`
	DasherLocation  *geo.LatLng       `json:"dasher_location,omitempty" nullable:"false"`
}

// DoorDashFeePart is a part of a fee.
type DoorDashFeePart struct {
	Type   string `json:"type" enum:"flat_fee,distance_based_fee,small_order_fee,other"`
	Amount int64  `json:"amount"`
}

// doordashStatus is what DoorDash calls our states.
var doordashStatus = map[order.State]string{
	order.Scheduled: "created", order.Pending: "created", order.Offered: "created", order.Assigned: "enroute_to_pickup", order.AtStore: "arrived_at_pickup",
	order.PickedUp: "picked_up", order.AtDoor: "arrived_at_dropoff", order.Delivered: "delivered", order.Returning: "enroute_to_return",
	order.Returned: "returned", order.Cancelled: "cancelled",
}

var doordashParts = map[order.TermKind]string{order.TermBase: "flat_fee", order.TermDistance: "distance_based_fee", order.TermMinimum: "small_order_fee"}

func (d *DoorDashDelivery) fee(f Fee) {
	d.Fee, d.Currency = f.Amount, f.Currency
	for _, t := range f.Terms {
		kind, ok := doordashParts[t.Kind]
		if !ok {
			kind = "other"
		}
		d.FeeComponents = append(d.FeeComponents, DoorDashFeePart{kind, t.Amount})
	}
}

// doordashOf is what quotes and deliveries show alike.
func doordashOf(n NewOrder, st order.Store) DoorDashDelivery {
	d := DoorDashDelivery{
		ExternalID: n.ExternalID, FeeComponents: []DoorDashFeePart{}, TaxComponents: []DoorDashFeePart{}, Items: notNil(n.Items),
		PickupAddress: st.Address, PickupName: st.Name, PickupStore: st.ExternalID, PickupTag: n.Metadata[doordashTagKept],
		DropoffAddress: n.Dropoff.Address, DropoffLocation: n.Dropoff.Location, DropoffPhone: n.Dropoff.ContactPhone, DropoffNotes: n.Dropoff.Instructions,
		GivenName: n.Metadata[doordashGiven], FamilyName: n.Metadata[doordashFamily], Contactless: n.Dropoff.LeaveAtDoor,
		Options: DoorDashOptions{Signature: "none", ID: "none", Proof: "none"}, Undeliverable: "return_to_pickup",
	}
	if p := n.Proof; p != nil {
		if d.Signature = p.Signature; p.Signature {
			d.Options.Signature = "required"
		}
		switch {
		case p.PIN != "" && p.PIN != autoPIN:
			d.Options.Proof, d.Pin = "pin_code", &DoorDashPin{"merchant_provided_number", p.PIN}
		case p.PIN != "":
			d.Options.Proof = "pin_code"
		case p.Photo:
			d.Options.Proof = "photo_required"
		}
		if p.AgeCheck != nil {
			d.Options.ID = "required"
		}
	}
	d.OrderValue, d.Tip, d.Cash = n.Value.money().Minor, n.Tip.money().Minor, n.Cash.money().Minor
	return d
}

func doordashQuoteOf(q Quote, n NewOrder, st order.Store) DoorDashDelivery {
	d := doordashOf(n, st)
	d.Status, d.UpdatedAt = "quote", q.CreatedAt
	d.PickupEstimated, d.DropEstimated = &q.Pickup.P50At, &q.Delivery.P50At
	d.fee(q.Fee)
	return d
}

func doordashDeliveryOf(o Order, st order.Store) DoorDashDelivery {
	d := doordashOf(NewOrder{
		ExternalID: o.ExternalID, Dropoff: o.Dropoff, Items: o.Items, Value: o.Value.v, Tip: o.Tip.v, Cash: o.Cash.v, Proof: &o.Proof, Metadata: o.Metadata,
	}, st)
	d.Status, d.UpdatedAt, d.Support, d.TrackingURL = doordashStatus[o.State], o.UpdatedAt, o.ID.String(), o.TrackingURL
	d.PickupActual, d.DropEstimated = o.PickedUpAt, o.EtaAt
	if o.PickedUpAt == nil && !o.State.Ended() {
		d.PickupEstimated = &o.ReadyEstimate
	}
	switch o.State {
	case order.Delivered:
		d.DropActual = o.EndedAt
	case order.Returning:
		d.ReturnAddress = st.Address
	case order.Returned:
		d.ReturnAddress, d.ReturnActual = st.Address, o.EndedAt
	case order.Cancelled:
		if d.CancelReason = "failed_to_assign_and_refunded"; o.Cancel.v.Fault == string(order.ActorMerchant) {
			d.CancelReason = "cancelled_by_creator"
		}
	}
	if f := o.Fee.v; f != nil {
		d.fee(*f)
	}
	if r := o.Rider.v; r != nil {
		d.DasherName, d.DasherDropPhone, d.DasherPickPhone, d.DasherLocation = r.Name, r.Phone, r.Phone, r.Location
	}
	return d
}
