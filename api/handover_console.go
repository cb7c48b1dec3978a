package api

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

type handoversQuery struct {
	Page
	ZoneID  string `query:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	OrderID string `query:"order_id" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Only those that this order was in."`
	Live    bool   `query:"live" doc:"Only those that have not ended."`
}

func (s *Server) listHandovers(ctx context.Context, in *handoversQuery) (*list[Handover], error) {
	tenant := staffOf(ctx).Tenant
	f := rider.HandoverFilter{Live: in.Live, Limit: in.Limit + 1}
	err := parseIDs(idParam{"zone_id", in.ZoneID, &f.Zone}, idParam{"order_id", in.OrderID, &f.Order})
	if err != nil {
		return nil, err
	}
	if f.After, err = after[id.Handover](in.Page); err != nil {
		return nil, err
	}
	data := []Handover{}
	var next string
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		found, err := rider.ListHandovers(ctx, tx, tenant, f)
		if err != nil {
			return err
		}
		found, next = cut(found, in.Limit, func(h rider.Handover) id.Handover { return h.ID })
		riders, err := ridersOf(ctx, tx, tenant, found)
		for _, h := range found {
			data = append(data, handoverOf(h, riders))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, next), nil
}

// StaffHandover is orders of one rider that another is asked to take over, by a dispatcher.
type StaffHandover struct {
	ActionID uuid.UUID   `json:"action_id" format:"uuid" doc:"Made by the caller, kept over retries: the same act twice is one."`
	To       id.Rider    `json:"to" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Who is asked."`
	OrderIDs []id.Order  `json:"order_ids" minItems:"1" maxItems:"50" doc:"Of one rider; with each, what else of its job that rider has. Either all are on board, or none is."`
	Meet     *geo.LatLng `json:"meet,omitempty" nullable:"false" doc:"Where to meet, of what is on board; left out: where the giver is."`
	Reason   string      `json:"reason,omitempty" maxLength:"500"`
}

func (s *Server) proposeForRider(ctx context.Context, in *struct{ Body StaffHandover }) (*out[Handover], error) {
	who, b := staffOf(ctx), in.Body
	h, err := s.propose(ctx, who.Tenant, dispatch.Proposal{Taker: b.To, Orders: b.OrderIDs, Meet: b.Meet, Reason: b.Reason, Actor: who.actor(), Action: b.ActionID})
	if err != nil {
		return nil, err
	}
	return s.handoverForStaff(ctx, who.Tenant, h)
}

func (s *Server) handoverForStaff(ctx context.Context, tenant id.Tenant, h rider.Handover) (*out[Handover], error) {
	var riders map[id.Rider]rider.Rider
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		riders, err = ridersOf(ctx, tx, tenant, []rider.Handover{h})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(handoverOf(h, riders)), nil
}

type cancelForStaffInput struct {
	ByHandover
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (s *Server) cancelHandoverForRider(ctx context.Context, in *cancelForStaffInput) (*out[Handover], error) {
	who := staffOf(ctx)
	h, err := s.dispatch.CancelHandover(ctx, who.Tenant, in.ID, who.actor(), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return s.handoverForStaff(ctx, who.Tenant, h)
}
