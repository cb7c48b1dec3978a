package api

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// readPay fills in what the rider of each offered order would earn by it, by the tariff that made the order's fee. An order
// without a fee earns nothing that could be told.
func (k *knownOrders) readPay(ctx context.Context, tx pgx.Tx, tenant id.Tenant, offered []id.Order) error {
	type version struct {
		zone   id.Zone
		number int64
	}
	read := map[version]tariff.Tariff{}
	for _, oid := range offered {
		o := k.orders[oid]
		if o.Fee == nil {
			continue
		}
		v := version{o.Zone, o.Fee.Tariff}
		t, ok := read[v]
		if !ok {
			found, err := tariff.Get(ctx, tx, tenant, v.zone, v.number)
			if err != nil {
				return fmt.Errorf("what order %s pays: %w", oid, err)
			}
			t = found.Tariff
			read[v] = t
		}
		if k.pay == nil {
			k.pay = make(map[id.Order]order.Money, len(offered))
		}
		k.pay[oid] = order.Money{Minor: t.RiderPay.Pay(o.Fee.DistanceM), Currency: o.Fee.Currency}
	}
	return nil
}
