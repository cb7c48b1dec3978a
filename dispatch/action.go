package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Action is what a rider's phone says of one act. The id is made by the phone: an act sent twice is one act.
type Action struct {
	ID     uuid.UUID
	At     time.Time // the phone's time
	Reason string
	Fault  string
	Note   string
	Proof  *order.Proof
	// Location is where the rider was, of a shift's start; nil: as the last position says.
	Location *geo.LatLng
	// AfterLastDrop has a shift's end or a break wait for the last drop where stops remain; no new orders come until then.
	AfterLastDrop bool
	// Recorded says that the phone kept the act while it had no network: it may come late, and before those that it follows.
	Recorded bool
}

// MaxRecordAge is how long a phone may keep an act to itself: as long as the longest shift.
const MaxRecordAge = 24 * time.Hour

// ErrTooOld refuses an act that was recorded more than MaxRecordAge ago.
var ErrTooOld = errors.New("dispatch: recorded too long ago")

func (a Action) event(kind order.EventType, rider id.Rider, now time.Time) order.Event {
	e := order.Event{
		Type: kind, At: now, Actor: order.Actor{Kind: order.ActorRider, ID: rider.UUID()}, ActionID: a.ID, Rider: rider,
		Reason: a.Reason, Fault: a.Fault, Note: a.Note, Proof: a.Proof, Recorded: a.Recorded,
	}
	if !a.At.IsZero() {
		e.ClientAt = &a.At
	}
	return e
}

// happened is when a recorded act took place: by the phone's clock, but not before after and not after now. Other acts take place now.
func (a Action) happened(after, now time.Time) time.Time {
	if !a.Recorded || a.At.IsZero() || a.At.After(now) {
		return now
	}
	if a.At.Before(after) {
		return after
	}
	return a.At
}

// admit is ErrTooOld where a was held back too long.
func (t *txn) admit(a Action) error {
	if a.Recorded && t.now.Sub(a.At) > MaxRecordAge {
		return ErrTooOld
	}
	return nil
}

// keep remembers an applied act by its id, for the phone that asks again. o is the order as the act left it; zero where it was about none.
func (t *txn) keep(ctx context.Context, who id.Rider, a Action, kind ActKind, about uuid.UUID, o order.Order) error {
	if a.ID == uuid.Nil {
		return nil
	}
	at := a.At
	if at.IsZero() {
		at = t.now
	}
	return rider.KeepAction(ctx, t, t.tenant, who, rider.Kept{
		Action: a.ID, About: about, Kind: string(kind), At: at, AppliedAt: t.now, State: string(o.State), Version: o.Version, Waits: kind == ActStartBreak && a.AfterLastDrop,
	})
}
