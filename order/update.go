package order

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Update is what shall change of an order after it was placed; nil stays. Until when each field may change is in updateRules.
type Update struct {
	At                        *geo.LatLng
	Address, Floor, Unit      *string
	GateCode                  *string
	ContactName, ContactPhone *string
	Instructions              *string
	LeaveAtDoor               *bool
	Items                     *[]Item
	DeliverAfter              *time.Time
	DeliverBefore, PromiseAt  *time.Time
	Tip                       *Money
	Tags                      *[]string
	Metadata                  *map[string]string
}

// updateRule says until when a field may change.
type updateRule struct {
	field string // as the API calls it
	in    []State
	after time.Duration // and so long after the delivery
	why   string        // for docs/updates.md
	set   func(*Order, *Update) (changed bool)
}

// afterDelivery is how long customers think about a tip.
const afterDelivery = 7 * 24 * time.Hour

var (
	onlyScheduled = []State{Scheduled}
	beforeDoor    = append(slices.Clone(beforePickup), PickedUp)
	beforeEnd     = append(slices.Clone(beforeDoor), AtDoor)
)

// updateRules is the table of what may change until when. docs/updates.md is generated from it.
var updateRules = []updateRule{
	{field: "dropoff.location", in: beforeDoor, why: "An open offer is withdrawn, the rider's plan and the promise follow: it moves by what the ride from the store becomes longer.",
		set: value(func(o *Order) *geo.LatLng { return &o.Dropoff.At }, func(u *Update) *geo.LatLng { return u.At })},
	{field: "dropoff.address", in: beforeDoor,
		set: value(func(o *Order) *string { return &o.Dropoff.Address }, func(u *Update) *string { return u.Address })},
	{field: "dropoff.floor", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.Floor }, func(u *Update) *string { return u.Floor })},
	{field: "dropoff.unit", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.Unit }, func(u *Update) *string { return u.Unit })},
	{field: "dropoff.gate_code", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.GateCode }, func(u *Update) *string { return u.GateCode })},
	{field: "dropoff.contact_name", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.ContactName }, func(u *Update) *string { return u.ContactName })},
	{field: "dropoff.contact_phone", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.ContactPhone }, func(u *Update) *string { return u.ContactPhone })},
	{field: "dropoff.instructions", in: beforeEnd,
		set: value(func(o *Order) *string { return &o.Dropoff.Instructions }, func(u *Update) *string { return u.Instructions })},
	{field: "dropoff.leave_at_door", in: beforeEnd,
		set: value(func(o *Order) *bool { return &o.Dropoff.LeaveAtDoor }, func(u *Update) *bool { return u.LeaveAtDoor })},
	{field: "items", in: beforePickup,
		set: value(func(o *Order) *[]Item { return &o.Items }, func(u *Update) *[]Item { return u.Items })},
	{field: "deliver_after", in: onlyScheduled, why: "When dispatch begins, when the food is expected, and the promise move along.",
		set: moment(func(o *Order) **time.Time { return &o.DeliverAfter }, func(u *Update) *time.Time { return u.DeliverAfter })},
	{field: "deliver_before", in: beforeEnd, why: "The end of the window is the promise.",
		set: moment(func(o *Order) **time.Time { return &o.DeliverBefore }, func(u *Update) *time.Time { return u.DeliverBefore })},
	{field: "promise_at", in: beforeEnd, why: "What you tell the customer, whatever else changes.", set: func(o *Order, u *Update) bool {
		at := &o.PromiseAt
		changed := moment(func(*Order) **time.Time { return &at }, func(u *Update) *time.Time { return u.PromiseAt })(o, u)
		o.PromiseAt = *at
		return changed
	}},
	{field: "tip", in: beforeEnd, after: afterDelivery, why: "Nobody tips for what was cancelled or came back.",
		set: value(func(o *Order) *Money { return &o.Tip }, func(u *Update) *Money { return u.Tip })},
	{field: "tags", in: States(), why: "Yours: always.",
		set: value(func(o *Order) *[]string { return &o.Tags }, func(u *Update) *[]string { return u.Tags })},
	{field: "metadata", in: States(), why: "Yours: always. Replaced as a whole.",
		set: value(func(o *Order) *map[string]string { return &o.Metadata }, func(u *Update) *map[string]string { return u.Metadata })},
}

// value sets a field where the update has another value for it.
func value[T any](of func(*Order) *T, in func(*Update) *T) func(*Order, *Update) bool {
	return func(o *Order, u *Update) bool {
		want := in(u)
		if want == nil || reflect.DeepEqual(*of(o), *want) {
			return false
		}
		*of(o) = *want
		return true
	}
}

// moment is value for times, which are the same in any zone.
func moment(of func(*Order) **time.Time, in func(*Update) *time.Time) func(*Order, *Update) bool {
	return func(o *Order, u *Update) bool {
		want, have := in(u), *of(o)
		if want == nil || have != nil && have.Equal(micro(*want)) {
			return false
		}
		*of(o) = new(micro(*want))
		return true
	}
}

// allows reports whether the field may change in o.
func (r updateRule) allows(o Order, now time.Time) bool {
	return slices.Contains(r.in, o.State) || r.after > 0 && o.State == Delivered && now.Sub(*o.EndedAt) <= r.after
}

// Updated is o after u, and the fields that differ. It is o itself with a *UpdateError where a field would differ that can't change
// any more (asking for what is so already is no fault), and with an *InvalidError where the result makes no sense.
func (o Order) Updated(u Update, now time.Time) (Order, []string, error) {
	next := o
	var changed, late []string
	for _, r := range updateRules {
		if !r.set(&next, &u) {
			continue
		}
		changed = append(changed, r.field)
		if !r.allows(o, now) {
			late = append(late, r.field)
		}
	}
	switch {
	case len(late) > 0:
		return o, nil, &UpdateError{Order: o.ID, State: o.State, Fields: late}
	case next.DeliverAfter != nil && next.DeliverBefore != nil && !next.DeliverBefore.After(*next.DeliverAfter):
		return o, nil, &InvalidError{"deliver_before", "must be later than deliver_after"}
	}
	next.Clean()
	return next, changed, nil
}

// makeUpdate is the effect of the event. A history keeps the names of the fields and the times, not what was written: contacts
// must be erasable. Replayed, it therefore moves the times only.
func makeUpdate(o *Order, e Event) error {
	if e.Update == nil && len(e.Changed) == 0 {
		return &IncompleteError{Event: e.Type, Lacks: "changes"}
	}
	if e.Update != nil {
		next, _, err := o.Updated(*e.Update, e.At)
		if err != nil {
			return err
		}
		*o = next
	}
	if e.PromiseAt != nil {
		o.PromiseAt = micro(*e.PromiseAt)
	}
	if e.DueAt != nil {
		o.DueAt = micro(*e.DueAt)
	}
	if e.ReadyEstimate != nil {
		o.ReadyEstimate = micro(*e.ReadyEstimate)
	}
	return nil
}

// UpdateError means that fields can't change any more.
type UpdateError struct {
	Order  id.Order
	State  State
	Fields []string
}

func (e *UpdateError) Error() string {
	return fmt.Sprintf("order %s is %s: %v can't change any more", e.Order, e.State, e.Fields)
}

// Until says in which states a field may change, for who asked too late.
func (e *UpdateError) Until(field string) string {
	for _, r := range updateRules {
		if r.field == field {
			return r.until()
		}
	}
	return ""
}

func (r updateRule) until() string {
	words := "always"
	switch last := r.in[len(r.in)-1]; {
	case len(r.in) == len(states):
	case len(r.in) == 1:
		words = "while " + string(last)
	default:
		words = "until " + string(states[slices.Index(States(), last)+1].state)
	}
	if r.after > 0 {
		words += fmt.Sprintf(", and for %d days after the delivery", int(r.after.Hours()/24))
	}
	return words
}

// InvalidError means that an update does not fit the order.
type InvalidError struct{ Field, Message string }

func (e *InvalidError) Error() string { return e.Field + " " + e.Message }

// ConflictError is ErrConflict with what the order is now.
type ConflictError struct {
	Order   id.Order
	State   State
	Version int64
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("order %s is %s at version %d", e.Order, e.State, e.Version)
}

// Is makes it an ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }
