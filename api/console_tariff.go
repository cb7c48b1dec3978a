package api

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/tariff"
)

// ZoneTariff is a zone's prices now.
type ZoneTariff struct {
	ZoneID    id.Zone                 `json:"zone_id"`
	Version   int64                   `json:"version" doc:"0: the zone has no tariff."`
	Tariff    nullable[tariff.Tariff] `json:"tariff"`
	ChangedBy id.User                 `json:"changed_by"`
	ChangedAt *time.Time              `json:"changed_at"`
}

func zoneTariffOf(v tariff.Version) ZoneTariff {
	return ZoneTariff{v.Zone, v.Number, some(v.Tariff), v.CreatedBy, &v.CreatedAt}
}

func (s *Server) getTariff(ctx context.Context, in *ByZone) (*out[ZoneTariff], error) {
	tenant := staffOf(ctx).Tenant
	if err := s.zoneExists(ctx, tenant, in.ID); err != nil {
		return nil, err
	}
	shown := ZoneTariff{ZoneID: in.ID}
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		v, err := tariff.Current(ctx, tx, tenant, in.ID)
		if errors.Is(err, tariff.ErrNone) {
			return nil
		}
		shown = zoneTariffOf(v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(shown), nil
}

type tariffInput struct {
	ByZone
	Body struct {
		Version int64         `json:"version" minimum:"0" doc:"The one you read; 0 where there was none."`
		Tariff  tariff.Tariff `json:"tariff" doc:"The whole of it."`
	}
}

func (s *Server) putTariff(ctx context.Context, in *tariffInput) (*out[ZoneTariff], error) {
	who := staffOf(ctx)
	if err := s.zoneExists(ctx, who.Tenant, in.ID); err != nil {
		return nil, err
	}
	v := tariff.Version{Zone: in.ID, Number: in.Body.Version, Tariff: in.Body.Tariff, CreatedBy: who.ID, CreatedAt: micro(s.clock.Now())}
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		v, err = tariff.Put(ctx, tx, who.Tenant, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tariffs.forget(zoneKey{who.Tenant, in.ID})
	return answer(zoneTariffOf(v)), nil
}
