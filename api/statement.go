package api

import (
	"bytes"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/rider"
)

// Statement is what a rider has earned on some days. It is the rider's account in the ledger, line by line: the sums are the ledger's.
type Statement struct {
	RiderID id.Rider       `json:"rider_id"`
	From    ledger.Day     `json:"from" format:"date"`
	To      ledger.Day     `json:"to" format:"date"`
	Total   []Earned       `json:"total" doc:"By currency."`
	Days    []StatementDay `json:"days" doc:"Those on which something was posted, the oldest first."`
}

// StatementDay is a day of a statement.
type StatementDay struct {
	Day     ledger.Day       `json:"day" format:"date" doc:"Of the company's time zone."`
	Total   []Earned         `json:"total" doc:"By currency."`
	Entries []StatementEntry `json:"entries" doc:"The oldest first."`
}

// StatementEntry is an order that was paid, a correction, or a shift that was topped up to its guarantee.
type StatementEntry struct {
	TransactionID id.Transaction  `json:"transaction_id"`
	At            time.Time       `json:"at"`
	Kind          ledger.Kind     `json:"kind" enum:"delivered,returned,adjustment,guarantee"`
	OrderID       id.Order        `json:"order_id" doc:"Empty: about no order."`
	ExternalID    string          `json:"external_id" doc:"What the store calls the order."`
	ShiftID       id.Shift        `json:"shift_id" doc:"Of a guarantee."`
	Reason        string          `json:"reason" doc:"Of a correction."`
	Amount        int64           `json:"amount" doc:"Minor units."`
	Currency      string          `json:"currency"`
	Terms         []StatementTerm `json:"terms" doc:"They add up to the amount."`
}

// StatementTerm is a part of what an order earned.
type StatementTerm struct {
	Term   string `json:"term" enum:"pay,peak,long_distance,rain" doc:"pay is all that is no bonus."`
	Name   string `json:"name" doc:"Of a peak, as the tariff calls it."`
	Amount int64  `json:"amount" doc:"Minor units."`
}

// maxStatement is how many days one may ask for.
const maxStatement = 62

// StatementDays are the days asked for.
type StatementDays struct {
	From time.Time `query:"from" required:"true" timeFormat:"2006-01-02" doc:"First day."`
	To   time.Time `query:"to" required:"true" timeFormat:"2006-01-02" doc:"Last day; at most 62 days."`
}

func (d StatementDays) check() error {
	switch days := int(d.To.Sub(d.From)/(24*time.Hour)) + 1; {
	case days < 1:
		return invalid(FieldFault{"query.to", "must not be before from", d.To.Format(time.DateOnly)})
	case days > maxStatement:
		return invalid(FieldFault{"query.to", "ask for at most 62 days at once", d.To.Format(time.DateOnly)})
	}
	return nil
}

func (s *Server) entries(ctx context.Context, tenant id.Tenant, who id.Rider, d StatementDays) (entries []ledger.Entry, err error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if _, err := rider.Get(ctx, s.db, tenant, who); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		zone, err := pg.TimeZone(ctx, tx, tenant)
		if err == nil {
			entries, err = ledger.Statement(ctx, tx, tenant, who, ledger.DayOf(d.From, time.UTC), ledger.DayOf(d.To, time.UTC), zone)
		}
		return err
	})
	return entries, err
}

func (s *Server) statement(ctx context.Context, tenant id.Tenant, who id.Rider, d StatementDays) (*out[Statement], error) {
	entries, err := s.entries(ctx, tenant, who, d)
	if err != nil {
		return nil, err
	}
	st := Statement{RiderID: who, From: ledger.DayOf(d.From, time.UTC), To: ledger.DayOf(d.To, time.UTC), Total: []Earned{}, Days: []StatementDay{}}
	for _, e := range entries {
		if n := len(st.Days); n == 0 || st.Days[n-1].Day != e.Day {
			st.Days = append(st.Days, StatementDay{Day: e.Day, Total: []Earned{}})
		}
		day := &st.Days[len(st.Days)-1]
		day.Entries = append(day.Entries, statementEntryOf(e))
		day.Total, st.Total = earn(day.Total, e), earn(st.Total, e)
	}
	return answer(st), nil
}

func statementEntryOf(e ledger.Entry) StatementEntry {
	j := StatementEntry{
		TransactionID: e.Transaction, At: e.At, Kind: e.Kind, OrderID: e.Order, ExternalID: e.ExternalID, ShiftID: e.Shift, Reason: e.Reason,
		Amount: e.Amount, Currency: e.Currency, Terms: make([]StatementTerm, len(e.Terms)),
	}
	for i, t := range e.Terms {
		j.Terms[i] = StatementTerm{t.Term, t.Name, t.Amount}
		if t.Term == "" {
			j.Terms[i].Term = "pay"
		}
	}
	return j
}

// earn adds an entry to sums by currency.
func earn(sums []Earned, e ledger.Entry) []Earned {
	i := 0
	for i < len(sums) && sums[i].Currency != e.Currency {
		i++
	}
	if i == len(sums) {
		sums = append(sums, Earned{Currency: e.Currency})
	}
	sums[i].Amount += e.Amount
	if e.Kind == ledger.Delivered || e.Kind == ledger.Returned {
		sums[i].Orders++
	}
	return sums
}

func (s *Server) statementCSV(ctx context.Context, tenant id.Tenant, who id.Rider, d StatementDays) (*csvFile, error) {
	entries, err := s.entries(ctx, tenant, who, d)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := ledger.WriteStatement(&b, entries); err != nil {
		return nil, err
	}
	name := "statement-" + d.From.Format(time.DateOnly) + "-" + d.To.Format(time.DateOnly) + "-" + who.String() + ".csv"
	return &csvFile{"text/csv; charset=utf-8; header=present", `attachment; filename="` + name + `"`, b.Bytes()}, nil
}

// Riders read their own statements, staff all.

type consoleStatementQuery struct {
	ByRider
	StatementDays
}

func (s *Server) riderStatement(ctx context.Context, in *StatementDays) (*out[Statement], error) {
	return s.statement(ctx, riderOf(ctx).Tenant, riderOf(ctx).Rider, *in)
}

func (s *Server) riderStatementCSV(ctx context.Context, in *StatementDays) (*csvFile, error) {
	return s.statementCSV(ctx, riderOf(ctx).Tenant, riderOf(ctx).Rider, *in)
}

func (s *Server) consoleStatement(ctx context.Context, in *consoleStatementQuery) (*out[Statement], error) {
	return s.statement(ctx, staffOf(ctx).Tenant, in.ID, in.StatementDays)
}

func (s *Server) consoleStatementCSV(ctx context.Context, in *consoleStatementQuery) (*csvFile, error) {
	return s.statementCSV(ctx, staffOf(ctx).Tenant, in.ID, in.StatementDays)
}
