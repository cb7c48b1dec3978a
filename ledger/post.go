package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// One statement, so that a transaction and its postings are there together or not at all; none of them where the natural key is taken.
const insertTransaction = `
	with t as (
		insert into ledger_transactions (tenant_id, id, kind, at, order_id, order_version, client_id, user_id, reason, shift_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict do nothing
		returning id, at
	), p as (
		insert into ledger_postings (tenant_id, transaction_id, nth, account, merchant_id, rider_id, amount, currency, term, name, at)
		select $1, t.id, n.nth, n.account, n.merchant_id, n.rider_id, n.amount, n.currency, n.term, n.name, t.at
		from t, unnest($11::text[], $12::uuid[], $13::uuid[], $14::bigint[], $15::text[], $16::text[], $17::text[]) with ordinality
			as n(account, merchant_id, rider_id, amount, currency, term, name, nth)
		returning transaction_id, nth, merchant_id, rider_id, currency, at
	), o as (
		insert into ledger_open (tenant_id, transaction_id, nth, merchant_id, rider_id, currency, at)
		select $1, transaction_id, nth, merchant_id, rider_id, currency, at from p
		where merchant_id is not null or rider_id is not null
	)
	select count(*) from t`

// Post writes a transaction, unless one with its natural key is there (posted = false): for an order's that is kind, order and version, for an
// adjustment the client's id, for a guarantee the shift. Its ID is made if zero. *UnbalancedError.
func Post(ctx context.Context, tx pgx.Tx, tenant id.Tenant, t *Transaction) (posted bool, err error) {
	if t.ID.IsZero() {
		t.ID = id.NewTransaction()
	}
	if err := t.check(); err != nil {
		return false, err
	}
	n := len(t.Postings)
	accounts, merchants, riders := make([]string, n), make([]id.Merchant, n), make([]id.Rider, n)
	amounts, currencies := make([]int64, n), make([]string, n)
	terms, names := make([]string, n), make([]string, n)
	for i, p := range t.Postings {
		accounts[i], merchants[i], riders[i] = string(p.Kind), p.Merchant, p.Rider
		amounts[i], currencies[i] = p.Amount, p.Currency
		terms[i], names[i] = p.Term, p.Name
	}
	var version *int64
	var client *uuid.UUID
	var reason *string
	if t.Version != 0 {
		version = &t.Version
	}
	if t.Kind == Adjustment {
		client, reason = &t.Client, &t.Reason
	}
	err = tx.QueryRow(ctx, insertTransaction, tenant, t.ID, t.Kind, t.At, t.Order, version, client, t.User, reason, t.Shift,
		accounts, merchants, riders, amounts, currencies, terms, names).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("post %s: %w", t.Kind, err)
	}
	return n == 1, nil
}
