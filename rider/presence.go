package rider

import "time"

// Presence is what a rider is doing, as far as can be told.
type Presence string

// The presences.
const (
	Offline Presence = "offline" // not on shift
	Idle    Presence = "idle"    // on shift, nothing to do
	Working Presence = "working" // on shift, stops remain
	Stale   Presence = "stale"   // on shift, but the phone has gone silent
)

// DefaultStaleAfter is how long a phone may be silent.
const DefaultStaleAfter = 3 * time.Minute

// PresenceInput is all that presence depends on.
type PresenceInput struct {
	OnShift    bool
	Last       *Fix // nil: no position yet
	Stops      int  // remaining in the plan
	Now        time.Time
	StaleAfter time.Duration // 0 means DefaultStaleAfter
}

// PresenceOf is a rider's presence: a pure function, computed where it is shown and never stored.
func PresenceOf(in PresenceInput) Presence {
	limit := in.StaleAfter
	if limit <= 0 {
		limit = DefaultStaleAfter
	}
	switch {
	case !in.OnShift:
		return Offline
	case in.Last == nil || in.Now.Sub(in.Last.At) > limit:
		return Stale
	case in.Stops > 0:
		return Working
	default:
		return Idle
	}
}
