package dispatch

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// Hours are the times for which a zone takes orders, in the tenant's time zone; none: always.
type Hours []clock.Weekly

// UnmarshalJSON begins anew: hours that are sent replace those there were, field by field.
func (h *Hours) UnmarshalJSON(b []byte) error {
	var fresh []clock.Weekly
	if err := json.Unmarshal(b, &fresh); err != nil {
		return err
	}
	*h = fresh
	return nil
}

// maxHours bounds a zone's hours: a few for each weekday.
const maxHours = 50

func (h Hours) faults() []Fault {
	var faults []Fault
	if len(h) > maxHours {
		return []Fault{{"hours", fmt.Sprintf("may be %d", maxHours), len(h)}}
	}
	for i, w := range h {
		w.Faults(func(field, message string, value any) {
			faults = append(faults, Fault{fmt.Sprintf("hours[%d].%s", i, field), message, value})
		})
	}
	return faults
}

func (h Hours) has(local time.Time) bool {
	for _, w := range h {
		if w.Has(local) {
			return true
		}
	}
	return len(h) == 0
}

// Opening is when the zone takes orders that are wanted at a local time: then, or the first time afterwards that is within its hours and not before
// ClosedUntil. It is the zero time where that is never.
func (p Policy) Opening(local time.Time) time.Time {
	if p.ClosedUntil != nil && local.Before(*p.ClosedUntil) {
		local = p.ClosedUntil.In(local.Location())
	}
	if p.Hours.has(local) {
		return local
	}
	var first time.Time
	for _, w := range p.Hours {
		if begin := w.Next(local); !begin.IsZero() && (first.IsZero() || begin.Before(first)) {
			first = begin
		}
	}
	return first
}
