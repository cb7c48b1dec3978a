package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// UberError is an error as Uber Direct tells it.
type UberError struct {
	Code     string            `json:"code"`
	Message  string            `json:"message"`
	Kind     string            `json:"kind" enum:"error"`
	Metadata map[string]string `json:"metadata,omitempty" doc:"What is wrong, by field; of duplicate_delivery the delivery_id."`
}

const uberNoCustomer = "Customer does not exist."

// uberCodes are Uber's code and status for ours; others are unknown_error.
var uberCodes = map[string]struct {
	code    string
	status  int
	message string // "": ours
}{
	codeUnauthenticated: {"unauthorized", http.StatusUnauthorized, "Invalid OAuth 2.0 credentials provided."},
	codeForbidden:       {"customer_blocked", http.StatusForbidden, ""},
	codeMissingScope:    {"customer_blocked", http.StatusForbidden, ""},
	codeNotFound:        {"delivery_not_found", http.StatusNotFound, "The requested delivery does not exist."},
	codeTimeout:         {"request_timeout", http.StatusRequestTimeout, ""},
	codeConflict:        {"invalid_params", http.StatusBadRequest, ""},
	codeTransition:      {"noncancelable_delivery", http.StatusBadRequest, ""},
	codeTooLate:         {"invalid_params", http.StatusBadRequest, "The provided fields cannot be updated in the current job state."},
	codeExternalID:      {"duplicate_delivery", http.StatusConflict, "An active delivery like this already exists."},
	codeKeyReused:       {"duplicate_delivery", http.StatusConflict, "The idempotency_key was used for a different delivery."},
	codeNoTariff:        {"address_undeliverable", http.StatusBadRequest, ""},
	codeNoCapacity:      {"address_undeliverable_limited_couriers", http.StatusBadRequest, ""},
	codeClosed:          {"address_undeliverable_limited_couriers", http.StatusBadRequest, ""},
	codeQuoteUsed:       {"used_quote", http.StatusBadRequest, "The price quote specified has been used."},
	codeQuoteExpired:    {"expired_quote", http.StatusBadRequest, "The price quote specified has expired."},
	codeBodyTooLarge:    {"invalid_params", http.StatusRequestEntityTooLarge, ""},
	codeMediaType:       {"invalid_params", http.StatusUnsupportedMediaType, ""},
	codeValidation:      {"invalid_params", http.StatusBadRequest, "The parameters of your request were invalid."},
	codeOutsideZones:    {"address_undeliverable", http.StatusBadRequest, ""},
	codeOutsideZone:     {"address_undeliverable", http.StatusBadRequest, ""},
	codeTooFar:          {"address_undeliverable", http.StatusBadRequest, ""},
	codeTooHeavy:        {"invalid_params", http.StatusBadRequest, ""},
	codeRateLimited:     {"customer_limited", http.StatusTooManyRequests, "Your account's limits have been exceeded."},
	codeInternal:        {"internal_server_error", http.StatusInternalServerError, "We have experienced a problem."},
	codeUnavailable:     {"service_unavailable", http.StatusServiceUnavailable, "Service is currently unavailable."},
}

// uberFields are Uber's names of our fields.
var uberFields = map[string]string{
	"ready_at": "pickup_ready_dt", "deliver_after": "dropoff_ready_dt", "deliver_before": "dropoff_deadline_dt", "items": "manifest_items",
	"value.amount": "manifest_total_value", "tip.amount": "tip", "weight_g": "manifest_items.weight", "dropoff.location": "dropoff_latitude",
	"dropoff.address": "dropoff_address", "dropoff.instructions": "dropoff_notes", "query.cursor": "cursor",
}

// uberError tells a problem as Uber would. A quote that does not fit the delivery has a code of its own there.
func uberError(p *Problem) huma.StatusError {
	c, ok := uberCodes[p.Code]
	if !ok {
		c.code, c.status = "unknown_error", p.Status
	}
	e := UberError{Code: c.code, Message: c.message, Kind: "error", Metadata: map[string]string{}}
	if e.Message == "" {
		e.Message = p.Detail
	}
	switch {
	case p.Code == codeNotFound && p.Detail == uberNoCustomer:
		e.Code, e.Message = "customer_not_found", uberNoCustomer
	case p.Code == codeValidation && p.Detail == quoteMismatch:
		e.Code, e.Message = "mismatched_price_quote", "Quote mismatch, please recreate the quote."
	case p.Code == codeExternalID:
		e.Metadata["delivery_id"] = uberID(p.ExistingID)
	}
	fieldsAs(p, uberFields)
	for _, f := range p.Errors {
		e.Metadata[f.Field] = f.Message
	}
	return &plainError{c.status, e, p.header}
}
