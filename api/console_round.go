package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
)

// Round is one matching batch of a zone.
type Round struct {
	ID         id.Round  `json:"id"`
	At         time.Time `json:"at" doc:"The moment that was decided on."`
	TookMs     float64   `json:"took_ms" doc:"Wall time, milliseconds."`
	Orders     int       `json:"orders" doc:"Open orders."`
	Riders     int       `json:"riders" doc:"Riders who could be planned for."`
	Offered    int       `json:"offered"`
	Assigned   int       `json:"assigned"`
	Held       int       `json:"held" doc:"Meant for a rider, given later."`
	Unassigned int       `json:"unassigned"`
	Lost       int       `json:"lost" doc:"Decisions that somebody was quicker than."`
	Cost       float64   `json:"cost" doc:"Of the plan, in minutes."`
}

type roundsQuery struct {
	Page
	ZoneID id.Zone   `query:"zone_id" required:"true" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	From   time.Time `query:"from" doc:"Decided at or after."`
	To     time.Time `query:"to" doc:"Decided before."`
}

func (s *Server) listRounds(ctx context.Context, in *roundsQuery) (*list[Round], error) {
	last, err := after[id.Round](in.Page)
	if err != nil {
		return nil, err
	}
	if in.To.IsZero() {
		in.To = s.clock.Now().Add(time.Hour)
	}
	tenant := staffOf(ctx).Tenant
	var found []dispatch.Round
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		found, err = dispatch.Rounds(ctx, tx, tenant, dispatch.RoundFilter{Zone: in.ZoneID, From: in.From, To: in.To, After: last, Limit: in.Limit + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, in.Limit, func(r dispatch.Round) id.Round { return r.ID })
	data := make([]Round, len(found))
	for i, r := range found {
		data[i] = Round{
			ID: r.ID, At: r.At, TookMs: float64(r.Took.Microseconds()) / 1000, Orders: r.Orders, Riders: r.Riders,
			Offered: r.Offered, Assigned: r.Assigned, Held: r.Held, Unassigned: r.Unassigned, Lost: r.Lost, Cost: r.Cost,
		}
	}
	return listOf(data, next), nil
}
