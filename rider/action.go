package rider

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Kept is an act of a rider that was applied, kept by the id that the phone made.
type Kept struct {
	Action    uuid.UUID
	About     uuid.UUID // the order or offer; the rider where it is a shift
	Kind      string
	At        time.Time // by the phone's clock
	AppliedAt time.Time
	State     string // of the order right afterwards; "" where there is none
	Version   int64
	Waits     bool // it asked for a break with the last drop
}

// keepActions is how long acts are remembered: longer than phones may hold them back.
const keepActions = 7 * 24 * time.Hour

// KeepAction remembers an applied act. One that is known already stays as it was.
func KeepAction(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, k Kept) error {
	_, err := tx.Exec(ctx, `
		insert into rider_actions (tenant_id, rider_id, action_id, about, kind, at, applied_at, state, version, waits)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
		tenant, rider, k.Action, k.About, k.Kind, k.At, k.AppliedAt, k.State, k.Version, k.Waits)
	return wrap("keep the action", err)
}

// KeptActions are those of a rider's acts that are remembered under the ids.
func KeptActions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, ids []uuid.UUID) ([]Kept, error) {
	rows, err := tx.Query(ctx, `
		select action_id, about, kind, at, applied_at, state, version from rider_actions
		where tenant_id = $1 and rider_id = $2 and action_id = any($3)`, tenant, rider, ids)
	if err != nil {
		return nil, wrap("read kept actions", err)
	}
	kept, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Kept, error) {
		var k Kept
		err := row.Scan(&k.Action, &k.About, &k.Kind, &k.At, &k.AppliedAt, &k.State, &k.Version)
		return k, err
	})
	return kept, wrap("read kept actions", err)
}

// ForgetActions deletes the acts that no phone will repeat any more.
func ForgetActions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `delete from rider_actions where tenant_id = $1 and applied_at < $2`, tenant, now.Add(-keepActions))
	return wrap("forget actions", err)
}
