package api

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
)

// Why an operation that writes has no row in the audit log.
const (
	inOrderEvents  = "the events of its order tell who did it"
	inPositions    = "positions are rows with a rider and a time of their own, thousands a second"
	inOffers       = "the offer, or the handover, keeps when it was seen"
	inActions      = "the rider's actions are kept, and the events of their orders tell who did it"
	inTestEvents   = "the events of its test order tell who did it"
	readsOnly      = "it changes nothing"
	givesKeyBack   = "it gives back the key that was sent"
	inMessages     = "it changes nothing; the log-in that follows is in the log"
	prolongsDevice = "it prolongs a log-in that is in the log, every quarter of an hour for each phone"
)

// unaudited are the operations that write without a row in the audit log. All others that are no GET have one.
var unaudited = map[string]string{
	"create-order": inOrderEvents, "cancel-order": inOrderEvents, "mark-order-ready": inOrderEvents, "delay-order": inOrderEvents,
	"create-orders": inOrderEvents, "update-order": inOrderEvents, "accept-order": inOrderEvents, "return-order": inOrderEvents,
	"create-job": inOrderEvents, "add-to-job": inOrderEvents, "cancel-job": inOrderEvents,
	"accept-offer": inOrderEvents, "decline-offer": inOrderEvents,
	"arrive-store": inOrderEvents, "pickup": inOrderEvents, "arrive-door": inOrderEvents, "deliver": inOrderEvents,
	"fail": inOrderEvents, "return": inOrderEvents,
	"assign-order": inOrderEvents, "unassign-order": inOrderEvents, "console-cancel-order": inOrderEvents,
	"advance-test-order":   inTestEvents,
	"uber-create-delivery": inOrderEvents, "uber-update-delivery": inOrderEvents, "uber-cancel-delivery": inOrderEvents,
	"doordash-accept-quote": inOrderEvents, "doordash-create-delivery": inOrderEvents, "doordash-update-delivery": inOrderEvents, "doordash-cancel-delivery": inOrderEvents,
	"uber-proof-of-delivery": readsOnly, "uber-token": givesKeyBack,
	"rider-sync":     inActions,
	"send-positions": inPositions, "see-offer": inOffers, "see-handover": inOffers, "rider-refresh": prolongsDevice, "ask-login-code": inMessages,
}

func isAudited(o *huma.Operation) bool {
	return o.Method != http.MethodGet && unaudited[o.OperationID] == ""
}

// audited lets a request through to its handler with a pen that writes who did what. A refusal is written too, where it is known whose it is:
// of log-ins those at a tenant that there is.
func (s *Server) audited(c huma.Context, next func(huma.Context)) {
	r := requestFrom(c.Context())
	tenant, actor := callerOf(c.Context())
	body := new(keptBody)
	g := humagin.Unwrap(c)
	if g.Request.Body != nil {
		g.Request.Body = &teeBody{io.TeeReader(g.Request.Body, body), g.Request.Body}
	}
	ctx, pen := audit.Begin(c.Context(), s.clock, audit.Act{
		Actor: actor, Operation: c.Operation().OperationID, Target: c.Param("id"), RequestID: r.id, IP: g.ClientIP(),
		Changes: func() json.RawMessage { return toldChanges(body.kept) },
	})
	outcome := codeInternal // unless the handler comes back
	defer func() {
		if tenant.IsZero() {
			if tenant = r.foiledAt(); tenant.IsZero() {
				return
			}
			if _, err := s.foiled.take(tenant); err != nil { // a flood is not worth a full disk
				return
			}
		}
		if err := pen.End(context.WithoutCancel(ctx), s.db, tenant, outcome); err != nil {
			s.log.ErrorContext(ctx, "act not in the audit log", "request_id", r.id, "operation", c.Operation().OperationID, "err", err)
		}
	}()
	next(huma.WithContext(c, ctx))
	outcome = audit.OK
	if c.Status() >= http.StatusBadRequest {
		outcome = cmp.Or(r.refusal(), codeInternal)
	}
}

// foiledLogins is how many failed log-ins of a tenant are written down. The refusals themselves are limited by address and account.
var foiledLogins = Rate{PerSecond: 1.0 / 60, Burst: 60}

// badLogin refuses a log-in. Where there is such a tenant, its audit log tells of it.
func badLogin(ctx context.Context, tenant id.Tenant) error {
	if r := requestFrom(ctx); r != nil && !tenant.IsZero() {
		r.foiled(tenant)
	}
	return errBadLogin
}

// callerOf is who the guard has let in.
func callerOf(ctx context.Context) (id.Tenant, audit.Actor) {
	switch {
	case ctx.Value(merchantKey{}) != nil:
		m := merchantOf(ctx)
		return m.Tenant, audit.Actor{Kind: audit.Merchant, ID: m.Key.String()}
	case ctx.Value(riderKey{}) != nil:
		r := riderOf(ctx)
		return r.Tenant, audit.Actor{Kind: audit.Rider, ID: r.Rider.String()}
	case ctx.Value(staffKey{}) != nil:
		u := staffOf(ctx)
		return u.Tenant, audit.Actor{Kind: audit.Staff, ID: u.ID.String()}
	}
	return id.Tenant{}, audit.Actor{Kind: audit.Nobody}
}

// maxKept is the largest body of which the log tells fields; photographs are none of them.
const maxKept = 512 << 10

// keptBody keeps what is read of a body, unless it becomes too large.
type keptBody struct {
	kept []byte
	over bool
}

// Write takes all and keeps what it may.
func (b *keptBody) Write(p []byte) (int, error) {
	if b.over = b.over || len(b.kept)+len(p) > maxKept; b.over {
		b.kept = nil
	} else {
		b.kept = append(b.kept, p...)
	}
	return len(p), nil
}

// teeBody is a body that is kept while it is read.
type teeBody struct {
	io.Reader
	under io.Closer
}

func (b *teeBody) Close() error { return b.under.Close() }

// AuditEntry is one act of somebody.
type AuditEntry struct {
	ID        id.Audit        `json:"id"`
	At        time.Time       `json:"at"`
	Actor     AuditActor      `json:"actor"`
	Operation string          `json:"operation" doc:"The operation's id in the OpenAPI document."`
	Target    string          `json:"target" doc:"Id of what it was about; empty where there is no one thing."`
	RequestID string          `json:"request_id"`
	IP        string          `json:"ip"`
	Outcome   string          `json:"outcome" doc:"ok, or the code of the refusal."`
	Changes   json.RawMessage `json:"changes" doc:"What the request asked to be, by field. Secrets and personal data are shown as …"`
}

// AuditActor is who acted.
type AuditActor struct {
	Kind audit.ActorKind `json:"kind" enum:"staff,merchant,rider,operator,nobody"`
	ID   string          `json:"id" doc:"Of the user, API key or rider; of an operator on the command line, the name."`
}

type auditQuery struct {
	Page
	Actor     string    `query:"actor" maxLength:"64" doc:"Id of a user, API key or rider."`
	Operation string    `query:"operation" maxLength:"64" doc:"An operation's id in the OpenAPI document."`
	Target    string    `query:"target" maxLength:"64" doc:"Id of what it was about."`
	From      time.Time `query:"from" doc:"At or after."`
	To        time.Time `query:"to" doc:"Before."`
}

func (s *Server) listAudit(ctx context.Context, in *auditQuery) (*list[AuditEntry], error) {
	tenant := staffOf(ctx).Tenant
	f := audit.Filter{Actor: in.Actor, Operation: in.Operation, Target: in.Target, From: in.From, To: in.To, Limit: in.Limit + 1}
	var err error
	if f.After, err = after[id.Audit](in.Page); err != nil {
		return nil, err
	}
	var found []audit.Entry
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		found, err = audit.List(ctx, tx, tenant, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, in.Limit, func(e audit.Entry) id.Audit { return e.ID })
	data := make([]AuditEntry, len(found))
	for i, e := range found {
		data[i] = AuditEntry{e.ID, e.At, AuditActor{e.Actor.Kind, e.Actor.ID}, e.Operation, e.Target, e.RequestID, e.IP, e.Outcome, e.Changes}
	}
	return listOf(data, next), nil
}
