package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// OK is the outcome of an act that was done.
const OK = "ok"

// Act is what a pen knows from the beginning.
type Act struct {
	Actor     Actor
	Operation string // the API's operation id
	Target    string // what it is about, where the request names it
	RequestID string
	IP        string
	Changes   func() json.RawMessage // asked when the row is written: the request may not have been read before; nil = none
}

// Pen writes one row about one act.
type Pen struct {
	clock clock.Clock

	mu      sync.Mutex
	act     Act
	pending bool // the row is in a transaction that has not committed yet
	written bool
}

type penKey struct{}

// Begin makes a pen, and the context in which it sees what is written.
func Begin(ctx context.Context, c clock.Clock, act Act) (context.Context, *Pen) {
	p := &Pen{clock: c, act: act}
	return pg.WithWitness(context.WithValue(ctx, penKey{}, p), p), p
}

// Target tells what the act of this context makes, before its transaction commits. Without a pen it does nothing.
func Target(ctx context.Context, made string) {
	if p, ok := ctx.Value(penKey{}).(*Pen); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.act.Target = made
	}
}

// By tells who acts, where that was not known at the beginning: at a log-in. Without a pen it does nothing.
func By(ctx context.Context, who Actor) {
	if p, ok := ctx.Value(penKey{}).(*Pen); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.act.Actor = who
	}
}

const insertRow = `insert into audit_log (tenant_id, id, at, actor_kind, actor, operation, target, request_id, ip, outcome, changes)
	select $1::uuid, $2::uuid, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10, $11::jsonb`

// Commits writes the row, if the transaction has written anything so far and no other one has written the row.
func (p *Pen) Commits(ctx context.Context, tenant id.Tenant, exec pg.Exec) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.written {
		return nil
	}
	n, err := exec(ctx, insertRow+" where pg_current_xact_id_if_assigned() is not null", p.row(tenant, OK)...)
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	p.pending = n == 1
	return nil
}

// Committed keeps the row from being written again.
func (p *Pen) Committed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written, p.pending = p.written || p.pending, false
}

// End writes the row where no transaction has taken it along.
func (p *Pen) End(ctx context.Context, db *pg.DB, tenant id.Tenant, outcome string) error {
	p.mu.Lock()
	done := p.written
	p.written = true
	row := p.row(tenant, outcome)
	p.mu.Unlock() // the pen is told of this transaction too
	if done {
		return nil
	}
	err := db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, insertRow, row...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// row are the statement's parameters. The caller holds the lock.
func (p *Pen) row(tenant id.Tenant, outcome string) []any {
	a := p.act
	changes := json.RawMessage("{}")
	if a.Changes != nil {
		if told := a.Changes(); len(told) > 0 {
			changes = told
		}
	}
	return []any{
		tenant.UUID().String(), id.NewAudit().UUID().String(), p.clock.Now(), string(a.Actor.Kind), a.Actor.ID, a.Operation, a.Target,
		a.RequestID, a.IP, outcome, string(changes),
	}
}
