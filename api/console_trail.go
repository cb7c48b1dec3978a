package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// TrailPoint is a place where an order's rider was.
type TrailPoint struct {
	Lat float64   `json:"lat"`
	Lng float64   `json:"lng"`
	At  time.Time `json:"at" doc:"By the phone's clock."`
}

// Trail is the way of an order's rider, while they had it.
type Trail struct {
	RiderID id.Rider     `json:"rider_id" doc:"Empty while nobody has it."`
	Fixes   int          `json:"fixes" doc:"From so many fixes the points were picked."`
	Data    []TrailPoint `json:"data" doc:"Oldest first."`
}

type trailInput struct {
	ByOrder
	ToleranceM float64 `query:"tolerance_m" minimum:"0" maximum:"1000" default:"10" doc:"Points that lie no farther than this from the line between the others are left out."`
}

// consoleTrail is drawn on the map. Fixes that a phone sends late join it.
func (s *Server) consoleTrail(ctx context.Context, in *trailInput) (*out[Trail], error) {
	tenant := staffOf(ctx).Tenant
	t := Trail{Data: []TrailPoint{}}
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		o, err := order.Get(ctx, tx, tenant, in.ID)
		if err != nil || o.Rider.IsZero() || o.AssignedAt == nil {
			return err
		}
		until := s.clock.Now()
		if o.EndedAt != nil {
			until = *o.EndedAt
		}
		fixes, err := rider.Trail(ctx, tx, tenant, o.Rider, *o.AssignedAt, until)
		if err != nil {
			return err
		}
		t.RiderID, t.Fixes = o.Rider, len(fixes)
		line := make([]geo.LatLng, len(fixes))
		for i, f := range fixes {
			line[i] = f.LatLng
		}
		for _, i := range geo.Simplify(line, in.ToleranceM) {
			t.Data = append(t.Data, TrailPoint{line[i].Lat, line[i].Lng, fixes[i].At})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(t), nil
}
