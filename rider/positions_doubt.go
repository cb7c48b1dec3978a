package rider

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// doubtError is a commit whose answer was lost: it may have taken place. Positions have no unique key by which a second attempt would be
// noticed (an index of that kind would cost more than the rows), so the transaction itself is asked what became of it.
type doubtError struct {
	xid string // PostgreSQL's xid8
	err error
}

func (d *doubtError) Error() string {
	return fmt.Sprintf("transaction %s is in doubt: %v", d.xid, d.err)
}
func (d *doubtError) Unwrap() error { return d.err }

var errUndecided = errors.New("the transaction is still under way")

// settle reports whether the rows were stored, errUndecided while PostgreSQL does not know it either. A server that never saw the
// transaction, or has forgotten it (two billion later), does not have the rows.
func (d *doubtError) settle(ctx context.Context, db *pg.DB, tenant id.Tenant) (stored bool, err error) {
	var status *string
	err = db.Read(ctx, tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select pg_xact_status($1::text::xid8)", d.xid).Scan(&status)
	})
	var e *pgconn.PgError
	switch {
	case errors.As(err, &e) && e.Code == "22023": // in the future: another server took over that did not get it
		return false, nil
	case err != nil:
		return false, wrap("ask what became of a transaction", err)
	case status != nil && *status == "in progress":
		return false, errUndecided
	}
	return status != nil && *status == "committed", nil
}
