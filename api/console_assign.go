package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

type assignInput struct {
	ByOrder
	Body struct {
		RiderID id.Rider `json:"rider_id" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
		Version int64    `json:"version" minimum:"1" doc:"Of the order as you saw it."`
	}
}

type unassignInput struct {
	ByOrder
	Body struct {
		Version int64  `json:"version" minimum:"1" doc:"Of the order as you saw it."`
		Reason  string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

type consoleCancelInput struct {
	ByOrder
	Body struct {
		Version int64  `json:"version" minimum:"1" doc:"Of the order as you saw it."`
		Reason  string `json:"reason" minLength:"1" maxLength:"500"`
		Fault   string `json:"fault" enum:"merchant,customer,rider,dispatcher,system" doc:"Whose fault it is."`
	}
}

func (s *Server) assignOrder(ctx context.Context, in *assignInput) (*out[Order], error) {
	who := staffOf(ctx)
	return s.shownFor(ctx, who.Tenant, true)(s.dispatch.Assign(ctx, who.Tenant, in.ID, in.Body.RiderID, in.Body.Version, who.actor()))
}

func (s *Server) unassignOrder(ctx context.Context, in *unassignInput) (*out[Order], error) {
	who := staffOf(ctx)
	return s.shownFor(ctx, who.Tenant, true)(s.dispatch.Unassign(ctx, who.Tenant, in.ID, in.Body.Version, who.actor(), in.Body.Reason))
}

func (s *Server) consoleCancel(ctx context.Context, in *consoleCancelInput) (*out[Order], error) {
	who := staffOf(ctx)
	return s.shownFor(ctx, who.Tenant, true)(s.dispatch.Cancel(ctx, who.Tenant, in.ID, who.actor(), in.Body.Fault, in.Body.Reason, in.Body.Version))
}

// shown answers its merchant with an order as it is after a change.
func (s *Server) shown(ctx context.Context, tenant id.Tenant) func(order.Order, error) (*out[Order], error) {
	return s.shownFor(ctx, tenant, false)
}

func (s *Server) shownFor(ctx context.Context, tenant id.Tenant, staff bool) func(order.Order, error) (*out[Order], error) {
	return func(o order.Order, err error) (*out[Order], error) {
		if err != nil {
			return nil, err
		}
		var full []Order
		err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
			full, err = s.fullFor(ctx, tx, tenant, []order.Order{o}, staff)
			return err
		})
		if err != nil {
			return nil, err
		}
		return answer(full[0]), nil
	}
}
