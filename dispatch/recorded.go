package dispatch

import (
	"context"
	"errors"
	"fmt"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// TakenAwayError refuses a recorded step with an order that the rider had, and has no longer: it was cancelled, or is somebody else's
// or nobody's now.
type TakenAwayError struct {
	Order id.Order
	State order.State // of now; a rider who does not have the order is told no more
}

func (e *TakenAwayError) Error() string {
	return fmt.Sprintf("order %s was taken from its rider and is %s", e.Order, e.State)
}

// acceptFirst accepts the offer in which the order is before the rider: a step that was recorded after the yes may arrive before it. The
// time of the yes is not known yet; that of the offer stands for it.
func (t *txn) acceptFirst(ctx context.Context, who id.Rider, plan *rider.Plan, orderID id.Order) error {
	o, err := order.Get(ctx, t, t.tenant, orderID)
	if err != nil || o.State != order.Offered {
		return err
	}
	offer, err := rider.LockOffer(ctx, t, t.tenant, o.Offer)
	if err != nil || offer.Rider != who || offer.State != rider.OfferOpen {
		return err
	}
	_, err = t.accept(ctx, who, plan, offer, Action{At: offer.MadeAt, Recorded: true})
	return err
}

// takenAway is why a recorded step with an order that is not the rider's can't be: a *TakenAwayError where the rider had it once, and
// otherwise order.ErrNotFound. Whatever is no fault of the order's is passed on.
func (t *txn) takenAway(ctx context.Context, who id.Rider, o order.Order, err error) error {
	var wrong *order.TransitionError
	var notYours *order.NotYoursError
	if !errors.As(err, &wrong) && !errors.As(err, &notYours) {
		return err
	}
	had, err := order.HadRider(ctx, t, t.tenant, o.ID, who)
	switch {
	case err != nil:
		return err
	case had:
		return &TakenAwayError{o.ID, o.State}
	}
	return order.ErrNotFound
}
