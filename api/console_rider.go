package api

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

type ridersQuery struct {
	Page
	ZoneID string `query:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
}

func (s *Server) listRiders(ctx context.Context, in *ridersQuery) (*list[RiderProfile], error) {
	last, err := after[id.Rider](in.Page)
	if err != nil {
		return nil, err
	}
	f := rider.Filter{After: last, Limit: in.Limit + 1}
	if err := f.Zone.UnmarshalText([]byte(in.ZoneID)); err != nil { // the schema has checked it
		return nil, invalid(FieldFault{"query.zone_id", err.Error(), nil})
	}
	found, err := rider.List(ctx, s.db, staffOf(ctx).Tenant, f)
	if err != nil {
		return nil, err
	}
	found, next := cut(found, in.Limit, func(r rider.Rider) id.Rider { return r.ID })
	data := make([]RiderProfile, len(found))
	for i, r := range found {
		data[i] = profileOf(r)
	}
	return listOf(data, next), nil
}

// Position is where a rider was last.
type Position struct {
	Location   geo.LatLng `json:"location"`
	At         time.Time  `json:"at"`
	AccuracyM  float64    `json:"accuracy_m"`
	HeadingDeg *float64   `json:"heading_deg"`
	SpeedMps   *float64   `json:"speed_mps"`
}

// RiderDetail is all that a dispatcher sees of a rider.
type RiderDetail struct {
	Rider    RiderProfile       `json:"rider"`
	Shift    nullable[Shift]    `json:"shift"`
	Presence rider.Presence     `json:"presence" enum:"offline,idle,working,stale"`
	Position nullable[Position] `json:"position"`
	Plan     Plan               `json:"plan"`
	Offers   []Offer            `json:"offers" doc:"The latest, newest first."`
}

func (s *Server) consoleRider(ctx context.Context, in *ByRider) (*out[RiderDetail], error) {
	tenant := staffOf(ctx).Tenant
	var d RiderDetail
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		found, err := rider.GetMany(ctx, tx, tenant, []id.Rider{in.ID})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return rider.ErrNotFound
		}
		d.Rider = profileOf(found[0])
		shift, err := rider.ShiftOf(ctx, tx, tenant, in.ID)
		if err != nil && !errors.Is(err, rider.ErrOffShift) {
			return err
		}
		if err == nil {
			d.Shift = some(shiftOf(shift))
		}
		plan, err := rider.GetPlan(ctx, tx, tenant, in.ID)
		if err != nil {
			return err
		}
		offers, err := rider.OffersOf(ctx, tx, tenant, in.ID, false)
		if err != nil {
			return err
		}
		offers = offers[:min(len(offers), 20)]
		var offered []id.Order
		for _, f := range offers {
			offered = append(offered, f.Orders...)
		}
		known, err := s.readOrders(ctx, tx, tenant, append(plan.Orders(), offered...))
		if err != nil {
			return err
		}
		if err := known.readPay(ctx, tx, tenant, in.ID, offered, nil); err != nil {
			return err
		}
		plan.Stops = s.live(tenant, in.ID, found[0].Vehicle, plan.Stops, known)
		d.Plan = known.plan(plan)
		d.Offers = make([]Offer, len(offers))
		for i, f := range offers {
			d.Offers[i] = s.offerOf(tenant, f, known)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.Presence = s.presence(tenant, in.ID, d.Shift.v != nil, len(d.Plan.Stops))
	if fix := s.lastFix(tenant, in.ID); fix != nil {
		d.Position = some(Position{fix.LatLng, fix.At.UTC(), fix.AccuracyM, fix.HeadingDeg, fix.SpeedMps})
	}
	return answer(d), nil
}
