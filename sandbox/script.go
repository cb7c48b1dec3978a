package sandbox

import (
	"slices"
	"time"

	"github.com/paidan/paidan/order"
)

// Fault is something that goes wrong with a test order on purpose; "" is nothing.
type Fault string

// The faults.
const (
	Decline       Fault = "decline"       // the first rider who is asked declines
	Delay20Min    Fault = "delay_20_min"  // on the rider's arrival the food is told to need 20 minutes more
	WrongPIN      Fault = "wrong_pin"     // the customer can't tell the right PIN: the food goes back
	Undeliverable Fault = "undeliverable" // nobody opens: the food goes back
	Webhook500    Fault = "webhook_500"   // whatever the endpoint answers to the first attempt at each webhook, it is taken for a 500
)

// Faults lists them.
func Faults() []Fault { return []Fault{Decline, Delay20Min, WrongPIN, Undeliverable, Webhook500} }

// move is one thing that the robot does.
type move struct {
	event order.EventType
	to    order.State
	after time.Duration // since the order was due
}

// script says what the robot does with an order in each state when nothing goes wrong, and when. docs/sandbox.md shows it.
var script = map[order.State]move{
	order.Scheduled: {order.EventDue, order.Pending, 0},
	order.Pending:   {order.EventOffered, order.Offered, 5 * time.Second},
	order.Offered:   {order.EventOfferAccepted, order.Assigned, 10 * time.Second},
	order.Assigned:  {order.EventArrivedAtStore, order.AtStore, 30 * time.Second},
	order.AtStore:   {order.EventPickedUp, order.PickedUp, 60 * time.Second},
	order.PickedUp:  {order.EventArrivedAtDoor, order.AtDoor, 90 * time.Second},
	order.AtDoor:    {order.EventDelivered, order.Delivered, 120 * time.Second},
	order.Returning: {order.EventReturned, order.Returned, 150 * time.Second},
}

const (
	declineCosts = 10 * time.Second // all that follows a declined offer is so much later
	foodIsLate   = 20 * time.Minute // and what follows an arrival at the store with Delay20Min
)

// next is what the robot does with an order in a state after so many declines; false when nothing is left to do.
func next(s order.State, declines int, f Fault) (move, bool) {
	m, ok := script[s]
	if !ok {
		return move{}, false
	}
	m.after += time.Duration(declines) * declineCosts
	switch {
	case f == Decline && s == order.Offered && declines == 0:
		m.event, m.to = order.EventOfferDeclined, order.Pending
	case f == Delay20Min && slices.Contains([]order.State{order.AtStore, order.PickedUp, order.AtDoor, order.Returning}, s):
		m.after += foodIsLate
	case (f == WrongPIN || f == Undeliverable) && s == order.AtDoor:
		m.event, m.to = order.EventDeliveryFailed, order.Returning
	}
	return m, true
}

// ahead are the states that an order will be in, in their order, if nobody but the robot touches it.
func ahead(s order.State, declines int, f Fault) []order.State {
	var out []order.State
	for m, ok := next(s, declines, f); ok; m, ok = next(s, declines, f) {
		if m.event == order.EventOfferDeclined {
			declines++
		}
		s = m.to
		out = append(out, s)
	}
	return out
}

// possible reports whether a fault can still happen to an order.
func (f Fault) possible(o order.Order) bool {
	switch f {
	case Decline:
		return o.Declines == 0 && slices.Contains([]order.State{order.Scheduled, order.Pending, order.Offered}, o.State)
	case Delay20Min:
		return slices.Contains([]order.State{order.Scheduled, order.Pending, order.Offered, order.Assigned, order.AtStore}, o.State)
	case Webhook500:
		return !o.State.Ended()
	default:
		return o.State != order.Returning && !o.State.Ended()
	}
}
