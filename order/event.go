package order

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// EventType says what happened; lifecycle.go says when it may and what follows.
type EventType string

// The events, in the order of a normal life.
const (
	EventPlaced               EventType = "placed"
	EventDue                  EventType = "due"
	EventAcceptedByStore      EventType = "accepted_by_store"
	EventReadyEstimateChanged EventType = "ready_estimate_changed"
	EventReady                EventType = "ready"
	EventUpdated              EventType = "updated"
	EventOffered              EventType = "offered"
	EventOfferDeclined        EventType = "offer_declined"
	EventOfferExpired         EventType = "offer_expired"
	EventOfferWithdrawn       EventType = "offer_withdrawn"
	EventOfferAccepted        EventType = "offer_accepted"
	EventAssigned             EventType = "assigned" // forced, by policy or a dispatcher, or claimed from the pool by the rider
	EventUnassigned           EventType = "unassigned"
	EventHandedOver           EventType = "handed_over" // to another rider who agreed, before the pickup
	EventArrivedAtStore       EventType = "arrived_at_store"
	EventPickedUp             EventType = "picked_up"
	EventTakenOver            EventType = "taken_over" // by another rider who met the one that carried it
	EventArrivedAtDoor        EventType = "arrived_at_door"
	EventDelivered            EventType = "delivered"
	EventDeliveryFailed       EventType = "delivery_failed"
	EventReturned             EventType = "returned"
	EventIncident             EventType = "incident_reported" // by the rider; the reason is its kind
	EventCancelled            EventType = "cancelled"
)

// ActorKind is the sort of party that caused an event.
type ActorKind string

// Who can cause events.
const (
	ActorMerchant   ActorKind = "merchant"
	ActorCustomer   ActorKind = "customer"
	ActorRider      ActorKind = "rider"
	ActorDispatcher ActorKind = "dispatcher"
	ActorEngine     ActorKind = "engine"
	ActorSystem     ActorKind = "system"
)

// Actor caused an event. ID is the merchant's, rider's or user's; zero for the engine and the system.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   uuid.UUID `json:"id,omitzero"`
}

// Engine is the actor of dispatch's own decisions.
var Engine = Actor{Kind: ActorEngine}

// System is the actor of the clock and of chores.
var System = Actor{Kind: ActorSystem}

// Event is something that happened to an order. Besides Type, At and Actor each type needs only what its comment says.
type Event struct {
	Type     EventType  `json:"type"`
	At       time.Time  `json:"at"`                 // the server's
	ClientAt *time.Time `json:"client_at,omitzero"` // the actor's own, where it told one
	Actor    Actor      `json:"actor"`
	// ActionID is made by the client and kept over retries: the same action twice on an order is one. Zero = none.
	ActionID uuid.UUID `json:"action_id,omitzero"`

	Rider         id.Rider   `json:"rider_id,omitzero"`       // offers and assignments: to whom; a rider's action: who (else the actor)
	From          id.Rider   `json:"from_rider_id,omitzero"`  // handed_over, taken_over: who had it
	Offer         id.Offer   `json:"offer_id,omitzero"`       // every event of an offer
	Reason        string     `json:"reason,omitempty"`        // declines, failures, cancellations, unassignments
	Fault         string     `json:"fault,omitempty"`         // failures and cancellations; cancelled: else the actor's kind
	DueAt         *time.Time `json:"due_at,omitzero"`         // placed, for later; updated: when dispatch may begin
	ReadyEstimate *time.Time `json:"ready_estimate,omitzero"` // placed, ready_estimate_changed, updated
	PromiseAt     *time.Time `json:"promise_at,omitzero"`     // placed, updated: what the customer is told
	Update        *Update    `json:"-"`                       // updated; the history keeps no more than Changed
	Changed       []string   `json:"changed,omitempty"`       // updated: the fields that differ, set by ApplyAll
	Proof         *Proof     `json:"proof,omitzero"`          // picked_up, delivered, returned
	Note          string     `json:"note,omitempty"`
	Recorded      bool       `json:"recorded,omitempty"` // by a phone without a network, told later: see recorded.go
}

// rider is whose action e is: named, or the actor itself.
func (e Event) rider() id.Rider {
	if e.Rider.IsZero() && e.Actor.Kind == ActorRider {
		return id.Rider(e.Actor.ID)
	}
	return e.Rider
}

// happened is the time that the order's milestones take from e: the actor's own where it told one, because a phone without a
// network reports late, but never later than the server's and never before the milestone that precedes it.
func (e Event) happened(after time.Time) time.Time {
	t := e.At
	if e.ClientAt != nil && e.ClientAt.Before(t) {
		t = *e.ClientAt
	}
	if t.Before(after) {
		t = after
	}
	return micro(t)
}

// micro cuts t to what PostgreSQL keeps, so that the row in memory is the row read back.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// clean removes from e's texts what PostgreSQL can't keep.
func (e *Event) clean() {
	e.Reason, e.Fault, e.Note = printable(e.Reason), printable(e.Fault), printable(e.Note)
	if e.Proof != nil {
		p := *e.Proof
		p.PIN, p.Barcode, p.SignedBy = printable(p.PIN), printable(p.Barcode), printable(p.SignedBy)
		e.Proof = &p
	}
}

// printable is s as valid UTF-8 without NUL.
func printable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// Clean removes from the texts that a merchant wrote what PostgreSQL can't keep, and from times what it would cut: what remains
// is what will be read back.
func (o *Order) Clean() {
	d := &o.Dropoff
	for _, s := range []*string{&d.Address, &d.Floor, &d.Unit, &d.GateCode, &d.ContactName, &d.ContactPhone, &d.Instructions, &o.Demand.Barcode} {
		*s = printable(*s)
	}
	if o.Tags != nil {
		tags := make([]string, len(o.Tags))
		for i, t := range o.Tags {
			tags[i] = printable(t)
		}
		o.Tags = tags
	}
	if o.Metadata != nil {
		metadata := make(map[string]string, len(o.Metadata))
		for k, v := range o.Metadata {
			metadata[printable(k)] = printable(v)
		}
		o.Metadata = metadata
	}
	for _, t := range []**time.Time{&o.DeliverAfter, &o.DeliverBefore} {
		if *t != nil {
			*t = new(micro(**t))
		}
	}
}
