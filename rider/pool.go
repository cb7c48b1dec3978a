package rider

import (
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// Pooled is an order that the riders nearby may claim.
type Pooled struct {
	Order id.Order
	// Lot is what goes together: the order's job, or the order alone.
	Lot      uuid.UUID
	Zone     id.Zone
	Since    time.Time
	ClosesAt time.Time // until then claims are collected, and the best of them wins; from then on the first one does
}

// ClaimState is how a claim stands.
type ClaimState string

// The states of a claim. Open is decided when the lot's window closes.
const (
	ClaimOpen ClaimState = "open"
	ClaimWon  ClaimState = "won"
	ClaimLost ClaimState = "lost"
)

// Why a claim was won or lost.
const (
	ClaimFirst       = "first"        // won: nobody else had claimed it when its window closed
	ClaimOnly        = "only"         // won: nobody else did while its window was open
	ClaimBest        = "best"         // won: of those collected, the cheapest way for the customers and riders of all orders
	ClaimLongestIdle = "longest_idle" // won: about as good as the best, and longer without work
	ClaimTaken       = "taken"        // lost to another rider
	ClaimGone        = "gone"         // lost: the order left the pool, cancelled or given away by hand
)

// Claim is a rider's word for a lot of the pool.
type Claim struct {
	Lot       uuid.UUID
	Order     id.Order // of the lot, as the rider named it
	Rider     id.Rider
	Action    uuid.UUID
	At        time.Time
	State     ClaimState
	DecidedAt *time.Time
	Reason    string // once decided: as above, or the word for what keeps the rider from it
}
