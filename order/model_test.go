package order

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
)

// model is the lifecycle once more, told as slowly and obviously as possible: what a careful reader of the design expects.
type model struct {
	state State
	rider id.Rider
	offer id.Offer
}

// step answers "changed", "repeated", "impossible" or "foreign".
func (m *model) step(e Event) string {
	if byRider[e.Type] && !m.rider.IsZero() && e.Rider != m.rider {
		return "foreign"
	}
	from := m.state
	var to State
	switch {
	case e.Type == EventDue && from == Scheduled:
		to = Pending
	case e.Type == EventOffered && from == Pending:
		to, m.offer = Offered, e.Offer
	case from == Offered && (e.Type == EventOfferDeclined || e.Type == EventOfferExpired || e.Type == EventOfferWithdrawn || e.Type == EventOfferAccepted):
		if e.Offer != m.offer {
			return "foreign"
		}
		to, m.offer = Pending, id.Offer{}
		if e.Type == EventOfferAccepted {
			to, m.rider = Assigned, e.Rider
		}
	case e.Type == EventAssigned && from == Pending:
		to, m.rider = Assigned, e.Rider
	case e.Type == EventUnassigned && (from == Assigned || from == AtStore):
		to, m.rider = Pending, id.Rider{}
	case e.Type == EventHandedOver && (from == Assigned || from == AtStore) && e.Rider != m.rider:
		to, m.rider = Assigned, e.Rider
	case e.Type == EventTakenOver && from == PickedUp && e.Rider != m.rider:
		to, m.rider = from, e.Rider
	case (e.Type == EventHandedOver && (from == Assigned || from == AtStore)) || (e.Type == EventTakenOver && from == PickedUp):
		return "repeated"
	case e.Type == EventArrivedAtStore && from == Assigned:
		to = AtStore
	case e.Type == EventPickedUp && (from == Assigned || from == AtStore):
		to = PickedUp
	case e.Type == EventArrivedAtDoor && from == PickedUp:
		to = AtDoor
	case e.Type == EventDelivered && (from == PickedUp || from == AtDoor):
		to = Delivered
	case e.Type == EventDeliveryFailed && (from == PickedUp || from == AtDoor):
		to = Returning
	case e.Type == EventReturned && from == Returning:
		to = Returned
	case e.Type == EventCancelled && (from == Scheduled || from == Pending || from == Offered || from == Assigned || from == AtStore):
		to, m.rider, m.offer = Cancelled, id.Rider{}, id.Offer{}
	case e.Type == EventIncident && from.Active():
		to = from
	case from == leadsTo[e.Type] && (e.Type != EventOffered || e.Offer == m.offer) && (e.Type != EventAssigned || e.Rider == m.rider):
		return "repeated"
	default:
		return "impossible"
	}
	m.state = to
	return "changed"
}

var byRider = map[EventType]bool{
	EventOfferAccepted: true, EventUnassigned: true, EventArrivedAtStore: true, EventPickedUp: true, EventArrivedAtDoor: true,
	EventDelivered: true, EventDeliveryFailed: true, EventReturned: true, EventIncident: true,
}

var leadsTo = map[EventType]State{
	EventDue: Pending, EventOffered: Offered, EventOfferDeclined: Pending, EventOfferExpired: Pending, EventOfferWithdrawn: Pending,
	EventOfferAccepted: Assigned, EventAssigned: Assigned, EventUnassigned: Pending, EventArrivedAtStore: AtStore, EventPickedUp: PickedUp,
	EventArrivedAtDoor: AtDoor, EventDelivered: Delivered, EventDeliveryFailed: Returning, EventReturned: Returned, EventCancelled: Cancelled,
}

var riders, offers = [3]id.Rider{id.NewRider(), id.NewRider(), id.NewRider()}, [2]id.Offer{id.NewOffer(), id.NewOffer()}

// drawEvent is a complete event, often one that fits the state, so that sequences get far.
func drawEvent(t *rapid.T, o Order, at time.Time) Event {
	e := Event{
		At: at, Rider: rapid.SampledFrom(riders[:]).Draw(t, "rider"), Offer: rapid.SampledFrom(offers[:]).Draw(t, "offer"),
		Reason: rapid.SampledFrom([]string{"", "closed", "too\x00far"}).Draw(t, "reason"), ReadyEstimate: new(at.Add(time.Minute)),
	}
	e.Actor = rapid.SampledFrom([]Actor{System, Engine, {ActorRider, e.Rider.UUID()}, {ActorDispatcher, uuid.UUID(riders[0])}}).Draw(t, "actor")
	if rapid.Bool().Draw(t, "late") {
		e.ClientAt = new(at.Add(-time.Duration(rapid.IntRange(-600, 600).Draw(t, "seconds late")) * time.Second))
	}
	e.Update = &Update{Tags: &[]string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "tag")}}
	types := EventTypes()[1:]
	if allowed := o.State.Allowed(); len(allowed) > 0 && rapid.IntRange(0, 3).Draw(t, "fits") > 0 {
		types = allowed
		if !o.Rider.IsZero() {
			e.Rider = o.Rider
		}
		if !o.Offer.IsZero() {
			e.Offer = o.Offer
		}
	}
	e.Type = rapid.SampledFrom(types).Draw(t, "type")
	return e
}

var kitchen = map[EventType]bool{EventAcceptedByStore: true, EventReady: true, EventReadyEstimateChanged: true}

func TestRandomLivesAgainstTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		placed := Event{Type: EventPlaced, At: noon, Actor: System, ReadyEstimate: new(noon)}
		if rapid.Bool().Draw(t, "for later") {
			placed.DueAt = new(noon.Add(time.Hour))
		}
		o, err := Order{ID: id.NewOrder()}.Apply(placed)
		if err != nil {
			t.Fatal(err)
		}
		history := []RecordedEvent{{placed, 1, o.State}}
		m := model{state: o.State}
		for i := range rapid.IntRange(0, 40).Draw(t, "events") {
			e := drawEvent(t, o, noon.Add(time.Duration(i)*time.Minute))
			next, err := o.Apply(e)
			switch {
			case kitchen[e.Type]:
				checkKitchen(t, o, next, e, err)
			case e.Type == EventUpdated:
				if got := kindOf(err); next.State != o.State || got != "changed" && got != "repeated" {
					t.Fatalf("updated in %s: %s, %s", o.State, next.State, got)
				}
			default:
				want := m.step(e)
				if got := kindOf(err); got != want {
					t.Fatalf("%s by %v in %s: %s (%v), want %s", e.Type, e.Rider, o.State, got, err, want)
				}
				if next.State != m.state || next.Rider != m.rider || next.Offer != m.offer {
					t.Fatalf("%s in %s: %s with %v in %v, want %s with %v in %v", e.Type, o.State, next.State, next.Rider, next.Offer, m.state, m.rider, m.offer)
				}
			}
			if err := invariants(next); err != nil {
				t.Fatalf("%s in %s: %v", e.Type, o.State, err)
			}
			if err == nil {
				history = append(history, RecordedEvent{e, next.Version, next.State})
			} else if diff := cmp.Diff(o, next); diff != "" {
				t.Fatalf("a failed %s changed the order:\n%s", e.Type, diff)
			}
			o = next
		}
		got, err := Rebuild(history)
		if err != nil {
			t.Fatal(err)
		}
		if err := sameLife(o, got); err != nil {
			t.Fatal(err)
		}
		if state, version, err := Replay(history); state != o.State || version != o.Version || err != nil {
			t.Fatalf("replayed to %s, %d, %v", state, version, err)
		}
	})
}

func checkKitchen(t *rapid.T, o, next Order, e Event, err error) {
	tooLate := o.State.OnBoard() || o.State.Ended()
	if got := kindOf(err); tooLate != (got == "impossible") {
		t.Fatalf("%s in %s: %s", e.Type, o.State, got)
	}
	if next.State != o.State {
		t.Fatalf("%s moved the state from %s to %s", e.Type, o.State, next.State)
	}
}

func kindOf(err error) string {
	var te *TransitionError
	var ny *NotYoursError
	switch {
	case err == nil:
		return "changed"
	case errors.Is(err, ErrRepeated):
		return "repeated"
	case errors.As(err, &te):
		return "impossible"
	case errors.As(err, &ny):
		return "foreign"
	}
	return err.Error()
}

// sameLife compares what events change of an order.
func sameLife(row, rebuilt Order) error {
	ignore := cmpopts.IgnoreFields(Order{}, "Tenant", "ID", "Merchant", "Store", "Zone", "ExternalID", "Job", "Pickup", "Dropoff", "Load", "Skills",
		"Vehicles", "Items", "Value", "Cash", "Tip", "Demand", "Tags", "Metadata", "DeliverAfter", "DeliverBefore", "WeightG", "Fee")
	if diff := cmp.Diff(row, rebuilt, ignore, cmpopts.EquateEmpty()); diff != "" {
		return fmt.Errorf("the history leads elsewhere (-row +rebuilt):\n%s", diff)
	}
	return nil
}

func TestReplayFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := []RecordedEvent{
		{Event{Type: EventPlaced, At: noon, Actor: System}, 1, Pending},
		{Event{Type: EventAssigned, At: noon, Actor: System, Rider: alice}, 2, Assigned},
		{Event{Type: EventPickedUp, At: noon, Actor: System, Rider: alice}, 3, PickedUp},
	}
	if _, _, err := Replay(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([]RecordedEvent) []RecordedEvent{
		"a gap":         func(h []RecordedEvent) []RecordedEvent { return append(h[:1:1], h[2]) },
		"a state":       func(h []RecordedEvent) []RecordedEvent { h[2].State = Delivered; return h },
		"a version":     func(h []RecordedEvent) []RecordedEvent { h[2].Version = 4; return h },
		"a rider":       func(h []RecordedEvent) []RecordedEvent { h[2].Rider = bob; return h },
		"no placement":  func(h []RecordedEvent) []RecordedEvent { return h[1:] },
		"a repetition":  func(h []RecordedEvent) []RecordedEvent { return append(h, h[2]) },
		"a second life": func(h []RecordedEvent) []RecordedEvent { return append(h, h[0]) },
	} {
		if state, version, err := Replay(spoil(append([]RecordedEvent(nil), good...))); err == nil {
			t.Errorf("%s: replayed to %s, %d", name, state, version)
		}
	}
}
