package order

import (
	"errors"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// updateDetails writes what only an Update changes. It is a statement of its own, so that the many other events need not
// carry addresses and lists along.
const updateDetails = `update orders o set dropoff_lat = n.dropoff_lat, dropoff_lng = n.dropoff_lng, dropoff = n.dropoff, items = n.items,
		tip_minor = n.tip_minor, tip_currency = n.tip_currency, tags = n.tags::text[], metadata = n.metadata,
		due_at = n.due_at, promise_at = n.promise_at, deliver_after = n.deliver_after, deliver_before = n.deliver_before
	from unnest($2::uuid[], $3::float8[], $4::float8[], $5::jsonb[], $6::jsonb[], $7::bigint[], $8::text[], $9::text[], $10::jsonb[],
			$11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[])
		as n(id, dropoff_lat, dropoff_lng, dropoff, items, tip_minor, tip_currency, tags, metadata, due_at, promise_at, deliver_after, deliver_before)
	where o.tenant_id = $1 and o.id = n.id`

// detailArgs are the arguments of updateDetails: one array per column.
func detailArgs(tenant id.Tenant, os []Order) ([]any, error) {
	n := len(os)
	var (
		ids, lats, lngs  = make([]id.Order, n), make([]float64, n), make([]float64, n)
		dropoffs, items  = make([]string, n), make([]string, n)
		tips, currencies = make([]int64, n), make([]string, n)
		tags, metadata   = make([]string, n), make([]string, n)
		due, promise     = make([]time.Time, n), make([]time.Time, n)
		afters, befores  = make([]*time.Time, n), make([]*time.Time, n)
	)
	for i, o := range os {
		ids[i], lats[i], lngs[i], tips[i], currencies[i] = o.ID, o.Dropoff.At.Lat, o.Dropoff.At.Lng, o.Tip.Minor, o.Tip.Currency
		tags[i], due[i], promise[i], afters[i], befores[i] = textArray(o.Tags), o.DueAt, o.PromiseAt, o.DeliverAfter, o.DeliverBefore
		if err := errors.Join(
			encode(&dropoffs[i], o.Dropoff.column()), encode(&items[i], append([]Item{}, o.Items...)), encode(&metadata[i], object(o.Metadata)),
		); err != nil {
			return nil, err
		}
	}
	return []any{tenant, ids, lats, lngs, dropoffs, items, tips, currencies, tags, metadata, due, promise, afters, befores}, nil
}
