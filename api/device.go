package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Device is a phone that is logged in for a rider.
type Device struct {
	ID        id.Device `json:"id"`
	Name      string    `json:"name" doc:"As the phone told it at log-in; may be empty."`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"When it last got an access token: every quarter of an hour while in use."`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current" doc:"The one that asks."`
}

func (s *Server) devices(ctx context.Context, tenant id.Tenant, who id.Rider, current id.Device) (*list[Device], error) {
	var found []rider.Device
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		known, err := rider.GetMany(ctx, tx, tenant, []id.Rider{who})
		if err != nil {
			return err
		}
		if len(known) == 0 {
			return rider.ErrNotFound
		}
		found, err = rider.Devices(ctx, tx, tenant, who, s.clock.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	data := make([]Device, len(found))
	for i, d := range found {
		data[i] = Device{d.ID, d.Name, d.CreatedAt.UTC(), d.SeenAt.UTC(), d.ExpiresAt.UTC(), d.ID == current}
	}
	return listOf(data, ""), nil
}

func (s *Server) riderDevices(ctx context.Context, _ *empty) (*list[Device], error) {
	who := riderOf(ctx)
	return s.devices(ctx, who.Tenant, who.Rider, who.Device)
}

func (s *Server) revokeOwnDevice(ctx context.Context, in *ByDevice) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.signOutDevice(ctx, who.Tenant, who.Rider, in.ID)
}

func (s *Server) listDevices(ctx context.Context, in *ByRider) (*list[Device], error) {
	return s.devices(ctx, staffOf(ctx).Tenant, in.ID, id.Device{})
}

type deviceOfRider struct {
	ByRider
	Device id.Device `path:"device_id" pattern:"^dev_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The device's id."`
}

func (s *Server) revokeDevice(ctx context.Context, in *deviceOfRider) (*struct{}, error) {
	return nil, s.signOutDevice(ctx, staffOf(ctx).Tenant, in.ID, in.Device)
}

func (s *Server) signOutDevice(ctx context.Context, tenant id.Tenant, who id.Rider, device id.Device) error {
	if err := rider.RevokeDevice(ctx, s.db, tenant, who, device); err != nil {
		return err
	}
	return s.riderSignedOut(ctx, tenant, who)
}

func (s *Server) signRiderOut(ctx context.Context, in *ByRider) (*struct{}, error) {
	tenant := staffOf(ctx).Tenant
	if _, err := rider.Get(ctx, s.db, tenant, in.ID); err != nil {
		return nil, err
	}
	if err := rider.RevokeAll(ctx, s.db, tenant, in.ID); err != nil {
		return nil, err
	}
	return nil, s.riderSignedOut(ctx, tenant, in.ID)
}
