package api

import (
	"context"
	"errors"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Merchant is who sells.
type Merchant struct {
	ID        id.Merchant `json:"id"`
	Name      string      `json:"name"`
	CreatedAt time.Time   `json:"created_at"`
}

func (s *Server) listMerchants(ctx context.Context, _ *empty) (*list[Merchant], error) {
	found, err := order.ListMerchants(ctx, s.db, staffOf(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	data := make([]Merchant, len(found))
	for i, m := range found {
		data[i] = Merchant(m)
	}
	return listOf(data, ""), nil
}

// NameInput is a body with a name.
type NameInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) createMerchant(ctx context.Context, in *NameInput) (*out[Merchant], error) {
	m, err := order.CreateMerchant(ctx, s.db, staffOf(ctx).Tenant, in.Body.Name, s.clock.Now())
	if err != nil {
		return nil, err
	}
	return answer(Merchant(m)), nil
}

func (s *Server) consoleStores(ctx context.Context, in *struct{ Page }) (*list[Store], error) {
	return s.storePage(ctx, staffOf(ctx).Tenant, in.Page, order.StoreFilter{})
}

// NewRider is a rider to create.
type NewRider struct {
	Name       string        `json:"name" minLength:"1" maxLength:"200"`
	Phone      string        `json:"phone" minLength:"1" maxLength:"50" doc:"What the rider signs in with."`
	Vehicle    rider.Vehicle `json:"vehicle" enum:"walking,bicycle,ebike,motorcycle,car"`
	ZoneID     id.Zone       `json:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Where shifts begin."`
	Capacity   int           `json:"capacity,omitempty" minimum:"1" maximum:"1000" default:"5" doc:"Units of load aboard at once."`
	MaxOrders  int           `json:"max_orders,omitempty" minimum:"1" maximum:"50" default:"5"`
	Skills     []string      `json:"skills,omitempty" maxItems:"20"`
	ExternalID string        `json:"external_id,omitempty" maxLength:"128"`
	Password   string        `json:"password,omitempty" minLength:"8" maxLength:"1000" doc:"Without one the rider enrols by code."`
}

// CreatedRider is a rider with the code that pairs a phone.
type CreatedRider struct {
	Rider         RiderProfile `json:"rider"`
	EnrolmentCode string       `json:"enrolment_code" doc:"Good once; shown this once."`
}

type newRidersInput struct {
	Body struct {
		Riders []NewRider `json:"riders" minItems:"1" maxItems:"1000"`
	}
}

func (s *Server) createRiders(ctx context.Context, in *newRidersInput) (*list[CreatedRider], error) {
	wanted := make([]rider.New, len(in.Body.Riders))
	for i, r := range in.Body.Riders {
		wanted[i] = rider.New{
			Zone: r.ZoneID, ExternalID: r.ExternalID, Name: r.Name, Phone: r.Phone, Vehicle: r.Vehicle, Capacity: r.Capacity,
			MaxOrders: r.MaxOrders, Skills: r.Skills, Password: r.Password,
		}
	}
	made, err := rider.CreateRiders(ctx, s.db, staffOf(ctx).Tenant, s.clock.Now(), wanted)
	if errors.Is(err, rider.ErrZoneNotFound) {
		return nil, invalid(FieldFault{"riders", "a zone_id names no zone", nil})
	}
	if err != nil {
		return nil, err
	}
	data := make([]CreatedRider, len(made))
	for i, m := range made {
		data[i] = CreatedRider{profileOf(m.Rider), m.EnrolmentCode}
	}
	return listOf(data, ""), nil
}
