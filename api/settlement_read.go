package api

import (
	"context"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
)

// Who reads settlements: merchants their own, staff all.

// anyMerchant is how staff ask.
var anyMerchant id.Merchant

type oneSettlement struct{ BySettlement }

type settlementLinesQuery struct {
	BySettlement
	Page
}

func (s *Server) listSettlements(ctx context.Context, in *SettlementDays) (*list[Settlement], error) {
	who, f := merchantOf(ctx), in.filter()
	f.Merchant = who.Merchant
	return s.settlementPage(ctx, who.Tenant, f, in.Page)
}

func (s *Server) getSettlement(ctx context.Context, in *oneSettlement) (*out[Settlement], error) {
	who := merchantOf(ctx)
	found, err := s.settlement(ctx, who.Tenant, who.Merchant, in.ID, nil)
	if err != nil {
		return nil, err
	}
	return answer(settlementOf(found)), nil
}

func (s *Server) listSettlementLines(ctx context.Context, in *settlementLinesQuery) (*list[SettlementLine], error) {
	who := merchantOf(ctx)
	return s.settlementLines(ctx, who.Tenant, who.Merchant, in.ID, in.Page)
}

func (s *Server) getSettlementCSV(ctx context.Context, in *oneSettlement) (*csvFile, error) {
	who := merchantOf(ctx)
	return s.settlementCSV(ctx, who.Tenant, who.Merchant, in.ID)
}

type consoleSettlementsQuery struct {
	SettlementDays
	Account    string `query:"account" enum:"merchant,rider"`
	MerchantID string `query:"merchant_id" pattern:"^mer_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	RiderID    string `query:"rider_id" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
}

func (s *Server) consoleSettlements(ctx context.Context, in *consoleSettlementsQuery) (*list[Settlement], error) {
	f := in.filter()
	f.Kind = ledger.AccountKind(in.Account)
	if err := parseIDs(idParam{"merchant_id", in.MerchantID, &f.Merchant}, idParam{"rider_id", in.RiderID, &f.Rider}); err != nil {
		return nil, err
	}
	return s.settlementPage(ctx, staffOf(ctx).Tenant, f, in.Page)
}

func (s *Server) consoleSettlement(ctx context.Context, in *oneSettlement) (*out[Settlement], error) {
	found, err := s.settlement(ctx, staffOf(ctx).Tenant, anyMerchant, in.ID, nil)
	if err != nil {
		return nil, err
	}
	return answer(settlementOf(found)), nil
}

func (s *Server) consoleSettlementLines(ctx context.Context, in *settlementLinesQuery) (*list[SettlementLine], error) {
	return s.settlementLines(ctx, staffOf(ctx).Tenant, anyMerchant, in.ID, in.Page)
}

func (s *Server) consoleSettlementCSV(ctx context.Context, in *oneSettlement) (*csvFile, error) {
	return s.settlementCSV(ctx, staffOf(ctx).Tenant, anyMerchant, in.ID)
}
