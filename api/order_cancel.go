package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

type cancelInput struct {
	ByOrder
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Fault  string `json:"fault,omitempty" enum:"merchant,customer" default:"merchant" doc:"Whose wish or fault it is. Another's only a dispatcher can tell, because it costs nothing then."`
		DryRun bool   `json:"dry_run,omitempty" doc:"Change nothing; the answer tells in dry_run what would happen."`
	}
}

// CancelAnswer is the order after the cancellation; after a dry run as it is.
type CancelAnswer struct {
	Order
	Charge nullable[CancelCharge] `json:"charge" doc:"What the merchant owes for the cancellation; after a dry run, what it would. Null where the order can't be cancelled."`
	DryRun *CancelPreview         `json:"dry_run,omitempty" nullable:"false" doc:"Only where it was asked for."`
}

// CancelCharge is what a cancellation costs. It is what the ledger posts, by the tariff that made the order's fee.
type CancelCharge struct {
	Amount   int64             `json:"amount" doc:"Minor units."`
	Currency string            `json:"currency" doc:"ISO 4217; empty with no_fee."`
	Rule     tariff.CancelRule `json:"rule" enum:"no_fee,no_rider,not_yours,percent" doc:"no_fee: the order was placed without a fee. no_rider: no rider has accepted it, so it is free. not_yours: neither your fault nor the customer's, so it is free. percent: a rider has it, and the tariff takes a part of the fee."`
	Percent  int               `json:"percent,omitempty" doc:"Of the fee, with the rule percent."`
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
	var o order.Order
	done, err := s.change(ctx, who, in.ID, func() (_ order.Order, err error) {
		o, err = s.dispatch.Cancel(ctx, who.Tenant, in.ID, who.actor(), in.Body.Fault, in.Body.Reason, 0)
		return o, err
	})
	if err != nil {
		return nil, err
	}
	a := CancelAnswer{Order: done.Body}
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		a.Charge, err = cancelCharge(ctx, tx, who.Tenant, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(a), nil
}

// cancelCharge is what a cancelled order costs its merchant.
func cancelCharge(ctx context.Context, tx pgx.Tx, tenant id.Tenant, o order.Order) (nullable[CancelCharge], error) {
	var c CancelCharge
	var t tariff.Tariff
	if o.Fee != nil {
		v, err := tariff.Get(ctx, tx, tenant, o.Zone, o.Fee.Tariff)
		if err != nil {
			return nullable[CancelCharge]{}, err
		}
		t, c.Currency = v.Tariff, o.Fee.Currency
	}
	if c.Amount, c.Rule = t.CancelFee(o); c.Rule == tariff.CancelPercent {
		c.Percent = t.CancelPercent
	}
	return some(c), nil
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
		after, err := o.Apply(order.Event{Type: order.EventCancelled, At: s.clock.Now(), Actor: who.actor(), Fault: in.Body.Fault, Reason: in.Body.Reason})
		a.DryRun = &CancelPreview{Allowed: err == nil || errors.Is(err, order.ErrRepeated), Rule: cancelRule(o.State)}
		if a.DryRun.Allowed {
			a.Charge, err = cancelCharge(ctx, tx, who.Tenant, after)
			return err
		}
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
