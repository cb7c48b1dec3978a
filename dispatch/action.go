package dispatch

import (
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Action is what a rider's phone says of one act. The id is made by the phone: an act sent twice is one act.
type Action struct {
	ID     uuid.UUID
	At     time.Time // the phone's time
	Reason string
	Fault  string
	Note   string
	Proof  *order.Proof
}

func (a Action) event(kind order.EventType, rider id.Rider, now time.Time) order.Event {
	e := order.Event{
		Type: kind, At: now, Actor: order.Actor{Kind: order.ActorRider, ID: rider.UUID()}, ActionID: a.ID, Rider: rider,
		Reason: a.Reason, Fault: a.Fault, Note: a.Note, Proof: a.Proof,
	}
	if !a.At.IsZero() {
		e.ClientAt = &a.At
	}
	return e
}
