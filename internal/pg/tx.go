package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ErrNoTenant refuses a transaction for nobody.
var ErrNoTenant = errors.New("no tenant given for the transaction")

const (
	beginTx   = "begin isolation level read committed read write"
	beginRead = "begin isolation level repeatable read read only"
)

// rollbackTimeout bounds a rollback, which goes on after the caller's context is done.
const rollbackTimeout = 5 * time.Second

// Tx runs fn in a READ COMMITTED transaction that sees one tenant's rows. It commits when fn returns nil; otherwise it
// rolls back and returns fn's error as it is.
func (db *DB) Tx(ctx context.Context, tenant id.Tenant, fn func(pgx.Tx) error) error {
	return db.within(ctx, beginTx, tenant, fn)
}

// Read runs fn in a REPEATABLE READ, READ ONLY transaction: all its queries see the same moment.
func (db *DB) Read(ctx context.Context, tenant id.Tenant, fn func(pgx.Tx) error) error {
	return db.within(ctx, beginRead, tenant, fn)
}

func (db *DB) within(ctx context.Context, begin string, tenant id.Tenant, fn func(pgx.Tx) error) (err error) {
	if tenant.IsZero() {
		return ErrNoTenant
	}
	// Without arguments pgx speaks the simple protocol, so both statements travel together. A UUID needs no quoting.
	tx, err := db.Pool.BeginTx(ctx, pgx.TxOptions{
		BeginQuery: begin + "; set local paidan.tenant_id = '" + tenant.UUID().String() + "'",
	})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	var watch Witness
	if begin == beginTx {
		watch = witnessOf(ctx)
	}
	committed := false
	defer func() {
		if !committed { // fn failed, panicked or ended its goroutine; its reason matters more than the rollback's
			rollback(ctx, tx)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if watch != nil {
		if err := watch.Commits(ctx, tenant, execOf(tx)); err != nil {
			return err
		}
	}
	committed = true
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if watch != nil {
		watch.Committed()
	}
	return nil
}

func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_ = tx.Rollback(ctx) // on failure pgx discards the connection, which rolls back too
}
