package order

import "slices"

// A phone without a network records what its rider does and tells it later: perhaps hours later, perhaps in pieces, of which the last
// arrives first. Such an event (Event.Recorded) is not refused because those that it follows are still under way, and wherever it
// comes in the order of arrival, the end is the same:
//
//   - A later event implies the earlier ones: delivered makes an assigned order delivered. What it skipped has no time yet.
//   - An earlier event that arrives afterwards fills in its time and moves nothing: states never go back.
//   - Who has the order, and whether it was cancelled, is not the phone's to say: there a recorded event is refused like any other.

// fits reports whether e may happen to o now.
func (m move) fits(o Order, e Event) bool {
	return slices.Contains(m.from, o.State) || e.Recorded && slices.Contains(m.ahead, o.State) || m.isLate(o, e)
}

// isLate reports whether o has gone past what e tells.
func (m move) isLate(o Order, e Event) bool { return e.Recorded && slices.Contains(m.late, o.State) }

// told reports whether o knows already when the event happened. A failed delivery has no time of its own: its reason is kept with
// each event that tells one.
func (m move) told(o Order) bool {
	switch m.event {
	case EventArrivedAtStore:
		return o.AtStoreAt != nil
	case EventPickedUp:
		return o.PickedUpAt != nil
	case EventArrivedAtDoor:
		return o.AtDoorAt != nil
	}
	return false
}
