package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
)

// Act is what a phone says of one thing its rider did.
type Act struct {
	ActionID uuid.UUID `json:"action_id" format:"uuid" doc:"Made by the phone, kept over retries: the same act twice is one."`
	At       time.Time `json:"at" doc:"By the phone's clock."`
	Reason   string    `json:"reason,omitempty" maxLength:"500"`
}

// StepAct is an act at a store or a door.
type StepAct struct {
	ActionID uuid.UUID `json:"action_id" format:"uuid" doc:"Made by the phone, kept over retries: the same act twice is one."`
	At       time.Time `json:"at" doc:"By the phone's clock."`
	Reason   string    `json:"reason,omitempty" maxLength:"500" doc:"Why it failed."`
	Note     string    `json:"note,omitempty" maxLength:"2000"`
	Proof    *Proof    `json:"proof,omitempty" nullable:"false"`
}

// Proof is what the rider got for the order.
type Proof struct {
	PIN      string      `json:"pin,omitempty" maxLength:"20"`
	PhotoURL string      `json:"photo_url,omitempty" maxLength:"2000"`
	SignedBy string      `json:"signed_by,omitempty" maxLength:"200"`
	Location *geo.LatLng `json:"location,omitempty" nullable:"false"`
}

// steps are the rider's acts on an order, by the last word of their path.
var steps = []struct {
	path, summary string
	event         order.EventType
}{
	{"arrive-store", "Arrived at the store", order.EventArrivedAtStore},
	{"pickup", "Picked up", order.EventPickedUp},
	{"arrive-door", "Arrived at the customer's door", order.EventArrivedAtDoor},
	{"deliver", "Delivered", order.EventDelivered},
	{"fail", "Could not deliver", order.EventDeliveryFailed},
	{"return", "Back at the store", order.EventReturned},
}

type stepInput struct {
	ByOrder
	Body StepAct
}

// step makes the handler of one step.
func (s *Server) step(event order.EventType) func(context.Context, *stepInput) (*out[RiderOrder], error) {
	return func(ctx context.Context, in *stepInput) (*out[RiderOrder], error) {
		who, b := riderOf(ctx), in.Body
		a := dispatch.Action{ID: b.ActionID, At: b.At.UTC(), Reason: b.Reason, Note: b.Note}
		if event == order.EventDeliveryFailed && a.Reason == "" {
			return nil, invalid(FieldFault{"reason", "say why it could not be delivered", nil})
		}
		if b.Proof != nil {
			a.Proof = &order.Proof{PIN: b.Proof.PIN, PhotoURL: b.Proof.PhotoURL, SignedBy: b.Proof.SignedBy, Location: b.Proof.Location}
		}
		o, _, err := s.dispatch.Step(ctx, who.Tenant, who.Rider, in.ID, event, a)
		if err != nil {
			return nil, err
		}
		store, err := s.stores.get(storeKey{who.Tenant, o.Store}, func() (order.Store, error) { return order.GetStore(ctx, s.db, who.Tenant, o.Store) })
		if err != nil {
			return nil, err
		}
		return answer(riderOrderOf(o, store)), nil
	}
}

type offerActInput struct {
	ByOffer
	Body Act
}

func (a Act) action() dispatch.Action {
	return dispatch.Action{ID: a.ActionID, At: a.At.UTC(), Reason: a.Reason}
}

func (s *Server) seeOffer(ctx context.Context, in *offerActInput) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.dispatch.SeenOffer(ctx, who.Tenant, who.Rider, in.ID)
}

func (s *Server) acceptOffer(ctx context.Context, in *offerActInput) (*out[Plan], error) {
	who := riderOf(ctx)
	if _, err := s.dispatch.AcceptOffer(ctx, who.Tenant, who.Rider, in.ID, in.Body.action()); err != nil {
		return nil, err
	}
	return s.riderPlan(ctx, nil)
}

func (s *Server) declineOffer(ctx context.Context, in *offerActInput) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.dispatch.DeclineOffer(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
}
