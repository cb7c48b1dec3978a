package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

type cancelJobInput struct {
	ByJob
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Fault  string `json:"fault,omitempty" enum:"merchant,customer" default:"merchant" doc:"Whose wish or fault it is. Another's only a dispatcher can tell, because it costs nothing then."`
		DryRun bool   `json:"dry_run,omitempty" doc:"Change nothing; the answer tells what would happen."`
	}
}

// CancelJobAnswer is the job after the cancellation; after a dry run as it is.
type CancelJobAnswer struct {
	Job
	DryRun    bool             `json:"dry_run"`
	Cancelled []CancelledOrder `json:"cancelled" doc:"What became, or would become, of each order, in the sequence of orders."`
}

// CancelledOrder is what a job's cancellation does to one of its orders.
type CancelledOrder struct {
	OrderID id.Order `json:"order_id"`
	CancelPreview
	Charge nullable[CancelCharge] `json:"charge" doc:"What the merchant owes for the cancellation. Null where the order can't be cancelled."`
}

// cancelJob cancels what of a job nobody has picked up. The rest goes on.
func (s *Server) cancelJob(ctx context.Context, in *cancelJobInput) (*out[CancelJobAnswer], error) {
	who := merchantOf(ctx)
	var before []order.Order
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		_, err := ownJob(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		of, err := order.OfJobs(ctx, tx, who.Tenant, []id.Job{in.ID})
		before = of[in.ID]
		return err
	})
	if err != nil {
		return nil, err
	}
	if !in.Body.DryRun {
		if before, _, err = s.dispatch.CancelJob(ctx, who.Tenant, in.ID, who.actor(), in.Body.Fault, in.Body.Reason); err != nil {
			return nil, err
		}
	}
	a := CancelJobAnswer{DryRun: in.Body.DryRun, Cancelled: make([]CancelledOrder, len(before))}
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		j, err := ownJob(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		full, err := s.fullJobs(ctx, tx, who.Tenant, []order.Job{j})
		if err != nil {
			return err
		}
		a.Job = full[0]
		e := order.Event{Type: order.EventCancelled, At: s.clock.Now(), Actor: who.actor(), Fault: in.Body.Fault, Reason: in.Body.Reason}
		for i, o := range before {
			if a.Cancelled[i], err = cancelled(ctx, tx, who.Tenant, o, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(a), nil
}

// cancelled is what a cancellation did, or would do, to an order as it was before.
func cancelled(ctx context.Context, tx pgx.Tx, tenant id.Tenant, o order.Order, e order.Event) (CancelledOrder, error) {
	after, err := o.Apply(e)
	c := CancelledOrder{OrderID: o.ID, CancelPreview: CancelPreview{
		Allowed: err == nil || errors.Is(err, order.ErrRepeated), Rule: cancelRule(o.State),
	}}
	if !c.Allowed {
		return c, nil
	}
	c.Charge, err = cancelCharge(ctx, tx, tenant, after)
	return c, err
}
