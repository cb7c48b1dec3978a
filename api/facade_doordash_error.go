package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// DoorDashError is an error as DoorDash Drive tells it.
type DoorDashError struct {
	Code        string               `json:"code"`
	Message     string               `json:"message"`
	Reason      string               `json:"reason,omitempty" doc:"Of cancel_not_allowed, update_not_allowed and invalid_delivery_parameters."`
	FieldErrors []DoorDashFieldFault `json:"field_errors,omitempty" doc:"Of validation_error."`
}

// DoorDashFieldFault is one wrong field.
type DoorDashFieldFault struct {
	Field string `json:"field"`
	Error string `json:"error"`
}

// doordashCodes are DoorDash's code, reason and status for ours; others are service_fault.
var doordashCodes = map[string]struct {
	code, reason string
	status       int
}{
	codeUnauthenticated: {"authentication_error", "", http.StatusUnauthorized},
	codeForbidden:       {"authorization_error", "", http.StatusForbidden},
	codeMissingScope:    {"authorization_error", "", http.StatusForbidden},
	codeNotFound:        {"unknown_delivery_id", "", http.StatusNotFound},
	codeTimeout:         {"validation_error", "", http.StatusBadRequest},
	codeConflict:        {"update_not_allowed", "update_window_closed", http.StatusConflict},
	codeTransition:      {"cancel_not_allowed", "cancellation_window_closed", http.StatusConflict},
	codeTooLate:         {"update_not_allowed", "update_window_closed", http.StatusConflict},
	codeExternalID:      {"duplicate_delivery_id", "", http.StatusConflict},
	codeQuoteUsed:       {"duplicate_delivery_id", "", http.StatusConflict},
	codeQuoteExpired:    {"unknown_delivery_id", "", http.StatusNotFound},
	codeNoTariff:        {"invalid_delivery_parameters", "pickup_address_not_in_coverage", http.StatusUnprocessableEntity},
	codeNoCapacity:      {"invalid_delivery_parameters", "outside_of_delivery_time", http.StatusUnprocessableEntity},
	codeClosed:          {"invalid_delivery_parameters", "outside_of_delivery_time", http.StatusUnprocessableEntity},
	codeOutsideZones:    {"invalid_delivery_parameters", "pickup_address_not_in_coverage", http.StatusUnprocessableEntity},
	codeOutsideZone:     {"invalid_delivery_parameters", "delivery_address_not_in_coverage", http.StatusUnprocessableEntity},
	codeTooFar:          {"invalid_delivery_parameters", "distance_too_long", http.StatusUnprocessableEntity},
	codeBodyTooLarge:    {"validation_error", "", http.StatusRequestEntityTooLarge},
	codeMediaType:       {"validation_error", "", http.StatusUnsupportedMediaType},
	codeValidation:      {"validation_error", "", http.StatusBadRequest},
	codeTooHeavy:        {"validation_error", "", http.StatusBadRequest},
	codeRateLimited:     {"too_many_requests", "", http.StatusTooManyRequests},
	codeInternal:        {"service_fault", "", http.StatusInternalServerError},
	codeUnavailable:     {"service_fault", "", http.StatusServiceUnavailable},
}

// doordashReasons are why an order can't be cancelled or changed, by its state.
var doordashReasons = map[string]string{
	"picked_up": "delivery_picked_up", "at_door": "delivery_picked_up", "returning": "delivery_picked_up",
	"delivered": "delivery_completed", "returned": "delivery_completed", "cancelled": "delivery_cancelled",
}

// doordashFields are DoorDash's names of our fields.
var doordashFields = map[string]string{
	"ready_at": "pickup_time", "deliver_after": "dropoff_window.start_time", "deliver_before": "dropoff_window.end_time", "value.amount": "order_value", "tip.amount": "tip",
	"dropoff.location": "dropoff_location", "dropoff.address": "dropoff_address", "dropoff.instructions": "dropoff_instructions", "dropoff.contact_phone": "dropoff_phone_number",
}

func doordashError(p *Problem) huma.StatusError {
	c, ok := doordashCodes[p.Code]
	if !ok {
		c.code, c.status = "service_fault", http.StatusInternalServerError
	}
	if reason, ok := doordashReasons[p.State]; ok && c.reason != "" {
		c.reason = reason
	}
	e := DoorDashError{Code: c.code, Message: p.Error(), Reason: c.reason}
	fieldsAs(p, doordashFields)
	for _, f := range p.Errors {
		e.FieldErrors = append(e.FieldErrors, DoorDashFieldFault{f.Field, f.Message})
	}
	if e.Code == "validation_error" && e.FieldErrors == nil {
		e.FieldErrors = []DoorDashFieldFault{}
	}
	return &plainError{c.status, e, p.header}
}
