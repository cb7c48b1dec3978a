package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Settlement is a closed day of one merchant or rider in one currency.
type Settlement struct {
	ID       id.Settlement
	Day      Day
	Account  Account
	Name     string // the merchant's or rider's
	Currency string
	Total    int64 // minor units: what the merchant owes, or the rider is owed
	Lines    int
	ClosedAt time.Time
}

// ErrNotFound means that the tenant (or the party asked for) has no such settlement.
var ErrNotFound = errors.New("no such settlement")

// SettlementFilter chooses settlements; zero fields choose all.
type SettlementFilter struct {
	ID       id.Settlement
	Kind     AccountKind // MerchantAccount or RiderAccount
	Merchant id.Merchant
	Rider    id.Rider
	From, To Day // both included
	After    id.Settlement
	Limit    int // 0 = no limit
}

func (f SettlementFilter) where(tenant id.Tenant) (string, []any) {
	conds, args := []string{"s.tenant_id = $1"}, []any{tenant}
	add := func(use bool, cond string, arg any) {
		if use {
			args = append(args, arg)
			conds = append(conds, fmt.Sprintf(cond, len(args)))
		}
	}
	add(!f.ID.IsZero(), "s.id = $%d", f.ID)
	add(!f.Merchant.IsZero(), "s.merchant_id = $%d", f.Merchant)
	add(!f.Rider.IsZero(), "s.rider_id = $%d", f.Rider)
	add(f.From != "", "s.day >= $%d::text::date", string(f.From))
	add(f.To != "", "s.day <= $%d::text::date", string(f.To))
	add(!f.After.IsZero(), "s.id < $%d", f.After)
	switch f.Kind {
	case MerchantAccount:
		conds = append(conds, "s.merchant_id is not null")
	case RiderAccount:
		conds = append(conds, "s.rider_id is not null")
	}
	return strings.Join(conds, " and "), args
}

// Settlements reads settlements, the newest first by id.
func Settlements(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f SettlementFilter) ([]Settlement, error) {
	where, args := f.where(tenant)
	limit := ""
	if f.Limit > 0 {
		limit = fmt.Sprintf(" limit %d", f.Limit)
	}
	rows, err := tx.Query(ctx, `
		select s.id, s.day::text, s.merchant_id, s.rider_id, coalesce(m.name, r.name, ''), s.currency, s.total, s.lines, s.closed_at
		from settlements s left join merchants m on m.tenant_id = s.tenant_id and m.id = s.merchant_id
			left join riders r on r.tenant_id = s.tenant_id and r.id = s.rider_id
		where `+where+` order by s.id desc`+limit, args...)
	if err != nil {
		return nil, fmt.Errorf("list settlements: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Settlement, error) {
		s := Settlement{Account: Account{Kind: MerchantAccount}}
		err := row.Scan(&s.ID, &s.Day, &s.Account.Merchant, &s.Account.Rider, &s.Name, &s.Currency, &s.Total, &s.Lines, &s.ClosedAt)
		if !s.Account.Rider.IsZero() {
			s.Account.Kind = RiderAccount
		}
		s.ClosedAt = s.ClosedAt.UTC()
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("list settlements: %w", err)
	}
	return list, nil
}

// Line is one posting of a settlement.
type Line struct {
	Transaction id.Transaction
	Nth         int // of the transaction's postings
	Kind        Kind
	At          time.Time
	Order       id.Order
	ExternalID  string // the order's, of its merchant
	Reason      string // of an adjustment
	Term, Name  string // of a bonus, as in Posting
	Amount      int64  // minor units: as the settlement's total
}

// Place is where the line stands among its settlement's.
func (l Line) Place() LinePlace { return LinePlace{l.Transaction, l.Nth} }

// LinePlace names a line. The zero value is before all.
type LinePlace struct {
	Transaction id.Transaction
	Nth         int
}

// MarshalText writes the transaction and the number, with a slash between.
func (p LinePlace) MarshalText() ([]byte, error) {
	return []byte(p.Transaction.String() + "/" + strconv.Itoa(p.Nth)), nil
}

// UnmarshalText reads what MarshalText has written.
func (p *LinePlace) UnmarshalText(text []byte) error {
	name, nth, _ := strings.Cut(string(text), "/")
	var err error
	if p.Nth, err = strconv.Atoi(nth); err != nil {
		return fmt.Errorf("number of a line: %w", err)
	}
	return p.Transaction.UnmarshalText([]byte(name))
}

// Lines reads a settlement's lines, the oldest first, from behind a place.
func Lines(ctx context.Context, tx pgx.Tx, tenant id.Tenant, settlement id.Settlement, after LinePlace, limit int) ([]Line, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	rows, err := tx.Query(ctx, `
		select t.id, p.nth, t.kind, t.at, t.order_id, coalesce(o.external_id, ''), coalesce(t.reason, ''), p.term, p.name,
			case when p.rider_id is null then p.amount else -p.amount end
		from settlement_lines l
			join ledger_postings p on p.tenant_id = l.tenant_id and p.transaction_id = l.transaction_id and p.nth = l.nth
			join ledger_transactions t on t.tenant_id = l.tenant_id and t.id = l.transaction_id
			left join orders o on o.tenant_id = l.tenant_id and o.id = t.order_id
		where l.tenant_id = $1 and l.settlement_id = $2 and ($3::uuid is null or (l.transaction_id, l.nth) > ($3, $4))
		order by l.transaction_id, l.nth limit $5`, tenant, settlement, after.Transaction, after.Nth, limit)
	if err != nil {
		return nil, fmt.Errorf("read the lines of settlement %s: %w", settlement, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
		var l Line
		err := row.Scan(&l.Transaction, &l.Nth, &l.Kind, &l.At, &l.Order, &l.ExternalID, &l.Reason, &l.Term, &l.Name, &l.Amount)
		l.At = l.At.UTC()
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the lines of settlement %s: %w", settlement, err)
	}
	return list, nil
}
