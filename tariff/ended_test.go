package tariff

import (
	"testing"

	"github.com/paidan/paidan/order"
)

func TestWhatAnEndedOrderCosts(t *testing.T) {
	t.Parallel()
	fee := &order.Fee{Money: order.Money{Minor: 501, Currency: "EUR"}, DistanceM: 2350}
	for name, tc := range map[string]struct {
		o        order.Order
		fee, pay int64
	}{
		"delivered":                 {order.Order{State: order.Delivered, Fee: fee}, 501, 361},
		"brought back":              {order.Order{State: order.Returned, Fee: fee}, 451, 361},
		"on its way":                {order.Order{State: order.PickedUp, Fee: fee}, 0, 0},
		"without a fee":             {order.Order{State: order.Delivered}, 0, 0},
		"cancelled early":           {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "merchant"}, 0, 0},
		"cancelled by the merchant": {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "merchant", AssignedAt: &monday}, 251, 0},
		"cancelled by the customer": {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "customer", AssignedAt: &monday}, 251, 0},
		"cancelled for the rider":   {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "rider", AssignedAt: &monday}, 0, 0},
		"cancelled by the platform": {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "system", AssignedAt: &monday}, 0, 0},
		"cancelled by a dispatcher": {order.Order{State: order.Cancelled, Fee: fee, CancelFault: "dispatcher", AssignedAt: &monday}, 0, 0},
	} {
		x := full()
		if got := x.EndFee(tc.o); got != tc.fee {
			t.Errorf("%s: the merchant owes %d, want %d", name, got, tc.fee)
		}
		if got := x.EndPay(tc.o, nil); got.Minor != tc.pay {
			t.Errorf("%s: the rider earns %d, want %d", name, got.Minor, tc.pay)
		}
		want := int64(0)
		if tc.pay > 0 {
			want = 999
		}
		if got := x.EndPay(tc.o, &Pay{Minor: 999}); got.Minor != want { // what was told counts
			t.Errorf("%s: told 999, the rider earns %d", name, got.Minor)
		}
	}
}
