package api

import (
	"context"
	"errors"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

type updateRiderInput struct {
	ByRider
	Body struct {
		Name       *string        `json:"name,omitempty" nullable:"false" minLength:"1" maxLength:"200"`
		Phone      *string        `json:"phone,omitempty" nullable:"false" minLength:"1" maxLength:"50"`
		Vehicle    *rider.Vehicle `json:"vehicle,omitempty" nullable:"false" enum:"walking,bicycle,ebike,motorcycle,car"`
		ZoneID     *id.Zone       `json:"zone_id,omitempty" nullable:"false" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Where shifts begin, from the next one on."`
		Capacity   *int           `json:"capacity,omitempty" nullable:"false" minimum:"1" maximum:"1000" doc:"Units of load aboard at once."`
		MaxOrders  *int           `json:"max_orders,omitempty" nullable:"false" minimum:"1" maximum:"50"`
		Skills     *[]string      `json:"skills,omitempty" nullable:"false" maxItems:"20"`
		ExternalID *string        `json:"external_id,omitempty" nullable:"false" maxLength:"128"`
		Password   *string        `json:"password,omitempty" nullable:"false" maxLength:"1000" doc:"A new one logs all phones out; an empty one is none."`
		Disabled   *bool          `json:"disabled,omitempty" nullable:"false" doc:"true: logged out everywhere, and no new orders. What the rider has stays with the rider."`
	}
}

// updateRider changes what is named. An access token tells the zone and the vehicle that it was made with: a phone has the new ones after its next
// refresh, a quarter of an hour later at most.
func (s *Server) updateRider(ctx context.Context, in *updateRiderInput) (*out[RiderProfile], error) {
	tenant, b := staffOf(ctx).Tenant, in.Body
	r, err := rider.Update(ctx, s.db, tenant, in.ID, s.clock.Now(), rider.Change{
		Zone: b.ZoneID, ExternalID: b.ExternalID, Name: b.Name, Phone: b.Phone, Vehicle: b.Vehicle, Capacity: b.Capacity, MaxOrders: b.MaxOrders,
		Skills: b.Skills, Password: b.Password, Disabled: b.Disabled,
	})
	var wrong *rider.InvalidError
	switch {
	case errors.As(err, &wrong):
		return nil, invalid(FieldFault{wrong.Field, wrong.Message, nil})
	case errors.Is(err, rider.ErrZoneNotFound):
		return nil, invalid(FieldFault{"zone_id", "names no zone", b.ZoneID.String()})
	case err != nil:
		return nil, err
	}
	s.dispatch.RidersChanged(tenant, r.Zone, []id.Rider{r.ID})
	if b.Password != nil || b.Disabled != nil {
		if err := s.riderSignedOut(ctx, tenant, r.ID); err != nil {
			return nil, err
		}
	}
	return answer(profileOf(r)), nil
}

// EnrolmentCode pairs a phone.
type EnrolmentCode struct {
	EnrolmentCode string `json:"enrolment_code" doc:"Good once; shown this once. The one before it is void."`
}

func (s *Server) renewEnrolmentCode(ctx context.Context, in *ByRider) (*out[EnrolmentCode], error) {
	code, err := rider.NewEnrolmentCode(ctx, s.db, staffOf(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(EnrolmentCode{code}), nil
}

func (s *Server) inviteRider(ctx context.Context, in *ByRider) (*struct{}, error) {
	if s.texts == nil {
		return nil, errNoTexts
	}
	return nil, s.texts.Invite(ctx, staffOf(ctx).Tenant, in.ID)
}
