// Package relay gets telephone numbers that connect two people without telling either the other's: masked or privacy numbers, 隐私号. A gateway
// of the operator's lends them; it knows the provider.
package relay

import (
	"context"
	"errors"
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/gateway"
)

// Wish is two numbers that shall reach each other for a time.
type Wish struct {
	ID       string    `json:"id"` // the same wish has the same
	Rider    string    `json:"rider"`
	Customer string    `json:"customer"`
	Until    time.Time `json:"until"`
}

// Line is a number that connects whichever of the two calls it with the other.
type Line struct {
	Number string    `json:"number"`
	Until  time.Time `json:"until"` // it may be somebody else's afterwards
}

// Lender lends lines.
type Lender interface {
	Lend(ctx context.Context, w Wish) (Line, error)
}

// New is the lender behind a gateway's address; its requests are signed with the secret (whsec_…).
func New(address, secret string, c clock.Clock) (Lender, error) {
	g, err := gateway.New(address, secret, c)
	return lender{g}, err
}

type lender struct{ *gateway.Gateway }

// Lend asks once. The gateway may lend for a shorter time than wished for.
func (l lender) Lend(ctx context.Context, w Wish) (Line, error) {
	var line Line
	if err := l.Post(ctx, w.ID, w, &line); err != nil {
		return Line{}, err
	}
	if line.Number == "" || len(line.Number) > 50 {
		return Line{}, errors.New("the gateway lent no number")
	}
	if line.Until.IsZero() || line.Until.After(w.Until) {
		line.Until = w.Until
	}
	return line, nil
}
