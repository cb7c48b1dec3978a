package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Filter chooses transactions; zero fields choose all.
type Filter struct {
	Merchant id.Merchant
	Rider    id.Rider
	Orders   []id.Order
	Kind     Kind
	Client   uuid.UUID
	From, To time.Time      // posted at or after From and before To
	After    id.Transaction // the last one of the page before
	Limit    int            // 0 = no limit
}

func (f Filter) where(tenant id.Tenant) (string, []any) {
	conds, args := []string{"t.tenant_id = $1"}, []any{tenant}
	add := func(use bool, cond string, arg any) {
		if use {
			args = append(args, arg)
			conds = append(conds, fmt.Sprintf(cond, len(args)))
		}
	}
	const party = "exists (select from ledger_postings p where p.tenant_id = t.tenant_id and p.transaction_id = t.id and p."
	add(!f.Merchant.IsZero(), party+"merchant_id = $%d)", f.Merchant)
	add(!f.Rider.IsZero(), party+"rider_id = $%d)", f.Rider)
	add(len(f.Orders) > 0, "t.order_id = any($%d)", f.Orders)
	add(f.Kind != "", "t.kind = $%d", f.Kind)
	add(f.Client != uuid.Nil, "t.client_id = $%d", f.Client)
	add(!f.From.IsZero(), "t.at >= $%d", f.From)
	add(!f.To.IsZero(), "t.at < $%d", f.To)
	add(!f.After.IsZero(), "t.id < $%d", f.After)
	return strings.Join(conds, " and "), args
}

// List reads transactions with their postings, the newest first by id.
func List(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f Filter) ([]Transaction, error) {
	where, args := f.where(tenant)
	limit := ""
	if f.Limit > 0 {
		limit = fmt.Sprintf(" limit %d", f.Limit)
	}
	rows, err := tx.Query(ctx, `select t.id, t.kind, t.at, t.order_id, coalesce(t.order_version, 0),
		coalesce(t.client_id, '00000000-0000-0000-0000-000000000000'), t.user_id, coalesce(t.reason, ''), t.shift_id
		from ledger_transactions t where `+where+` order by t.id desc`+limit, args...)
	if err != nil {
		return nil, fmt.Errorf("list transactions: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Transaction, error) {
		var t Transaction
		err := row.Scan(&t.ID, &t.Kind, &t.At, &t.Order, &t.Version, &t.Client, &t.User, &t.Reason, &t.Shift)
		t.At = t.At.UTC()
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("list transactions: %w", err)
	}
	return list, postingsOf(ctx, tx, tenant, list)
}

// postingsOf fills in the postings.
func postingsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []Transaction) error {
	ids, at := make([]id.Transaction, len(list)), make(map[id.Transaction]*Transaction, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	rows, err := tx.Query(ctx, `select transaction_id, account, merchant_id, rider_id, amount, currency, term, name from ledger_postings
		where tenant_id = $1 and transaction_id = any($2) order by transaction_id, nth`, tenant, ids)
	if err != nil {
		return fmt.Errorf("read postings: %w", err)
	}
	var of id.Transaction
	var p Posting
	_, err = pgx.ForEachRow(rows, []any{&of, &p.Kind, &p.Merchant, &p.Rider, &p.Amount, &p.Currency, &p.Term, &p.Name}, func() error {
		at[of].Postings = append(at[of].Postings, p)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read postings: %w", err)
	}
	return nil
}
