package client

import (
	"context"
	"net/http"
	"time"
)

// The kinds of incident.
const (
	Accident       = "accident"
	VehicleBroken  = "vehicle_broken"
	CustomerAbsent = "customer_absent"
	WrongAddress   = "wrong_address"
	Damaged        = "damaged"
	StoreClosed    = "store_closed"
	LongWait       = "long_wait"
	OtherIncident  = "other"
)

// Report is what a rider tells of an incident or alarm. The ID makes it one however often it is sent.
type Report struct {
	ID       string    `json:"action_id"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind,omitempty"` // not of alarms
	OrderID  string    `json:"order_id,omitempty"`
	Location *LatLng   `json:"location,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// Incident is something that went wrong, as it is kept.
type Incident struct {
	ID             string     `json:"id"`
	Kind           string     `json:"kind"`
	Released       []string   `json:"released"`        // orders that went back to the queue
	Returning      []string   `json:"returning"`       // orders that go back to their stores
	AcknowledgedAt *time.Time `json:"acknowledged_at"` // nil: nobody has taken care of it yet
}

// ReportIncident tells what went wrong.
func (r *Rider) ReportIncident(ctx context.Context, x Report) (Incident, error) {
	var out Incident
	err := r.do(ctx, http.MethodPost, "incidents", "incidents", x, &out)
	return out, err
}

// RaiseAlarm calls for help. The same report, sent again, tells whether a dispatcher has answered. No pace limits it.
func (r *Rider) RaiseAlarm(ctx context.Context, x Report) (Incident, error) {
	var out Incident
	err := r.do(ctx, http.MethodPost, "alarm", "alarm", x, &out)
	return out, err
}
