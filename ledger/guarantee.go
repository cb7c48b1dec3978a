package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/tariff"
)

// lateShifts is for how long after a shift's end its guarantee is looked for: phones tell of it up to a day later.
const lateShifts = 48 * time.Hour

// guaranteed is a shift of a zone whose tariff, as it was when the shift began, guarantees something.
type guaranteed struct {
	shift             id.Shift
	rider             id.Rider
	endedAt           time.Time
	seconds           int64 // on shift, less breaks
	earned            int64 // by orders that ended in the shift
	currency          string
	accepted, decided int // offers
	guarantee         tariff.Guarantee
}

// owed is what is added: nothing where the orders earned enough, or too many offers were turned down.
func (g guaranteed) owed() int64 {
	if g.accepted*100 < g.guarantee.MinAcceptancePercent*g.decided {
		return 0
	}
	return g.guarantee.Owes(g.seconds, g.earned)
}

// guaranteedShifts are those for which a condition on s holds.
func guaranteedShifts(ctx context.Context, tx pgx.Tx, tenant id.Tenant, where string, args ...any) ([]guaranteed, error) {
	rows, err := tx.Query(ctx, `
		select s.id, s.rider_id, s.ended_at, extract(epoch from s.ended_at - s.started_at
				- (select coalesce(sum(b.ended_at - b.started_at), '0') from shift_breaks b where b.tenant_id = $1 and b.shift_id = s.id))::bigint, v.tariff ->> 'currency', v.tariff -> 'rider_pay' -> 'guarantee',
			(select coalesce(-sum(p.amount), 0)::bigint from ledger_postings p
				join ledger_transactions t on t.tenant_id = p.tenant_id and t.id = p.transaction_id
				join orders o on o.tenant_id = p.tenant_id and o.id = t.order_id
				where p.tenant_id = $1 and p.rider_id = s.rider_id and p.at >= s.started_at and p.at < s.ended_at + interval '2 days'
					and p.currency = v.tariff ->> 'currency' and t.kind in ('delivered', 'returned') and o.ended_at between s.started_at and s.ended_at),
			f.accepted, f.decided
		from shifts s
			join lateral (select tariff from tariffs x where x.tenant_id = $1 and x.zone_id = s.zone_id and x.created_at <= s.started_at
				order by x.version desc limit 1) v on v.tariff -> 'rider_pay' -> 'guarantee' is not null
			join lateral (select count(*) filter (where f.state = 'accepted') as accepted,
					count(*) filter (where f.state in ('accepted', 'declined', 'expired')) as decided
				from offers f where f.tenant_id = $1 and f.rider_id = s.rider_id and f.made_at between s.started_at and s.ended_at) f on true
		where s.tenant_id = $1 and `+where+` order by s.id`, append([]any{tenant}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read guaranteed shifts: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (guaranteed, error) {
		var g guaranteed
		var raw []byte
		err := row.Scan(&g.shift, &g.rider, &g.endedAt, &g.seconds, &g.currency, &raw, &g.earned, &g.accepted, &g.decided)
		if err == nil {
			err = json.Unmarshal(raw, &g.guarantee)
		}
		return g, err
	})
	if err != nil {
		return nil, fmt.Errorf("read guaranteed shifts: %w", err)
	}
	return list, nil
}

// topUp posts, before a day is closed, what the shifts that ended by its end earned less than was guaranteed. A shift that a phone told of
// after its day was closed counts with the next one.
func topUp(ctx context.Context, tx pgx.Tx, tenant id.Tenant, start, end time.Time) error {
	due, err := guaranteedShifts(ctx, tx, tenant, `s.ended_at >= $2 and s.ended_at < $3
		and not exists (select from ledger_transactions t where t.tenant_id = $1 and t.shift_id = s.id)`, start.Add(-lateShifts), end)
	if err != nil {
		return err
	}
	for _, g := range due {
		t := Transaction{Kind: Guarantee, At: clock.Later(g.endedAt, start).UTC(), Shift: g.shift}
		t.move(OfRider(g.rider), Account{Kind: RiderCostAccount}, g.owed(), g.currency)
		if len(t.Postings) == 0 {
			continue
		}
		if _, err := Post(ctx, tx, tenant, &t); err != nil {
			return fmt.Errorf("top up shift %s: %w", g.shift, err)
		}
	}
	return nil
}

// guarantees compares what was added to shifts with what should have been.
func (b *Books) guarantees(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	posted, err := List(ctx, tx, tenant, Filter{Kind: Guarantee})
	if err != nil || len(posted) == 0 {
		return err
	}
	shifts := make([]id.Shift, len(posted))
	for i, t := range posted {
		shifts[i] = t.Shift
	}
	found, err := guaranteedShifts(ctx, tx, tenant, "s.id = any($2)", shifts)
	if err != nil {
		return err
	}
	want := make(map[id.Shift]int64, len(found))
	for _, g := range found {
		want[g.shift] = g.owed()
	}
	for _, t := range posted {
		if got := t.Postings[0].Amount; got != want[t.Shift] {
			b.fault("shift %s was topped up by %d, and should have been by %d", t.Shift, got, want[t.Shift])
		}
	}
	return nil
}
