package dispatch

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// What a store tells of its kitchen. None of it moves a rider by itself; the zone's next round knows of it.
// All answer order.ErrNotFound, and *order.TransitionError once the order has been picked up.

// Accept tells that the store has taken the order on.
func (s *Service) Accept(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor) (order.Order, error) {
	return s.kitchen(ctx, tenant, orderID, func(*txn) (order.Event, error) {
		return order.Event{Type: order.EventAcceptedByStore, Actor: actor}, nil
	})
}

// Ready tells that the food can be picked up.
func (s *Service) Ready(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor) (order.Order, error) {
	return s.kitchen(ctx, tenant, orderID, func(*txn) (order.Event, error) {
		return order.Event{Type: order.EventReady, Actor: actor}, nil
	})
}

// Delay is when the food will be ready instead.
type Delay struct {
	At     time.Time     // zero: By counts
	By     time.Duration // after the time last told, or after now where that has passed
	Reason string
	Action uuid.UUID // the client's id of this act, kept over retries; zero = none, and By adds up
}

// DelayReady changes when the food is expected.
func (s *Service) DelayReady(ctx context.Context, tenant id.Tenant, orderID id.Order, actor order.Actor, d Delay) (order.Order, error) {
	return s.kitchen(ctx, tenant, orderID, func(t *txn) (order.Event, error) {
		at := d.At
		if at.IsZero() {
			locked, err := order.Lock(ctx, t, tenant, []id.Order{orderID})
			if err != nil {
				return order.Event{}, err
			}
			if len(locked) == 0 {
				return order.Event{}, order.ErrNotFound
			}
			at = clock.Later(readyAt(&locked[0], t.now), t.now).Add(d.By)
		}
		return order.Event{Type: order.EventReadyEstimateChanged, Actor: actor, ActionID: d.Action, Reason: d.Reason, ReadyEstimate: &at}, nil
	})
}

// kitchen applies an event of the store.
func (s *Service) kitchen(ctx context.Context, tenant id.Tenant, orderID id.Order, tell func(*txn) (order.Event, error)) (o order.Order, err error) {
	err = s.tx(ctx, tenant, func(t *txn) error {
		e, err := tell(t)
		if err != nil {
			return err
		}
		e.At = t.now
		var repeated bool
		o, repeated, err = order.Apply(ctx, t, tenant, orderID, e)
		if err != nil || repeated {
			return err
		}
		t.touch(touched(o, true, o.Rider))
		return nil
	})
	return o, err
}
