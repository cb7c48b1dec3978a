package dispatch

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/rider"
)

// What a round reads of how riders have fared: 5,000 on shift for eight hours, who have brought 100,000 orders, each offered once and paid; half of them have
// two in hand, the others wait.
func BenchmarkStanding(b *testing.B) {
	c := newCity(b)
	c.setPrices()
	const riders, each = 5000, 20
	now := c.clock.Now()
	list := make([]rider.New, riders)
	for i := range list {
		list[i] = rider.New{Zone: c.zone.ID, Name: "Rider", Phone: "+39055" + time.Unix(int64(i), 0).UTC().Format("150405"), Vehicle: "ebike"}
	}
	for len(list) > 0 {
		n := min(len(list), 500)
		_, err := rider.CreateRiders(b.Context(), c.db, c.tenant, now, list[:n])
		must(b, err)
		list = list[n:]
	}
	fill := func(sql string, args ...any) {
		b.Helper()
		must(b, c.db.Tx(context.Background(), c.tenant, func(tx pgx.Tx) error {
			_, err := tx.Exec(context.Background(), sql, append([]any{c.tenant, c.zone.ID, now}, args...)...)
			return err
		}))
	}
	fill(`insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at)
		select $1, id, id, $2, $3::timestamptz - interval '8 hours', $3::timestamptz + interval '1 hour' from riders where tenant_id = $1`)
	fill(`insert into shift_breaks (tenant_id, shift_id, rider_id, started_at, ended_at)
		select $1, id, rider_id, $3::timestamptz - n * interval '2 hours', $3::timestamptz - n * interval '2 hours' + interval '20 minutes'
		from shifts, generate_series(1, 2) n where tenant_id = $1 and zone_id = $2`)
	// In the order of the day, as they come: a rider's rows lie far apart.
	fill(`insert into orders (tenant_id, id, merchant_id, store_id, zone_id, state, version, rider_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, dropoff, load,
			placed_at, due_at, promise_at, ready_estimate, ended_at, updated_at)
		select $1, gen_random_uuid(), $4, $5, $2, case when n <= $6 then 'delivered' else 'assigned' end, 6, r.id, 43.77, 11.25, 43.78, 11.26, '{}', 1, x.at, x.at, x.at, x.at,
			case when n <= $6 then x.at end, x.at
		from generate_series(1, $6 + 2) n, (select id, row_number() over (order by id) as nth from riders where tenant_id = $1) r,
			lateral (select $3::timestamptz - interval '8 hours' + n * interval '21 minutes' + r.nth * interval '0.2 seconds' as at) x
		where n <= $6 or r.nth % 2 = 0 order by n, r.nth`, c.store.Merchant, c.store.ID, each)
	fill(`insert into rider_pay (tenant_id, order_id, rider_id, minor, currency, terms, told_at)
		select $1, id, rider_id, 300, 'EUR', '[]', $3 from orders where tenant_id = $1 and zone_id = $2 order by placed_at`)
	fill(`insert into offers (tenant_id, id, rider_id, zone_id, round_id, state, order_ids, stops, made_at, expires_at, answered_at)
		select $1, gen_random_uuid(), rider_id, $2, id, 'accepted', array[id], '[]', placed_at, $3, placed_at from orders where tenant_id = $1 order by placed_at`)
	fill(`with t as (
			insert into ledger_transactions (tenant_id, id, kind, at, order_id, order_version)
			select $1, id, 'delivered', ended_at, id, 6 from orders where tenant_id = $1 and zone_id = $2 and ended_at <= $3 order by ended_at
		)
		insert into ledger_postings (tenant_id, transaction_id, nth, account, rider_id, amount, currency, at)
		select $1, o.id, nth, account, case account when 'rider' then o.rider_id end, amount, 'EUR', o.ended_at
		from orders o, (values (1, 'rider', -300), (2, 'rider_cost', 300)) x (nth, account, amount) where o.tenant_id = $1 and o.ended_at is not null order by o.ended_at`)
	fill(`insert into plans (tenant_id, rider_id, zone_id, version, stops, updated_at)
		select $1, s.rider_id, $2, 40, coalesce((select jsonb_agg(jsonb_build_object('order_id', o.id, 'kind', k)) from orders o, unnest(array['pickup', 'dropoff']) k
			where o.tenant_id = $1 and o.rider_id = s.rider_id and o.ended_at is null), '[]'), $3 from shifts s where s.tenant_id = $1`)
	pgtest.Analyze(b, c.db)
	run := func(name string, want int, read func(pgx.Tx) (int, error)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				must(b, c.db.Read(b.Context(), c.tenant, func(tx pgx.Tx) error {
					n, err := read(tx)
					if n != want {
						b.Errorf("%d riders, want %d", n, want)
					}
					return err
				}))
			}
		})
	}
	run("free since", riders/2, func(tx pgx.Tx) (int, error) {
		free, err := rider.FreeSince(b.Context(), tx, c.tenant, c.zone.ID)
		return len(free), err
	})
	run("earned", riders, func(tx pgx.Tx) (int, error) {
		earned, err := ledger.EarnedOnShift(b.Context(), tx, c.tenant, c.zone.ID, now)
		for _, e := range earned {
			if e.Minor < each*300 {
				b.Fatalf("earned %d", e.Minor)
			}
		}
		return len(earned), err
	})
}
