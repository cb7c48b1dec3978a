package ledger

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Entry is what one transaction has brought a rider, in one currency.
type Entry struct {
	Transaction id.Transaction
	Day         Day // of the tenant's time zone
	At          time.Time
	Kind        Kind
	Order       id.Order
	ExternalID  string // the order's, of its merchant
	Shift       id.Shift
	Reason      string // of an adjustment
	Amount      int64  // minor units; its terms add up to it
	Currency    string
	Terms       []EntryTerm
}

// EntryTerm is one posting.
type EntryTerm struct {
	Term   string // a bonus: its tariff.PayKind; "" = all else
	Name   string // of a peak, as the tariff calls it
	Amount int64
}

// Statement is all that was posted to a rider on some days, both included, the oldest first: the rider's account, read line by line.
func Statement(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from, to Day, zone *time.Location) ([]Entry, error) {
	rows, err := tx.Query(ctx, `
		select t.id, t.at, t.kind, t.order_id, coalesce(o.external_id, ''), t.shift_id, coalesce(t.reason, ''), -p.amount, p.currency, p.term, p.name
		from ledger_postings p
			join ledger_transactions t on t.tenant_id = p.tenant_id and t.id = p.transaction_id
			left join orders o on o.tenant_id = p.tenant_id and o.id = t.order_id
		where p.tenant_id = $1 and p.rider_id = $2 and p.at >= $3 and p.at < $4
		order by p.at, t.id, p.currency, p.nth`, tenant, rider, from.Start(zone), to.Next().Start(zone))
	if err != nil {
		return nil, fmt.Errorf("statement of rider %s: %w", rider, err)
	}
	var out []Entry
	var e Entry
	var x EntryTerm
	_, err = pgx.ForEachRow(rows, []any{&e.Transaction, &e.At, &e.Kind, &e.Order, &e.ExternalID, &e.Shift, &e.Reason, &x.Amount, &e.Currency, &x.Term, &x.Name}, func() error {
		if n := len(out); n == 0 || out[n-1].Transaction != e.Transaction || out[n-1].Currency != e.Currency {
			e.At, e.Day, e.Amount, e.Terms = e.At.UTC(), DayOf(e.At, zone), 0, nil
			out = append(out, e)
		}
		last := &out[len(out)-1]
		last.Amount += x.Amount
		last.Terms = append(last.Terms, x)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("statement of rider %s: %w", rider, err)
	}
	return out, nil
}

var statementHead = []string{
	"day", "at", "kind", "transaction_id", "order_id", "external_id", "shift_id", "reason", "term", "name_of_term", "amount_minor", "currency",
}

// WriteStatement writes a statement as RFC 4180 has it: a head, then a record per term.
func WriteStatement(w io.Writer, entries []Entry) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(statementHead); err != nil {
		return err
	}
	for _, e := range entries {
		for _, t := range e.Terms {
			err := c.Write([]string{
				string(e.Day), e.At.Format(time.RFC3339), string(e.Kind), e.Transaction.String(), e.Order.String(), harmless(e.ExternalID), e.Shift.String(),
				harmless(e.Reason), t.Term, harmless(t.Name), strconv.FormatInt(t.Amount, 10), e.Currency,
			})
			if err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}
