package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/order"
)

type cancelInput struct {
	ByOrder
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Fault  string `json:"fault,omitempty" enum:"merchant,customer,rider,dispatcher,system" default:"merchant" doc:"Whose fault it is."`
		DryRun bool   `json:"dry_run,omitempty" doc:"Change nothing; the answer tells in dry_run what would happen."`
	}
}

// CancelAnswer is the order after the cancellation; after a dry run as it is.
type CancelAnswer struct {
	Order
	DryRun *CancelPreview `json:"dry_run,omitempty" nullable:"false" doc:"Only where it was asked for."`
}

// CancelPreview is what a cancellation would do.
type CancelPreview struct {
	Allowed bool       `json:"allowed"`
	Rule    CancelRule `json:"rule" enum:"before_pickup,on_board,already_cancelled,ended" doc:"before_pickup: nobody has picked it up, so it can be cancelled. on_board: the rider carries it; ask for its return instead. already_cancelled: cancelling again changes nothing. ended: it was delivered or returned."`
}

// CancelRule is why an order can or can't be cancelled.
type CancelRule string

// The rules.
const (
	CancelBeforePickup CancelRule = "before_pickup"
	CancelOnBoard      CancelRule = "on_board"
	CancelAlready      CancelRule = "already_cancelled"
	CancelEnded        CancelRule = "ended"
)

func (s *Server) cancelOrder(ctx context.Context, in *cancelInput) (*out[CancelAnswer], error) {
	who := merchantOf(ctx)
	if in.Body.DryRun {
		return s.wouldCancel(ctx, who, in)
	}
	done, err := s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.Cancel(ctx, who.Tenant, in.ID, who.actor(), in.Body.Fault, in.Body.Reason, 0)
	})
	if err != nil {
		return nil, err
	}
	return answer(CancelAnswer{Order: done.Body}), nil
}

// wouldCancel asks the lifecycle what the cancellation would do.
func (s *Server) wouldCancel(ctx context.Context, who merchant, in *cancelInput) (*out[CancelAnswer], error) {
	var a CancelAnswer
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		o, err := ownOrder(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		full, err := s.full(ctx, tx, who.Tenant, []order.Order{o})
		if err != nil {
			return err
		}
		a.Order = full[0]
		_, err = o.Apply(order.Event{Type: order.EventCancelled, At: s.clock.Now(), Actor: who.actor(), Fault: in.Body.Fault, Reason: in.Body.Reason})
		a.DryRun = &CancelPreview{Allowed: err == nil || errors.Is(err, order.ErrRepeated), Rule: cancelRule(o.State)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(a), nil
}

func cancelRule(s order.State) CancelRule {
	switch {
	case s == order.Cancelled:
		return CancelAlready
	case s.Ended():
		return CancelEnded
	case s.OnBoard():
		return CancelOnBoard
	}
	return CancelBeforePickup
}

type sendBackInput struct {
	ByOrder
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

// sendBack asks for the return of an order that is on its way.
func (s *Server) sendBack(ctx context.Context, in *sendBackInput) (*out[Order], error) {
	who := merchantOf(ctx)
	return s.change(ctx, who, in.ID, func() (order.Order, error) {
		return s.dispatch.SendBack(ctx, who.Tenant, in.ID, who.actor(), in.Body.Reason, 0)
	})
}
