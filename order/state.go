package order

// State is where an order stands. Each says who acts next; States lists them in the order of a normal life.
type State string

const (
	// Scheduled was placed for later. The clock acts next (due).
	Scheduled State = "scheduled"
	// Pending waits for a rider. The engine acts next, or where it is pooled a rider, by claiming it.
	Pending State = "pending"
	// Offered lies before a rider, for a limited time. That rider acts next.
	Offered State = "offered"
	// Assigned is on a rider's plan. The rider acts next, by going to the store.
	Assigned State = "assigned"
	// AtStore has its rider waiting. The store acts next (ready), then the rider.
	AtStore State = "at_store"
	// PickedUp is on its way. The rider acts next.
	PickedUp State = "picked_up"
	// AtDoor has its rider at the customer's. The rider acts next.
	AtDoor State = "at_door"
	// Delivered is the good end.
	Delivered State = "delivered"
	// Returning could not be delivered. The rider acts next, by going back to the store.
	Returning State = "returning"
	// Returned is back at the store: an end.
	Returned State = "returned"
	// Cancelled is the end of an order that was never picked up.
	Cancelled State = "cancelled"
)

// unplaced is the state before the first event.
const unplaced State = ""

var states = []struct {
	state State
	next  string // who acts next
}{
	{Scheduled, "the clock"},
	{Pending, "the engine"},
	{Offered, "a rider"},
	{Assigned, "the rider"},
	{AtStore, "the store, then the rider"},
	{PickedUp, "the rider"},
	{AtDoor, "the rider"},
	{Delivered, "nobody"},
	{Returning, "the rider"},
	{Returned, "nobody"},
	{Cancelled, "nobody"},
}

// States lists every state.
func States() []State {
	out := make([]State, len(states))
	for i, s := range states {
		out[i] = s.state
	}
	return out
}

// Valid reports whether s is a state.
func (s State) Valid() bool { return s.NextActor() != "" }

// NextActor says in words who acts next; "" for what is no state.
func (s State) NextActor() string {
	for _, x := range states {
		if x.state == s {
			return x.next
		}
	}
	return ""
}

// Ended reports whether the delivery is over, one way or another. What remains is to note things (updated).
func (s State) Ended() bool { return s == Delivered || s == Returned || s == Cancelled }

// Active reports whether a rider has the order now.
func (s State) Active() bool {
	switch s {
	case Assigned, AtStore, PickedUp, AtDoor, Returning:
		return true
	}
	return false
}

// OnBoard reports whether the rider carries the order.
func (s State) OnBoard() bool { return s == PickedUp || s == AtDoor || s == Returning }
