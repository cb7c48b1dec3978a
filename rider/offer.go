package rider

import (
	"errors"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// OfferState is how an offer stands.
type OfferState string

// The states of an offer. Open waits for the rider until ExpiresAt; all others are final.
const (
	OfferOpen      OfferState = "open"
	OfferAccepted  OfferState = "accepted"
	OfferDeclined  OfferState = "declined"
	OfferExpired   OfferState = "expired"   // nobody answered in time
	OfferWithdrawn OfferState = "withdrawn" // an order was cancelled or given to somebody else
)

// Offer is orders proposed to one rider, with a time limit.
type Offer struct {
	ID         id.Offer
	Rider      id.Rider
	Zone       id.Zone
	Round      id.Round // that made it
	State      OfferState
	Orders     []id.Order
	Stops      []Stop // the rider's whole plan if accepted, as it looked when the offer was made
	MadeAt     time.Time
	ExpiresAt  time.Time
	SeenAt     *time.Time // first shown to the rider
	AnsweredAt *time.Time // when it left open
	Reason     string     // of a refusal or withdrawal
}

// ErrOfferNotFound is an unknown offer of this tenant, or another rider's.
var ErrOfferNotFound = errors.New("rider: offer not found")
