package order

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// States and EventTypes miss none of the constants in the source.
func TestListsAreComplete(t *testing.T) {
	t.Parallel()
	var listed []string
	for _, s := range States() {
		listed = append(listed, string(s))
	}
	if diff := cmp.Diff(constants(t, "state.go", "State"), listed); diff != "" {
		t.Errorf("States() (-source +listed):\n%s", diff)
	}
	listed = nil
	for _, e := range EventTypes() {
		listed = append(listed, string(e))
	}
	slices.Sort(listed)
	source := constants(t, "event.go", "EventType")
	slices.Sort(source)
	if diff := cmp.Diff(source, listed); diff != "" {
		t.Errorf("EventTypes() (-source +listed):\n%s", diff)
	}
}

// constants are the values of a file's exported constants of a type, in the order of the source.
func constants(t *testing.T, file, typ string) (out []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || !v.Names[0].IsExported() {
			return true
		}
		name, _ := v.Type.(*ast.Ident)
		lit, _ := v.Values[0].(*ast.BasicLit)
		if name != nil && lit != nil && name.Name == typ {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return true
	})
	return out
}

// Every event in every state does what the documented picture says, or fails with what the picture allows.
func TestEveryPairAgainstThePicture(t *testing.T) {
	t.Parallel()
	documented := parsePicture(t)
	for _, s := range States() {
		for _, e := range EventTypes() {
			o := orderIn(s)
			next, err := o.Apply(eventFor(o, e))
			want, allowed := documented[s][e]
			if !allowed {
				var te *TransitionError
				if !errors.Is(err, ErrRepeated) && !errors.As(err, &te) {
					t.Errorf("%s in %s: got %v, %v; the picture has no such move", e, s, next.State, err)
				}
				if te != nil && !slices.Equal(te.Allowed, s.Allowed()) {
					t.Errorf("%s in %s: allows %v, want %v", e, s, te.Allowed, s.Allowed())
				}
				if errors.Is(err, ErrRepeated) && moves[e].to != s {
					t.Errorf("%s in %s is called a repetition, but leads to %s", e, s, moves[e].to)
				}
				continue
			}
			if err != nil || next.State != want {
				t.Errorf("%s in %s: got %v, %v; the picture says %s", e, s, next.State, err, want)
			}
			if err := invariants(next); err != nil {
				t.Errorf("%s in %s: %v", e, s, err)
			}
			if next.Version != o.Version+1 || !next.UpdatedAt.Equal(noon) {
				t.Errorf("%s in %s: version %d → %d, updated %v", e, s, o.Version, next.Version, next.UpdatedAt)
			}
		}
	}
}

// parsePicture reads docs/lifecycle.md back: its table, which must agree with the arrows of its diagram.
func parsePicture(t *testing.T) map[State]map[EventType]State {
	t.Helper()
	b, err := os.ReadFile(pictureFile)
	if err != nil {
		t.Fatal(err)
	}
	out := map[State]map[EventType]State{}
	row := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [^|]+ \\| (.*) \\|$")
	cell := regexp.MustCompile("`(\\w+)` → `(\\w+)`")
	for _, r := range row.FindAllStringSubmatch(string(b), -1) {
		out[State(r[1])] = map[EventType]State{}
		for _, c := range cell.FindAllStringSubmatch(r[2], -1) {
			out[State(r[1])][EventType(c[1])] = State(c[2])
		}
	}
	if len(out) != len(States()) {
		t.Fatalf("the picture has %d states, not %d", len(out), len(States()))
	}
	arrow := regexp.MustCompile(`(?m)^    (\w+) --> (\w+): (.*)$`)
	drawn := 0
	for _, a := range arrow.FindAllStringSubmatch(string(b), -1) {
		for _, e := range strings.Split(a[3], ", ") {
			drawn++
			if got := out[State(a[1])][EventType(e)]; got != State(a[2]) {
				t.Errorf("%s in %s: the diagram says %s, the table %q", e, a[1], a[2], got)
			}
		}
	}
	for s, es := range out {
		for _, to := range es {
			if to != s {
				drawn--
			}
		}
	}
	if drawn != 0 {
		t.Errorf("the diagram has %d moves more than the table", drawn)
	}
	return out
}

var (
	alice, bob = id.NewRider(), id.NewRider()
	offer1     = id.NewOffer()
)

// orderIn is an order that has come to s, with alice where it has a rider.
func orderIn(s State) Order {
	o := Order{ID: id.NewOrder(), State: s, Version: 7, PlacedAt: noon.Add(-time.Hour), DueAt: noon.Add(-time.Hour), ReadyEstimate: noon}
	if s.Active() || s == Delivered || s == Returned {
		o.Rider, o.AssignedAt = alice, new(noon.Add(-50*time.Minute))
	}
	if s == Offered {
		o.Offer = offer1
	}
	if s.Ended() {
		o.EndedAt = new(noon.Add(-time.Minute))
	}
	if s == Cancelled {
		o.CancelFault, o.CancelReason = "merchant", "closed"
	}
	return o
}

// eventFor is a complete event that fits o.
func eventFor(o Order, typ EventType) Event {
	e := Event{Type: typ, At: noon, Actor: System, Rider: alice, Offer: o.Offer}
	if e.Offer.IsZero() {
		e.Offer = offer1
	}
	if typ == EventHandedOver || typ == EventTakenOver {
		e.Rider, e.From = bob, o.Rider
	}
	if typ == EventUpdated {
		e.Update = &Update{Tags: &[]string{"seen"}}
	}
	if typ == EventReadyEstimateChanged {
		e.ReadyEstimate = new(noon.Add(10 * time.Minute))
	}
	return e
}

// invariants are the database's CHECKs, and what goes without saying.
func invariants(o Order) error {
	hasRider := !o.Rider.IsZero()
	switch {
	case !o.State.Valid():
		return errors.New("no state: " + string(o.State))
	case o.State != Delivered && o.State != Returned && hasRider != o.State.Active():
		return errors.New("orders_rider is broken")
	case !o.Offer.IsZero() != (o.State == Offered):
		return errors.New("orders_offer is broken")
	case (o.EndedAt != nil) != o.State.Ended():
		return errors.New("orders_ended is broken")
	case o.CancelFault != "" && o.State != Cancelled:
		return errors.New("orders_cancel is broken")
	case o.State.OnBoard() && !hasRider, o.State == Delivered && !hasRider:
		return errors.New("nobody carries it")
	}
	last := o.PlacedAt
	for _, m := range []*time.Time{o.AssignedAt, o.AtStoreAt, o.PickedUpAt, o.AtDoorAt, o.EndedAt} {
		if m != nil && m.Before(last) {
			return errors.New("the milestones are out of order")
		}
		if m != nil {
			last = *m
		}
	}
	return nil
}

func TestAnotherRidersEvent(t *testing.T) {
	t.Parallel()
	for _, typ := range []EventType{EventArrivedAtStore, EventPickedUp, EventArrivedAtDoor, EventDelivered, EventDeliveryFailed, EventReturned, EventUnassigned, EventOfferAccepted} {
		for _, s := range States() {
			o := orderIn(s)
			if o.Rider.IsZero() {
				continue
			}
			// Named, or only as the actor.
			for _, e := range []Event{
				{Type: typ, At: noon, Rider: bob, Offer: offer1, Actor: System},
				{Type: typ, At: noon, Offer: offer1, Actor: Actor{ActorRider, bob.UUID()}},
			} {
				var ny *NotYoursError
				if _, err := o.Apply(e); !errors.As(err, &ny) || ny.Rider != bob {
					t.Errorf("%s in %s by another rider: %v", typ, s, err)
				}
			}
			// Nobody named: a dispatcher acts for him.
			var ny *NotYoursError
			if _, err := o.Apply(Event{Type: typ, At: noon, Offer: o.Offer, Actor: Actor{ActorDispatcher, uuid.New()}}); errors.As(err, &ny) {
				t.Errorf("%s in %s by a dispatcher: %v", typ, s, err)
			}
		}
	}
}

func TestAnotherOffersEvent(t *testing.T) {
	t.Parallel()
	o := orderIn(Offered)
	for _, typ := range []EventType{EventOfferAccepted, EventOfferDeclined, EventOfferExpired, EventOfferWithdrawn} {
		for _, other := range []id.Offer{id.NewOffer(), {}} {
			var ny *NotYoursError
			if _, err := o.Apply(Event{Type: typ, At: noon, Actor: System, Rider: alice, Offer: other}); !errors.As(err, &ny) {
				t.Errorf("%s of offer %q: %v", typ, other, err)
			}
		}
	}
}

func TestRepetitions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		order Order
		event Event
		want  error
	}{
		{"the same pickup", orderIn(PickedUp), Event{Type: EventPickedUp, Rider: alice}, ErrRepeated},
		{"an arrival overtaken by the pickup", orderIn(PickedUp), Event{Type: EventArrivedAtStore, Rider: alice}, &TransitionError{}},
		{"assigned to the same rider", orderIn(Assigned), Event{Type: EventAssigned, Rider: alice}, ErrRepeated},
		{"assigned to another rider", orderIn(Assigned), Event{Type: EventAssigned, Rider: bob}, &TransitionError{}},
		{"accepted twice", orderIn(Assigned), Event{Type: EventOfferAccepted, Rider: alice, Offer: offer1}, ErrRepeated},
		{"accepted by two", orderIn(Assigned), Event{Type: EventOfferAccepted, Rider: bob, Offer: offer1}, &NotYoursError{}},
		{"handed over twice", orderIn(Assigned), Event{Type: EventHandedOver, Rider: alice, From: bob}, ErrRepeated},
		{"handed over on board", orderIn(PickedUp), Event{Type: EventHandedOver, Rider: bob, From: alice}, &TransitionError{}},
		{"handed over by who lost it", orderIn(Assigned), Event{Type: EventHandedOver, Rider: bob, From: id.NewRider()}, &NotYoursError{}},
		{"handed over to nobody", orderIn(AtStore), Event{Type: EventHandedOver}, &IncompleteError{}},
		{"taken over twice", orderIn(PickedUp), Event{Type: EventTakenOver, Rider: alice, From: bob}, ErrRepeated},
		{"taken over at the door", orderIn(AtDoor), Event{Type: EventTakenOver, Rider: bob, From: alice}, &TransitionError{}},
		{"the same offer", orderIn(Offered), Event{Type: EventOffered, Offer: offer1}, ErrRepeated},
		{"a second offer", orderIn(Offered), Event{Type: EventOffered, Offer: id.NewOffer()}, &TransitionError{}},
		{"cancelled twice", orderIn(Cancelled), Event{Type: EventCancelled}, ErrRepeated},
		{"delivered twice", orderIn(Delivered), Event{Type: EventDelivered, Rider: alice}, ErrRepeated},
		{"the same estimate", orderIn(Pending), Event{Type: EventReadyEstimateChanged, ReadyEstimate: new(noon)}, ErrRepeated},
		{"an offer of nothing", orderIn(Pending), Event{Type: EventOffered, Rider: alice}, &IncompleteError{}},
		{"assigned to nobody", orderIn(Pending), Event{Type: EventAssigned}, &IncompleteError{}},
		{"an estimate of nothing", orderIn(Pending), Event{Type: EventReadyEstimateChanged}, &IncompleteError{}},
		{"an update to what is so", orderIn(Cancelled), Event{Type: EventUpdated, Update: &Update{Address: new("")}}, ErrRepeated},
		{"an update of nothing", orderIn(Pending), Event{Type: EventUpdated}, &IncompleteError{}},
		{"an unknown event", orderIn(Pending), Event{Type: "exploded"}, &TransitionError{}},
	} {
		tc.event.At, tc.event.Actor = noon, System
		got, err := tc.order.Apply(tc.event)
		if !sameKind(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if diff := cmp.Diff(tc.order, got); diff != "" {
			t.Errorf("%s changed the order:\n%s", tc.name, diff)
		}
	}
}

func sameKind(got, want error) bool {
	switch want.(type) { //nolint:errorlint // want is a bare example of its type
	case *TransitionError:
		var e *TransitionError
		return errors.As(got, &e)
	case *NotYoursError:
		var e *NotYoursError
		return errors.As(got, &e)
	case *IncompleteError:
		var e *IncompleteError
		return errors.As(got, &e)
	}
	return errors.Is(got, want)
}
