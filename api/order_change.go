package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

type cancelInput struct {
	ByOrder
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Fault  string `json:"fault,omitempty" enum:"merchant,customer,rider,dispatcher,system" default:"merchant" doc:"Whose fault it is."`
	}
}

func (s *Server) cancelOrder(ctx context.Context, in *cancelInput) (*out[Order], error) {
	who := merchantOf(ctx)
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.Cancel(ctx, who.Tenant, in.ID, who.actor(), in.Body.Fault, in.Body.Reason, 0)
	})
}

func (s *Server) orderReady(ctx context.Context, in *struct {
	ByOrder
	Body *empty `required:"false"`
}) (*out[Order], error) {
	who := merchantOf(ctx)
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.Ready(ctx, who.Tenant, in.ID, who.actor())
	})
}

type delayInput struct {
	ByOrder
	Body struct {
		ReadyAt time.Time `json:"ready_at" doc:"When the food will be ready."`
	}
}

func (s *Server) delayOrder(ctx context.Context, in *delayInput) (*out[Order], error) {
	who, now := merchantOf(ctx), s.clock.Now()
	if in.Body.ReadyAt.Before(now.Add(-24*time.Hour)) || in.Body.ReadyAt.After(now.Add(horizon)) {
		return nil, invalid(FieldFault{"ready_at", "must lie between now and 60 days from now", in.Body.ReadyAt.Format(time.RFC3339)})
	}
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.DelayReady(ctx, who.Tenant, in.ID, who.actor(), micro(in.Body.ReadyAt))
	})
}

// change does something to an order of the merchant and shows the order as it is then. An order never changes its merchant,
// so the check and the change may be two transactions.
func (s *Server) change(ctx context.Context, who merchant, oid id.Order, do func() (order.Order, error)) (*out[Order], error) {
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		_, err := ownOrder(ctx, tx, who, oid)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, who.Tenant)(do())
}
