package api

import (
	"errors"
	"fmt"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/rider"
)

// reasonInHandover is why orders can't be handed over that a colleague is being asked about already.
const reasonInHandover = "in_handover"

// handoverProblem is problemOf for handovers; nil where the error is none of theirs.
func handoverProblem(err error) *Problem {
	var cannot *dispatch.CannotHandOverError
	var closed *dispatch.HandoverClosedError
	no := func(reason string) *Problem {
		p := newProblem(codeNoHandover, "The orders can't be handed over: "+reason+".")
		p.Reason = reason
		return p
	}
	switch {
	case errors.As(err, &cannot):
		return no(cannot.Reason)
	case errors.Is(err, rider.ErrInHandover):
		return no(reasonInHandover)
	case errors.As(err, &closed):
		return newProblem(codeHandoverClosed, fmt.Sprintf("The handover is %s.", closed.State))
	case errors.Is(err, rider.ErrHandoverNotFound):
		return newProblem(codeNotFound, "There is no such thing, or it is not yours.")
	}
	return nil
}
