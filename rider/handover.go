package rider

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// HandoverState is how a handover stands.
type HandoverState string

// The states of a handover. Open waits for the taker until ExpiresAt, accepted for the two to meet; all others are final.
const (
	HandoverOpen      HandoverState = "open"
	HandoverAccepted  HandoverState = "accepted" // what is on board has still to change hands
	HandoverDone      HandoverState = "done"     // the orders are the taker's
	HandoverDeclined  HandoverState = "declined"
	HandoverExpired   HandoverState = "expired"   // the taker did not answer in time, or the two did not meet (NotMet)
	HandoverCancelled HandoverState = "cancelled" // by the giver, the taker (who had agreed) or a dispatcher
	HandoverOvertaken HandoverState = "overtaken" // its orders ended, or went elsewhere
)

// NotMet is the end's reason of a handover that expired after the two had agreed to meet.
const NotMet = "not_met"

// Live reports whether the orders may still change hands.
func (s HandoverState) Live() bool { return s == HandoverOpen || s == HandoverAccepted }

// Handover is orders that one rider gives to another, who agrees.
type Handover struct {
	ID      id.Handover
	Zone    id.Zone
	Giver   id.Rider // has the orders, until the end
	Taker   id.Rider
	Orders  []id.Order // as proposed
	Left    []id.Order // those of them that wait to change hands; none once it has ended
	State   HandoverState
	ByStaff bool      // a dispatcher proposed it
	By      uuid.UUID // who did: a user or the giver
	Action  uuid.UUID // made by the proposer's phone or browser
	Reason  string
	Stops   []Stop      // the taker's whole plan if accepted, as it looked when it was proposed
	Meet    *geo.LatLng // where the two meet, if the orders are on board; while it is open, where the giver wants to (nil: where the giver is)
	MeetAt  *time.Time  // when the giver is expected there; nil until they have agreed to
	MeetBy  *time.Time  // until when they have to have met; nil: whenever they do

	MadeAt     time.Time
	ExpiresAt  time.Time
	SeenAt     *time.Time
	AnsweredAt *time.Time
	EndedAt    *time.Time
	EndReason  string // why it was declined, cancelled or overtaken
}

// ErrHandoverNotFound is an unknown handover of this tenant, or one between other riders.
var ErrHandoverNotFound = errors.New("rider: handover not found")
