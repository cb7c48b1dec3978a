package order

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// RecordedEvent is an event in an order's history.
type RecordedEvent struct {
	Event
	Version int64 // of the order after the event; the first is 1
	State   State // of the order after the event
}

// data is the part of an event that has no column of its own.
type data struct {
	Rider         id.Rider   `json:"rider_id,omitzero"`
	From          id.Rider   `json:"from_rider_id,omitzero"`
	Offer         id.Offer   `json:"offer_id,omitzero"`
	Reason        string     `json:"reason,omitempty"`
	Fault         string     `json:"fault,omitempty"`
	DueAt         *time.Time `json:"due_at,omitzero"`
	ReadyEstimate *time.Time `json:"ready_estimate,omitzero"`
	PromiseAt     *time.Time `json:"promise_at,omitzero"`
	Changed       []string   `json:"changed,omitempty"`
	Proof         *Proof     `json:"proof,omitzero"`
	Note          string     `json:"note,omitempty"`
	Recorded      bool       `json:"recorded,omitempty"`
}

func (e Event) data() data {
	return data{e.Rider, e.From, e.Offer, e.Reason, e.Fault, e.DueAt, e.ReadyEstimate, e.PromiseAt, e.Changed, e.Proof, e.Note, e.Recorded}
}

// Data is what the event tells besides its type, times and actor: the JSON object kept in the history and shown to callers.
func (e Event) Data() json.RawMessage {
	b, err := json.Marshal(e.data())
	if err != nil { // times outside the years 0–9999, which no decoder let in
		return json.RawMessage(`{}`)
	}
	return b
}

// Events is an order's history, oldest first. An order that the tenant does not have has none.
func Events(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order) ([]RecordedEvent, error) {
	rows, err := tx.Query(ctx, `select version, type, state, at, client_at, actor_kind, actor_id, action_id, data
		from order_events where tenant_id = $1 and order_id = $2 order by version`, tenant, order)
	if err != nil {
		return nil, fmt.Errorf("read the events of order %s: %w", order, err)
	}
	evs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (RecordedEvent, error) { return scanEvent(row) })
	if err != nil {
		return nil, fmt.Errorf("read the events of order %s: %w", order, err)
	}
	return evs, nil
}

// scanEvent reads the columns of Events, and those that a query adds behind them.
func scanEvent(row pgx.CollectableRow, more ...any) (RecordedEvent, error) {
	var e RecordedEvent
	var actor, action *uuid.UUID
	var raw []byte
	into := append([]any{&e.Version, &e.Type, &e.State, &e.At, &e.ClientAt, &e.Actor.Kind, &actor, &action, &raw}, more...)
	if err := row.Scan(into...); err != nil {
		return e, err
	}
	e.At = e.At.UTC()
	if e.ClientAt != nil {
		*e.ClientAt = e.ClientAt.UTC()
	}
	if actor != nil {
		e.Actor.ID = *actor
	}
	if action != nil {
		e.ActionID = *action
	}
	var d data
	if err := json.Unmarshal(raw, &d); err != nil {
		return e, fmt.Errorf("version %d: read its data: %w", e.Version, err)
	}
	e.Rider, e.From, e.Offer, e.Reason, e.Fault = d.Rider, d.From, d.Offer, d.Reason, d.Fault
	e.DueAt, e.ReadyEstimate, e.PromiseAt, e.Changed, e.Proof, e.Note, e.Recorded = d.DueAt, d.ReadyEstimate, d.PromiseAt, d.Changed, d.Proof, d.Note, d.Recorded
	return e, nil
}

// Rebuild applies a history to nothing. Of the order it answers only what events change: state, version, rider, offer,
// times, refusals and the cancellation. It fails at the first gap in the versions, event that was impossible, or state that the
// recorded one contradicts.
func Rebuild(history []RecordedEvent) (Order, error) {
	var o Order
	for _, e := range history {
		next, err := o.Apply(e.Event)
		switch {
		case err != nil:
			return o, fmt.Errorf("version %d, %s: %w", e.Version, e.Type, err)
		case next.Version != e.Version:
			return o, fmt.Errorf("version %d, %s: follows version %d", e.Version, e.Type, o.Version)
		case next.State != e.State:
			return o, fmt.Errorf("version %d, %s: recorded state %s, but it leads to %s", e.Version, e.Type, e.State, next.State)
		}
		o = next
	}
	return o, nil
}

// Replay is the state and version in which a history ends; see Rebuild for its errors.
func Replay(history []RecordedEvent) (State, int64, error) {
	o, err := Rebuild(history)
	return o.State, o.Version, err
}

// record is an event about to be written.
type record struct {
	order    id.Order
	merchant id.Merchant
	RecordedEvent
}

// feed.go says what the txid must be.
const insertEvents = `insert into order_events
		(tenant_id, order_id, merchant_id, version, type, state, at, client_at, actor_kind, actor_id, action_id, data, txid)
	select $1, e.order_id, e.merchant_id, e.version, e.type, e.state, e.at, e.client_at, e.actor_kind, e.actor_id, e.action_id, e.data,
		greatest(pg_current_xact_id(),
			(select p.txid from order_events p where p.tenant_id = $1 and p.order_id = e.order_id order by p.version desc limit 1))
	from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::uuid[],
			$11::uuid[], $12::jsonb[])
		as e(order_id, merchant_id, version, type, state, at, client_at, actor_kind, actor_id, action_id, data)`

// eventArgs are the arguments of insertEvents: one array per column.
func eventArgs(tenant id.Tenant, rs []record) []any {
	n := len(rs)
	var (
		orders, versions = make([]id.Order, n), make([]int64, n)
		merchants        = make([]id.Merchant, n)
		types, states    = make([]string, n), make([]string, n)
		ats, clientAts   = make([]time.Time, n), make([]*time.Time, n)
		kinds            = make([]string, n)
		actors, actions  = make([]*uuid.UUID, n), make([]*uuid.UUID, n)
		datas            = make([]string, n)
	)
	for i, r := range rs {
		orders[i], merchants[i], versions[i], types[i], states[i] = r.order, r.merchant, r.Version, string(r.Type), string(r.State)
		ats[i], clientAts[i], kinds[i] = r.At, r.ClientAt, string(r.Actor.Kind)
		actors[i], actions[i] = optional(r.Actor.ID), optional(r.ActionID)
		datas[i] = string(r.Data())
	}
	return []any{tenant, orders, merchants, versions, types, states, ats, clientAts, kinds, actors, actions, datas}
}

func optional(u uuid.UUID) *uuid.UUID {
	if u == uuid.Nil {
		return nil
	}
	return &u
}
