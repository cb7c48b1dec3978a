package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/ledger"
)

// Earnings are what a rider has earned today.
type Earnings struct {
	Day    ledger.Day `json:"day" format:"date" doc:"Of the company's time zone."`
	Earned []Earned   `json:"earned" doc:"By currency; empty as long as there is nothing."`
}

// Earned is an amount, and for how many orders.
type Earned struct {
	Amount   int64  `json:"amount" doc:"Minor units, corrections included."`
	Currency string `json:"currency"`
	Orders   int    `json:"orders" doc:"Delivered, or brought back to the store, for pay."`
}

func (s *Server) riderEarnings(ctx context.Context, _ *empty) (*out[Earnings], error) {
	who := riderOf(ctx)
	e := Earnings{Earned: []Earned{}}
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		zone, err := pg.TimeZone(ctx, tx, who.Tenant)
		if err != nil {
			return err
		}
		e.Day = ledger.DayOf(s.clock.Now(), zone)
		found, err := ledger.Earnings(ctx, tx, who.Tenant, who.Rider, e.Day.Start(zone), e.Day.Next().Start(zone))
		for _, x := range found {
			e.Earned = append(e.Earned, Earned{x.Amount, x.Currency, x.Orders})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}
