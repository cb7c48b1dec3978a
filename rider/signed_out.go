package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// SignedOut are the devices of all tenants that were signed out, by whatever way, and had got a token after a time.
func SignedOut(ctx context.Context, db *pg.DB, tokenAfter time.Time) ([]id.Device, error) {
	rows, err := db.Pool.Query(ctx, "select * from signed_out_since($1)", tokenAfter.Add(RefreshLifetime))
	if err != nil {
		return nil, wrap("read who was signed out", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[id.Device])
	return out, wrap("read who was signed out", err)
}

// ForgetSignedOut deletes the notes on devices that had got no token after a time: none of theirs is good any more.
func ForgetSignedOut(ctx context.Context, tx pgx.Tx, tenant id.Tenant, tokenAfter time.Time) error {
	_, err := tx.Exec(ctx, "delete from signed_out_devices where tenant_id = $1 and expires_at <= $2", tenant, tokenAfter.Add(RefreshLifetime))
	return wrap("forget who was signed out", err)
}
