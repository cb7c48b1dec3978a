package order

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// An external id that is taken leaves its row out instead of failing the statement, which would abort the transaction and with
// it the other requests' orders.
const insertOrders = `insert into orders (tenant_id, id, merchant_id, store_id, zone_id, external_id, state, version,
		pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, dropoff, load, skills, vehicles, items, value_minor, currency,
		placed_at, due_at, promise_at, ready_estimate, updated_at,
		weight_g, fee_minor, fee_currency, fee_tariff, fee_distance_m, fee_terms,
		cash_minor, cash_currency, tip_minor, tip_currency, demand, tags, metadata, deliver_after, deliver_before, job_id)
	select $1, n.id, n.merchant_id, n.store_id, n.zone_id, n.external_id, n.state, n.version,
		n.pickup_lat, n.pickup_lng, n.dropoff_lat, n.dropoff_lng, n.dropoff, n.load, n.skills::text[], n.vehicles::text[], n.items,
		n.value_minor, n.currency, n.placed_at, n.due_at, n.promise_at, n.ready_estimate, n.updated_at,
		n.weight_g, n.fee_minor, n.fee_currency, n.fee_tariff, n.fee_distance_m, n.fee_terms::jsonb,
		n.cash_minor, n.cash_currency, n.tip_minor, n.tip_currency, n.demand, n.tags::text[], n.metadata, n.deliver_after, n.deliver_before, n.job_id
	from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[],
			$9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::jsonb[], $14::integer[], $15::text[], $16::text[], $17::jsonb[],
			$18::bigint[], $19::text[], $20::timestamptz[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[], $24::timestamptz[],
			$25::integer[], $26::bigint[], $27::text[], $28::bigint[], $29::integer[], $30::text[],
			$31::bigint[], $32::text[], $33::bigint[], $34::text[], $35::jsonb[], $36::text[], $37::jsonb[], $38::timestamptz[], $39::timestamptz[], $40::uuid[])
		with ordinality
		as n(id, merchant_id, store_id, zone_id, external_id, state, version, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng,
			dropoff, load, skills, vehicles, items, value_minor, currency, placed_at, due_at, promise_at, ready_estimate, updated_at,
			weight_g, fee_minor, fee_currency, fee_tariff, fee_distance_m, fee_terms,
			cash_minor, cash_currency, tip_minor, tip_currency, demand, tags, metadata, deliver_after, deliver_before, job_id, nth)
	order by n.nth
	on conflict (tenant_id, merchant_id, external_id) do nothing
	returning id`

// insert writes new rows and answers which of them won their external id.
func insert(ctx context.Context, tx pgx.Tx, tenant id.Tenant, os []Order) (map[id.Order]bool, error) {
	args, err := insertArgs(tenant, os)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, insertOrders, args...)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Order])
	won := make(map[id.Order]bool, len(ids))
	for _, o := range ids {
		won[o] = true
	}
	return won, err
}

// insertArgs are the arguments of insertOrders: one array per column.
func insertArgs(tenant id.Tenant, os []Order) ([]any, error) {
	n := len(os)
	var (
		ids, merchants, stores, zones      = make([]id.Order, n), make([]id.Merchant, n), make([]id.Store, n), make([]id.Zone, n)
		externals, states, versions        = make([]*string, n), make([]string, n), make([]int64, n)
		fromLat, fromLng, toLat, toLng     = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		dropoffs, loads, weights           = make([]string, n), make([]int32, n), make([]int32, n)
		skills, vehicles, items            = make([]string, n), make([]string, n), make([]string, n)
		minors, currencies                 = make([]int64, n), make([]string, n)
		placed, due, promise, ready, fresh = make([]time.Time, n), make([]time.Time, n), make([]time.Time, n), make([]time.Time, n), make([]time.Time, n)
		cash, cashIn, tip, tipIn           = make([]int64, n), make([]string, n), make([]int64, n), make([]string, n)
		demands, tags, metadata            = make([]string, n), make([]string, n), make([]string, n)
		afters, befores, jobs              = make([]*time.Time, n), make([]*time.Time, n), make([]id.Job, n)
	)
	fees, err := feesOf(os)
	if err != nil {
		return nil, err
	}
	for i, o := range os {
		ids[i], merchants[i], stores[i], zones[i], states[i], versions[i] = o.ID, o.Merchant, o.Store, o.Zone, string(o.State), o.Version
		if o.ExternalID != "" {
			externals[i] = &o.ExternalID
		}
		fromLat[i], fromLng[i], toLat[i], toLng[i] = o.Pickup.Lat, o.Pickup.Lng, o.Dropoff.At.Lat, o.Dropoff.At.Lng
		loads[i], weights[i], skills[i], vehicles[i] = int32(o.Load), int32(o.WeightG), textArray(o.Skills), textArray(o.Vehicles)
		minors[i], currencies[i] = o.Value.Minor, o.Value.Currency
		placed[i], due[i], promise[i], ready[i], fresh[i] = o.PlacedAt, o.DueAt, o.PromiseAt, o.ReadyEstimate, o.UpdatedAt
		cash[i], cashIn[i], tip[i], tipIn[i] = o.Cash.Minor, o.Cash.Currency, o.Tip.Minor, o.Tip.Currency
		tags[i], afters[i], befores[i] = textArray(o.Tags), o.DeliverAfter, o.DeliverBefore
		jobs[i] = o.Job
		if err := errors.Join(
			encode(&dropoffs[i], o.Dropoff.column()), encode(&items[i], append([]Item{}, o.Items...)), // none is [], not null
			encode(&demands[i], o.Demand), encode(&metadata[i], object(o.Metadata)),
		); err != nil {
			return nil, err
		}
	}
	return []any{tenant, ids, merchants, stores, zones, externals, states, versions, fromLat, fromLng, toLat, toLng, dropoffs, loads,
		skills, vehicles, items, minors, currencies, placed, due, promise, ready, fresh,
		weights, fees.minors, fees.currencies, fees.tariffs, fees.distances, fees.terms,
		cash, cashIn, tip, tipIn, demands, tags, metadata, afters, befores, jobs}, nil
}

// encode writes v as the text of a jsonb column.
func encode(to *string, v any) error {
	b, err := json.Marshal(v)
	*to = string(b)
	return err
}

// object is m, never null in JSON.
func object(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

var quoteElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// textArray writes PostgreSQL's text form of an array; see uuidArray.
func textArray(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = `"` + quoteElement.Replace(w) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}"
}

// explainTaken fills in the outcomes of those that did not win: whose external id it is. By now that order is committed, or it
// is one of this batch.
func explainTaken(ctx context.Context, tx pgx.Tx, tenant id.Tenant, out []Outcome, won map[id.Order]bool) error {
	type key struct {
		merchant id.Merchant
		external string
	}
	var merchants []id.Merchant
	var externals []string
	for _, o := range out {
		if !won[o.Order.ID] {
			merchants, externals = append(merchants, o.Order.Merchant), append(externals, o.Order.ExternalID)
		}
	}
	rows, err := tx.Query(ctx, `select o.merchant_id, o.external_id, o.id from orders o
		join unnest($2::uuid[], $3::text[]) as k(merchant_id, external_id) on o.merchant_id = k.merchant_id and o.external_id = k.external_id
		where o.tenant_id = $1`, tenant, merchants, externals)
	if err != nil {
		return err
	}
	existing := map[key]id.Order{}
	var k key
	var o id.Order
	if _, err := pgx.ForEachRow(rows, []any{&k.merchant, &k.external, &o}, func() error {
		existing[k] = o
		return nil
	}); err != nil {
		return err
	}
	for i := range out {
		if o := out[i].Order; !won[o.ID] {
			out[i] = Outcome{Err: &ExternalIDTakenError{o.ExternalID, existing[key{o.Merchant, o.ExternalID}]}}
		}
	}
	return nil
}
