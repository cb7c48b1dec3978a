package api

import (
	"bytes"
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
)

// Settlement is a closed day of one merchant or rider in one currency.
type Settlement struct {
	ID         id.Settlement      `json:"id"`
	Day        ledger.Day         `json:"day" format:"date" doc:"Of the tenant's time zone."`
	Account    ledger.AccountKind `json:"account" enum:"merchant,rider"`
	MerchantID id.Merchant        `json:"merchant_id" doc:"Empty: a rider's."`
	RiderID    id.Rider           `json:"rider_id" doc:"Empty: a merchant's."`
	Name       string             `json:"name" doc:"The merchant's or rider's."`
	Total      int64              `json:"total" doc:"Minor units: what the merchant owes, or the rider is owed."`
	Currency   string             `json:"currency"`
	Lines      int                `json:"lines" doc:"How many there are."`
	ClosedAt   time.Time          `json:"closed_at"`
}

func settlementOf(s ledger.Settlement) Settlement {
	return Settlement{s.ID, s.Day, s.Account.Kind, s.Account.Merchant, s.Account.Rider, s.Name, s.Total, s.Currency, s.Lines, s.ClosedAt}
}

// SettlementLine is one entry of a settlement.
type SettlementLine struct {
	TransactionID id.Transaction `json:"transaction_id"`
	Kind          ledger.Kind    `json:"kind" enum:"delivered,returned,cancelled,adjustment,guarantee"`
	Term          string         `json:"term" doc:"Of a rider's bonus: peak, long_distance or rain; empty: all else."`
	TermName      string         `json:"term_name" doc:"Of a peak, as the tariff calls it."`
	At            time.Time      `json:"at"`
	OrderID       id.Order       `json:"order_id" doc:"Empty: about no order."`
	ExternalID    string         `json:"external_id" doc:"The merchant's own id of the order."`
	Reason        string         `json:"reason" doc:"Of an adjustment."`
	Amount        int64          `json:"amount" doc:"Minor units; they add up to the settlement's total."`
}

// SettlementDays are the days asked for.
type SettlementDays struct {
	Page
	From time.Time `query:"from" timeFormat:"2006-01-02" doc:"First day."`
	To   time.Time `query:"to" timeFormat:"2006-01-02" doc:"Last day."`
}

func (d SettlementDays) filter() ledger.SettlementFilter {
	var f ledger.SettlementFilter
	if !d.From.IsZero() {
		f.From = ledger.DayOf(d.From, time.UTC)
	}
	if !d.To.IsZero() {
		f.To = ledger.DayOf(d.To, time.UTC)
	}
	return f
}

func (s *Server) settlementPage(ctx context.Context, tenant id.Tenant, f ledger.SettlementFilter, p Page) (*list[Settlement], error) {
	var err error
	if f.After, err = after[id.Settlement](p); err != nil {
		return nil, err
	}
	f.Limit = p.Limit + 1
	var found []ledger.Settlement
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		found, err = ledger.Settlements(ctx, tx, tenant, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, p.Limit, func(x ledger.Settlement) id.Settlement { return x.ID })
	data := make([]Settlement, len(found))
	for i, x := range found {
		data[i] = settlementOf(x)
	}
	return listOf(data, next), nil
}

// settlement reads one and, where lines is not nil, does something with it in the same moment. Where merchant is not zero, another's is not found.
func (s *Server) settlement(ctx context.Context, tenant id.Tenant, merchant id.Merchant, one id.Settlement, lines func(pgx.Tx) error) (found ledger.Settlement, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		list, err := ledger.Settlements(ctx, tx, tenant, ledger.SettlementFilter{ID: one, Merchant: merchant})
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return ledger.ErrNotFound
		}
		found = list[0]
		if lines == nil {
			return nil
		}
		return lines(tx)
	})
	return found, err
}

func (s *Server) settlementLines(ctx context.Context, tenant id.Tenant, merchant id.Merchant, one id.Settlement, p Page) (*list[SettlementLine], error) {
	last, err := after[ledger.LinePlace](p)
	if err != nil {
		return nil, err
	}
	var found []ledger.Line
	_, err = s.settlement(ctx, tenant, merchant, one, func(tx pgx.Tx) (err error) {
		found, err = ledger.Lines(ctx, tx, tenant, one, last, p.Limit+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, p.Limit, ledger.Line.Place)
	data := make([]SettlementLine, len(found))
	for i, l := range found {
		data[i] = SettlementLine{l.Transaction, l.Kind, l.Term, l.Name, l.At, l.Order, l.ExternalID, l.Reason, l.Amount}
	}
	return listOf(data, next), nil
}

// csvFile is an answer that browsers save.
type csvFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// asCSV describes an operation that answers a csvFile.
func asCSV(op huma.Operation) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "RFC 4180, with a head.", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	return op
}

func (s *Server) settlementCSV(ctx context.Context, tenant id.Tenant, merchant id.Merchant, one id.Settlement) (*csvFile, error) {
	var lines []ledger.Line
	found, err := s.settlement(ctx, tenant, merchant, one, func(tx pgx.Tx) (err error) {
		lines, err = ledger.Lines(ctx, tx, tenant, one, ledger.LinePlace{}, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := ledger.WriteCSV(&b, found, lines); err != nil {
		return nil, err
	}
	name := "settlement-" + string(found.Day) + "-" + found.ID.String() + ".csv"
	return &csvFile{"text/csv; charset=utf-8; header=present", `attachment; filename="` + name + `"`, b.Bytes()}, nil
}
