package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// book is what came of some attempts, as columns.
type book struct {
	events  []id.Order
	version []int64
	states  []string
	tries   []int32
	nextAts []*time.Time
	ats     []time.Time
	status  []*int32
	errors  []*string
	bodies  []*string
	took    []int32

	was       Health // the endpoint's, before
	disable   Reason // of the endpoint; "" goes on
	recovered bool   // the endpoint was sick
}

func (b *book) empty() bool { return len(b.events) == 0 }

func (b *book) add(r result, v verdict) {
	b.events, b.version = append(b.events, r.event.Order), append(b.version, r.event.Version)
	b.states, b.tries, b.nextAts = append(b.states, string(v.delivery.state)), append(b.tries, int32(v.delivery.attempts)), append(b.nextAts, v.delivery.nextAt)
	var status *int32
	var fault, body *string
	if r.status != 0 {
		status, body = new(int32(r.status)), &r.body
	} else {
		fault = &r.err
	}
	b.ats, b.status, b.errors, b.bodies = append(b.ats, r.attempt.at), append(b.status, status), append(b.errors, fault), append(b.bodies, body)
	b.took = append(b.took, int32(r.took.Milliseconds()))
	if v.disable != "" {
		b.disable = v.disable
	}
}

// lastError says in short how the last attempt failed.
func (b *book) lastError() string {
	last := len(b.events) - 1
	if b.status[last] != nil {
		return fmt.Sprintf("status %d", *b.status[last])
	}
	return *b.errors[last]
}

// settleDeliveries finds each row by its key. It does not say state = 'pending', because then the planner may take the index of what is due:
// that is as good while little is, and reads all of it for every row when much is.
const settleDeliveries = `update webhook_deliveries d set state = n.state, attempts = n.attempts, next_at = n.next_at, attempted_at = n.attempted_at,
		status = n.status, error = n.error, body = n.body, took_ms = n.took_ms
	from unnest($3::uuid[], $4::bigint[], $5::text[], $6::integer[], $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::text[],
		$11::text[], $12::integer[])
		as n(order_id, version, state, attempts, next_at, attempted_at, status, error, body, took_ms)
	where d.tenant_id = $1 and d.endpoint_id = $2 and d.order_id = n.order_id and d.version = n.version
		and d.state not in ('delivered', 'failed')`

// settle records attempts: endpoint, progress, deliveries, in the order in which everybody locks them. A delivery that is no longer
// pending keeps what is written about it.
func (s *Service) settle(ctx context.Context, tenant id.Tenant, endpoint id.Endpoint, b book, h Health, now time.Time) error {
	var q pgx.Batch
	if b.disable != "" {
		q.Queue(`update webhook_endpoints set state = 'disabled', disabled_at = $3, disabled_reason = $4, updated_at = $3
			where tenant_id = $1 and id = $2 and state = 'enabled'`, tenant, endpoint, now, b.disable)
	}
	q.Queue(`update webhook_progress set failures = $3, failing_since = $4, probe_at = $5, last_success_at = coalesce($6, last_success_at)
		where tenant_id = $1 and endpoint_id = $2`, tenant, endpoint, h.Failures, h.FailingSince, h.ProbeAt, h.LastSuccessAt)
	q.Queue(settleDeliveries,
		tenant, endpoint, b.events, b.version, b.states, b.tries, b.nextAts, b.ats, b.status, b.errors, b.bodies, b.took)
	if b.recovered { // what failed meanwhile need not wait any longer
		q.Queue(retryAtOnce, tenant, endpoint, now)
	}
	err := s.db.Tx(ctx, tenant, func(tx pgx.Tx) error { return tx.SendBatch(ctx, &q).Close() })
	if err != nil {
		return fmt.Errorf("record %d attempts: %w", len(b.events), err)
	}
	return nil
}
