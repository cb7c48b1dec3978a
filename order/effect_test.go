package order

import (
	"slices"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

func mustApply(t *testing.T, o Order, e Event) Order {
	t.Helper()
	if e.At.IsZero() {
		e.At = noon
	}
	next, err := o.Apply(e)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	o := mustApply(t, orderIn(Offered), Event{Type: EventOfferDeclined, Rider: alice, Offer: offer1})
	if o.Declines != 1 || !slices.Equal(o.RefusedBy, []id.Rider{alice}) || !o.Offer.IsZero() {
		t.Errorf("after a decline: %d declines, refused by %v, offer %q", o.Declines, o.RefusedBy, o.Offer)
	}
	before := o
	o = mustApply(t, o, Event{Type: EventOffered, Rider: bob, Offer: offer1})
	o = mustApply(t, o, Event{Type: EventOfferExpired, Rider: bob, Offer: offer1})
	o = mustApply(t, o, Event{Type: EventOffered, Rider: bob, Offer: offer1})
	o = mustApply(t, o, Event{Type: EventOfferExpired, Rider: bob, Offer: offer1})
	if o.Declines != 3 || !slices.Equal(o.RefusedBy, []id.Rider{alice, bob}) {
		t.Errorf("after two expiries more: %d declines, refused by %v", o.Declines, o.RefusedBy)
	}
	if len(before.RefusedBy) != 1 {
		t.Error("the order before was changed")
	}
	o = mustApply(t, mustApply(t, o, Event{Type: EventOffered, Rider: alice, Offer: offer1}), Event{Type: EventOfferWithdrawn, Offer: offer1})
	if o.Declines != 3 {
		t.Error("a withdrawn offer counts as declined")
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	at := orderIn(AtStore)
	at.AtStoreAt = new(noon)
	o := mustApply(t, at, Event{Type: EventUnassigned, Actor: Actor{Kind: ActorDispatcher}})
	if o.State != Pending || !o.Rider.IsZero() || o.AssignedAt != nil || o.AtStoreAt != nil || len(o.RefusedBy) != 0 {
		t.Errorf("released by a dispatcher: %+v", o)
	}
	o = mustApply(t, at, Event{Type: EventUnassigned, Actor: Actor{Kind: ActorRider, ID: alice.UUID()}})
	if !o.RefusedByRider(alice) {
		t.Error("a rider who gave it back is asked again")
	}
}

func TestCancelNamesAFault(t *testing.T) {
	t.Parallel()
	o := mustApply(t, orderIn(AtStore), Event{Type: EventCancelled, Actor: Actor{Kind: ActorCustomer}, Reason: "too slow"})
	if o.CancelFault != "customer" || o.CancelReason != "too slow" || !o.Rider.IsZero() || o.EndedAt == nil {
		t.Errorf("%+v", o)
	}
	o = mustApply(t, orderIn(Offered), Event{Type: EventCancelled, Actor: Actor{Kind: ActorCustomer}, Fault: "merchant"})
	if o.CancelFault != "merchant" || !o.Offer.IsZero() {
		t.Errorf("%+v", o)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	o := orderIn(Assigned)
	if !o.ReadyTime().Equal(o.ReadyEstimate) {
		t.Error("the estimate is not the ready time")
	}
	o = mustApply(t, o, Event{Type: EventReady})
	if o.State != Assigned || !o.ReadyTime().Equal(noon) {
		t.Errorf("ready: %+v", o)
	}
	later := noon.Add(5 * time.Minute)
	o = mustApply(t, o, Event{Type: EventReadyEstimateChanged, ReadyEstimate: &later})
	if o.ReadyAt != nil || !o.ReadyTime().Equal(later) {
		t.Error("a later estimate leaves it ready")
	}
}

func TestPlacedForLater(t *testing.T) {
	t.Parallel()
	o := mustApply(t, Order{}, Event{Type: EventPlaced, DueAt: new(noon.Add(time.Hour)), ReadyEstimate: new(noon.Add(2 * time.Hour))})
	if o.State != Scheduled || o.Version != 1 || !o.DueAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", o)
	}
	o = mustApply(t, Order{}, Event{Type: EventPlaced})
	if o.State != Pending || !o.DueAt.Equal(noon) || !o.PlacedAt.Equal(noon) {
		t.Errorf("%+v", o)
	}
}

// A phone's time counts, within what is possible.
func TestWhoseTime(t *testing.T) {
	t.Parallel()
	assigned := orderIn(Assigned) // ten minutes after placement, fifty before noon
	for _, tc := range []struct {
		name      string
		client    *time.Time
		wantSince time.Duration // before noon
	}{
		{"none told", nil, 0},
		{"told late", new(noon.Add(-20 * time.Minute)), -20 * time.Minute},
		{"a clock ahead", new(noon.Add(time.Hour)), 0},
		{"a clock far behind", new(noon.Add(-5 * time.Hour)), -50 * time.Minute},
	} {
		o := mustApply(t, assigned, Event{Type: EventPickedUp, Rider: alice, ClientAt: tc.client})
		if got := o.PickedUpAt.Sub(noon); got != tc.wantSince {
			t.Errorf("%s: picked up %v from noon, want %v", tc.name, got, tc.wantSince)
		}
		if !o.UpdatedAt.Equal(noon) {
			t.Errorf("%s: updated %v", tc.name, o.UpdatedAt)
		}
	}
}
