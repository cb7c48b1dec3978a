package api

import (
	"errors"
	"fmt"

	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

const quoteMismatch = "The order is not what was quoted."

// moneyProblem is problemOf for quotes, tariffs and the ledger; nil where the error is none of theirs.
func moneyProblem(err error) *Problem {
	var (
		used     *order.QuoteUsedError
		mismatch *order.QuoteMismatchError
		limit    *tariff.LimitError
		wrong    *tariff.InvalidError
		unknown  *ledger.UnknownError
	)
	switch {
	case errors.As(err, &used):
		p := newProblem(codeQuoteUsed, "An order has used the quote.")
		p.ExistingID = used.Order.String()
		return p
	case errors.Is(err, order.ErrQuoteExpired):
		return newProblem(codeQuoteExpired, "The quote's ten minutes are over.")
	case errors.As(err, &mismatch):
		p := newProblem(codeValidation, quoteMismatch)
		for _, f := range mismatch.Faults {
			p.Errors = append(p.Errors, FieldFault{Field: f.Field, Message: f.Message})
		}
		return p
	case errors.As(err, &limit) && limit.What == "weight_g":
		return newProblem(codeTooHeavy, fmt.Sprintf("The zone's tariff takes up to %d g.", limit.Max))
	case errors.As(err, &limit):
		return newProblem(codeTooFar, fmt.Sprintf("The drop-off is %d m from the store; the zone's tariff takes up to %d m.", limit.Value, limit.Max))
	case errors.As(err, &wrong):
		p := newProblem(codeValidation, "The request is not valid.")
		for _, x := range wrong.Faults {
			p.Errors = append(p.Errors, FieldFault{Field: "tariff." + x.Field, Message: x.Message, Value: x.Value})
		}
		return p
	case errors.Is(err, ledger.ErrClientReused):
		return newProblem(codeClientID, "The client_id was used for another adjustment.")
	case errors.As(err, &unknown):
		p := newProblem(codeValidation, "The request is not valid.")
		p.Errors = []FieldFault{{Field: unknown.Field, Message: "names none of yours"}}
		return p
	case errors.Is(err, tariff.ErrRaining):
		return newProblem(codeConflict, "It rains in the zone already. Leave `from` out to say when it ends.")
	case errors.Is(err, tariff.ErrConflict):
		return newProblem(codeConflict, "Somebody else changed it; read it again.")
	case isAny(err, order.ErrQuoteNotFound, tariff.ErrZoneNotFound, ledger.ErrNotFound):
		return newProblem(codeNotFound, "There is no such thing, or it is not yours.")
	}
	return nil
}
