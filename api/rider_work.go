package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
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

// Proof is what the rider got for the order. To deliver it, whatever the order demands must be there and right.
type Proof struct {
	PhotoIDs    []id.Proof  `json:"photo_ids,omitempty" maxItems:"20" doc:"Uploaded before, to the order's proofs."`
	SignatureID id.Proof    `json:"signature_id,omitempty" doc:"Uploaded before."`
	SignedBy    string      `json:"signed_by,omitempty" maxLength:"200"`
	PIN         string      `json:"pin,omitempty" maxLength:"20" doc:"As the customer told it."`
	Barcode     string      `json:"barcode,omitempty" maxLength:"128" doc:"As scanned."`
	AgeChecked  bool        `json:"age_checked,omitempty" doc:"You have seen a document: who takes it is old enough."`
	Location    *geo.LatLng `json:"location,omitempty" nullable:"false"`
}

func (p *Proof) proof() *order.Proof {
	if p == nil {
		return nil
	}
	return &order.Proof{
		Photos: p.PhotoIDs, Signature: p.SignatureID, SignedBy: p.SignedBy, PIN: p.PIN, Barcode: p.Barcode, AgeChecked: p.AgeChecked, Location: p.Location,
	}
}

// guesses is how often the PIN or barcode of one order may be tried: a tired customer's slips, but not ten thousand.
var guesses = Rate{PerSecond: 1.0 / 30, Burst: 5}

// steps are the rider's acts on an order, by the last word of their path.
var steps = []struct {
	path, summary string
	act           dispatch.ActKind
}{
	{"arrive-store", "Arrived at the store", dispatch.ActArriveStore},
	{"pickup", "Picked up", dispatch.ActPickup},
	{"arrive-door", "Arrived at the customer's door", dispatch.ActArriveDoor},
	{"deliver", "Delivered", dispatch.ActDeliver},
	{"fail", "Could not deliver", dispatch.ActFail},
	{"return", "Back at the store", dispatch.ActReturn},
}

type stepInput struct {
	ByOrder
	Body StepAct
}

// step makes the handler of one step.
func (s *Server) step(kind dispatch.ActKind) func(context.Context, *stepInput) (*out[RiderOrder], error) {
	return func(ctx context.Context, in *stepInput) (*out[RiderOrder], error) {
		who, b := riderOf(ctx), in.Body
		if kind == dispatch.ActFail && b.Reason == "" {
			return nil, invalid(FieldFault{"reason", "say why it could not be delivered", nil})
		}
		o, _, err := s.act(ctx, who, dispatch.Act{Kind: kind, Order: in.ID, Action: dispatch.Action{
			ID: b.ActionID, At: b.At.UTC(), Reason: b.Reason, Note: b.Note, Proof: b.Proof.proof(),
		}})
		if err != nil {
			return nil, err
		}
		var shown RiderOrder
		err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
			k, err := s.readOrders(ctx, tx, who.Tenant, []id.Order{o.ID})
			k.orders[o.ID] = o // as the step left it
			shown = k.riderOrder(o.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return answer(shown), nil
	}
}

// act applies what a rider did, told at once or recorded. Guesses at a PIN or barcode are counted.
func (s *Server) act(ctx context.Context, who riderClaims, a dispatch.Act) (o order.Order, already bool, err error) {
	if a.Kind == dispatch.ActDeliver && a.Proof != nil && (a.Proof.PIN != "" || a.Proof.Barcode != "") {
		if _, err := s.guesses.take(a.Order); err != nil {
			return o, false, err
		}
	}
	return s.dispatch.Act(ctx, who.Tenant, who.Rider, a)
}

type giveBackInput struct {
	ByOrder
	Body Act
}

func (s *Server) giveBack(ctx context.Context, in *giveBackInput) (*out[Plan], error) {
	who := riderOf(ctx)
	if _, err := s.dispatch.GiveBack(ctx, who.Tenant, who.Rider, in.ID, in.Body.action()); err != nil {
		return nil, err
	}
	return s.riderPlan(ctx, &sincePlan{})
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
	return nil, s.dispatch.SeenOffer(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
}

func (s *Server) acceptOffer(ctx context.Context, in *offerActInput) (*out[Plan], error) {
	who := riderOf(ctx)
	if _, err := s.dispatch.AcceptOffer(ctx, who.Tenant, who.Rider, in.ID, in.Body.action()); err != nil {
		return nil, err
	}
	return s.riderPlan(ctx, &sincePlan{})
}

func (s *Server) declineOffer(ctx context.Context, in *offerActInput) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.dispatch.DeclineOffer(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
}
