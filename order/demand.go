package order

// Demand is the proof without which a rider can't deliver an order. The zero value demands none. It never changes after
// placement: what the customer was told must stay true.
type Demand struct {
	Photo     bool   `json:"photo,omitempty"`
	Signature bool   `json:"signature,omitempty"`
	PIN       string `json:"pin,omitempty"`     // told to the customer, not to the rider
	Barcode   string `json:"barcode,omitempty"` // shown by the parcel or by the customer
	MinAge    int    `json:"min_age,omitempty"` // in years; 0 = anybody may take it
}
