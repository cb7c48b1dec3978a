package api

import (
	"context"

	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/sandbox"
)

// NewTest is what a test order asks for besides being delivered.
type NewTest struct {
	Fault sandbox.Fault `json:"fault" enum:"decline,delay_20_min,wrong_pin,undeliverable,webhook_500" doc:"decline: the first rider who is asked declines. delay_20_min: when the rider is at the store, the food needs 20 minutes more. wrong_pin: the customer can't tell the PIN. undeliverable: nobody opens. After these two the food goes back to the store. webhook_500: whatever your endpoint answers to the first attempt at each of the order's webhooks counts as a 500, so that it comes again."`
}

// Advance says how far a test order is to go.
type Advance struct {
	To order.State `json:"to,omitempty" enum:"pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned" doc:"Go on until the order is in this state; in it already, nothing changes. Left out: one step."`
}

type advanceInput struct {
	ByOrder
	Body *Advance `required:"false"`
}

func (s *Server) advanceOrder(ctx context.Context, in *advanceInput) (*out[Order], error) {
	var to order.State
	if in.Body != nil {
		to = in.Body.To
	}
	return s.changeTest(ctx, in.ByOrder, func(who merchant) (order.Order, error) { return s.sandbox.Advance(ctx, who.Tenant, in.ID, to) })
}

func (s *Server) faultOrder(ctx context.Context, in *struct {
	ByOrder
	Body NewTest
}) (*out[Order], error) {
	return s.changeTest(ctx, in.ByOrder, func(who merchant) (order.Order, error) {
		return s.sandbox.SetFault(ctx, who.Tenant, in.ID, in.Body.Fault)
	})
}

// changeTest does something to a test order of the merchant.
func (s *Server) changeTest(ctx context.Context, in ByOrder, do func(merchant) (order.Order, error)) (*out[Order], error) {
	who := merchantOf(ctx)
	if !who.Test {
		return nil, refuse(codeTestOnly, "Use a test key: pk_test_…")
	}
	return s.change(ctx, who, in.ID, func() (order.Order, error) { return do(who) })
}
