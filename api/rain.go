package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/tariff"
)

// ZoneRain tells whether it rains in a zone, as its dispatchers say. While it does, riders get the tariff's bonus for rain.
type ZoneRain struct {
	ZoneID  id.Zone    `json:"zone_id"`
	Raining bool       `json:"raining"`
	From    *time.Time `json:"from" doc:"Since or from when; null: it does not rain, nor will."`
	Until   *time.Time `json:"until" doc:"Null: until further notice."`
	SetBy   id.User    `json:"set_by" doc:"Who said so; empty: nobody."`
}

type rainInput struct {
	ByZone
	Body struct {
		On    bool       `json:"on"`
		From  *time.Time `json:"from,omitempty" doc:"Later than now; left out: now."`
		Until *time.Time `json:"until,omitempty" doc:"Left out: until further notice."`
	}
}

func (s *Server) getRain(ctx context.Context, in *ByZone) (*out[ZoneRain], error) {
	tenant := staffOf(ctx).Tenant
	if err := s.zoneExists(ctx, tenant, in.ID); err != nil {
		return nil, err
	}
	return s.rain(ctx, tenant, in.ID)
}

// setRain is one act however often it is sent: the answer is what is so.
func (s *Server) setRain(ctx context.Context, in *rainInput) (*out[ZoneRain], error) {
	who, now, b := staffOf(ctx), micro(s.clock.Now()), in.Body
	spell := tariff.Spell{From: now, SetBy: who.ID}
	var faults []FieldFault
	if b.From != nil && b.From.After(now) {
		spell.From = micro(*b.From)
	}
	if b.Until != nil {
		until := micro(*b.Until)
		spell.Until = &until
		if !until.After(spell.From) {
			faults = append(faults, FieldFault{"until", "must be later than now, and than from", b.Until})
		}
	}
	if !b.On && (b.From != nil || b.Until != nil) {
		faults = append(faults, FieldFault{"on", "from and until go with true; false ends the rain now", b.On})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		if !b.On {
			return tariff.EndRain(ctx, tx, who.Tenant, in.ID, now)
		}
		return tariff.SetRain(ctx, tx, who.Tenant, in.ID, spell, now)
	})
	if err != nil {
		return nil, err
	}
	return s.rain(ctx, who.Tenant, in.ID)
}

func (s *Server) rain(ctx context.Context, tenant id.Tenant, zone id.Zone) (*out[ZoneRain], error) {
	shown, now := ZoneRain{ZoneID: zone}, s.clock.Now()
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		spell, err := tariff.Rains(ctx, tx, tenant, zone, now)
		if spell != nil {
			shown.Raining = !spell.From.After(now)
			shown.From, shown.Until, shown.SetBy = &spell.From, spell.Until, spell.SetBy
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(shown), nil
}
