package push

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/rider"
)

// Queue turns notices into jobs.
type Queue struct{ jobs *jobs.Client }

// NewQueue inserts with a client, which need not be started.
func NewQueue(j *jobs.Client) *Queue { return &Queue{j} }

// Notify writes, in the caller's transaction, a job for each device that should be woken. Riders without a token cost a look at an index.
func (q *Queue) Notify(ctx context.Context, tx pgx.Tx, tenant id.Tenant, notices []rider.Notice, now time.Time) error {
	if len(notices) == 0 {
		return nil
	}
	riders := make([]id.Rider, len(notices))
	for i, n := range notices {
		riders[i] = n.Rider
	}
	rows, err := tx.Query(ctx, `select rider_id, device_id, provider from push_tokens where tenant_id = $1 and rider_id = any($2) order by device_id`, tenant, riders)
	if err != nil {
		return fmt.Errorf("whom to push to: %w", err)
	}
	type device struct {
		id       id.Device
		provider provider.Name
	}
	devices := map[id.Rider][]device{}
	var who id.Rider
	var d device
	if _, err := pgx.ForEachRow(rows, []any{&who, &d.id, &d.provider}, func() error {
		devices[who] = append(devices[who], d)
		return nil
	}); err != nil {
		return fmt.Errorf("whom to push to: %w", err)
	}
	var list []jobs.Args
	for _, n := range notices {
		for _, d := range devices[n.Rider] {
			list = append(list, args(d.provider, Push{
				ID: uuid.New(), Tenant: tenant, Rider: n.Rider, Device: d.id, Kind: n.Kind, Offer: n.Offer, Handover: n.Handover, Booking: n.Booking, At: now, ExpiresAt: n.ExpiresAt,
			}))
		}
	}
	return q.jobs.Insert(ctx, tx, list...)
}
