package ledger

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

func TestUnbalancedIsRefused(t *testing.T) {
	t.Parallel()
	revenue, cost := Account{Kind: RevenueAccount}, Account{Kind: RiderCostAccount}
	for name, ps := range map[string][]Posting{
		"nothing":        nil,
		"one posting":    {{revenue, 5, "EUR", "", ""}},
		"off by one":     {{revenue, 5, "EUR", "", ""}, {cost, -4, "EUR", "", ""}},
		"two currencies": {{revenue, 5, "EUR", "", ""}, {cost, -5, "USD", "", ""}},
		"a nothing":      {{revenue, 5, "EUR", "", ""}, {cost, -5, "EUR", "", ""}, {cost, 0, "EUR", "", ""}},
	} {
		var unbalanced *UnbalancedError
		if _, err := Post(t.Context(), nil, id.Tenant{}, &Transaction{Kind: Adjustment, Postings: ps}); !errors.As(err, &unbalanced) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// However amounts are moved, a transaction balances.
func TestMovesBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var x Transaction
		accounts := rapid.SampledFrom([]Account{{Kind: RevenueAccount}, {Kind: RiderCostAccount}, {Kind: AdjustmentAccount}, OfRider(id.NewRider())})
		amounts := rapid.SliceOfN(rapid.Int64Range(-1e9, 1e9), 1, 8).Draw(t, "amounts")
		some := false
		for _, a := range amounts {
			x.move(accounts.Draw(t, "from"), accounts.Draw(t, "to"), a, rapid.SampledFrom([]string{"EUR", "CNY", "", ""}).Draw(t, "currency"))
			some = some || a != 0
		}
		if err := x.check(); (err == nil) != some {
			t.Fatalf("%v: %v", x.Postings, err)
		}
	})
}

// What the code forgets, the database finds when the transaction commits.
func TestTheDatabaseDemandsBalance(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	o := f.ended(noon, f.riders[0], order.EventDelivered)
	there := f.list(Filter{Orders: []id.Order{o.ID}})[0].ID
	entry := func(ctx context.Context, tx pgx.Tx) (id.Transaction, error) {
		x := id.NewTransaction()
		_, err := tx.Exec(ctx, `insert into ledger_transactions (tenant_id, id, kind, at, client_id, user_id, reason) values ($1, $2, 'adjustment', $3, $4, $5, 'x')`,
			f.tenant, x, noon, uuid.New(), f.user)
		return x, err
	}
	posting := func(ctx context.Context, tx pgx.Tx, of id.Transaction, nth int, amount int64, currency string) error {
		_, err := tx.Exec(ctx, `insert into ledger_postings (tenant_id, transaction_id, nth, account, amount, currency, at) values ($1, $2, $3, 'revenue', $4, $5, $6)`,
			f.tenant, of, nth, amount, currency, noon)
		return err
	}
	type leg struct {
		amount   int64
		currency string
	}
	for name, legs := range map[string][]leg{
		"no posting": {}, "one posting": {{5, "EUR"}}, "off by one": {{5, "EUR"}, {-4, "EUR"}}, "two currencies": {{5, "EUR"}, {-5, "USD"}},
	} {
		err := f.try(func(ctx context.Context, tx pgx.Tx) error {
			x, err := entry(ctx, tx)
			for i, l := range legs {
				if err == nil {
					err = posting(ctx, tx, x, i, l.amount, l.currency)
				}
			}
			if err != nil {
				t.Errorf("%s: refused before the end: %v", name, err)
			}
			return err
		})
		if !pg.IsCheck(err, "ledger_balances") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := f.try(func(ctx context.Context, tx pgx.Tx) error { return posting(ctx, tx, there, 9, 1, "CNY") }); !pg.IsCheck(err, "ledger_balances") {
		t.Errorf("one more posting to an old transaction: %v", err)
	}
	f.tx(func(ctx context.Context, tx pgx.Tx) error { // and what balances is taken
		x, err := entry(ctx, tx)
		return errors.Join(err, posting(ctx, tx, x, 1, 5, "EUR"), posting(ctx, tx, x, 2, -5, "EUR"))
	})
	f.booksAgree()
}

// Under the application's role what is written stays as it is.
func TestTheLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	f.ended(noon, f.riders[0], order.EventDelivered)
	if _, err := CloseDays(t.Context(), f.db, f.tenant, noon.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"ledger_transactions", "ledger_postings", "settlement_days", "settlements", "settlement_lines", "tariffs"} {
		for _, sql := range []string{"update " + table + " set tenant_id = tenant_id", "delete from " + table, "truncate " + table + " cascade"} {
			err := f.try(func(ctx context.Context, tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
			if err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
}

func TestAdjust(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	oid := f.place(noon)
	good := Correction{Client: uuid.New(), Account: OfRider(f.riders[1]), Amount: 150, Currency: "CNY", Reason: "rain", Order: oid, User: f.user, At: noon}
	adjust := func(c Correction) (out Transaction, err error) {
		err = f.try(func(ctx context.Context, tx pgx.Tx) (err error) { out, err = Adjust(ctx, tx, f.tenant, c); return err })
		return out, err
	}
	ids := make([]id.Transaction, 12)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			x, err := adjust(good)
			if err != nil {
				t.Error(err)
			}
			ids[i] = x.ID
		})
	}
	all.Wait()
	for _, x := range ids {
		if x != ids[0] || x.IsZero() {
			t.Fatalf("one adjustment has two names: %v", ids)
		}
	}
	got := f.list(Filter{})
	if len(got) != 1 || got[0].Reason != "rain" || got[0].User != f.user || got[0].Order != oid || got[0].Client != good.Client {
		t.Fatalf("%+v", got)
	}
	if p := got[0].Postings; p[0] != (Posting{OfRider(f.riders[1]), -150, "CNY", "", ""}) || p[1] != (Posting{Account{Kind: AdjustmentAccount}, 150, "CNY", "", ""}) {
		t.Errorf("%+v", p)
	}
	for name, change := range map[string]func(*Correction){
		"amount":   func(c *Correction) { c.Amount = 151 },
		"currency": func(c *Correction) { c.Currency = "EUR" },
		"reason":   func(c *Correction) { c.Reason = "snow" },
		"account":  func(c *Correction) { c.Account = OfMerchant(f.merchant) },
		"order":    func(c *Correction) { c.Order = id.Order{} },
	} {
		c := good
		change(&c)
		if _, err := adjust(c); !errors.Is(err, ErrClientReused) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	for field, change := range map[string]func(*Correction){
		"merchant_id": func(c *Correction) { c.Account = OfMerchant(id.NewMerchant()) },
		"rider_id":    func(c *Correction) { c.Account = OfRider(id.NewRider()) },
		"order_id":    func(c *Correction) { c.Order = id.NewOrder() },
	} {
		c := good
		c.Client = uuid.New()
		change(&c)
		var unknown *UnknownError
		if _, err := adjust(c); !errors.As(err, &unknown) || unknown.Field != field {
			t.Errorf("unknown %s: %v", field, err)
		}
	}
	f.booksAgree()
}
