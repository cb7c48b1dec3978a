package ledger

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// Kind says what a transaction is for.
type Kind string

// The kinds. Those of orders are named like the state that the order ended in.
const (
	Delivered  Kind = "delivered"
	Returned   Kind = "returned"
	Cancelled  Kind = "cancelled"
	Adjustment Kind = "adjustment"
	Guarantee  Kind = "guarantee" // a shift that earned less than its hours are worth
)

// Transaction is one entry of the ledger.
type Transaction struct {
	ID       id.Transaction
	Kind     Kind
	At       time.Time
	Order    id.Order  // adjustments: optional
	Version  int64     // of the order, after the event
	Shift    id.Shift  // guarantees: whose
	Client   uuid.UUID // adjustments: made by the client, the same twice is one
	User     id.User   // adjustments: who
	Reason   string    // adjustments: why
	Postings []Posting
}

// Posting is an amount on an account, in minor units. Debits are positive.
type Posting struct {
	Account
	Amount   int64
	Currency string
	Term     string // a bonus: its tariff.PayKind; "" = all else
	Name     string // of a peak, as the tariff calls it
}

// UnbalancedError means that a transaction is none: too few postings, an empty one, or a currency that does not add up to zero.
type UnbalancedError struct {
	Transaction id.Transaction
	Why         string
}

func (e *UnbalancedError) Error() string {
	return fmt.Sprintf("transaction %s does not balance: %s", e.Transaction, e.Why)
}

// check is an *UnbalancedError, or nil.
func (t Transaction) check() error {
	if len(t.Postings) < 2 {
		return &UnbalancedError{t.ID, fmt.Sprintf("%d postings", len(t.Postings))}
	}
	sums := make(map[string]int64)
	for _, p := range t.Postings {
		if p.Amount == 0 {
			return &UnbalancedError{t.ID, "a posting of nothing to " + string(p.Kind)}
		}
		sums[p.Currency] += p.Amount
	}
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		if sums[c] != 0 {
			return &UnbalancedError{t.ID, fmt.Sprintf("off by %s %d", c, sums[c])}
		}
	}
	return nil
}

// move adds the two postings of an amount that goes from one account to another: the first is credited, the other debited.
func (t *Transaction) move(from, to Account, amount int64, currency string) {
	t.moveFor("", "", from, to, amount, currency)
}

// moveFor is move for one term of a rider's pay.
func (t *Transaction) moveFor(term, name string, from, to Account, amount int64, currency string) {
	if amount == 0 {
		return
	}
	t.Postings = append(t.Postings, Posting{to, amount, currency, term, name}, Posting{from, -amount, currency, term, name})
}
