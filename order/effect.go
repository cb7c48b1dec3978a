package order

import (
	"slices"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// What the events do besides moving the state. Each gets a copy of the order whose state is already the target's.

func place(o *Order, e Event) error {
	if e.DueAt != nil {
		o.DueAt = micro(*e.DueAt)
	}
	if o.DueAt.IsZero() {
		o.DueAt = micro(e.At)
	}
	if e.ReadyEstimate != nil {
		o.ReadyEstimate = micro(*e.ReadyEstimate)
	}
	if e.PromiseAt != nil {
		o.PromiseAt = micro(*e.PromiseAt)
	}
	if o.DueAt.After(micro(e.At)) {
		o.State = Scheduled
	}
	o.PlacedAt = micro(e.At)
	return nil
}

func acceptByStore(o *Order, e Event) error {
	o.AcceptedAt = new(e.happened(o.PlacedAt))
	return nil
}

// estimateReady also takes back a "ready" that was told too early.
func estimateReady(o *Order, e Event) error {
	if e.ReadyEstimate == nil {
		return &IncompleteError{Event: e.Type, Lacks: "ready estimate"}
	}
	o.ReadyEstimate, o.ReadyAt = micro(*e.ReadyEstimate), nil
	return nil
}

func makeReady(o *Order, e Event) error {
	o.ReadyAt = new(e.happened(o.PlacedAt))
	return nil
}

func offer(o *Order, e Event) error {
	if e.Offer.IsZero() {
		return &IncompleteError{Event: e.Type, Lacks: "offer"}
	}
	o.Offer = e.Offer
	return nil
}

func endOffer(o *Order, _ Event) error {
	o.Offer = id.Offer{}
	return nil
}

// refuse counts an expired offer like a declined one: asking a rider who does not answer again and again would keep the order
// from everybody else.
func refuse(o *Order, e Event) error {
	o.Declines++
	o.refusedBy(e.rider())
	return endOffer(o, e)
}

func (o *Order) refusedBy(r id.Rider) {
	if !r.IsZero() && !o.RefusedByRider(r) {
		o.RefusedBy = append(slices.Clip(o.RefusedBy), r) // clipped: the order before must not see it
	}
}

func assign(o *Order, e Event) error {
	if o.Rider = e.rider(); o.Rider.IsZero() {
		return &IncompleteError{Event: e.Type, Lacks: "rider"}
	}
	o.AssignedAt = new(e.happened(o.PlacedAt))
	return endOffer(o, e)
}

// takeOver gives the order to another rider. Whoever names the one that had it is refused when that is somebody else by now.
func takeOver(o *Order, e Event) error {
	switch to := e.rider(); {
	case to.IsZero():
		return &IncompleteError{Event: e.Type, Lacks: "rider"}
	case !e.From.IsZero() && e.From != o.Rider:
		return &NotYoursError{Order: o.ID, Rider: e.From}
	default:
		o.Rider = to
	}
	return nil
}

// handOver is takeOver before the pickup: the new rider has yet to go to the store.
func handOver(o *Order, e Event) error {
	if err := takeOver(o, e); err != nil {
		return err
	}
	o.AssignedAt, o.AtStoreAt = new(e.happened(o.PlacedAt)), nil
	return nil
}

func release(o *Order, e Event) error {
	if e.Actor.Kind == ActorRider { // gave it back himself
		o.refusedBy(e.rider())
	}
	o.Rider, o.AssignedAt, o.AtStoreAt = id.Rider{}, nil, nil
	return nil
}

func cancel(o *Order, e Event) error {
	o.CancelFault, o.CancelReason = e.Fault, e.Reason
	if o.CancelFault == "" {
		o.CancelFault = string(e.Actor.Kind)
	}
	o.Rider, o.Offer = id.Rider{}, id.Offer{}
	return stamp(ended)(o, e)
}

// deliver asks a rider for the proof that the order demands. Staff who close an order by hand answer for it themselves.
func deliver(o *Order, e Event) error {
	if e.Actor.Kind == ActorRider {
		if faults := o.Demand.check(e.Proof); len(faults) > 0 {
			return &ProofError{o.ID, faults}
		}
	}
	return stamp(ended)(o, e)
}

func atStore(o *Order) **time.Time  { return &o.AtStoreAt }
func pickedUp(o *Order) **time.Time { return &o.PickedUpAt }
func atDoor(o *Order) **time.Time   { return &o.AtDoorAt }
func ended(o *Order) **time.Time    { return &o.EndedAt }

// stamp sets a milestone, not before those that precede it and not after those that follow it, which a recorded event may find told.
func stamp(milestone func(*Order) **time.Time) func(*Order, Event) error {
	return func(o *Order, e Event) error {
		own := milestone(o)
		after := o.PlacedAt
		var before *time.Time
		beyond := false
		for _, t := range []**time.Time{&o.AssignedAt, &o.AtStoreAt, &o.PickedUpAt, &o.AtDoorAt, &o.EndedAt} {
			switch {
			case t == own:
				beyond = true
			case *t == nil:
			case !beyond && (*t).After(after):
				after = **t
			case beyond && before == nil:
				before = *t
			}
		}
		at := e.happened(after)
		if before != nil && at.After(*before) {
			at = *before
		}
		*own = &at
		return nil
	}
}
