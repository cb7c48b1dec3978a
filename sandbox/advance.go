package sandbox

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

// maxSteps is more than the script has, with every fault.
const maxSteps = 16

// Advance has the robot do at once what it would do later: the next step, or all steps until the order is in a state. An order that is in
// that state already is answered as it is. What the robot does afterwards keeps its times.
// order.ErrNotFound; *order.TransitionError where that state does not lie ahead; order.ErrConflict where others were always quicker.
func (s *Sandbox) Advance(ctx context.Context, tenant id.Tenant, oid id.Order, to order.State) (o order.Order, err error) {
	const tries = 5
	for range tries {
		o, err = s.advance(ctx, tenant, oid, to)
		if !pg.IsSerialization(err) && !errors.Is(err, errOvertaken) {
			return o, err
		}
	}
	return o, errors.Join(order.ErrConflict, err)
}

var errOvertaken = errors.New("the order changed meanwhile")

func (s *Sandbox) advance(ctx context.Context, tenant id.Tenant, oid id.Order, to order.State) (o order.Order, err error) {
	now := s.clock.Now()
	var told []map[id.Zone]*touch
	err = s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		told = nil
		// The robots' lease for as long as this lasts: they hire robots too.
		if _, err := tx.Exec(ctx, "select from leases where tenant_id = $1 and name = $2 for update", tenant, lease); err != nil {
			return err
		}
		fault, err := faultOf(ctx, tx, tenant, oid)
		if err != nil {
			return err
		}
		for step := range maxSteps {
			if o, err = order.Get(ctx, tx, tenant, oid); err != nil {
				return err
			}
			if to == "" && step > 0 || o.State == to {
				return nil
			}
			m, ok := next(o.State, o.Declines, fault)
			if !ok || to != "" && !slices.Contains(ahead(o.State, o.Declines, fault), to) {
				return impossible(o, to)
			}
			touched, err := act(ctx, tx, tenant, now, []job{{order: o, fault: fault, move: m}})
			if err != nil {
				return err
			}
			if len(touched) == 0 {
				return errOvertaken
			}
			told = append(told, touched)
		}
		return impossible(o, to)
	})
	if err == nil {
		for _, t := range told {
			s.tell(tenant, t)
		}
	}
	return o, err
}

func impossible(o order.Order, to order.State) error {
	what := order.EventType("advance")
	if to != "" {
		what += order.EventType(" to " + to)
	}
	return &order.TransitionError{Order: o.ID, State: o.State, Event: what, Allowed: o.State.Allowed()}
}
