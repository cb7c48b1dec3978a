package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Advice is what a phone does about the result of an act.
type Advice string

// The advices.
const (
	AdviceNone      Advice = "none"
	AdviceForget    Advice = "forget"
	AdviceResend    Advice = "resend"
	AdviceRedo      Advice = "redo"
	AdviceBringBack Advice = "bring_back"
	AdviceCall      Advice = "call"
)

// syncing is one request under way; acts and results are parallel to rows.
type syncing struct {
	s       *Server
	who     riderClaims
	rows    []syncRow
	acts    []dispatch.Act
	results []SyncResult
	kept    map[uuid.UUID][]rider.Kept
}

// run applies the acts that can be read, by their times.
func (y *syncing) run(ctx context.Context) error {
	var good []int // rows
	var acts []dispatch.Act
	for i, row := range y.rows {
		a, sent, err := y.s.readAct(i, row)
		y.results[i].ID = sent
		if err != nil {
			y.conflict(ctx, i, err)
			continue
		}
		y.acts[i] = a
		good, acts = append(good, i), append(acts, a)
	}
	if err := y.recall(ctx, acts); err != nil {
		return err
	}
	for _, k := range dispatch.SortActs(acts) {
		if err := y.act(ctx, good[k], acts[k]); err != nil {
			return err
		}
	}
	return y.truth(ctx)
}

// readAct checks one row as a request of its own would be. sent is its id as far as it can be read.
func (s *Server) readAct(i int, row syncRow) (a dispatch.Act, sent string, err error) {
	at := index("actions", i)
	var v any
	if err := json.Unmarshal(row.RawMessage, &v); err != nil {
		return a, "", invalid(FieldFault{at, err.Error(), nil})
	}
	if fields, ok := v.(map[string]any); ok {
		if sent, _ = fields["id"].(string); len(sent) > 64 {
			sent = ""
		}
	}
	var found huma.ValidateResult
	path := huma.NewPathBuffer(make([]byte, 0, 128), 0)
	path.Push("body")
	path.Push("actions")
	path.PushIndex(i)
	huma.Validate(s.schemas, s.syncAction, path, huma.ModeWriteToServer, v, &found)
	if len(found.Errors) > 0 {
		return a, sent, humaProblem(http.StatusUnprocessableEntity, "The act is not valid.", found.Errors)
	}
	var r SyncAction
	if err := json.Unmarshal(row.RawMessage, &r); err != nil {
		return a, sent, invalid(FieldFault{at, err.Error(), nil})
	}
	a, field, fix := r.act()
	if field != "" {
		return a, sent, invalid(FieldFault{at + "." + field, fix, nil})
	}
	return a, sent, nil
}

// act is the row as dispatch takes it, or the field that it lacks.
func (r SyncAction) act() (a dispatch.Act, field, fix string) {
	a = dispatch.Act{Kind: r.Kind, Action: dispatch.Action{
		ID: r.ID, At: micro(r.At), Reason: r.Reason, Note: r.Note, Proof: r.Proof.proof(), Recorded: true,
	}}
	switch {
	case r.ID == uuid.Nil:
		return a, "id", "must be made by the phone: a random UUID for each act"
	case r.Kind == dispatch.ActStartShift && r.EndsAt == nil:
		return a, "ends_at", "is needed: when the rider means to stop"
	case r.Kind == dispatch.ActStartShift && (!r.EndsAt.After(r.At) || r.EndsAt.After(r.At.Add(longestShift))):
		return a, "ends_at", "must lie within the 24 hours after at"
	case r.Kind.OfOffer() && r.OfferID.IsZero():
		return a, "offer_id", "is needed: the offer that is answered"
	case r.Kind.OfHandover() && r.HandoverID.IsZero():
		return a, "handover_id", "is needed: the handover that the act is about"
	case r.Kind.Event() != "" && r.OrderID.IsZero():
		return a, "order_id", "is needed: the order that the act is about"
	case r.Kind == dispatch.ActFail && r.Reason == "":
		return a, "reason", "say why it could not be delivered"
	}
	switch {
	case r.Kind == dispatch.ActStartBreak || r.Kind == dispatch.ActEndShift:
		a.AfterLastDrop = r.AfterLastDrop
	case r.Kind == dispatch.ActStartShift:
		a.EndsAt, a.Location = micro(*r.EndsAt), r.Location
	case r.Kind.OfOffer():
		a.Offer = r.OfferID
	case r.Kind.OfHandover():
		a.Handover = r.HandoverID
	case r.Kind.Event() != "":
		a.Order = r.OrderID
	}
	if r.Location != nil && r.Kind.Event() != "" {
		if a.Proof == nil {
			a.Proof = &order.Proof{}
		}
		if a.Proof.Location == nil {
			a.Proof.Location = r.Location
		}
	}
	return a, "", ""
}

// recall reads which of the acts were applied before.
func (y *syncing) recall(ctx context.Context, acts []dispatch.Act) error {
	y.kept = make(map[uuid.UUID][]rider.Kept)
	ids := make([]uuid.UUID, len(acts))
	for i, a := range acts {
		ids[i] = a.ID
	}
	if len(ids) == 0 {
		return nil
	}
	return y.s.db.Read(ctx, y.who.Tenant, func(tx pgx.Tx) error {
		kept, err := rider.KeptActions(ctx, tx, y.who.Tenant, y.who.Rider, ids)
		for _, k := range kept {
			y.kept[k.Action] = append(y.kept[k.Action], k)
		}
		return err
	})
}

// act applies one act, unless it was applied before. The error is none of the act's.
func (y *syncing) act(ctx context.Context, i int, a dispatch.Act) error {
	if before := y.kept[a.ID]; len(before) > 0 {
		k := before[0]
		if k.Kind == string(a.Kind) && k.About == a.About(y.who.Rider) {
			y.done(i, StatusAlready, &k)
		} else {
			y.conflict(ctx, i, invalid(FieldFault{index("actions", i) + ".id", "was used for " + k.Kind + ": each act needs an id of its own", a.ID.String()}))
		}
		return nil
	}
	o, already, err := y.s.act(ctx, y.who, a)
	switch {
	case err != nil && problemOf(err).Status >= http.StatusInternalServerError:
		return err
	case err != nil:
		y.conflict(ctx, i, err)
	case already:
		y.done(i, StatusAlready, nil)
	default:
		k := rider.Kept{Action: a.ID, About: a.About(y.who.Rider), Kind: string(a.Kind), AppliedAt: y.s.clock.Now(), State: string(o.State), Version: o.Version}
		y.kept[a.ID] = append(y.kept[a.ID], k)
		y.done(i, StatusApplied, &k)
	}
	return nil
}

func (y *syncing) done(i int, status SyncStatus, k *rider.Kept) {
	r := &y.results[i]
	r.Status, r.Advice = status, AdviceNone
	if k != nil {
		r.Applied = some(SyncApplied{k.AppliedAt.UTC(), order.State(k.State), k.Version})
	}
}

func (y *syncing) conflict(ctx context.Context, i int, err error) {
	p := problemOf(err)
	if r := requestFrom(ctx); r != nil {
		p.RequestID = r.id
	}
	r := &y.results[i]
	r.Status, r.Error, r.Advice = StatusConflict, some(*p), adviceOn(y.acts[i].Kind, p)
}

// adviceOn says what to do about an act that was refused.
func adviceOn(kind dispatch.ActKind, p *Problem) Advice {
	switch p.Code {
	case codeRateLimited, codeConflict, codeHasWork:
		return AdviceResend
	case codeOffShift: // the shift's start may be under way
		return AdviceResend
	case codeValidation, codeProofMissing, codeProofWrong:
		return AdviceRedo
	case codeTooOld, codeNotBooked, codeNotInZone, codeRest:
		return AdviceCall
	case codeHandoverClosed:
		if kind == dispatch.ActTakeOver { // the food is with one rider, and by the books with another
			return AdviceCall
		}
	case codeTakenAway:
		if kind == dispatch.ActArriveStore {
			return AdviceForget
		}
		return AdviceBringBack
	case codeTransition:
		if p.State == string(order.Returning) {
			return AdviceBringBack
		}
	}
	return AdviceForget
}
