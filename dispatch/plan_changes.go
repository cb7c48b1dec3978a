package dispatch

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ChangeKind is what others did to a rider's plan.
type ChangeKind string

// The kinds of change.
const (
	StopsAdded   ChangeKind = "added"     // an order that the rider did not accept or claim
	StopsRemoved ChangeKind = "removed"   // an order that is no longer the rider's
	StopMoved    ChangeKind = "moved"     // a stop that now has another place among the others
	StopElse     ChangeKind = "relocated" // a drop-off that is elsewhere now
)

// Why a plan changed.
const (
	ByDispatcher   = "dispatcher" // added
	ByEngine       = "engine"
	WasCancelled   = "cancelled" // removed
	WasTakenAway   = "taken_away"
	WasHandedOver  = "handed_over"  // a colleague has it
	NotHandedOver  = "handover_off" // the colleague keeps it; relocated: does not come for it
	AddressChanged = "address"      // relocated: the customer's, or what the merchant told of it
	GoesBack       = "returning"    // relocated: the drop-off is now at the store
	Meets          = "handover"     // a colleague comes to take it over
	MadeRoom       = "reordered"    // moved: the stops were put into a better order
)

// PlanChange is one thing that others changed in a rider's plan.
type PlanChange struct {
	Kind   ChangeKind
	Order  id.Order
	Stop   rider.StopKind // moved and relocated
	Reason string
}

// PlanChanges tells what others have changed in a rider's plan since an earlier version of it: what the rider did is no news to
// them. rider.ErrVersionUnknown.
func PlanChanges(ctx context.Context, tx pgx.Tx, tenant id.Tenant, plan rider.Plan, since int64) ([]PlanChange, error) {
	if since == plan.Version {
		return nil, nil
	}
	versions, err := rider.PlanVersions(ctx, tx, tenant, plan.Rider, since)
	if err != nil {
		return nil, err
	}
	was := versions[0]
	ids := plan.Orders()
	for _, o := range (rider.Plan{Stops: was.Stops}).Orders() {
		if !slices.Contains(ids, o) {
			ids = append(ids, o)
		}
	}
	events, err := order.EventsOf(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	for o, all := range events { // those of the time since
		events[o] = slices.DeleteFunc(all, func(e order.RecordedEvent) bool { return e.At.Before(was.At) })
	}
	return changesOf(plan.Rider, was.Stops, agreed(plan.Rider, versions, events), plan.Stops, events), nil
}

// agreed is the route to which a rider has agreed last: that of the last version which the rider's own yes has made, to an offer or a colleague, or by a claim.
// How it put the other stops was on the screen with the question. Else the first version.
func agreed(who id.Rider, versions []rider.PlanVersion, events map[id.Order][]order.RecordedEvent) []rider.Stop {
	for i := len(versions) - 1; i > 0; i-- {
		before := rider.Plan{Stops: versions[i-1].Stops}.Orders()
		for _, o := range (rider.Plan{Stops: versions[i].Stops}).Orders() {
			if !slices.Contains(before, o) && (addedBy(who, events[o]) == "" || hasStop(versions[i].Stops, o, rider.TakeOver)) {
				return versions[i].Stops
			}
		}
	}
	return versions[0].Stops
}

// changesOf compares two versions of a plan, in the light of what happened to their orders in between; the order of the stops with that of the route to
// which the rider agreed.
func changesOf(who id.Rider, was, agreed, now []rider.Stop, events map[id.Order][]order.RecordedEvent) []PlanChange {
	old, current := rider.Plan{Stops: was}.Orders(), rider.Plan{Stops: now}.Orders()
	var out []PlanChange
	for _, o := range old {
		if slices.Contains(current, o) {
			continue
		}
		if why := removedBy(who, events[o]); why != "" && hasStop(was, o, rider.TakeOver) {
			out = append(out, PlanChange{Kind: StopsRemoved, Order: o, Reason: NotHandedOver})
		} else if why != "" {
			out = append(out, PlanChange{Kind: StopsRemoved, Order: o, Reason: why})
		}
	}
	for _, o := range current {
		if slices.Contains(old, o) {
			if met, meets := hasStop(was, o, rider.HandOver), hasStop(now, o, rider.HandOver); meets && !met {
				out = append(out, PlanChange{Kind: StopElse, Order: o, Stop: rider.HandOver, Reason: Meets})
			} else if met && !meets {
				out = append(out, PlanChange{Kind: StopElse, Order: o, Stop: rider.Dropoff, Reason: NotHandedOver})
			}
			if why := relocatedBy(who, events[o]); why != "" {
				out = append(out, PlanChange{Kind: StopElse, Order: o, Stop: rider.Dropoff, Reason: why})
			}
		} else if why := addedBy(who, events[o]); why != "" && !hasStop(now, o, rider.TakeOver) { // which the rider has agreed to
			out = append(out, PlanChange{Kind: StopsAdded, Order: o, Reason: why})
		}
	}
	for _, st := range movedStops(agreed, now) {
		out = append(out, PlanChange{Kind: StopMoved, Order: st.Order, Stop: st.Kind, Reason: MadeRoom})
	}
	return out
}

func hasStop(stops []rider.Stop, o id.Order, kind rider.StopKind) bool {
	return slices.ContainsFunc(stops, func(st rider.Stop) bool { return st.Order == o && st.Kind == kind })
}

// removedBy is why an order left a plan; "" when the rider brought it to its end.
func removedBy(who id.Rider, events []order.RecordedEvent) string {
	for _, e := range slices.Backward(events) {
		own := e.Actor.Kind == order.ActorRider && e.Actor.ID == who.UUID()
		switch e.Type {
		case order.EventCancelled:
			return WasCancelled
		case order.EventHandedOver, order.EventTakenOver:
			if e.From == who {
				return WasHandedOver
			}
		case order.EventDelivered, order.EventReturned, order.EventUnassigned:
			if own {
				return ""
			}
			return WasTakenAway
		}
	}
	return WasTakenAway
}

// tookOver are the events by which a rider takes an order that nobody offered.
var tookOver = []order.EventType{order.EventAssigned, order.EventHandedOver, order.EventTakenOver}

// addedBy is who put an order into a plan; "" when the rider accepted or claimed it.
func addedBy(who id.Rider, events []order.RecordedEvent) string {
	for _, e := range slices.Backward(events) {
		switch {
		case e.Type == order.EventOfferAccepted:
			return ""
		case slices.Contains(tookOver, e.Type) && e.Actor.Kind == order.ActorRider && e.Actor.ID == who.UUID():
			return ""
		case e.Type == order.EventAssigned && e.Actor.Kind == order.ActorDispatcher:
			return ByDispatcher
		}
	}
	return ByEngine
}

// relocatedBy is why an order's drop-off is elsewhere; "" when it is not, or by the rider's own word.
func relocatedBy(who id.Rider, events []order.RecordedEvent) string {
	for _, e := range slices.Backward(events) {
		switch {
		case e.Type == order.EventDeliveryFailed && (e.Actor.Kind != order.ActorRider || e.Actor.ID != who.UUID()):
			return GoesBack
		case e.Type == order.EventUpdated && slices.Contains(e.Changed, "dropoff.location"):
			return AddressChanged
		}
	}
	return ""
}

// movedStops are the fewest stops that were taken out of the order of was and put elsewhere to make that of now. Stops that are not in
// both don't count.
func movedStops(was, now []rider.Stop) []rider.Stop {
	type key struct {
		order id.Order
		kind  rider.StopKind
	}
	place := make(map[key]int, len(was))
	for i, st := range was {
		place[key{st.Order, st.Kind}] = i
	}
	var both []rider.Stop
	var at []int // their places in was
	for _, st := range now {
		if i, ok := place[key{st.Order, st.Kind}]; ok {
			both, at = append(both, st), append(at, i)
		}
	}
	// The longest run of stops that follow each other as before stays; the others were moved.
	longest, before := make([]int, len(at)), make([]int, len(at))
	last := -1
	for i := range at {
		longest[i], before[i] = 1, -1
		for j := range i {
			if at[j] < at[i] && longest[j]+1 > longest[i] {
				longest[i], before[i] = longest[j]+1, j
			}
		}
		if last < 0 || longest[i] > longest[last] {
			last = i
		}
	}
	stays := make(map[int]bool, len(at))
	for i := last; i >= 0; i = before[i] {
		stays[i] = true
	}
	var moved []rider.Stop
	for i, st := range both {
		if !stays[i] {
			moved = append(moved, st)
		}
	}
	return moved
}
