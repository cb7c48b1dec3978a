package api

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
)

// LedgerTransaction is one entry of the ledger.
type LedgerTransaction struct {
	ID       id.Transaction `json:"id"`
	Kind     ledger.Kind    `json:"kind" enum:"delivered,returned,cancelled,adjustment,guarantee"`
	At       time.Time      `json:"at"`
	OrderID  id.Order       `json:"order_id" doc:"Empty: about no order."`
	ShiftID  id.Shift       `json:"shift_id" doc:"Guarantees: whose hours earned too little."`
	ClientID *uuid.UUID     `json:"client_id" doc:"Adjustments: as it was sent."`
	UserID   id.User        `json:"user_id" doc:"Adjustments: who."`
	Reason   string         `json:"reason" doc:"Adjustments: why."`
	Postings []Posting      `json:"postings" doc:"They add up to zero in each currency."`
}

// Posting is an amount on an account.
type Posting struct {
	Account    ledger.AccountKind `json:"account" enum:"merchant,rider,revenue,rider_cost,adjustments"`
	MerchantID id.Merchant        `json:"merchant_id" doc:"Of a merchant's account."`
	RiderID    id.Rider           `json:"rider_id" doc:"Of a rider's account."`
	Amount     int64              `json:"amount" doc:"Minor units. Positive is a debit: a merchant owes; negative a credit: a rider is owed."`
	Currency   string             `json:"currency"`
	Term       string             `json:"term" doc:"Of a rider's bonus: peak, long_distance or rain; empty: all else."`
	TermName   string             `json:"term_name" doc:"Of a peak, as the tariff calls it."`
}

func transactionOf(t ledger.Transaction) LedgerTransaction {
	j := LedgerTransaction{ID: t.ID, Kind: t.Kind, At: t.At, OrderID: t.Order, ShiftID: t.Shift, UserID: t.User, Reason: t.Reason, Postings: make([]Posting, len(t.Postings))}
	if t.Kind == ledger.Adjustment {
		j.ClientID = &t.Client
	}
	for i, p := range t.Postings {
		j.Postings[i] = Posting{p.Kind, p.Merchant, p.Rider, p.Amount, p.Currency, p.Term, p.Name}
	}
	return j
}

type adjustmentInput struct {
	Body struct {
		ClientID   uuid.UUID   `json:"client_id" format:"uuid" doc:"Made by the client, kept over retries: the same adjustment twice is one."`
		MerchantID id.Merchant `json:"merchant_id,omitempty" pattern:"^mer_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Who owes more or less; or send rider_id."`
		RiderID    id.Rider    `json:"rider_id,omitempty" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Who is owed more or less."`
		Amount     int64       `json:"amount" minimum:"-1000000000" maximum:"1000000000" doc:"Minor units, not 0. Positive: the merchant owes more, or the rider is owed more."`
		Currency   string      `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217."`
		Reason     string      `json:"reason" minLength:"1" maxLength:"500"`
		OrderID    id.Order    `json:"order_id,omitempty" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"That it is about."`
	}
}

func (s *Server) createAdjustment(ctx context.Context, in *adjustmentInput) (*out[LedgerTransaction], error) {
	who, b := staffOf(ctx), in.Body
	var faults []FieldFault
	if b.MerchantID.IsZero() == b.RiderID.IsZero() {
		faults = append(faults, FieldFault{"merchant_id", "send either merchant_id or rider_id", nil})
	}
	if b.Amount == 0 {
		faults = append(faults, FieldFault{"amount", "must not be 0", 0})
	}
	if b.ClientID == uuid.Nil {
		faults = append(faults, FieldFault{"client_id", "must not be the nil UUID; make a random one", nil})
	}
	if strings.TrimSpace(b.Reason) == "" {
		faults = append(faults, FieldFault{"reason", "say why", nil})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	account := ledger.OfMerchant(b.MerchantID)
	if !b.RiderID.IsZero() {
		account = ledger.OfRider(b.RiderID)
	}
	var t ledger.Transaction
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		t, err = ledger.Adjust(ctx, tx, who.Tenant, ledger.Correction{
			Client: b.ClientID, Account: account, Amount: b.Amount, Currency: b.Currency, Reason: b.Reason, Order: b.OrderID,
			User: who.ID, At: micro(s.clock.Now()),
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(transactionOf(t)), nil
}

type transactionsQuery struct {
	Page
	MerchantID string    `query:"merchant_id" pattern:"^mer_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	RiderID    string    `query:"rider_id" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	OrderID    string    `query:"order_id" pattern:"^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	Kind       string    `query:"kind" enum:"delivered,returned,cancelled,adjustment,guarantee"`
	From       time.Time `query:"from" doc:"Posted at or after."`
	To         time.Time `query:"to" doc:"Posted before."`
}

func (s *Server) listTransactions(ctx context.Context, in *transactionsQuery) (*list[LedgerTransaction], error) {
	tenant := staffOf(ctx).Tenant
	f := ledger.Filter{Kind: ledger.Kind(in.Kind), From: in.From, To: in.To, Limit: in.Limit + 1}
	var about id.Order
	if err := parseIDs(
		idParam{"merchant_id", in.MerchantID, &f.Merchant}, idParam{"rider_id", in.RiderID, &f.Rider}, idParam{"order_id", in.OrderID, &about},
	); err != nil {
		return nil, err
	}
	if !about.IsZero() {
		f.Orders = []id.Order{about}
	}
	var err error
	if f.After, err = after[id.Transaction](in.Page); err != nil {
		return nil, err
	}
	var found []ledger.Transaction
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		found, err = ledger.List(ctx, tx, tenant, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	found, next := cut(found, in.Limit, func(t ledger.Transaction) id.Transaction { return t.ID })
	data := make([]LedgerTransaction, len(found))
	for i, t := range found {
		data[i] = transactionOf(t)
	}
	return listOf(data, next), nil
}
