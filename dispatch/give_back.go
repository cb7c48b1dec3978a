package dispatch

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ErrGivingBack refuses to give an order back in a zone whose policy does not allow it.
var ErrGivingBack = errors.New("dispatch: the zone's policy does not let riders give orders back")

// GiveBack puts an order that its rider has not picked up back into the queue by the rider's own will, and with it what else of its job the
// rider has. The rider is not asked for it again for a while; nothing else follows. Giving back twice is one act (already = true).
// order.ErrNotFound (also for another rider's order), *order.TransitionError, *JobOnBoardError, ErrGivingBack.
func (s *Service) GiveBack(ctx context.Context, tenant id.Tenant, who id.Rider, orderID id.Order, a Action) (already bool, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		if a.ID != uuid.Nil {
			kept, err := rider.KeptActions(ctx, t, tenant, who, []uuid.UUID{a.ID})
			if already = len(kept) > 0; already || err != nil {
				return err
			}
		}
		before, mates, plans, err := t.lockTogether(ctx, orderID)
		if err != nil {
			return err
		}
		if before.Rider != who {
			return order.ErrNotFound
		}
		policy, err := PolicyOf(ctx, t, tenant, before.Zone)
		if err != nil {
			return err
		}
		if !policy.GiveBack {
			return ErrGivingBack
		}
		for _, x := range mates {
			if x.Rider == who && x.State.OnBoard() {
				return &JobOnBoardError{x.Job, who} // the rest of a job follows the goods
			}
		}
		e := a.event(order.EventUnassigned, who, t.now)
		o, _, err := t.take(ctx, before, plans, e)
		if err != nil {
			return err
		}
		for _, x := range mates {
			if x.Rider == who && (x.State == order.Assigned || x.State == order.AtStore) {
				if _, _, err := t.take(ctx, x, plans, e); err != nil {
					return err
				}
			}
		}
		return t.keep(ctx, who, a, ActGiveBack, orderID.UUID(), o)
	})
	return already, err
}
