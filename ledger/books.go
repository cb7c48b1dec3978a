package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// Books is what CheckBooks looked at and what it found wrong.
type Books struct {
	Transactions, Settlements int
	Faults                    []string
}

// CheckBooks verifies a tenant's ledger at one moment: every transaction adds up to zero, and so does the whole; every order with
// a fee has exactly the postings that its end demands, computed anew from its tariff and what its rider was told; every shift's top-up is what its
// hours and earnings demand; every posting of a merchant or rider is either
// open or on one settlement, whose total is that of its lines.
func CheckBooks(ctx context.Context, db *pg.DB, tenant id.Tenant) (Books, error) {
	var b Books
	err := db.Read(ctx, tenant, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select (select count(*) from ledger_transactions where tenant_id = $1), (select count(*) from settlements where tenant_id = $1)`,
			tenant).Scan(&b.Transactions, &b.Settlements)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if err := b.rule(ctx, tx, tenant, rule.query, rule.fault, rule.name); err != nil {
				return err
			}
		}
		if err := b.orders(ctx, tx, tenant); err != nil {
			return err
		}
		return b.guarantees(ctx, tx, tenant)
	})
	if err != nil {
		return b, fmt.Errorf("check the ledger of tenant %s: %w", tenant, err)
	}
	return b, nil
}

// rules are what must never be found. Each query answers a thing, by its id where it has one, and a detail.
var rules = []struct {
	fault string
	name  func(string) string
	query string
}{
	{"transaction %s has %s postings", transactionName, `
		select t.id::text, count(p.nth)::text from ledger_transactions t
		left join ledger_postings p on p.tenant_id = t.tenant_id and p.transaction_id = t.id
		where t.tenant_id = $1 group by t.id having count(p.nth) < 2`},
	{"transaction %s is off by %s", transactionName, `
		select transaction_id::text, currency || ' ' || sum(amount) from ledger_postings
		where tenant_id = $1 group by transaction_id, currency having sum(amount) <> 0`},
	{"the ledger in %s is off by %s", strings.Clone, `
		select currency, sum(amount)::text from ledger_postings where tenant_id = $1 group by currency having sum(amount) <> 0`},
	{"order %s has postings that its state (%s) does not make", orderName, `
		select o.id::text, o.state from ledger_transactions t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
		where t.tenant_id = $1 and t.kind not in ('adjustment', 'guarantee') and t.kind <> o.state`},
	{"order %s has a fee of %s, which is not the sum of its terms", orderName, `
		select o.id::text, o.fee_minor::text from orders o
		where o.tenant_id = $1 and o.fee_minor <> (select coalesce(sum((x ->> 'minor')::bigint), 0) from jsonb_array_elements(o.fee_terms) x)`},
	{"a posting of transaction %s is open or settled %s times, not once", transactionName, `
		select p.transaction_id::text, (count(l.nth) + count(n.nth))::text from ledger_postings p
		left join settlement_lines l on l.tenant_id = p.tenant_id and l.transaction_id = p.transaction_id and l.nth = p.nth
		left join ledger_open n on n.tenant_id = p.tenant_id and n.transaction_id = p.transaction_id and n.nth = p.nth
		where p.tenant_id = $1 and p.account in ('merchant', 'rider')
		group by p.transaction_id, p.nth having count(l.nth) + count(n.nth) <> 1`},
	{"settlement %s says %s, its lines something else", settlementName, `
		select s.id::text, s.total || ' in ' || s.lines || ' lines' from settlements s
		left join settlement_lines l on l.tenant_id = s.tenant_id and l.settlement_id = s.id
		left join ledger_postings p on p.tenant_id = l.tenant_id and p.transaction_id = l.transaction_id and p.nth = l.nth
			and p.currency = s.currency and (p.merchant_id = s.merchant_id or p.rider_id = s.rider_id)
		where s.tenant_id = $1 group by s.tenant_id, s.id
		having count(p.nth) <> s.lines or count(l.nth) <> s.lines
			or coalesce(sum(case when p.rider_id is null then p.amount else -p.amount end), 0) <> s.total`},
}

func transactionName(u string) string { return id.Transaction(uuid.MustParse(u)).String() }
func orderName(u string) string       { return id.Order(uuid.MustParse(u)).String() }
func settlementName(u string) string  { return id.Settlement(uuid.MustParse(u)).String() }

func (b *Books) rule(ctx context.Context, tx pgx.Tx, tenant id.Tenant, query, fault string, name func(string) string) error {
	rows, err := tx.Query(ctx, query, tenant)
	if err != nil {
		return err
	}
	var thing, detail string
	_, err = pgx.ForEachRow(rows, []any{&thing, &detail}, func() error {
		b.fault(fault, name(thing), detail)
		return nil
	})
	return err
}

func (b *Books) fault(format string, args ...any) {
	b.Faults = append(b.Faults, fmt.Sprintf(format, args...))
}

// tariffs remembers those that were read.
type tariffs map[tariffKey]tariff.Tariff

type tariffKey struct {
	zone    id.Zone
	version int64
}

func (ts tariffs) get(ctx context.Context, tx pgx.Tx, o order.Order) (tariff.Tariff, error) {
	k := tariffKey{o.Zone, o.Fee.Tariff}
	if t, ok := ts[k]; ok {
		return t, nil
	}
	v, err := tariff.Get(ctx, tx, o.Tenant, k.zone, k.version)
	if err == nil {
		ts[k] = v.Tariff
	}
	return v.Tariff, err
}

// orders compares what the orders that have ended should have posted with what they have.
func (b *Books) orders(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	known := tariffs{}
	f := order.Filter{States: []order.State{order.Delivered, order.Returned, order.Cancelled}, Limit: order.MaxLimit}
	for {
		page, err := order.List(ctx, tx, tenant, f)
		if err != nil || len(page) == 0 {
			return err
		}
		ids := make([]id.Order, len(page))
		for i, o := range page {
			ids[i] = o.ID
		}
		posted, err := List(ctx, tx, tenant, Filter{Orders: ids})
		if err != nil {
			return err
		}
		of := make(map[id.Order][]Transaction)
		for _, t := range posted {
			if t.Kind != Adjustment {
				of[t.Order] = append(of[t.Order], t)
			}
		}
		told, err := PaysTold(ctx, tx, tenant, ids)
		if err != nil {
			return err
		}
		for _, o := range page {
			var want Transaction
			due := false
			if o.Fee != nil {
				t, err := known.get(ctx, tx, o)
				if errors.Is(err, tariff.ErrNone) {
					b.fault("order %s: there is no version %d of its tariff", o.ID, o.Fee.Tariff)
					continue
				}
				if err != nil {
					return err
				}
				want, due = OfOrder(o, t, told.Of(o.ID, o.Rider))
			}
			b.order(o, want, due, of[o.ID])
		}
		f.After = page[len(page)-1].ID
	}
}

func (b *Books) order(o order.Order, want Transaction, due bool, got []Transaction) {
	switch {
	case !due && len(got) > 0:
		b.fault("order %s (%s) has %d transactions, and should have none", o.ID, o.State, len(got))
	case due && len(got) != 1:
		b.fault("order %s (%s) has %d transactions, and should have one", o.ID, o.State, len(got))
	case due && (got[0].Version != want.Version || !slices.Equal(got[0].Postings, want.Postings)):
		b.fault("order %s (%s) has posted %v, and should have posted %v", o.ID, o.State, got[0].Postings, want.Postings)
	}
}
