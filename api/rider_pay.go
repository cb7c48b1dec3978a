package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// PayTerm is one part of a rider's pay.
type PayTerm tariff.PayTerm

// readPay fills in what a rider earns by each offered order, as it was fixed when the rider was asked, and by each one in the pool, as it would
// be fixed by a claim now. An order without a fee earns nothing that could be told.
func (k *knownOrders) readPay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider, offered, pooled []id.Order) error {
	told, err := ledger.PaysTold(ctx, tx, tenant, offered)
	if err != nil {
		return err
	}
	k.pay = make(map[id.Order]tariff.Pay, len(offered))
	var ask []ledger.Told
	for _, o := range pooled {
		ask = append(ask, ledger.Told{Order: o, Rider: who})
	}
	for _, o := range offered {
		if pay := told.Of(o, who); pay != nil {
			k.pay[o] = *pay
		} else {
			ask = append(ask, ledger.Told{Order: o, Rider: who})
		}
	}
	now, err := ledger.PayNow(ctx, tx, tenant, ask, k.now)
	for t, pay := range now {
		k.pay[t.Order] = pay
	}
	return err
}

// earns is what an offered order pays, in all and term by term.
func (k *knownOrders) earns(o id.Order) (nullable[Money], []PayTerm) {
	pay, ok := k.pay[o]
	if !ok {
		return nullable[Money]{}, []PayTerm{}
	}
	terms := make([]PayTerm, len(pay.Terms))
	for i, t := range pay.Terms {
		terms[i] = PayTerm(t)
	}
	return moneyOf(order.Money{Minor: pay.Minor, Currency: pay.Currency}), terms
}
