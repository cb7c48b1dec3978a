package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ActorKind is the sort of party that acted.
type ActorKind string

// Who acts.
const (
	Staff    ActorKind = "staff"
	Merchant ActorKind = "merchant" // through an API key, whose id is the actor's
	Rider    ActorKind = "rider"
	Operator ActorKind = "operator" // on the command line; the actor's id is the name of the system's user
	Nobody   ActorKind = "nobody"   // not known (yet): before a log-in
)

// Actor is who acted. ID is the TypeID of the user, API key or rider; "" for nobody.
type Actor struct {
	Kind ActorKind
	ID   string
}

// Entry is one row of the log.
type Entry struct {
	ID        id.Audit
	At        time.Time
	Actor     Actor
	Operation string
	Target    string // TypeID of what it was about; "" where there is no one thing
	RequestID string
	IP        string
	Outcome   string          // OK, or the code of the refusal
	Changes   json.RawMessage // what the request asked to be, by field; what is secret or personal is left out
}

// Filter chooses entries; zero fields choose all.
type Filter struct {
	Actor     string // a TypeID
	Operation string
	Target    string
	From, To  time.Time // at or after From and before To
	After     id.Audit  // the last entry of the page before
	Limit     int
}

// List reads entries, the newest first.
func List(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f Filter) ([]Entry, error) {
	conds, args := []string{"tenant_id = $1"}, []any{tenant}
	add := func(use bool, cond string, arg any) {
		if use {
			args = append(args, arg)
			conds = append(conds, fmt.Sprintf(cond, len(args)))
		}
	}
	add(f.Actor != "", "actor = $%d", f.Actor)
	add(f.Operation != "", "operation = $%d", f.Operation)
	add(f.Target != "", "target = $%d", f.Target)
	add(!f.From.IsZero(), "at >= $%d", f.From)
	add(!f.To.IsZero(), "at < $%d", f.To)
	add(!f.After.IsZero(), "id < $%d", f.After)
	args = append(args, f.Limit)
	rows, err := tx.Query(ctx, `select id, at, actor_kind, actor, operation, target, request_id, ip, outcome, changes from audit_log where `+
		strings.Join(conds, " and ")+fmt.Sprintf(" order by id desc limit $%d", len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Entry, error) {
		var e Entry
		var changes []byte
		err := row.Scan(&e.ID, &e.At, &e.Actor.Kind, &e.Actor.ID, &e.Operation, &e.Target, &e.RequestID, &e.IP, &e.Outcome, &changes)
		e.At, e.Changes = e.At.UTC(), changes
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return out, nil
}
