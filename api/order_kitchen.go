package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/order"
)

type kitchenInput struct {
	ByOrder
	Body *empty `required:"false"`
}

func (s *Server) acceptOrder(ctx context.Context, in *kitchenInput) (*out[Order], error) {
	who := merchantOf(ctx)
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.Accept(ctx, who.Tenant, in.ID, who.actor())
	})
}

func (s *Server) orderReady(ctx context.Context, in *kitchenInput) (*out[Order], error) {
	who := merchantOf(ctx)
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.Ready(ctx, who.Tenant, in.ID, who.actor())
	})
}

type delayInput struct {
	ByOrder
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key on the same order is the same delay: with by_s, a repetition adds nothing."`
	Body           struct {
		ReadyAt *time.Time `json:"ready_at,omitempty" doc:"When the food will be ready."`
		ByS     *int       `json:"by_s,omitempty" minimum:"1" maximum:"86400" doc:"Or: so many seconds after the time last told; after now, where that has passed."`
		Reason  string     `json:"reason,omitempty" maxLength:"500"`
	}
}

func (s *Server) delayOrder(ctx context.Context, in *delayInput) (*out[Order], error) {
	who, now, b := merchantOf(ctx), s.clock.Now(), in.Body
	d := dispatch.Delay{Reason: b.Reason}
	switch {
	case (b.ReadyAt == nil) == (b.ByS == nil):
		return nil, invalid(FieldFault{"ready_at", "send ready_at or by_s: one of them", nil})
	case b.ByS != nil:
		d.By = time.Duration(*b.ByS) * time.Second
	case b.ReadyAt.Before(now.Add(-24*time.Hour)) || b.ReadyAt.After(now.Add(horizon)):
		return nil, invalid(FieldFault{"ready_at", "must lie between now and 60 days from now", b.ReadyAt.Format(time.RFC3339)})
	default:
		d.At = micro(*b.ReadyAt)
	}
	if in.IdempotencyKey != "" {
		d.Action = uuid.NewSHA1(who.Merchant.UUID(), []byte("delay\x00"+in.IdempotencyKey))
	}
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.DelayReady(ctx, who.Tenant, in.ID, who.actor(), d)
	})
}
