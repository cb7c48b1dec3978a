package sandbox

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Sandbox acts on test orders; it holds no state that matters.
type Sandbox struct {
	db       *pg.DB
	dispatch *dispatch.Service // spreads the word
	bus      *bus.Bus
	index    *rider.Index
	clock    clock.Clock
	log      *slog.Logger
}

// New makes a Sandbox; it starts nothing.
func New(db *pg.DB, d *dispatch.Service, b *bus.Bus, index *rider.Index, c clock.Clock, log *slog.Logger) *Sandbox {
	return &Sandbox{db: db, dispatch: d, bus: b, index: index, clock: c, log: log.With("component", "sandbox")}
}

// job is an order and what the robot is to do with it.
type job struct {
	order order.Order
	fault Fault
	move  move
	at    *time.Time // when the script wants it; nil: at once, for somebody who asks
}

// event is the order's event of the job, without what its kind adds.
func (j job) event(now time.Time, actor order.Actor) order.Event {
	return order.Event{Type: j.move.event, At: now, ClientAt: j.at, Actor: actor}
}

// due finds up to limit orders of a sandbox whose next step is due, the most overdue first. The stuck are passed over.
func due(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time, stuck []id.Order, limit int) ([]job, error) {
	n := (len(Faults()) + 1) * len(script)
	faults, states, after := make([]string, 0, n), make([]string, 0, n), make([]time.Duration, 0, n)
	for _, f := range append(Faults(), "") {
		for s := range script {
			m, _ := next(s, 0, f)
			faults, states, after = append(faults, string(f)), append(states, string(s)), append(after, m.after)
		}
	}
	rows, err := tx.Query(ctx, `
		select o.id, coalesce(f.fault, ''), o.due_at + s.after + o.declines * $6::interval
		from orders o left join test_faults f on f.tenant_id = o.tenant_id and f.order_id = o.id
		join unnest($3::text[], $4::text[], $5::interval[]) as s(fault, state, after) on s.fault = coalesce(f.fault, '') and s.state = o.state
		where o.tenant_id = $1 and o.ended_at is null and o.due_at + s.after + o.declines * $6::interval <= $2 and o.id <> all($7::uuid[])
		order by 3, 1 limit $8`, tenant, now, faults, states, after, declineCosts, stuck, limit)
	if err != nil {
		return nil, fmt.Errorf("find due test orders: %w", err)
	}
	type entry struct {
		fault Fault
		at    time.Time
	}
	found := make(map[id.Order]entry)
	var ids []id.Order
	var oid id.Order
	var e entry
	_, err = pgx.ForEachRow(rows, []any{&oid, &e.fault, &e.at}, func() error {
		ids, found[oid] = append(ids, oid), e
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find due test orders: %w", err)
	}
	orders, err := order.GetMany(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	jobs := make([]job, 0, len(orders))
	for _, o := range orders {
		e := found[o.ID]
		if m, ok := next(o.State, o.Declines, e.fault); ok {
			at := e.at.UTC()
			jobs = append(jobs, job{o, e.fault, m, &at})
		}
	}
	return jobs, nil
}
