package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Statement is what a rider has earned on some days.
type Statement struct {
	From  string         `json:"from"`
	To    string         `json:"to"`
	Total []Earned       `json:"total"`
	Days  []StatementDay `json:"days"`
}

// Earned is an amount in one currency, and for how many orders.
type Earned struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Orders   int    `json:"orders"`
}

// StatementDay is a day of a statement.
type StatementDay struct {
	Day     string           `json:"day"`
	Total   []Earned         `json:"total"`
	Entries []StatementEntry `json:"entries"`
}

// StatementEntry is an order that was paid (delivered, returned), a correction (adjustment) or a shift that was topped up (guarantee).
type StatementEntry struct {
	At       time.Time       `json:"at"`
	Kind     string          `json:"kind"`
	OrderID  string          `json:"order_id"`
	ShiftID  string          `json:"shift_id"`
	Reason   string          `json:"reason"`
	Amount   int64           `json:"amount"`
	Currency string          `json:"currency"`
	Terms    []StatementTerm `json:"terms"`
}

// StatementTerm is a part of an entry: pay, peak, long_distance or rain.
type StatementTerm struct {
	Term   string `json:"term"`
	Name   string `json:"name"`
	Amount int64  `json:"amount"`
}

// Statement reads what was earned from one day to another, both included; at most 62 days.
func (r *Rider) Statement(ctx context.Context, from, to time.Time) (Statement, error) {
	var out Statement
	q := url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}
	err := r.do(ctx, http.MethodGet, "statements", "statements?"+q.Encode(), nil, &out)
	return out, err
}
