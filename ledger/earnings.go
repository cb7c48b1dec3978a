package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Earned is what a rider has earned in one currency.
type Earned struct {
	Currency string
	Amount   int64 // minor units, adjustments and guarantees included
	Orders   int   // delivered or brought back, for pay
}

// Earnings sums up what was posted to a rider from one time until another, by currency.
func Earnings(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from, to time.Time) ([]Earned, error) {
	rows, err := tx.Query(ctx, `
		select p.currency, -sum(p.amount)::bigint, count(distinct t.order_id) filter (where t.kind in ('delivered', 'returned'))
		from ledger_postings p join ledger_transactions t on t.tenant_id = p.tenant_id and t.id = p.transaction_id
		where p.tenant_id = $1 and p.rider_id = $2 and p.at >= $3 and p.at < $4
		group by p.currency order by p.currency`, tenant, rider, from, to)
	if err != nil {
		return nil, fmt.Errorf("earnings of rider %s: %w", rider, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Earned, error) {
		var e Earned
		err := row.Scan(&e.Currency, &e.Amount, &e.Orders)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("earnings of rider %s: %w", rider, err)
	}
	return list, nil
}
