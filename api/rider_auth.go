package api

import (
	"context"
	"errors"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// RiderProfile is a rider.
type RiderProfile struct {
	ID         id.Rider      `json:"id"`
	ZoneID     id.Zone       `json:"zone_id"`
	ExternalID string        `json:"external_id"`
	Name       string        `json:"name"`
	Phone      string        `json:"phone"`
	Vehicle    rider.Vehicle `json:"vehicle" enum:"walking,bicycle,ebike,motorcycle,car"`
	Capacity   int           `json:"capacity" doc:"Units of load aboard at once."`
	MaxOrders  int           `json:"max_orders"`
	Skills     []string      `json:"skills"`
	DisabledAt *time.Time    `json:"disabled_at"`
}

func profileOf(r rider.Rider) RiderProfile {
	return RiderProfile{
		r.ID, r.Zone, r.ExternalID, r.Name, r.Phone, r.Vehicle, r.Capacity, r.MaxOrders, notNil(r.Skills), utc(r.DisabledAt),
	}
}

// RiderTokens let a phone act for its rider.
type RiderTokens struct {
	AccessToken  string       `json:"access_token" doc:"Send as Authorization: Bearer."`
	ExpiresInS   int          `json:"expires_in_s"`
	RefreshToken string       `json:"refresh_token" doc:"Good once, for 30 days, at /v1/rider/refresh."`
	Rider        RiderProfile `json:"rider"`
}

// DeviceName is what a phone may call itself when it signs in.
type DeviceName struct {
	Device string `json:"device_name,omitempty" maxLength:"100" doc:"What the phone is called, for the list of the rider's devices."`
}

type riderLoginInput struct {
	Body struct {
		Tenant   string `json:"tenant" minLength:"1" maxLength:"63" doc:"The company's short name."`
		Phone    string `json:"phone" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"1000"`
		DeviceName
	}
}

var (
	errBadLogin  = refuse(codeUnauthenticated, "These credentials are not known.")
	errSignedOut = refuse(codeUnauthenticated, "The phone was signed out; log in again.")
)

func (s *Server) riderLogin(ctx context.Context, in *riderLoginInput) (*out[RiderTokens], error) {
	if err := s.account(ctx, "rider", in.Body.Tenant, in.Body.Phone); err != nil {
		return nil, err
	}
	tenant, err := tenantBySlug(ctx, s.db, in.Body.Tenant)
	if err != nil {
		return nil, err
	}
	if tenant.IsZero() {
		_, _, err := checkUser(ctx, s.db, tenant, "", in.Body.Password) // takes as long as a real one
		return nil, errors.Join(errBadLogin, err)
	}
	var who id.Rider
	err = withHashing(ctx, func() (err error) {
		who, err = rider.CheckPassword(ctx, s.db, tenant, in.Body.Phone, in.Body.Password)
		return err
	})
	if errors.Is(err, rider.ErrSignIn) || isAny(err, rider.ErrNotFound, rider.ErrDisabled) {
		return nil, badLogin(ctx, tenant)
	}
	if err != nil {
		return nil, err
	}
	refresh, err := rider.NewDevice(ctx, s.db, tenant, who, in.Body.Device, s.clock.Now())
	if isAny(err, rider.ErrNotFound, rider.ErrDisabled) {
		return nil, badLogin(ctx, tenant)
	}
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, tenant, who, refresh)
}

type enrolInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"200"`
		DeviceName
	}
}

func (s *Server) riderEnrol(ctx context.Context, in *enrolInput) (*out[RiderTokens], error) {
	tenant, who, refresh, err := rider.Enrol(ctx, s.db, in.Body.Code, in.Body.Device, s.clock.Now())
	if errors.Is(err, rider.ErrCode) {
		return nil, refuse(codeUnauthenticated, "The code is unknown or was used before.")
	}
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, tenant, who, refresh)
}

type refreshBody struct {
	RefreshToken string `json:"refresh_token" minLength:"1" maxLength:"500"`
}

func (s *Server) riderRefresh(ctx context.Context, in *struct{ Body refreshBody }) (*out[RiderTokens], error) {
	tenant, who, refresh, err := rider.Refresh(ctx, s.db, in.Body.RefreshToken, s.clock.Now(), wall(s.clock, rider.RefreshGrace))
	if errors.Is(err, rider.ErrRefresh) {
		return nil, refuse(codeUnauthenticated, "The refresh token is unknown, used, expired or revoked; log in again.")
	}
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, tenant, who, refresh)
}

// signIn answers with an access token that carries what the profile says now.
func (s *Server) signIn(ctx context.Context, tenant id.Tenant, who id.Rider, refresh string) (*out[RiderTokens], error) {
	r, err := rider.Get(ctx, s.db, tenant, who)
	if err != nil {
		return nil, err
	}
	device, err := rider.DeviceOf(ctx, s.db, tenant, refresh)
	switch {
	case err != nil:
		return nil, err
	case device.IsZero(): // signed out meanwhile, or the same request sent again has overtaken this one: another try tells
		return nil, refuse(codeConflict, "The refresh token was replaced meanwhile; refresh again.")
	}
	access, err := s.tokens.issue(r, device)
	if err != nil {
		return nil, err
	}
	return answer(RiderTokens{AccessToken: access, ExpiresInS: int(tokenLife / time.Second), RefreshToken: refresh, Rider: profileOf(r)}), nil
}

func (s *Server) riderLogout(ctx context.Context, in *struct{ Body *refreshBody }) (*struct{}, error) {
	who := riderOf(ctx)
	var err error
	if in.Body == nil {
		err = rider.RevokeAll(ctx, s.db, who.Tenant, who.Rider)
	} else {
		err = rider.Revoke(ctx, s.db, in.Body.RefreshToken)
	}
	if err != nil {
		return nil, err
	}
	return nil, s.riderSignedOut(ctx, who.Tenant, who.Rider)
}
