package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// keptVersions is how many versions of a plan are kept: more than change while a phone is out of reach.
const keptVersions = 50

// PlanVersion is an earlier version of a plan. Its stops have no places and no times.
type PlanVersion struct {
	Version int64
	At      time.Time // when it became the plan
	Stops   []Stop
}

// ErrVersionUnknown is a version of a plan that is kept no more, or has never been.
var ErrVersionUnknown = errors.New("rider: that version of the plan is not kept")

// PlanVersions reads a rider's plan as it was in a version, and as it has been since, up to what it is now. ErrVersionUnknown.
func PlanVersions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from int64) ([]PlanVersion, error) {
	rows, err := tx.Query(ctx, "select version, at, stops from plan_versions where tenant_id = $1 and rider_id = $2 and version >= $3 order by version", tenant, rider, from)
	if err != nil {
		return nil, wrap("read earlier plans", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (PlanVersion, error) {
		var v PlanVersion
		var stops []byte
		if err := row.Scan(&v.Version, &v.At, &stops); err != nil {
			return v, err
		}
		var err error
		v.Stops, err = decodeStops(stops)
		return v, err
	})
	if err == nil && (len(out) == 0 || out[0].Version != from) {
		err = ErrVersionUnknown
	}
	return out, wrap("read earlier plans", err)
}
