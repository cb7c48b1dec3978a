package dispatch

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// ActKind is what sort of act a phone records.
type ActKind string

// The kinds of act, in the order of a normal day.
const (
	ActStartShift      ActKind = "start_shift"
	ActSeeOffer        ActKind = "see_offer"
	ActDeclineOffer    ActKind = "decline_offer"
	ActAcceptOffer     ActKind = "accept_offer"
	ActDeclineHandover ActKind = "decline_handover"
	ActAcceptHandover  ActKind = "accept_handover"
	ActTakeOver        ActKind = "take_over"
	ActArriveStore     ActKind = "arrive_store"
	ActPickup          ActKind = "pickup"
	ActArriveDoor      ActKind = "arrive_door"
	ActDeliver         ActKind = "deliver"
	ActFail            ActKind = "fail"
	ActReturn          ActKind = "return"
	ActStartBreak      ActKind = "start_break"
	ActEndBreak        ActKind = "end_break"
	ActEndShift        ActKind = "end_shift"
)

// ActGiveBack is told at once or not at all: phones don't record it.
const ActGiveBack ActKind = "give_back"

// ActKinds lists the kinds that phones record, in the order of a normal day.
func ActKinds() []ActKind {
	return []ActKind{
		ActStartShift, ActSeeOffer, ActDeclineOffer, ActAcceptOffer, ActDeclineHandover, ActAcceptHandover, ActTakeOver, ActArriveStore, ActPickup, ActArriveDoor, ActDeliver, ActFail, ActReturn,
		ActStartBreak, ActEndBreak, ActEndShift,
	}
}

// stepEvents are the acts on an order, and what each makes happen to it.
var stepEvents = map[ActKind]order.EventType{
	ActArriveStore: order.EventArrivedAtStore, ActPickup: order.EventPickedUp, ActArriveDoor: order.EventArrivedAtDoor,
	ActDeliver: order.EventDelivered, ActFail: order.EventDeliveryFailed, ActReturn: order.EventReturned,
}

// Event is what an act on an order makes happen to it; "" for other acts.
func (k ActKind) Event() order.EventType { return stepEvents[k] }

// stepAct is the act that makes an event happen.
func stepAct(e order.EventType) ActKind {
	for k, x := range stepEvents {
		if x == e {
			return k
		}
	}
	return ""
}

// OfOffer reports whether an act answers an offer.
func (k ActKind) OfOffer() bool {
	return k == ActSeeOffer || k == ActDeclineOffer || k == ActAcceptOffer
}

// OfHandover reports whether an act is about orders that a colleague hands over.
func (k ActKind) OfHandover() bool {
	return k == ActDeclineHandover || k == ActAcceptHandover || k == ActTakeOver
}

// Act is one act of a rider, of any kind.
type Act struct {
	Kind     ActKind
	Order    id.Order    // of the acts on an order
	Offer    id.Offer    // of the answers to an offer
	Handover id.Handover // of the answers to a handover
	EndsAt   time.Time   // start_shift: when the rider means to stop
	Action
}

// About is what the act is remembered with.
func (a Act) About(who id.Rider) uuid.UUID {
	switch {
	case a.Kind.OfOffer():
		return a.Offer.UUID()
	case a.Kind.OfHandover():
		return a.Handover.UUID()
	case a.Kind.Event() != "":
		return a.Order.UUID()
	}
	return who.UUID()
}

// SortActs tells in which order acts should be applied, as indexes: by the phone's time, and at the same time as a day goes.
func SortActs(acts []Act) []int {
	kinds := ActKinds()
	sorted := make([]int, len(acts))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(i, j int) int {
		a, b := acts[i], acts[j]
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)))
	})
	return sorted
}

// Act applies one act as the method of its kind does. already reports that it, or another to the same effect, had been applied; o is
// the order as the act left it, of the acts on an order.
func (s *Service) Act(ctx context.Context, tenant id.Tenant, who id.Rider, a Act) (o order.Order, already bool, err error) {
	switch a.Kind {
	case ActStartShift:
		_, already, err = s.StartShift(ctx, tenant, who, a.EndsAt, a.Action)
	case ActEndShift:
		_, already, err = s.EndShift(ctx, tenant, who, a.Action)
	case ActStartBreak:
		_, already, err = s.StartBreak(ctx, tenant, who, a.Action)
	case ActEndBreak:
		_, already, err = s.EndBreak(ctx, tenant, who, a.Action)
	case ActSeeOffer:
		err = s.SeenOffer(ctx, tenant, who, a.Offer, a.Action)
	case ActAcceptOffer:
		_, already, err = s.acceptOffer(ctx, tenant, who, a.Offer, a.Action)
	case ActDeclineOffer:
		already, err = s.declineOffer(ctx, tenant, who, a.Offer, a.Action)
	case ActAcceptHandover:
		_, already, err = s.AcceptHandover(ctx, tenant, who, a.Handover, a.Action)
	case ActTakeOver:
		_, already, err = s.TakeOver(ctx, tenant, who, a.Handover, a.Action)
	case ActDeclineHandover:
		already, err = s.DeclineHandover(ctx, tenant, who, a.Handover, a.Action)
	default:
		return s.Step(ctx, tenant, who, a.Order, a.Kind.Event(), a.Action)
	}
	return o, already, err
}
