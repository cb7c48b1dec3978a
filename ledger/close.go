package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// CloseDays closes every day of a tenant that is over and not yet closed, the oldest first, each in a transaction of its own. Called again it
// does nothing, called late it makes up for what was missed. It answers the days that it closed.
func CloseDays(ctx context.Context, db *pg.DB, tenant id.Tenant, now time.Time) ([]Day, error) {
	var closed []Day
	for {
		var day Day
		var did bool
		err := db.Tx(ctx, tenant, func(tx pgx.Tx) error {
			zone, err := pg.TimeZone(ctx, tx, tenant)
			if err != nil {
				return err
			}
			if day, err = nextDay(ctx, tx, tenant, zone); err != nil || day == "" || day >= DayOf(now, zone) {
				day = ""
				return err
			}
			did, err = closeDay(ctx, tx, tenant, day, day.Start(zone), day.Next().Start(zone), now)
			return err
		})
		if err != nil {
			return closed, fmt.Errorf("close the day %s of tenant %s: %w", day, tenant, err)
		}
		if day == "" {
			return closed, nil
		}
		if did {
			closed = append(closed, day)
		}
	}
}

// nextDay is the one after the last that was closed, at first that of the earliest posting, or of the earliest shift that something was
// guaranteed for; "" where there is none.
func nextDay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone *time.Location) (Day, error) {
	var last *string
	if err := tx.QueryRow(ctx, `select max(day)::text from settlement_days where tenant_id = $1`, tenant).Scan(&last); err != nil {
		return "", err
	}
	if last != nil {
		return Day(*last).Next(), nil
	}
	var first *time.Time
	err := tx.QueryRow(ctx, `select least(
		(select at from ledger_open where tenant_id = $1 order by at limit 1),
		(select min(s.ended_at) from shifts s where s.tenant_id = $1 and exists (select from tariffs v where v.tenant_id = $1
			and v.zone_id = s.zone_id and v.created_at <= s.started_at and v.tariff -> 'rider_pay' -> 'guarantee' is not null)))`, tenant).Scan(&first)
	if err != nil || first == nil {
		return "", err
	}
	return DayOf(*first, zone), nil
}

// closeDay settles all that is open from before the day's end; false where somebody else has closed the day.
func closeDay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, day Day, start, end, now time.Time) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into settlement_days (tenant_id, day, closed_at) values ($1, $2::text::date, $3) on conflict do nothing`,
		tenant, string(day), now)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	if err := topUp(ctx, tx, tenant, start, end); err != nil {
		return false, err
	}
	rows, err := tx.Query(ctx, `select distinct coalesce(merchant_id, rider_id), currency from ledger_open where tenant_id = $1 and at < $2`, tenant, end)
	if err != nil {
		return false, err
	}
	var ids []id.Settlement
	var parties []uuid.UUID
	var currencies []string
	var party uuid.UUID
	var currency string
	if _, err := pgx.ForEachRow(rows, []any{&party, &currency}, func() error {
		parties, currencies, ids = append(parties, party), append(currencies, currency), append(ids, id.NewSettlement())
		return nil
	}); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, takeLines, tenant, end, ids, parties, currencies); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, sumLines, tenant, string(day), now, ids)
	return true, err
}

// Lines first, totals from them: what commits between two statements is in both or in neither.
const (
	takeLines = `
		with g as (select * from unnest($3::uuid[], $4::uuid[], $5::text[]) as g(settlement_id, party, currency)),
		taken as (
			delete from ledger_open o using g
			where o.tenant_id = $1 and o.at < $2 and coalesce(o.merchant_id, o.rider_id) = g.party and o.currency = g.currency
			returning g.settlement_id, o.transaction_id, o.nth
		)
		insert into settlement_lines (tenant_id, settlement_id, transaction_id, nth)
		select $1, settlement_id, transaction_id, nth from taken`

	sumLines = `
		insert into settlements (tenant_id, id, day, merchant_id, rider_id, currency, total, lines, closed_at)
		select $1, l.settlement_id, $2::text::date, p.merchant_id, p.rider_id, p.currency,
			sum(case when p.rider_id is null then p.amount else -p.amount end)::bigint, count(*), $3::timestamptz
		from settlement_lines l join ledger_postings p using (tenant_id, transaction_id, nth)
		where l.tenant_id = $1 and l.settlement_id = any($4)
		group by l.settlement_id, p.merchant_id, p.rider_id, p.currency`
)
