package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/tariff"
)

// Told is an order and a rider who is told what it earns.
type Told struct {
	Order id.Order
	Rider id.Rider
}

// Pays are what riders earn by orders.
type Pays map[Told]tariff.Pay

// Of is what a rider was told about an order; nil: nothing.
func (p Pays) Of(o id.Order, r id.Rider) *tariff.Pay {
	if pay, ok := p[Told{o, r}]; ok {
		return &pay
	}
	return nil
}

// PayNow is what riders would earn by orders that they were offered now: by the tariff of each order's fee, by the clock, and by whether it
// rains. Orders without a fee are left out.
func PayNow(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Told, now time.Time) (Pays, error) {
	if len(list) == 0 {
		return nil, nil
	}
	orders, riders := columnsOf(list)
	rows, err := tx.Query(ctx, `
		select n.order_id, n.rider_id, o.fee_distance_m, o.zone_id, o.fee_tariff, v.tariff, c.timezone,
			exists (select from rain_spells r where r.tenant_id = $1 and r.zone_id = o.zone_id and r.from_at <= $4 and (r.until_at is null or r.until_at > $4))
		from unnest($2::uuid[], $3::uuid[]) as n(order_id, rider_id)
			join orders o on o.tenant_id = $1 and o.id = n.order_id
			join tariffs v on v.tenant_id = $1 and v.zone_id = o.zone_id and v.version = o.fee_tariff
			join tenants c on c.id = $1`, tenant, orders, riders, now)
	if err != nil {
		return nil, fmt.Errorf("what %d orders pay: %w", len(list), err)
	}
	pays := make(Pays, len(list))
	var t Told
	var key tariffKey
	var raw []byte
	var timezone string
	in := tariff.PayInput{At: now}
	known := tariffs{}
	_, err = pgx.ForEachRow(rows, []any{&t.Order, &t.Rider, &in.DistanceM, &key.zone, &key.version, &raw, &timezone, &in.Raining}, func() error {
		x, ok := known[key]
		if !ok {
			if err := json.Unmarshal(raw, &x); err != nil {
				return err
			}
			known[key] = x
			loc, err := time.LoadLocation(timezone)
			if err != nil {
				return err
			}
			in.At = now.In(loc)
		}
		pays[t] = x.Pay(in)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what %d orders pay: %w", len(list), err)
	}
	return pays, nil
}

// TellPay fixes what riders earn by orders that they are offered or given at this moment, in the transaction that does so. Who is asked again
// is told anew.
func TellPay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Told, now time.Time) error {
	pays, err := PayNow(ctx, tx, tenant, list, now)
	if err != nil || len(pays) == 0 {
		return err
	}
	told := make([]Told, 0, len(pays))
	var minors []int64
	var currencies, terms []string
	for t, p := range pays {
		text, err := json.Marshal(append([]tariff.PayTerm{}, p.Terms...)) // none is [], not null
		if err != nil {
			return fmt.Errorf("what order %s pays: %w", t.Order, err)
		}
		told, minors, currencies, terms = append(told, t), append(minors, p.Minor), append(currencies, p.Currency), append(terms, string(text))
	}
	orders, riders := columnsOf(told)
	_, err = tx.Exec(ctx, `
		insert into rider_pay (tenant_id, order_id, rider_id, minor, currency, terms, told_at)
		select $1, n.order_id, n.rider_id, n.minor, n.currency, n.terms, $7
		from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::jsonb[]) as n(order_id, rider_id, minor, currency, terms)
		order by n.order_id, n.rider_id
		on conflict (tenant_id, order_id, rider_id) do update
		set minor = excluded.minor, currency = excluded.currency, terms = excluded.terms, told_at = excluded.told_at`,
		tenant, orders, riders, minors, currencies, terms, now)
	if err != nil {
		return fmt.Errorf("fix what %d orders pay: %w", len(told), err)
	}
	return nil
}

// PaysTold is what riders were told about orders.
func PaysTold(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) (Pays, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `select order_id, rider_id, minor, currency, terms from rider_pay where tenant_id = $1 and order_id = any($2)`, tenant, orders)
	if err != nil {
		return nil, fmt.Errorf("read what %d orders pay: %w", len(orders), err)
	}
	pays := Pays{}
	var t Told
	var p tariff.Pay
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&t.Order, &t.Rider, &p.Minor, &p.Currency, &raw}, func() error {
		p.Terms = nil
		err := json.Unmarshal(raw, &p.Terms)
		pays[t] = p
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what %d orders pay: %w", len(orders), err)
	}
	return pays, nil
}

func columnsOf(list []Told) ([]id.Order, []id.Rider) {
	orders, riders := make([]id.Order, len(list)), make([]id.Rider, len(list))
	for i, t := range list {
		orders[i], riders[i] = t.Order, t.Rider
	}
	return orders, riders
}
