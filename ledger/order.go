package ledger

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// OfOrder is what an order that has ended posts, by the tariff that made its fee and by what its rider was told (nil: nothing): the merchant owes
// the fee or a part of it, the rider earns his pay, each bonus apart. ok = false where that is nothing: an order without a fee, under
// way, or cancelled for free.
func OfOrder(o order.Order, t tariff.Tariff, told *tariff.Pay) (_ Transaction, ok bool) {
	if o.Fee == nil || !o.State.Ended() {
		return Transaction{}, false
	}
	out := Transaction{Kind: Kind(o.State), At: o.UpdatedAt, Order: o.ID, Version: o.Version}
	out.move(Account{Kind: RevenueAccount}, OfMerchant(o.Merchant), t.EndFee(o), o.Fee.Currency)
	pay := t.EndPay(o, told)
	var plain int64
	for _, x := range pay.Terms {
		if !x.Kind.Bonus() {
			plain += x.Minor
		}
	}
	out.move(OfRider(o.Rider), Account{Kind: RiderCostAccount}, plain, o.Fee.Currency)
	for _, x := range pay.Terms {
		if x.Kind.Bonus() {
			out.moveFor(string(x.Kind), x.Name, OfRider(o.Rider), Account{Kind: RiderCostAccount}, x.Minor, o.Fee.Currency)
		}
	}
	return out, len(out.Postings) > 0
}

// EndOrder posts what an order that has just ended means in money, in the transaction of the event that ended it. Other orders it
// leaves alone, and a second time it does nothing.
func EndOrder(ctx context.Context, tx pgx.Tx, tenant id.Tenant, o order.Order) error {
	if o.Fee == nil || !o.State.Ended() {
		return nil
	}
	v, err := tariff.Get(ctx, tx, tenant, o.Zone, o.Fee.Tariff)
	if err != nil {
		return fmt.Errorf("settle order %s: %w", o.ID, err)
	}
	told, err := PaysTold(ctx, tx, tenant, []id.Order{o.ID})
	if err != nil {
		return fmt.Errorf("settle order %s: %w", o.ID, err)
	}
	t, ok := OfOrder(o, v.Tariff, told.Of(o.ID, o.Rider))
	if !ok {
		return nil
	}
	if _, err := Post(ctx, tx, tenant, &t); err != nil {
		return fmt.Errorf("settle order %s: %w", o.ID, err)
	}
	return nil
}
