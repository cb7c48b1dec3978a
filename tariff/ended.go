package tariff

import "github.com/paidan/paidan/order"

// EndFee is what the merchant owes for an order that has ended, of the fee that it was placed with: all of it once delivered,
// all but a discount once back at the store, and of a cancelled one what CancelFee says.
func (t Tariff) EndFee(o order.Order) int64 {
	switch {
	case o.Fee == nil:
		return 0
	case o.State == order.Delivered:
		return o.Fee.Minor
	case o.State == order.Returned:
		return o.Fee.Minor - percent(o.Fee.Minor, t.ReturnOffPercent)
	case o.State == order.Cancelled:
		amount, _ := t.CancelFee(o)
		return amount
	}
	return 0
}

// CancelRule is why a cancelled order costs what it costs.
type CancelRule string

// The rules, in the order in which they are asked.
const (
	CancelNoFee    CancelRule = "no_fee"    // it was placed without a fee
	CancelNoRider  CancelRule = "no_rider"  // no rider had it: free
	CancelNotYours CancelRule = "not_yours" // neither the merchant's fault nor the customer's: free
	CancelPercent  CancelRule = "percent"   // the tariff's part of the fee
)

// CancelFee is what the merchant owes for a cancelled order, and by which rule: a part of the fee where the merchant or the customer
// cancelled after a rider had accepted it. Cancelling is free before that, and whenever it is the platform's or the rider's fault.
func (t Tariff) CancelFee(o order.Order) (int64, CancelRule) {
	switch {
	case o.Fee == nil:
		return 0, CancelNoFee
	case o.AssignedAt == nil:
		return 0, CancelNoRider
	case !merchantsFault(o.CancelFault):
		return 0, CancelNotYours
	}
	return percent(o.Fee.Minor, t.CancelPercent), CancelPercent
}

func merchantsFault(fault string) bool {
	return fault == string(order.ActorMerchant) || fault == string(order.ActorCustomer)
}

// EndPay is what the rider earns by an order that has ended, delivered or brought back: what was told when it was offered or given; the plain
// pay where nothing was (told = nil).
func (t Tariff) EndPay(o order.Order, told *Pay) Pay {
	switch {
	case o.Fee == nil || o.State != order.Delivered && o.State != order.Returned:
		return Pay{}
	case told != nil:
		return *told
	}
	return t.PlainPay(o.Fee.DistanceM)
}
