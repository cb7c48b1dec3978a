package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// SyncAction is one act that a phone recorded.
type SyncAction struct {
	ID            uuid.UUID        `json:"id" format:"uuid" doc:"Made by the phone, kept over retries: the same act twice is one. What was told to an operation of its own has its action_id here."`
	At            time.Time        `json:"at" doc:"By the phone's clock."`
	Kind          dispatch.ActKind `json:"kind" enum:"start_shift,see_offer,decline_offer,accept_offer,decline_handover,accept_handover,take_over,arrive_store,pickup,arrive_door,deliver,fail,return,start_break,end_break,end_shift"`
	OrderID       id.Order         `json:"order_id,omitempty" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Of acts on an order: arrive_store, pickup, arrive_door, deliver, fail, return."`
	OfferID       id.Offer         `json:"offer_id,omitempty" pattern:"^off_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Of answers to an offer."`
	HandoverID    id.Handover      `json:"handover_id,omitempty" pattern:"^hnd_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Of answers to a colleague, and of take_over."`
	EndsAt        *time.Time       `json:"ends_at,omitempty" nullable:"false" doc:"start_shift: when the rider means to stop."`
	AfterLastDrop bool             `json:"after_last_drop,omitempty" doc:"start_break, end_shift: while stops remain, it waits for the last of them to be done, and no new orders come until then."`
	Reason        string           `json:"reason,omitempty" maxLength:"500" doc:"Why it failed, or was declined."`
	Note          string           `json:"note,omitempty" maxLength:"2000"`
	Location      *geo.LatLng      `json:"location,omitempty" nullable:"false" doc:"Where the rider was."`
	Proof         *Proof           `json:"proof,omitempty" nullable:"false"`
}

// syncRow is an act as it came. Each is checked on its own: one that is broken must not keep back two hours of work.
type syncRow struct{ json.RawMessage }

// Schema says what a row should be.
func (syncRow) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[SyncAction](), true, "")
}

// maxSync is how many acts may come at once.
const maxSync = 200

// Sync is what a phone recorded without a network.
type Sync struct {
	Actions   []syncRow `json:"actions,omitempty" maxItems:"200" doc:"In any order: they are applied by their times."`
	Positions []Fix     `json:"positions,omitempty" maxItems:"500"`
	rest      map[string]any
}

// UnmarshalJSON reads it and keeps what it has besides acts, which are checked one by one.
func (y *Sync) UnmarshalJSON(b []byte) error {
	type plain Sync
	if err := json.Unmarshal(b, (*plain)(y)); err != nil {
		return err
	}
	if err := json.Unmarshal(b, &y.rest); err != nil {
		return err
	}
	delete(y.rest, "actions")
	return nil
}

type syncInput struct{ Body Sync }

// SyncStatus is what became of an act.
type SyncStatus string

// The statuses. All but one are final: what a phone does with a conflict, its advice says.
const (
	StatusApplied  SyncStatus = "applied"
	StatusAlready  SyncStatus = "already"  // this act, or another to the same effect, had been applied before
	StatusConflict SyncStatus = "conflict" // nothing changed
)

// SyncResult is what became of one act.
type SyncResult struct {
	ID      string                `json:"id" doc:"As it was sent; empty where it could not be read."`
	Status  SyncStatus            `json:"status" enum:"applied,already,conflict"`
	Applied nullable[SyncApplied] `json:"applied" doc:"How it was applied, the first time; null in a conflict, and where another act had had the same effect."`
	Error   nullable[Problem]     `json:"error" doc:"Of a conflict: the problem with which an operation of its own would have been refused."`
	Advice  Advice                `json:"advice" enum:"none,forget,resend,redo,bring_back,call" doc:"What to do now. forget: drop the act. resend: keep it and send it again later. redo: have the rider do it again, properly, as a new act. bring_back: what was picked up goes back to the store. call: a dispatcher must sort it out."`
	Order   nullable[SyncOrder]   `json:"order" doc:"What is true of the order now; null where the act is about none, or about one that was never the rider's."`
	Offer   nullable[SyncOffer]   `json:"offer" doc:"What is true of the offer now."`

	Handover nullable[SyncHandover] `json:"handover" doc:"What is true of the handover now."`
}

// SyncApplied is how an act was applied.
type SyncApplied struct {
	At      time.Time   `json:"at" doc:"When, by the server's clock."`
	State   order.State `json:"state" doc:"In which it left the order; empty for other acts."`
	Version int64       `json:"version"`
}

// SyncOrder is what a rider may know of an order that was in an act.
type SyncOrder struct {
	ID      id.Order     `json:"id"`
	Yours   bool         `json:"yours" doc:"The rider has it, or has brought it to its end."`
	State   *order.State `json:"state" enum:"assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled" doc:"Null once it is another's or nobody's."`
	Version *int64       `json:"version"`
}

// SyncOffer is how an offer stands.
type SyncOffer struct {
	ID    id.Offer         `json:"id"`
	State rider.OfferState `json:"state" enum:"open,accepted,declined,expired,withdrawn"`
}

// SyncHandover is how a handover stands.
type SyncHandover struct {
	ID    id.Handover         `json:"id"`
	State rider.HandoverState `json:"state" enum:"open,accepted,done,declined,expired,cancelled,overtaken"`
}

// SyncAnswer tells what became of all that was sent, and what the rider has to do now.
type SyncAnswer struct {
	Results   []SyncResult `json:"results" doc:"One for each act, in the order in which they were sent."`
	Positions rider.Counts `json:"positions"`
	Work
	Now time.Time `json:"now" doc:"The server's time."`
}

// sync takes in what a phone recorded. Each act is a transaction of its own, by the same way as an operation of its own takes it. When one
// fails for no fault of its own, the answer is that failure; the phone sends all again, and what was applied is told as already.
func (s *Server) sync(ctx context.Context, in *syncInput) (*out[SyncAnswer], error) {
	who := riderOf(ctx)
	if err := in.Body.check(s); err != nil {
		return nil, err
	}
	var a SyncAnswer
	if fixes := in.Body.Positions; len(fixes) > 0 {
		a.Positions = s.ingest.Accept(ctx, who.Tenant, who.Zone, who.Rider, who.Vehicle, fixesOf(fixes))
	}
	y := &syncing{s: s, who: who, rows: in.Body.Actions, acts: make([]dispatch.Act, len(in.Body.Actions)), results: make([]SyncResult, len(in.Body.Actions))}
	if err := y.run(ctx); err != nil {
		return nil, err
	}
	a.Results = y.results
	var err error
	if a.Work, err = s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, 0); err != nil {
		return nil, err
	}
	a.Now = s.clock.Now()
	return answer(a), nil
}

// check finds what is wrong with a body as a whole.
func (y *Sync) check(s *Server) error {
	if y.rest == nil {
		return invalid(FieldFault{"body", "expected object", nil})
	}
	if n := len(y.Actions); n > maxSync {
		return invalid(FieldFault{"actions", "must be 200 or fewer: send the rest in another request", n})
	}
	var found huma.ValidateResult
	path := huma.NewPathBuffer(make([]byte, 0, 128), 0)
	path.Push("body")
	huma.Validate(s.schemas, s.syncBody, path, huma.ModeWriteToServer, y.rest, &found)
	if len(found.Errors) > 0 {
		return invalid(humaProblem(http.StatusUnprocessableEntity, "", found.Errors).Errors...)
	}
	return nil
}

// truth reads what is true now of all that the acts are about.
func (y *syncing) truth(ctx context.Context) error {
	return y.s.db.Read(ctx, y.who.Tenant, func(tx pgx.Tx) error {
		var orders []id.Order
		var offers []id.Offer
		for _, a := range y.acts {
			if !a.Order.IsZero() {
				orders = append(orders, a.Order)
			}
			if !a.Offer.IsZero() {
				offers = append(offers, a.Offer)
			}
		}
		if len(orders) > 0 {
			if err := y.orders(ctx, tx, orders); err != nil {
				return err
			}
		}
		if err := y.handovers(ctx, tx); err != nil || len(offers) == 0 {
			return err
		}
		found, err := rider.OffersByID(ctx, tx, y.who.Tenant, offers)
		for _, f := range found {
			for i, a := range y.acts {
				if a.Offer == f.ID && f.Rider == y.who.Rider {
					y.results[i].Offer = some(SyncOffer{f.ID, f.State})
				}
			}
		}
		return err
	})
}

func (y *syncing) handovers(ctx context.Context, tx pgx.Tx) error {
	for i, a := range y.acts {
		if a.Handover.IsZero() {
			continue
		}
		h, err := rider.GetHandover(ctx, tx, y.who.Tenant, a.Handover)
		switch {
		case errors.Is(err, rider.ErrHandoverNotFound) || err == nil && h.Taker != y.who.Rider:
		case err != nil:
			return err
		default:
			y.results[i].Handover = some(SyncHandover{h.ID, h.State})
		}
	}
	return nil
}

func (y *syncing) orders(ctx context.Context, tx pgx.Tx, ids []id.Order) error {
	found, err := order.GetMany(ctx, tx, y.who.Tenant, ids)
	if err != nil {
		return err
	}
	for _, o := range found {
		shown := SyncOrder{ID: o.ID, Yours: o.Rider == y.who.Rider}
		if !shown.Yours {
			had, err := order.HadRider(ctx, tx, y.who.Tenant, o.ID, y.who.Rider)
			if err != nil {
				return err
			}
			if !had {
				continue
			}
		}
		if shown.Yours || o.State == order.Cancelled {
			shown.State, shown.Version = &o.State, &o.Version
		}
		for i, a := range y.acts {
			if a.Order == o.ID {
				y.results[i].Order = some(shown)
			}
		}
	}
	return nil
}
