package api

import (
	"errors"
	"fmt"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/rider"
)

// shiftProblem is problemOf for shifts and their bookings; nil where the error is none of theirs.
func shiftProblem(err error) *Problem {
	var notBooked *dispatch.NotBookedError
	var rest *dispatch.RestError
	var used *dispatch.BreaksUsedError
	switch {
	case errors.As(err, &rest):
		p := newProblem(codeRest, "The rider may work again from "+rest.Until.UTC().Format(time.RFC3339)+" on.")
		p.Until = new(rest.Until.UTC())
		return p
	case errors.As(err, &used):
		return newProblem(codeBreaksUsed, fmt.Sprintf("The breaks of this shift, %d s all together, are used up.", int(used.Cap/time.Second)))
	case errors.As(err, &notBooked):
		p := newProblem(codeNotBooked, "No shift is booked.")
		if notBooked.Next != nil {
			p.Detail = "The next booked shift may begin from " + notBooked.Next.UTC().Format(time.RFC3339) + " on."
		}
		return p
	case errors.Is(err, dispatch.ErrNotInZone):
		return newProblem(codeNotInZone, "The rider is not known to be in the zone.")
	case errors.Is(err, rider.ErrNoSlot):
		return newProblem(codeSlotGone, "There is no such shift for this rider.")
	case errors.Is(err, rider.ErrSlotClosed):
		return newProblem(codeSlotClosed, "It is too late for that, or too early.")
	case errors.Is(err, rider.ErrSlotFull):
		return newProblem(codeSlotFull, "All places are taken.")
	case errors.Is(err, rider.ErrSlotOverlaps):
		return newProblem(codeSlotOverlaps, "The rider has another shift at that time.")
	case errors.Is(err, rider.ErrLastDay):
		return problemOf(invalid(FieldFault{"last_day", "must not be before first_day", nil}))
	}
	return nil
}
