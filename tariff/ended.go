package tariff

import "github.com/paidan/paidan/order"

// EndFee is what the merchant owes for an order that has ended, of the fee that it was placed with: all of it once delivered,
// all but a discount once back at the store, a part where the merchant or the customer cancelled after a rider had accepted it. Cancelling is
// free before that, and whenever it is the platform's or the rider's fault.
func (t Tariff) EndFee(o order.Order) int64 {
	switch {
	case o.Fee == nil:
		return 0
	case o.State == order.Delivered:
		return o.Fee.Minor
	case o.State == order.Returned:
		return o.Fee.Minor - percent(o.Fee.Minor, t.ReturnOffPercent)
	case o.State == order.Cancelled && o.AssignedAt != nil && merchantsFault(o.CancelFault):
		return percent(o.Fee.Minor, t.CancelPercent)
	}
	return 0
}

func merchantsFault(fault string) bool {
	return fault == string(order.ActorMerchant) || fault == string(order.ActorCustomer)
}

// EndPay is what the rider earns by an order that has ended: its pay, delivered or brought back.
func (t Tariff) EndPay(o order.Order) int64 {
	if o.Fee == nil || o.State != order.Delivered && o.State != order.Returned {
		return 0
	}
	return t.RiderPay.Pay(o.Fee.DistanceM)
}
