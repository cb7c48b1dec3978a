package webhook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

const (
	// fanOutPage is how many events an endpoint is given at a time.
	fanOutPage = 500
	// maxPending is where an endpoint gets no more: what it can't take yet is kept by the feed.
	maxPending = 1000
)

// follower is an endpoint that may be given events.
type follower struct {
	endpoint id.Endpoint
	types    []string
	from     order.Follower
}

// fanOut makes deliveries of the events that came since the last time, for all enabled endpoints of a tenant, and reports whether there may
// be more. It may run twice at once: then each delivery is made by one of the two, and the places end at the later.
func fanOut(ctx context.Context, db *pg.DB, tenant id.Tenant, now time.Time) (more bool, err error) {
	var followers []follower
	var marks [][]order.Mark
	err = db.Read(ctx, tenant, func(tx pgx.Tx) error {
		if followers, err = findFollowers(ctx, tx, tenant); err != nil {
			return err
		}
		from := make([]order.Follower, len(followers))
		for i, f := range followers {
			from[i] = f.from
		}
		marks, err = order.Follow(ctx, tx, tenant, from, fanOutPage)
		return err
	})
	if err != nil {
		return false, err
	}
	var n newDeliveries
	for i, f := range followers {
		n.add(f, marks[i])
		more = more || len(marks[i]) == fanOutPage
	}
	if len(n.passed) == 0 {
		return false, nil
	}
	return more, db.Tx(ctx, tenant, func(tx pgx.Tx) error { return n.insert(ctx, tx, tenant, micro(now)) })
}

// findFollowers leaves out endpoints that have enough to do: those with maxPending waiting, and sick ones with anything to be probed with.
func findFollowers(ctx context.Context, tx pgx.Tx, tenant id.Tenant) ([]follower, error) {
	rows, err := tx.Query(ctx, `select e.id, e.merchant_id, e.event_types, p.place
		from webhook_endpoints e join webhook_progress p on p.tenant_id = e.tenant_id and p.endpoint_id = e.id
		where e.tenant_id = $1 and e.state = 'enabled' and
			(select count(*) from (
				select 1 from webhook_deliveries d where d.tenant_id = $1 and d.endpoint_id = e.id and d.state = 'pending'
				limit case when p.failures < $2 then $3::integer else 1 end
			) waiting) < case when p.failures < $2 then $3::integer else 1 end
		order by e.id`, tenant, sickAfter, maxPending)
	if err != nil {
		return nil, fmt.Errorf("find webhook endpoints: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (follower, error) {
		var f follower
		var place []byte
		err := row.Scan(&f.endpoint, &f.from.Merchant, &f.types, &place)
		if err == nil {
			f.from.After, err = order.CursorOf(place)
		}
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("find webhook endpoints: %w", err)
	}
	return out, nil
}

// newDeliveries are columns of rows to come.
type newDeliveries struct {
	endpoints []id.Endpoint
	orders    []id.Order
	versions  []int64
	types     []string
	ats       []time.Time

	passed []id.Endpoint // and how far
	places [][]byte
}

func (n *newDeliveries) add(f follower, marks []order.Mark) {
	if len(marks) == 0 {
		return
	}
	for _, m := range marks {
		t := TypeOf(m.Type)
		if len(f.types) > 0 && !slices.Contains(f.types, t) {
			continue
		}
		n.endpoints, n.orders, n.versions = append(n.endpoints, f.endpoint), append(n.orders, m.Event.Order), append(n.versions, m.Event.Version)
		n.types, n.ats = append(n.types, t), append(n.ats, m.At)
	}
	n.passed, n.places = append(n.passed, f.endpoint), append(n.places, marks[len(marks)-1].Place.Bytes())
}

func (n *newDeliveries) insert(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	var q pgx.Batch
	q.Queue(`insert into webhook_deliveries (tenant_id, endpoint_id, order_id, version, type, at, state, next_at, created_at)
		select $1, n.endpoint_id, n.order_id, n.version, n.type, n.at, 'pending', $7, $7
		from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[]) as n(endpoint_id, order_id, version, type, at)
		on conflict do nothing`, tenant, n.endpoints, n.orders, n.versions, n.types, n.ats, now)
	q.Queue(`update webhook_progress p set place = n.place from unnest($2::uuid[], $3::bytea[]) as n(endpoint_id, place)
		where p.tenant_id = $1 and p.endpoint_id = n.endpoint_id and p.place < n.place`, tenant, n.passed, n.places)
	if err := tx.SendBatch(ctx, &q).Close(); err != nil {
		return fmt.Errorf("make %d webhook deliveries: %w", len(n.endpoints), err)
	}
	return nil
}
