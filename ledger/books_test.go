package ledger

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/order"
)

// The check finds what the owner of the database did behind the application's back.
func TestBooksFindFaults(t *testing.T) {
	t.Parallel()
	for want, sql := range map[string]string{
		"transactions, and should have one": `delete from ledger_open; delete from ledger_postings; delete from ledger_transactions`,
		"and should have posted":            `update ledger_postings set amount = sign(amount) * 500 where account in ('merchant', 'revenue') and abs(amount) = 400`,
		" is off by ":                       `update ledger_postings set amount = 501 where account = 'merchant' and amount = 500`,
		"has 0 postings":                    `delete from ledger_open; delete from ledger_postings`,
		"is open or settled 0 times":        `delete from ledger_open`,
		"not the sum of its terms":          `update orders set fee_terms = '[]'`,
		"there is no version 1":             `alter table orders drop constraint orders_fee_tariff; delete from tariffs`,
		"that its state (pending) does not": `update orders set state = 'pending', ended_at = null, rider_id = null where state = 'delivered'`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t)
			f.ended(noon, f.riders[0], order.EventDelivered)
			f.ended(noon, f.riders[0], order.EventReturned)
			f.booksAgree()
			f.tamper(sql)
			f.finds(want)
		})
	}
}

func TestBooksFindFaultsOfSettlements(t *testing.T) {
	t.Parallel()
	for want, sql := range map[string]string{
		"its lines something else":   `update settlements set total = total + 1`,
		"is open or settled 2 times": `insert into ledger_open select p.tenant_id, p.transaction_id, p.nth, p.merchant_id, p.rider_id, p.currency, p.at from ledger_postings p where p.account = 'rider'`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t)
			f.ended(noon, f.riders[0], order.EventDelivered)
			f.closeDays(noon.AddDate(0, 0, 1))
			f.booksAgree()
			f.tamper(sql)
			f.finds(want)
		})
	}
}

// tamper changes the tables as their owner, triggers off.
func (f *firm) tamper(sql string) {
	f.Helper()
	conn, err := pgx.Connect(f.Context(), f.url)
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = conn.Close(f.Context()) }()
	if _, err := conn.Exec(f.Context(), "set session_replication_role = replica; "+sql); err != nil {
		f.Fatal(err)
	}
}

func (f *firm) finds(want string) {
	f.Helper()
	b, err := CheckBooks(f.Context(), f.db, f.tenant)
	if err != nil {
		f.Fatal(err)
	}
	if !strings.Contains(strings.Join(b.Faults, "\n"), want) {
		f.Errorf("found %q", b.Faults)
	}
}
