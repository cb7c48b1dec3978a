package order

import (
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Proof shows that a pickup or a drop-off took place. Pictures are uploaded before (Upload) and named here.
type Proof struct {
	Photos     []id.Proof  `json:"photo_ids,omitempty"`
	Signature  id.Proof    `json:"signature_id,omitzero"`
	SignedBy   string      `json:"signed_by,omitempty"`
	PIN        string      `json:"pin,omitempty"`
	Barcode    string      `json:"barcode,omitempty"`
	AgeChecked bool        `json:"age_checked,omitempty"` // the rider has looked at a document
	Location   *geo.LatLng `json:"location,omitempty"`
}

// ProofFault is a part of a proof that is missing or wrong.
type ProofFault struct {
	Field   string // as in Proof's JSON
	Wrong   bool   // given, but not right
	Message string // what to do
}

// ProofError means that an order can't be delivered with the proof given.
type ProofError struct {
	Order  id.Order
	Faults []ProofFault
}

func (e *ProofError) Error() string {
	words := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		words[i] = f.Field + " " + f.Message
	}
	return fmt.Sprintf("order %s: proof: %s", e.Order, strings.Join(words, "; "))
}

// Wrong reports whether something given is not right, rather than missing.
func (e *ProofError) Wrong() bool {
	for _, f := range e.Faults {
		if f.Wrong {
			return true
		}
	}
	return false
}

// check finds what p lacks of the demand.
func (d Demand) check(p *Proof) []ProofFault {
	if p == nil {
		p = &Proof{}
	}
	var faults []ProofFault
	lacks := func(demanded, given bool, field, message string) {
		if demanded && !given {
			faults = append(faults, ProofFault{field, false, message})
		}
	}
	matches := func(want, got, field, missing, wrong string) {
		lacks(want != "", got != "", field, missing)
		if want != "" && got != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 0 {
			faults = append(faults, ProofFault{field, true, wrong})
		}
	}
	lacks(d.Photo, len(p.Photos) > 0, "photo_ids", "is demanded: upload a photo and name it")
	lacks(d.Signature, !p.Signature.IsZero(), "signature_id", "is demanded: upload the signature and name it")
	matches(d.PIN, p.PIN, "pin", "is demanded: ask the customer", "is not the customer's: ask again")
	matches(d.Barcode, p.Barcode, "barcode", "is demanded: scan it", "is not this order's: is it the right parcel?")
	lacks(d.MinAge > 0, p.AgeChecked, "age_checked", fmt.Sprintf("is demanded: who takes it must be %d or older", d.MinAge))
	return faults
}
