package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Incident is something that went wrong, as its rider reported it.
type Incident struct {
	ID             id.Incident          `json:"id"`
	Kind           rider.IncidentKind   `json:"kind" enum:"alarm,accident,vehicle_broken,customer_absent,wrong_address,damaged,store_closed,long_wait,other"`
	RiderID        id.Rider             `json:"rider_id"`
	ZoneID         id.Zone              `json:"zone_id"`
	OrderID        id.Order             `json:"order_id" doc:"Empty: about none in particular."`
	At             time.Time            `json:"at"`
	ClientAt       time.Time            `json:"client_at" doc:"By the phone's clock."`
	Location       nullable[geo.LatLng] `json:"location" doc:"As told, or the rider's last position."`
	Note           string               `json:"note"`
	Released       []id.Order           `json:"released" doc:"Orders that went back to the queue."`
	Returning      []id.Order           `json:"returning" doc:"Orders that go back to their stores."`
	AcknowledgedAt *time.Time           `json:"acknowledged_at" doc:"When a dispatcher took care of it; null: not yet."`
	AcknowledgedBy id.User              `json:"acknowledged_by"`
}

func incidentOf(i rider.Incident) Incident {
	return Incident{
		ID: i.ID, Kind: i.Kind, RiderID: i.Rider, ZoneID: i.Zone, OrderID: i.Order, At: i.At.UTC(), ClientAt: i.ClientAt.UTC(), Location: placeOf(i.Place), Note: i.Note,
		Released: notNil(i.Released), Returning: notNil(i.Returning), AcknowledgedAt: utc(i.AcknowledgedAt), AcknowledgedBy: i.AcknowledgedBy,
	}
}

type incidentInput struct {
	Body struct {
		ActionID uuid.UUID          `json:"action_id" format:"uuid" doc:"Made by the phone, kept over retries: reported twice is once."`
		At       time.Time          `json:"at" doc:"By the phone's clock."`
		Kind     rider.IncidentKind `json:"kind" enum:"accident,vehicle_broken,customer_absent,wrong_address,damaged,store_closed,long_wait,other"`
		OrderID  id.Order           `json:"order_id,omitempty" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Needed for customer_absent, wrong_address, damaged, store_closed and long_wait."`
		Location *geo.LatLng        `json:"location,omitempty" nullable:"false" doc:"Else the last position is taken."`
		Note     string             `json:"note,omitempty" maxLength:"2000"`
	}
}

func (s *Server) reportIncident(ctx context.Context, in *incidentInput) (*out[Incident], error) {
	b := in.Body
	if flow, _ := b.Kind.Flow(); flow.OfOrder && b.OrderID.IsZero() {
		return nil, invalid(FieldFault{"order_id", "is needed: the order that " + string(b.Kind) + " is about", nil})
	}
	return s.report(ctx, b.Kind, b.OrderID, b.Location, dispatch.Action{ID: b.ActionID, At: micro(b.At), Note: b.Note})
}

type alarmInput struct {
	Body struct {
		ActionID uuid.UUID   `json:"action_id" format:"uuid" doc:"Made by the phone. Send the same again until acknowledged_at is set."`
		At       time.Time   `json:"at" doc:"By the phone's clock."`
		Location *geo.LatLng `json:"location,omitempty" nullable:"false" doc:"Else the last position is taken."`
		Note     string      `json:"note,omitempty" maxLength:"2000"`
	}
}

func (s *Server) raiseAlarm(ctx context.Context, in *alarmInput) (*out[Incident], error) {
	b := in.Body
	return s.report(ctx, rider.Alarm, id.Order{}, b.Location, dispatch.Action{ID: b.ActionID, At: micro(b.At), Note: b.Note})
}

func (s *Server) report(ctx context.Context, kind rider.IncidentKind, about id.Order, place *geo.LatLng, a dispatch.Action) (*out[Incident], error) {
	who := riderOf(ctx)
	i, err := s.dispatch.Report(ctx, who.Tenant, who.Rider, kind, about, place, a)
	if err != nil {
		return nil, err
	}
	return answer(incidentOf(i)), nil
}

type incidentsQuery struct {
	Page
	Open bool `query:"open" doc:"Only those that nobody has acknowledged."`
}

func (s *Server) listIncidents(ctx context.Context, in *incidentsQuery) (*list[Incident], error) {
	tenant := staffOf(ctx).Tenant
	last, err := after[id.Incident](in.Page)
	if err != nil {
		return nil, err
	}
	var found []rider.Incident
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		found, err = rider.Incidents(ctx, tx, tenant, in.Open, last, in.Limit+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, in.Limit, func(i rider.Incident) id.Incident { return i.ID })
	data := make([]Incident, len(found))
	for k, i := range found {
		data[k] = incidentOf(i)
	}
	return listOf(data, next), nil
}

type acknowledgeInput struct {
	ByIncident
	Body *empty `required:"false"`
}

func (s *Server) acknowledgeIncident(ctx context.Context, in *acknowledgeInput) (*out[Incident], error) {
	who := staffOf(ctx)
	i, err := s.dispatch.Acknowledge(ctx, who.Tenant, in.ID, who.ID)
	if err != nil {
		return nil, err
	}
	return answer(incidentOf(i)), nil
}
