package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// PlanChange is one thing that others changed in the rider's plan.
type PlanChange struct {
	Kind    dispatch.ChangeKind `json:"kind" enum:"added,removed,moved,relocated" doc:"added, removed: an order. moved: a stop has another place among the others. relocated: a drop-off is elsewhere now."`
	OrderID id.Order            `json:"order_id"`
	Stop    rider.StopKind      `json:"stop" doc:"Of moved and relocated: as in the plan."`
	Reason  string              `json:"reason" doc:"added: dispatcher, engine. removed: cancelled, taken_away, handed_over, handover_off. moved: reordered. relocated: address, returning, handover (to where a colleague comes for it), handover_off."`
}

type sincePlan struct {
	Since int64 `query:"since" minimum:"0" doc:"A version of the plan that the phone has shown: changes tells what others have done to it since."`
}

// changed fills in what others have changed since a version; 0 is none.
func (p *Plan) changed(ctx context.Context, tx pgx.Tx, tenant id.Tenant, plan rider.Plan, since int64) error {
	if since == 0 {
		return nil
	}
	changes, err := dispatch.PlanChanges(ctx, tx, tenant, plan, since)
	if errors.Is(err, rider.ErrVersionUnknown) {
		return nil
	}
	p.Since = &since
	for _, c := range changes {
		p.Changes = append(p.Changes, PlanChange{c.Kind, c.Order, c.Stop, c.Reason})
	}
	return err
}
