package order

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Quote is a fee and times that hold for a while, for one order.
type Quote struct {
	ID        id.Quote    `json:"-"`
	Merchant  id.Merchant `json:"-"`
	CreatedAt time.Time   `json:"-"`
	ExpiresAt time.Time   `json:"-"`
	Order     id.Order    `json:"-"` // that used it; zero = none yet

	Store        id.Store   `json:"store_id"`
	Zone         id.Zone    `json:"zone_id"`
	Dropoff      geo.LatLng `json:"dropoff"`
	Load         int        `json:"load"`
	WeightG      int        `json:"weight_g,omitempty"`
	DeliverAfter *time.Time `json:"deliver_after,omitempty"`

	Fee           Fee       `json:"fee"`
	ReadyEstimate time.Time `json:"ready_estimate"`
	Pickup        Span      `json:"pickup"`
	Delivery      Span      `json:"delivery"`
	PromiseAt     time.Time `json:"promise_at"`
}

// Span is when something is expected: by P50 as likely as not, by P90 nine times of ten.
type Span struct {
	P50 time.Time `json:"p50"`
	P90 time.Time `json:"p90"`
}

const (
	// QuoteLife is how long a quote can be used.
	QuoteLife = 10 * time.Minute
	// quotedPlace is how far from the quoted door an order may go, in metres: a map's pin is rarely set twice at the same place.
	quotedPlace = 50
)

var (
	// ErrQuoteNotFound means that the merchant has no such quote.
	ErrQuoteNotFound = errors.New("no such quote")
	// ErrQuoteExpired means that the quote's time is over.
	ErrQuoteExpired = errors.New("the quote has expired")
)

// QuoteUsedError means that an order has used the quote.
type QuoteUsedError struct {
	Quote id.Quote
	Order id.Order // that did
}

func (e *QuoteUsedError) Error() string {
	return fmt.Sprintf("quote %s is used by order %s", e.Quote, e.Order)
}

// QuoteMismatchError tells all by which an order differs from its quote.
type QuoteMismatchError struct{ Faults []QuoteFault }

// QuoteFault is one difference: the field of the order, and what to do.
type QuoteFault struct{ Field, Message string }

func (e *QuoteMismatchError) Error() string {
	fields := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		fields[i] = f.Field
	}
	return "the order is not what was quoted: " + strings.Join(fields, ", ")
}

// Open is nil where the quote can be used at a time: else *QuoteUsedError or ErrQuoteExpired.
func (q Quote) Open(now time.Time) error {
	switch {
	case !q.Order.IsZero():
		return &QuoteUsedError{q.ID, q.Order}
	case !now.Before(q.ExpiresAt):
		return ErrQuoteExpired
	}
	return nil
}

// Covers is nil where the quote is for such an order, a *QuoteMismatchError where it is not.
func (q Quote) Covers(o Order) error {
	var faults []QuoteFault
	fault := func(wrong bool, field, format string, args ...any) {
		if wrong {
			faults = append(faults, QuoteFault{field, fmt.Sprintf(format, args...) + "; ask for a new quote"})
		}
	}
	fault(o.Store != q.Store, "store_id", "the quote is for store %s", q.Store)
	away := math.Ceil(geo.Distance(o.Dropoff.At, q.Dropoff))
	fault(away > quotedPlace, "dropoff.location", "is %.0f m from the quoted place, and may be at most %d m", away, quotedPlace)
	fault(o.Load > q.Load, "load", "was quoted as %d", q.Load)
	fault(o.WeightG > q.WeightG, "weight_g", "was quoted as %d", q.WeightG)
	fault(!sameTime(o.DeliverAfter, q.DeliverAfter), "deliver_after", "is not the quoted one") // it decides about surcharges by the time of day
	if len(faults) > 0 {
		return &QuoteMismatchError{faults}
	}
	return nil
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
