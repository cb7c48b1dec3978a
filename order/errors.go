package order

import (
	"errors"
	"fmt"
	"strings"

	"github.com/paidan/paidan/internal/id"
)

var (
	// ErrNotFound means that the tenant has no such order (or store, or merchant).
	ErrNotFound = errors.New("not found")
	// ErrConflict means that the order is no longer at the version that the caller looked at.
	ErrConflict = errors.New("the order has changed meanwhile")
	// ErrRepeated means that the event has already happened: nothing changes, and the order as it is answers it.
	ErrRepeated = errors.New("already happened")
)

// TransitionError means that the event can't happen in the order's state.
type TransitionError struct {
	Order   id.Order
	State   State
	Event   EventType
	Allowed []EventType // what could happen now
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("order %s is %s: %s can't happen now, only %s", e.Order, e.State, e.Event, join(e.Allowed))
}

func join(ts []EventType) string {
	words := make([]string, len(ts))
	for i, t := range ts {
		words[i] = string(t)
	}
	return strings.Join(words, ", ")
}

// NotYoursError means that the order is with another rider, or in another offer.
type NotYoursError struct {
	Order id.Order
	Rider id.Rider // who tried
	Offer id.Offer // which offer was answered; zero if none
}

func (e *NotYoursError) Error() string {
	if !e.Offer.IsZero() {
		return fmt.Sprintf("order %s is not in offer %s", e.Order, e.Offer)
	}
	return fmt.Sprintf("order %s is not with rider %s", e.Order, e.Rider)
}

// IncompleteError means that an event lacks what its type needs: a mistake of the caller's.
type IncompleteError struct {
	Event EventType
	Lacks string
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("event %s lacks its %s", e.Event, e.Lacks)
}

// ExternalIDTakenError means that the merchant has an order of that external id already.
type ExternalIDTakenError struct {
	ExternalID string
	Existing   id.Order
}

func (e *ExternalIDTakenError) Error() string {
	return fmt.Sprintf("external id %q is taken by order %s", e.ExternalID, e.Existing)
}
