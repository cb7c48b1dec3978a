package webhook

import (
	"errors"
	"fmt"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Endpoint is where a merchant wants events sent.
type Endpoint struct {
	ID          id.Endpoint
	Merchant    id.Merchant
	URL         string
	Description string
	Types       []string // of TypesKnown; empty: all
	State       State
	DisabledAt  *time.Time
	Disabled    Reason // why; "" unless disabled
	CreatedAt   time.Time
	UpdatedAt   time.Time

	Health Health
}

// State says whether deliveries are made.
type State string

// The states of an endpoint.
const (
	Enabled  State = "enabled"
	Disabled State = "disabled"
)

// Reason is why an endpoint is disabled.
type Reason string

// Who or what disables an endpoint.
const (
	ByMerchant Reason = "merchant"
	Gone       Reason = "gone"    // it answered 410
	Failing    Reason = "failing" // for giveUpAfter
)

// MaxEndpoints is how many a merchant may have.
const MaxEndpoints = 50

var (
	// ErrNotFound means that the merchant has no such endpoint, or the endpoint no such delivery.
	ErrNotFound = errors.New("no such webhook endpoint or delivery")
	// ErrTooMany means that the merchant has MaxEndpoints.
	ErrTooMany = errors.New("too many webhook endpoints")
	// ErrDisabled means that the endpoint takes nothing now.
	ErrDisabled = errors.New("the webhook endpoint is disabled")
)

// URLTakenError means that another endpoint of the merchant has the address.
type URLTakenError struct{ Existing id.Endpoint }

func (e *URLTakenError) Error() string { return fmt.Sprintf("endpoint %s has the address", e.Existing) }

// TestType is the type of the event that tests an endpoint.
const TestType = "webhook.test"

const typePrefix = "order."

// TypeOf is what an order's event is called in a webhook.
func TypeOf(t order.EventType) string { return typePrefix + string(t) }

// TypesKnown lists the types that an endpoint can choose from.
func TypesKnown() []string {
	ts := order.EventTypes()
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = TypeOf(t)
	}
	return out
}
