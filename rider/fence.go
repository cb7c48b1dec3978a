package rider

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Fence tells from a rider's fixes when the rider came to a place. Two radii keep a receiver that wanders at the edge from coming and
// going, and a while that must be spent inside tells who arrives from who rides by.
type Fence struct {
	EnterM int           // metres: nearer is inside
	LeaveM int           // metres: farther is outside; at least EnterM
	Dwell  time.Duration // how long inside is an arrival
}

// Watch is what a fence has seen so far of one rider and one place. The zero Watch has seen nothing.
type Watch struct {
	Since time.Time // the first fix inside since the rider was last outside; zero: is outside
	Last  time.Time // the latest fix looked at
	Until time.Time // the latest fix inside
}

// unknownAccuracy in metres stands for that of a fix that tells none.
const unknownAccuracy = 30

// Next is w after one more fix, whose place is so many metres away. A fix counts as inside when it is near and, however wrong it may be by
// its own account, not outside; as outside when it is far however wrong it may be. Others, and those older than the last, say nothing.
func (f Fence) Next(w Watch, metres float64, fix Fix) Watch {
	if !fix.At.After(w.Last) {
		return w
	}
	accuracy := fix.AccuracyM
	if accuracy == 0 {
		accuracy = unknownAccuracy
	}
	w.Last = fix.At
	switch {
	case metres <= float64(f.EnterM) && metres+accuracy <= float64(f.LeaveM):
		if w.Since.IsZero() {
			w.Since = fix.At
		}
		w.Until = fix.At
	case metres-accuracy > float64(f.LeaveM):
		w.Since, w.Until = time.Time{}, time.Time{}
	}
	return w
}

// See is Next of the distance between a fix and the place.
func (f Fence) See(w Watch, place geo.LatLng, fix Fix) Watch {
	return f.Next(w, geo.Distance(fix.LatLng, place), fix)
}

// Arrived is when the rider came to the place; ok is false while that is not certain.
func (f Fence) Arrived(w Watch) (at time.Time, ok bool) {
	if w.Since.IsZero() || w.Until.Sub(w.Since) < f.Dwell {
		return time.Time{}, false
	}
	return w.Since, true
}
