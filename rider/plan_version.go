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

// GetPlanVersion reads an earlier version of a rider's plan. ErrVersionUnknown.
func GetPlanVersion(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, version int64) (PlanVersion, error) {
	v := PlanVersion{Version: version}
	var stops []byte
	err := tx.QueryRow(ctx, "select at, stops from plan_versions where tenant_id = $1 and rider_id = $2 and version = $3", tenant, rider, version).
		Scan(&v.At, &stops)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrVersionUnknown
	}
	if err == nil {
		v.Stops, err = decodeStops(stops)
	}
	return v, wrap("read an earlier plan", err)
}
