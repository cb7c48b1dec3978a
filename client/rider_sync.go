package client

import (
	"context"
	"net/http"
	"time"
)

// The kinds of act that a phone records, in the order of a normal day.
const (
	ActStartShift      = "start_shift"
	ActSeeOffer        = "see_offer"
	ActDeclineOffer    = "decline_offer"
	ActAcceptOffer     = "accept_offer"
	ActDeclineHandover = "decline_handover"
	ActAcceptHandover  = "accept_handover"
	ActTakeOver        = "take_over"
	ActArriveStore     = "arrive_store"
	ActPickup          = "pickup"
	ActArriveDoor      = "arrive_door"
	ActDeliver         = "deliver"
	ActFail            = "fail"
	ActReturn          = "return"
	ActEndShift        = "end_shift"
)

// Recorded is an act kept while there was no network. ID is the phone's own: however often it is sent, it is one act.
type Recorded struct {
	ID         string     `json:"id"`
	At         time.Time  `json:"at"`
	Kind       string     `json:"kind"`
	OrderID    string     `json:"order_id,omitempty"`
	OfferID    string     `json:"offer_id,omitempty"`
	HandoverID string     `json:"handover_id,omitempty"`
	EndsAt     *time.Time `json:"ends_at,omitempty"` // start_shift
	Reason     string     `json:"reason,omitempty"`
	Note       string     `json:"note,omitempty"`
	Location   *LatLng    `json:"location,omitempty"`
	Proof      *Proof     `json:"proof,omitempty"`
}

// What became of a recorded act.
const (
	Applied  = "applied"
	Already  = "already"
	Conflict = "conflict"
)

// What to do about a conflict.
const (
	AdviceForget    = "forget"     // drop the act
	AdviceResend    = "resend"     // keep it, and send it again later
	AdviceRedo      = "redo"       // have the rider do it again, properly
	AdviceBringBack = "bring_back" // what was picked up goes back to the store
	AdviceCall      = "call"       // a dispatcher must sort it out
)

// SyncResult is what became of one recorded act, and what is true now.
type SyncResult struct {
	ID     string     `json:"id"`
	Status string     `json:"status"`
	Error  *Problem   `json:"error"`
	Advice string     `json:"advice"`
	Order  *SyncOrder `json:"order"`
	Offer  *SyncOffer `json:"offer"`
}

// SyncOrder is how the order of an act stands. State is nil once it is another's.
type SyncOrder struct {
	ID      string  `json:"id"`
	Yours   bool    `json:"yours"`
	State   *string `json:"state"`
	Version *int64  `json:"version"`
}

// SyncOffer is how the offer of an act stands.
type SyncOffer struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// SyncAnswer is what became of all that was recorded, and what there is to do now.
type SyncAnswer struct {
	Results []SyncResult `json:"results"` // parallel to what was sent
	Work
}

// Sync sends what was recorded without a network: up to 200 acts and 500 fixes at once, in any order, any number of times. What to
// keep for later is what Advice says is to be resent; all else is done with.
func (r *Rider) Sync(ctx context.Context, acts []Recorded, fixes []Fix) (SyncAnswer, error) {
	var out SyncAnswer
	err := r.do(ctx, http.MethodPost, "sync", "sync", struct {
		Actions   []Recorded `json:"actions,omitempty"`
		Positions []Fix      `json:"positions,omitempty"`
	}{acts, fixes}, &out)
	return out, err
}
