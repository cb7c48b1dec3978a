package order

import "slices"

// lifecycle is the whole machine: which event may happen in which states, and what it does.
// docs/lifecycle.md is generated from it (go generate ./order), and the tests walk every pair of state and event.
var lifecycle = []move{
	{event: EventPlaced, from: []State{unplaced}, to: Pending, or: Scheduled, effect: place},
	{event: EventDue, from: []State{Scheduled}, to: Pending},

	{event: EventAcceptedByStore, from: beforePickup, effect: acceptByStore},
	{event: EventReadyEstimateChanged, from: beforePickup, effect: estimateReady},
	{event: EventReady, from: beforePickup, effect: makeReady},

	// What may change until when is told field by field in update.go.
	{event: EventUpdated, from: States(), effect: makeUpdate},

	{event: EventOffered, from: []State{Pending}, to: Offered, effect: offer},
	{event: EventOfferDeclined, from: []State{Offered}, to: Pending, ofOffer: true, effect: refuse},
	{event: EventOfferExpired, from: []State{Offered}, to: Pending, ofOffer: true, effect: refuse},
	{event: EventOfferWithdrawn, from: []State{Offered}, to: Pending, ofOffer: true, effect: endOffer},
	{event: EventOfferAccepted, from: []State{Offered}, to: Assigned, ofOffer: true, ofRider: true, effect: assign},
	{event: EventAssigned, from: []State{Pending}, to: Assigned, effect: assign},
	{event: EventUnassigned, from: []State{Assigned, AtStore}, to: Pending, ofRider: true, effect: release},
	{event: EventHandedOver, from: []State{Assigned, AtStore}, to: Assigned, effect: handOver},

	{event: EventArrivedAtStore, from: []State{Assigned}, late: afterStore, to: AtStore, ofRider: true, effect: stamp(atStore)},
	// A lost arrival tap must not block what follows it, so each arrival may be left out.
	{event: EventPickedUp, from: []State{Assigned, AtStore}, late: afterStore[1:], to: PickedUp, ofRider: true, effect: stamp(pickedUp)},
	{event: EventTakenOver, from: []State{PickedUp}, effect: takeOver},
	{event: EventArrivedAtDoor, from: []State{PickedUp}, ahead: []State{Assigned, AtStore}, late: afterDoor, to: AtDoor, ofRider: true, effect: stamp(atDoor)},
	{event: EventDelivered, from: []State{PickedUp, AtDoor}, ahead: []State{Assigned, AtStore}, to: Delivered, ofRider: true, effect: deliver},
	{event: EventDeliveryFailed, from: []State{PickedUp, AtDoor}, ahead: []State{Assigned, AtStore}, late: []State{Returned}, to: Returning, ofRider: true},
	{event: EventReturned, from: []State{Returning}, ahead: []State{Assigned, AtStore, PickedUp, AtDoor}, to: Returned, ofRider: true, effect: stamp(ended)},

	// What goes wrong on the way is noted; what follows from it has events of its own.
	{event: EventIncident, from: []State{Assigned, AtStore, PickedUp, AtDoor, Returning}, ofRider: true},

	{event: EventCancelled, from: beforePickup, to: Cancelled, effect: cancel},
}

// beforePickup are the states in which the kitchen still has a say, and in which an order can be cancelled. Once picked up it
// can only be delivered or returned.
var beforePickup = []State{Scheduled, Pending, Offered, Assigned, AtStore}

// afterStore and afterDoor are the states beyond an arrival, in which one that comes late still tells its time.
var (
	afterStore = []State{PickedUp, AtDoor, Delivered, Returning, Returned}
	afterDoor  = []State{Delivered, Returning, Returned}
)

// move is one row of the table.
type move struct {
	event   EventType
	from    []State
	ahead   []State                   // a recorded event may come from here too, before those that it follows (recorded.go)
	late    []State                   // a recorded event may come here, after those that follow it, and only fills in what it tells
	to      State                     // "" = stays as it is
	or      State                     // the other state into which effect may lead
	ofOffer bool                      // the event must name the order's offer
	ofRider bool                      // where the order has a rider, the event must be his (or name nobody)
	effect  func(*Order, Event) error // effect.go
}

//go:generate go test -run ^(TestPicture|TestUpdatesPage)$ -update .

var moves = func() map[EventType]move {
	m := make(map[EventType]move, len(lifecycle))
	for _, x := range lifecycle {
		m[x.event] = x
	}
	return m
}()

// EventTypes lists every event.
func EventTypes() []EventType {
	out := make([]EventType, len(lifecycle))
	for i, m := range lifecycle {
		out[i] = m.event
	}
	return out
}

// Allowed lists what can happen to an order in state s.
func (s State) Allowed() []EventType {
	var out []EventType
	for _, m := range lifecycle {
		if slices.Contains(m.from, s) {
			out = append(out, m.event)
		}
	}
	return out
}

// Apply is the order after e. It reads no clock and changes nothing that o shares. On an error the answer is o itself:
// ErrRepeated when e has already happened, *TransitionError when it can't happen now, *NotYoursError when the order is another
// rider's or in another offer, *IncompleteError when e lacks what its type needs, *ProofError when it lacks what the order demands,
// *UpdateError or *InvalidError when fields can't change so.
func (o Order) Apply(e Event) (Order, error) {
	m, ok := moves[e.Type]
	rider := e.rider()
	switch {
	case !ok:
		return o, o.impossible(e)
	case m.ofRider && !o.Rider.IsZero() && !rider.IsZero() && rider != o.Rider:
		return o, &NotYoursError{Order: o.ID, Rider: rider}
	case m.repeats(o, e), m.isLate(o, e) && m.told(o):
		return o, ErrRepeated
	case !m.fits(o, e):
		return o, o.impossible(e)
	case m.ofOffer && e.Offer != o.Offer:
		return o, &NotYoursError{Order: o.ID, Rider: rider, Offer: e.Offer}
	}
	next := o
	if m.to != "" && !m.isLate(o, e) {
		next.State = m.to
	}
	if m.effect != nil {
		if err := m.effect(&next, e); err != nil {
			return o, err
		}
	}
	next.Version++
	next.UpdatedAt = micro(e.At)
	return next, nil
}

func (o Order) impossible(e Event) error {
	return &TransitionError{Order: o.ID, State: o.State, Event: e.Type, Allowed: o.State.Allowed()}
}

// repeats reports whether e has already happened to o: it is where e leads, by the same rider or offer. An order that has moved
// on does not count: what led there is history, and asking for it again is a mistake worth telling.
func (m move) repeats(o Order, e Event) bool {
	switch e.Type {
	case EventPlaced, EventIncident:
		return false
	case EventAcceptedByStore:
		return slices.Contains(m.from, o.State) && o.AcceptedAt != nil
	case EventReady:
		return slices.Contains(m.from, o.State) && o.ReadyAt != nil
	case EventReadyEstimateChanged:
		return slices.Contains(m.from, o.State) && o.ReadyAt == nil && e.ReadyEstimate != nil && micro(*e.ReadyEstimate).Equal(o.ReadyEstimate)
	case EventUpdated:
		if e.Update == nil {
			return false
		}
		_, changed, err := o.Updated(*e.Update, e.At)
		return err == nil && len(changed) == 0
	case EventOffered:
		return o.State == Offered && o.Offer == e.Offer
	case EventAssigned:
		return o.State == Assigned && o.Rider == e.rider()
	case EventHandedOver, EventTakenOver:
		return slices.Contains(m.from, o.State) && o.Rider == e.rider()
	}
	return o.State == m.to
}
