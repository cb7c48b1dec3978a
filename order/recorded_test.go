package order

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// lives are what a rider may record of one order, each a minute after the other.
var lives = [][]EventType{
	{EventArrivedAtStore, EventPickedUp, EventArrivedAtDoor, EventDelivered},
	{EventPickedUp, EventDelivered},
	{EventArrivedAtStore, EventPickedUp, EventArrivedAtDoor, EventDeliveryFailed, EventReturned},
	{EventPickedUp, EventDeliveryFailed, EventReturned},
	{EventArrivedAtStore, EventPickedUp},
	{EventArrivedAtStore, EventPickedUp, EventArrivedAtDoor},
}

// Whatever order recorded events arrive in, and however often, the order ends as if each had been told when it happened.
func TestRecordedEventsEndAlikeInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		assigned := orderIn(Assigned)
		var log []Event
		for i, typ := range rapid.SampledFrom(lives).Draw(t, "life") {
			log = append(log, Event{
				Type: typ, At: noon.Add(2 * time.Hour), ClientAt: new(noon.Add(time.Duration(i+1) * time.Minute)), ActionID: uuid.New(),
				Actor: Actor{ActorRider, assigned.Rider.UUID()}, Recorded: true,
			})
		}
		want := assigned
		for _, e := range log {
			var err error
			if want, err = want.Apply(e); err != nil {
				t.Fatalf("told in order, %s: %v", e.Type, err)
			}
		}
		arriving := append(append([]Event(nil), log...), log[rapid.IntRange(0, len(log)-1).Draw(t, "sent twice")])
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)).Shuffle(len(arriving), func(i, j int) { arriving[i], arriving[j] = arriving[j], arriving[i] })

		got, seen := assigned, map[uuid.UUID]bool{}
		var history []RecordedEvent
		for _, e := range arriving {
			if seen[e.ActionID] { // as ApplyAll does
				continue
			}
			next, err := got.Apply(e)
			if err != nil {
				t.Fatalf("%s in %s: %v", e.Type, got.State, err)
			}
			if err := invariants(next); err != nil {
				t.Fatalf("%s in %s: %v", e.Type, got.State, err)
			}
			seen[e.ActionID], got = true, next
			history = append(history, RecordedEvent{e, next.Version, next.State})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("in order (-) and as it arrived (+):\n%s", diff)
		}
		for _, e := range history { // another phone with the same story, under ids of its own
			e.ActionID = uuid.New()
			if next, err := got.Apply(e.Event); err == nil && e.Type != EventDeliveryFailed || next.State != got.State {
				t.Fatalf("told again, %s: %s, %v", e.Type, next.State, err)
			}
		}
	})
}

// What is not recorded keeps to the order of things, and a record does not overrule who has the order, how it ended, or the proof.
func TestRecordedEventsStayWithinBounds(t *testing.T) {
	t.Parallel()
	e := func(typ EventType, recorded bool) Event {
		return Event{Type: typ, At: noon, Actor: Actor{ActorRider, alice.UUID()}, Rider: alice, Reason: "x", Recorded: recorded}
	}
	var wrong *TransitionError
	if _, err := orderIn(Assigned).Apply(e(EventDelivered, false)); !errors.As(err, &wrong) {
		t.Errorf("delivered from assigned, not recorded: %v", err)
	}
	if _, err := orderIn(PickedUp).Apply(e(EventArrivedAtStore, false)); !errors.As(err, &wrong) {
		t.Errorf("an arrival after the pickup, not recorded: %v", err)
	}
	for _, s := range []State{Pending, Cancelled, Scheduled} {
		if _, err := orderIn(s).Apply(e(EventDelivered, true)); !errors.As(err, &wrong) {
			t.Errorf("recorded delivery of a %s order: %v", s, err)
		}
	}
	if _, err := orderIn(Returning).Apply(e(EventDelivered, true)); !errors.As(err, &wrong) {
		t.Errorf("recorded delivery of an order that goes back: %v", err)
	}
	theirs := orderIn(Assigned)
	theirs.Rider = bob
	var notYours *NotYoursError
	if _, err := theirs.Apply(e(EventDelivered, true)); !errors.As(err, &notYours) {
		t.Errorf("recorded delivery of another's order: %v", err)
	}
	demanding := orderIn(Assigned)
	demanding.Demand.PIN = "4711"
	var proof *ProofError
	if _, err := demanding.Apply(e(EventDelivered, true)); !errors.As(err, &proof) {
		t.Errorf("recorded delivery without its PIN: %v", err)
	}
}

// A time that contradicts what is known already gives way to it.
func TestLateTimesStayBetweenTheirNeighbours(t *testing.T) {
	t.Parallel()
	o := orderIn(Delivered)
	o.AtStoreAt, o.PickedUpAt, o.AtDoorAt = nil, new(noon.Add(10*time.Minute)), nil
	o.AssignedAt, o.EndedAt = new(noon.Add(time.Minute)), new(noon.Add(20*time.Minute))
	for _, x := range []struct{ told, want int }{{5, 5}, {15, 10}, {0, 1}} {
		e := Event{Type: EventArrivedAtStore, At: noon.Add(time.Hour), ClientAt: new(noon.Add(time.Duration(x.told) * time.Minute)), Rider: o.Rider, Recorded: true}
		next, err := o.Apply(e)
		if err != nil || !next.AtStoreAt.Equal(noon.Add(time.Duration(x.want)*time.Minute)) || next.State != Delivered {
			t.Errorf("arrived after %d min: %v, %s, %v; want %d min", x.told, next.AtStoreAt, next.State, err, x.want)
		}
	}
}
