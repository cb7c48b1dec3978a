package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Change is an event to apply to an order.
type Change struct {
	Order     id.Order
	Event     Event
	IfVersion int64 // the version that the caller looked at; 0 = any
}

// Outcome is what became of a Change.
type Outcome struct {
	Order    Order // as it is now, whether changed or not
	Repeated bool  // the event had happened already; nothing changed
	// Err is nil, ErrNotFound, ErrConflict (IfVersion), *TransitionError, *NotYoursError, *IncompleteError, *ProofError, *UpdateError or
	// *InvalidError; unless nil, nothing changed.
	Err error
}

// Apply is ApplyAll of one change, its Outcome's error included.
func Apply(ctx context.Context, tx pgx.Tx, tenant id.Tenant, order id.Order, e Event) (o Order, repeated bool, err error) {
	out, err := ApplyAll(ctx, tx, tenant, []Change{{Order: order, Event: e}})
	if err != nil {
		return Order{}, false, err
	}
	return out[0].Order, out[0].Repeated, out[0].Err
}

// ApplyAll applies changes to orders and is the only writer of an order after it is placed: it writes the rows and the
// history in the caller's transaction. The outcomes are parallel to the changes. Changes of the same order apply one after
// the other. One change's failure leaves the others alone; a caller who wants all or nothing rolls back.
// The error tells of the database only.
//
// However many the changes, it takes two round trips: one locks the rows, always in the order of their ids, so that two
// batches can't deadlock; the other writes. (A second call in the same transaction may lock lower ids and deadlock;
// PostgreSQL then fails one of them, see pg.IsSerialization.)
func ApplyAll(ctx context.Context, tx pgx.Tx, tenant id.Tenant, changes []Change) ([]Outcome, error) {
	out := make([]Outcome, len(changes))
	if len(changes) == 0 {
		return out, nil
	}
	b, err := lock(ctx, tx, tenant, changes)
	if err != nil {
		return nil, fmt.Errorf("lock %d orders: %w", len(changes), err)
	}
	for i, c := range changes {
		out[i] = b.apply(c)
	}
	if err := b.write(ctx, tx, tenant); err != nil {
		return nil, fmt.Errorf("write %d orders: %w", len(b.changed), err)
	}
	return out, nil
}

// batch is the locked orders of one ApplyAll, and what it did to them.
type batch struct {
	orders   map[id.Order]Order
	seen     map[action]bool // actions that the history knows
	changed  map[id.Order]bool
	detailed map[id.Order]bool // by an update
	records  []record
}

type action struct {
	order id.Order
	id    uuid.UUID
}

// findActions is a statement of its own: it must see what was committed while lockOrders waited.
const findActions = `select e.order_id, e.action_id from order_events e join unnest($2::uuid[], $3::uuid[]) as a(order_id, action_id)
	on e.order_id = a.order_id and e.action_id = a.action_id where e.tenant_id = $1`

func lock(ctx context.Context, tx pgx.Tx, tenant id.Tenant, changes []Change) (*batch, error) {
	b := &batch{orders: make(map[id.Order]Order, len(changes)), seen: map[action]bool{}, changed: make(map[id.Order]bool, len(changes)), detailed: map[id.Order]bool{}}
	ids := make([]id.Order, len(changes))
	var of []id.Order
	var actions []uuid.UUID
	for i, c := range changes {
		ids[i] = c.Order
		if c.Event.ActionID != uuid.Nil {
			of, actions = append(of, c.Order), append(actions, c.Event.ActionID)
		}
	}
	var q pgx.Batch
	q.Queue(lockOrders, tenant, ids).Query(func(rows pgx.Rows) error {
		os, err := collect(rows, nil)
		for _, o := range os {
			b.orders[o.ID] = o
		}
		return err
	})
	if len(actions) > 0 {
		q.Queue(findActions, tenant, of, actions).Query(func(rows pgx.Rows) error {
			var a action
			_, err := pgx.ForEachRow(rows, []any{&a.order, &a.id}, func() error {
				b.seen[a] = true
				return nil
			})
			return err
		})
	}
	return b, tx.SendBatch(ctx, &q).Close()
}

func (b *batch) apply(c Change) Outcome {
	o, ok := b.orders[c.Order]
	a := action{c.Order, c.Event.ActionID}
	switch {
	case !ok:
		return Outcome{Err: ErrNotFound}
	case b.seen[a]:
		return Outcome{Order: o, Repeated: true}
	case c.IfVersion != 0 && c.IfVersion != o.Version:
		return Outcome{Order: o, Err: ErrConflict}
	}
	c.Event.clean()
	if u := c.Event.Update; u != nil {
		_, c.Event.Changed, _ = o.Updated(*u, c.Event.At) // Apply tells what is wrong
	}
	next, err := o.Apply(c.Event)
	if errors.Is(err, ErrRepeated) {
		return Outcome{Order: o, Repeated: true}
	}
	if err != nil {
		return Outcome{Order: o, Err: err}
	}
	b.orders[o.ID], b.changed[o.ID] = next, true
	if a.id != uuid.Nil {
		b.seen[a] = true
	}
	if c.Event.Update != nil {
		b.detailed[o.ID] = true
	}
	b.records = append(b.records, record{o.ID, o.Merchant, RecordedEvent{c.Event, next.Version, next.State}})
	return Outcome{Order: next}
}
