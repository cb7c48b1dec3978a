package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// UberPlaces is what quotes and deliveries say alike: from where, to where, when.
type UberPlaces struct {
	PickupAddress      string     `json:"pickup_address" maxLength:"2000" doc:"Not used: the pick-up is a store of ours."`
	PickupLatitude     *float64   `json:"pickup_latitude,omitempty" minimum:"-90" maximum:"90" doc:"Of a store, to 150 m, where external_store_id does not name it."`
	PickupLongitude    *float64   `json:"pickup_longitude,omitempty" minimum:"-180" maximum:"180"`
	PickupPhone        string     `json:"pickup_phone_number,omitempty" maxLength:"50" doc:"Not used."`
	PickupReady        *time.Time `json:"pickup_ready_dt,omitempty"`
	PickupDeadline     *time.Time `json:"pickup_deadline_dt,omitempty" doc:"Not used: dropoff_deadline_dt decides."`
	DropoffAddress     string     `json:"dropoff_address" minLength:"1" maxLength:"2000" doc:"One line, or a JSON object in a text."`
	DropoffLatitude    *float64   `json:"dropoff_latitude,omitempty" minimum:"-90" maximum:"90" doc:"Needed: addresses are not looked up."`
	DropoffLongitude   *float64   `json:"dropoff_longitude,omitempty" minimum:"-180" maximum:"180"`
	DropoffPhone       string     `json:"dropoff_phone_number,omitempty" maxLength:"50"`
	DropoffReady       *time.Time `json:"dropoff_ready_dt,omitempty"`
	DropoffDeadline    *time.Time `json:"dropoff_deadline_dt,omitempty"`
	ManifestTotalValue *int64     `json:"manifest_total_value,omitempty" minimum:"0" maximum:"1000000000000"`
	ExternalStoreID    string     `json:"external_store_id,omitempty" maxLength:"128" doc:"The external_id of a store."`
}

// UberQuoteRequest asks for a price.
type UberQuoteRequest struct{ UberPlaces }

// UberDeliveryRequest asks for a delivery.
type UberDeliveryRequest struct {
	UberPlaces
	PickupName          string            `json:"pickup_name,omitempty" maxLength:"200" doc:"Not used: the store has a name."`
	PickupBusinessName  string            `json:"pickup_business_name,omitempty" maxLength:"200" doc:"Not used."`
	PickupNotes         string            `json:"pickup_notes,omitempty" maxLength:"280"`
	DropoffName         string            `json:"dropoff_name" maxLength:"200"`
	DropoffBusinessName string            `json:"dropoff_business_name,omitempty" maxLength:"200"`
	DropoffNotes        string            `json:"dropoff_notes,omitempty" maxLength:"280"`
	DropoffSellerNotes  string            `json:"dropoff_seller_notes,omitempty" maxLength:"280"`
	ManifestItems       []UberItem        `json:"manifest_items" minItems:"1" maxItems:"200"`
	ManifestReference   string            `json:"manifest_reference,omitempty" maxLength:"60"`
	ExternalID          string            `json:"external_id,omitempty" maxLength:"60"`
	QuoteID             string            `json:"quote_id,omitempty" pattern:"^dqt_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	IdempotencyKey      string            `json:"idempotency_key,omitempty" maxLength:"200"`
	Tip                 *int64            `json:"tip,omitempty" minimum:"0" maximum:"1000000000000"`
	DeliverableAction   string            `json:"deliverable_action,omitempty" enum:"deliverable_action_meet_at_door,deliverable_action_leave_at_door"`
	UndeliverableAction string            `json:"undeliverable_action,omitempty" enum:"leave_at_door,return,discard"`
	RequiresSignature   bool              `json:"requires_dropoff_signature,omitempty"`
	RequiresID          bool              `json:"requires_id,omitempty"`
	DropoffVerification *UberVerification `json:"dropoff_verification,omitempty" nullable:"false"`
	PickupVerification  *UberVerification `json:"pickup_verification,omitempty" nullable:"false"`
	ReturnVerification  *UberVerification `json:"return_verification,omitempty" nullable:"false"`
	ExternalUserInfo    map[string]any    `json:"external_user_info,omitempty" doc:"Not used."`
	TestSpecifications  *UberTest         `json:"test_specifications,omitempty" nullable:"false"`
}

// UberItem is a line of the manifest.
type UberItem struct {
	Name          string         `json:"name" minLength:"1" maxLength:"200"`
	Quantity      int            `json:"quantity" minimum:"1" maximum:"10000"`
	Weight        int            `json:"weight,omitempty" minimum:"0" maximum:"1000000" doc:"Grams, of one."`
	Size          string         `json:"size,omitempty" enum:"small,medium,large,xlarge,big" doc:"Not used."`
	Price         int64          `json:"price,omitempty" doc:"Not used."`
	Dimensions    map[string]any `json:"dimensions,omitempty" doc:"Not used."`
	MustBeUpright bool           `json:"must_be_upright,omitempty" doc:"Not used."`
	VATPercentage int64          `json:"vat_percentage,omitempty" doc:"Not used."`
}

// UberVerification is a proof that a waypoint demands.
type UberVerification struct {
	Signature            bool           `json:"signature,omitempty"`
	SignatureRequirement *UberSignature `json:"signature_requirement,omitempty" nullable:"false"`
	Barcodes             []UberBarcode  `json:"barcodes,omitempty" maxItems:"20"`
	Pincode              *UberPincode   `json:"pincode,omitempty" nullable:"false"`
	Identification       *UberID        `json:"identification,omitempty" nullable:"false"`
	Picture              bool           `json:"picture,omitempty"`
	Package              map[string]any `json:"package,omitempty" doc:"Not used."`
}

// UberSignature demands a signature.
type UberSignature struct {
	Enabled             bool `json:"enabled,omitempty"`
	CollectName         bool `json:"collect_signer_name,omitempty" doc:"Not used."`
	CollectRelationship bool `json:"collect_signer_relationship,omitempty" doc:"Not used."`
}

// UberBarcode demands a barcode.
type UberBarcode struct {
	Value string `json:"value" minLength:"1" maxLength:"128"`
	Type  string `json:"type,omitempty" enum:"CODE39,CODE39_FULL_ASCII,CODE128,QR" doc:"Not used."`
}

// UberPincode demands a PIN. Ours may be given; else one is made.
type UberPincode struct {
	Enabled bool   `json:"enabled,omitempty"`
	Value   string `json:"value,omitempty" pattern:"^[0-9]{4,6}$"`
}

// UberID demands an age.
type UberID struct {
	MinAge int `json:"min_age,omitempty" minimum:"0" maximum:"120"`
}

// UberTest asks for a robot, which every test order has.
type UberTest struct {
	RoboCourier struct {
		Mode string `json:"mode" enum:"auto"`
	} `json:"robo_courier_specification"`
}

// UberUpdateRequest is what shall change.
type UberUpdateRequest struct {
	DropoffNotes        *string           `json:"dropoff_notes,omitempty" maxLength:"280"`
	DropoffLatitude     *float64          `json:"dropoff_latitude,omitempty" minimum:"-90" maximum:"90"`
	DropoffLongitude    *float64          `json:"dropoff_longitude,omitempty" minimum:"-180" maximum:"180"`
	TipByCustomer       *int64            `json:"tip_by_customer,omitempty" minimum:"0" maximum:"1000000000000"`
	PickupNotes         *string           `json:"pickup_notes,omitempty" doc:"Can't change here."`
	ManifestReference   *string           `json:"manifest_reference,omitempty" doc:"Can't change here."`
	RequiresSignature   *bool             `json:"requires_dropoff_signature,omitempty" doc:"Can't change here."`
	RequiresID          *bool             `json:"requires_id,omitempty" doc:"Can't change here."`
	DropoffVerification *UberVerification `json:"dropoff_verification,omitempty" nullable:"false" doc:"Can't change here."`
	PickupVerification  *UberVerification `json:"pickup_verification,omitempty" nullable:"false" doc:"Can't change here."`
}

// uberAddress is a place's address in parts.
type uberAddress struct {
	Street  []string `json:"street_address"`
	City    string   `json:"city"`
	State   string   `json:"state"`
	Zip     string   `json:"zip_code"`
	Country string   `json:"country"`
}

// parts reads an address that is JSON in a text; ok = false: it is one line.
func uberParts(address string) (a uberAddress, ok bool) {
	return a, json.Unmarshal([]byte(address), &a) == nil
}

func inOneText(sep string, words ...string) string {
	var out []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, sep)
}

func (p UberPlaces) dropoff() (geo.LatLng, error) {
	return twoNumbers(p.DropoffLatitude, p.DropoffLongitude, "dropoff_latitude", "dropoff_longitude")
}

// twoNumbers are a place told as two numbers, both of them needed.
func twoNumbers(lat, lng *float64, latField, lngField string) (geo.LatLng, error) {
	var faults []FieldFault
	for _, x := range []struct {
		field string
		v     *float64
	}{{latField, lat}, {lngField, lng}} {
		if x.v == nil {
			faults = append(faults, FieldFault{x.field, "is needed: addresses are not looked up; send the door's coordinates", nil})
		}
	}
	if len(faults) > 0 {
		return geo.LatLng{}, invalid(faults...)
	}
	return geo.LatLng{Lat: *lat, Lng: *lng}, nil
}

func (s *Server) uberStore(ctx context.Context, who merchant, p UberPlaces) (order.Store, error) {
	var at *geo.LatLng
	if p.PickupLatitude != nil && p.PickupLongitude != nil {
		at = &geo.LatLng{Lat: *p.PickupLatitude, Lng: *p.PickupLongitude}
	}
	return s.pickupStore(ctx, who, p.ExternalStoreID, at, "external_store_id", ", or pickup_latitude and pickup_longitude within 150 m of it")
}

func (r UberQuoteRequest) quote(st order.Store) (NewQuote, error) {
	to, err := r.dropoff()
	return NewQuote{StoreID: st.ID, Dropoff: Place{to}, Load: 1, ReadyAt: r.PickupReady, DeliverAfter: r.DropoffReady}, err
}

// What a delivery says that an order of ours has no field for is kept in its metadata, by these names.
const (
	uberReference = "uber.manifest_reference"
	uberExternal  = "uber.external_id"
	uberQuoted    = "uber.quote_id"
	uberAddressed = "uber.dropoff_address"
)

// order is what the request means, but for its store and its money.
func (r UberDeliveryRequest) order(who merchant) (NewOrder, error) {
	to, err := r.dropoff()
	if err != nil {
		return NewOrder{}, err
	}
	if faults := r.check(who); len(faults) > 0 {
		return NewOrder{}, invalid(faults...)
	}
	n := NewOrder{
		ExternalID: inOneText(" ", r.ExternalID, r.ManifestReference), Load: 1, ReadyAt: r.PickupReady, DeliverAfter: r.DropoffReady, DeliverBefore: r.DropoffDeadline,
		Dropoff: Dropoff{
			Location: to, Address: r.DropoffAddress, ContactName: r.DropoffName, ContactPhone: r.DropoffPhone,
			Instructions: inOneText("\n", prefixed("At the store: ", r.PickupNotes), r.DropoffNotes, r.DropoffSellerNotes),
			LeaveAtDoor:  r.DeliverableAction == "deliverable_action_leave_at_door",
		},
		Proof: r.demand(), Metadata: map[string]string{},
	}
	if a, ok := uberParts(r.DropoffAddress); ok {
		n.Dropoff.Address = inOneText(", ", append(a.Street, a.City, inOneText(" ", a.State, a.Zip), a.Country)...)
	}
	n.Dropoff.Address = inOneText(", ", r.DropoffBusinessName, n.Dropoff.Address)
	if len(n.Dropoff.Address) > maxMetaText {
		return n, invalid(FieldFault{"dropoff_address", "must have at most 500 bytes", nil})
	}
	for name, text := range map[string]string{uberReference: r.ManifestReference, uberExternal: r.ExternalID, uberQuoted: r.QuoteID, uberAddressed: r.DropoffAddress} {
		if _, whole := uberParts(text); text != "" && (name != uberAddressed || whole && len(text) <= maxMetaText) {
			n.Metadata[name] = text
		}
	}
	for _, x := range r.ManifestItems {
		n.Items = append(n.Items, Item{x.Name, x.Quantity})
		n.WeightG += x.Weight * x.Quantity
	}
	if r.QuoteID != "" { // its fee is fixed, and it asked for no weight
		n.WeightG = 0
		return n, n.QuoteID.UnmarshalText([]byte("quo_" + strings.TrimPrefix(r.QuoteID, "dqt_")))
	}
	return n, nil
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// check finds what would matter and can't be had.
func (r UberDeliveryRequest) check(who merchant) []FieldFault {
	var faults []FieldFault
	refuse := func(wrong bool, field, message string) {
		if wrong {
			faults = append(faults, FieldFault{field, message, nil})
		}
	}
	v := r.DropoffVerification
	refuse(r.UndeliverableAction != "" && r.UndeliverableAction != "return", "undeliverable_action", "what can't be delivered is always brought back: send return, or leave it out")
	refuse(r.PickupVerification.any(), "pickup_verification", "nothing is verified at the store: leave it out")
	refuse(r.ReturnVerification.any(), "return_verification", "nothing is verified at a return: leave it out")
	refuse(r.RequiresID && (v == nil || v.Identification == nil || v.Identification.MinAge == 0), "requires_id", "say which age: dropoff_verification.identification.min_age")
	refuse(v != nil && len(v.Barcodes) > 1, "dropoff_verification.barcodes", "must be one")
	refuse(r.TestSpecifications != nil && !who.Test, "test_specifications", "only deliveries of test keys can have it: leave it out, or use a pk_test_… key")
	total := 0
	for _, x := range r.ManifestItems {
		total += x.Weight * x.Quantity
	}
	refuse(total > 1_000_000, "manifest_items", "must weigh at most 1000 kg together")
	return faults
}

func (v *UberVerification) any() bool {
	return v != nil && (v.Signature || v.SignatureRequirement != nil && v.SignatureRequirement.Enabled || len(v.Barcodes) > 0 ||
		v.Pincode != nil && v.Pincode.Enabled || v.Identification != nil && v.Identification.MinAge > 0 || v.Picture)
}

func (r UberDeliveryRequest) demand() *Demand {
	d := Demand{Signature: r.RequiresSignature}
	if v := r.DropoffVerification; v != nil {
		d.Signature = d.Signature || v.Signature || v.SignatureRequirement != nil && v.SignatureRequirement.Enabled
		d.Photo = v.Picture
		if len(v.Barcodes) == 1 {
			d.Barcode = v.Barcodes[0].Value
		}
		if v.Pincode != nil && v.Pincode.Enabled {
			if d.PIN = v.Pincode.Value; d.PIN == "" {
				d.PIN = autoPIN
			}
		}
		if v.Identification != nil && v.Identification.MinAge > 0 {
			d.AgeCheck = &AgeCheck{v.Identification.MinAge}
		}
	}
	if d == (Demand{}) {
		return nil
	}
	return &d
}

// change is what the request means for an order, but for its tip.
func (r UberUpdateRequest) change() (OrderChange, error) {
	var c OrderChange
	var faults []FieldFault
	for field, told := range map[string]bool{
		"pickup_notes": r.PickupNotes != nil, "manifest_reference": r.ManifestReference != nil, "requires_dropoff_signature": r.RequiresSignature != nil,
		"requires_id": r.RequiresID != nil, "dropoff_verification": r.DropoffVerification != nil, "pickup_verification": r.PickupVerification != nil,
	} {
		if told {
			faults = append(faults, FieldFault{field, "can't change once the delivery is created: leave it out, or cancel and create another", nil})
		}
	}
	if len(faults) > 0 {
		return c, invalid(faults...)
	}
	if r.DropoffNotes != nil {
		c.Dropoff = &DropoffChange{Instructions: r.DropoffNotes}
	}
	if r.DropoffLatitude != nil || r.DropoffLongitude != nil {
		at, err := twoNumbers(r.DropoffLatitude, r.DropoffLongitude, "dropoff_latitude", "dropoff_longitude")
		if err != nil {
			return c, err
		}
		if c.Dropoff == nil {
			c.Dropoff = &DropoffChange{}
		}
		c.Dropoff.Location = &at
	}
	return c, nil
}

// uberID is an order's id as Uber's clients expect one.
func uberID(ours string) string { return "del_" + strings.TrimPrefix(ours, "ord_") }

func uberQuoteID(q id.Quote) string { return "dqt_" + strings.TrimPrefix(q.String(), "quo_") }
