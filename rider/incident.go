package rider

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// IncidentKind is what went wrong.
type IncidentKind string

// The kinds of incident.
const (
	Alarm          IncidentKind = "alarm" // the rider feels in danger
	Accident       IncidentKind = "accident"
	VehicleBroken  IncidentKind = "vehicle_broken"
	CustomerAbsent IncidentKind = "customer_absent"
	WrongAddress   IncidentKind = "wrong_address"
	Damaged        IncidentKind = "damaged" // spilled, broken, spoilt
	StoreClosed    IncidentKind = "store_closed"
	LongWait       IncidentKind = "long_wait" // at the store
	OtherIncident  IncidentKind = "other"
)

// Flow is what an incident leads to, besides being shown to dispatchers until one acknowledges it.
type Flow struct {
	Stops   bool // the rider can't go on: gets no new orders, and those not picked up go back to the queue
	Returns bool // the order, once picked up, goes back to its store
	OfOrder bool // it is about one order, which must be named
}

// flows is the table of incidents. docs/rider-api.md shows it.
var flows = []struct {
	kind IncidentKind
	Flow
}{
	{Alarm, Flow{}},
	{Accident, Flow{Stops: true}},
	{VehicleBroken, Flow{Stops: true}},
	{CustomerAbsent, Flow{Returns: true, OfOrder: true}},
	{WrongAddress, Flow{OfOrder: true}},
	{Damaged, Flow{Returns: true, OfOrder: true}},
	{StoreClosed, Flow{OfOrder: true}},
	{LongWait, Flow{OfOrder: true}},
	{OtherIncident, Flow{}},
}

// Flow is what an incident of the kind leads to; ok is false where there is no such kind.
func (k IncidentKind) Flow() (f Flow, ok bool) {
	for _, x := range flows {
		if x.kind == k {
			return x.Flow, true
		}
	}
	return Flow{}, false
}

// Incident is something that went wrong, as its rider reported it.
type Incident struct {
	ID             id.Incident
	Rider          id.Rider
	Zone           id.Zone
	Kind           IncidentKind
	Order          id.Order  // zero: about none in particular
	Action         uuid.UUID // made by the phone: reported twice is once
	At             time.Time // the server's
	ClientAt       time.Time // the phone's
	Place          *geo.LatLng
	Note           string
	Released       []id.Order // went back to the queue
	Returning      []id.Order // go back to their stores
	AcknowledgedAt *time.Time
	AcknowledgedBy id.User
}

// ErrIncidentNotFound is an unknown incident of this tenant.
var ErrIncidentNotFound = errors.New("rider: incident not found")
