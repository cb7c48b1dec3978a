package ledger

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

func TestWhatOrdersPost(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	who := f.riders[0]
	owes := func(amount int64) []Posting {
		return []Posting{{OfMerchant(f.merchant), amount, "CNY", "", ""}, {Account{Kind: RevenueAccount}, -amount, "CNY", "", ""}}
	}
	pay := []Posting{{Account{Kind: RiderCostAccount}, 500, "CNY", "", ""}, {OfRider(who), -500, "CNY", "", ""}}
	noFee := func(o *order.Order) { o.Fee = nil }
	for name, tc := range map[string]struct {
		last   order.EventType
		change []func(*order.Order)
		want   []Posting
	}{
		"delivered":               {order.EventDelivered, nil, append(owes(500), pay...)},
		"brought back":            {order.EventReturned, nil, append(owes(400), pay...)},
		"cancelled when assigned": {order.EventCancelled, nil, owes(250)},
		"without a tariff":        {order.EventDelivered, []func(*order.Order){noFee}, nil},
	} {
		o := f.ended(noon, who, tc.last, tc.change...)
		got := f.list(Filter{Orders: []id.Order{o.ID}})
		if len(tc.want) == 0 {
			if len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Kind != Kind(o.State) || got[0].Version != o.Version || !got[0].At.Equal(noon) {
			t.Fatalf("%s: %+v", name, got)
		}
		if diff := cmp.Diff(tc.want, got[0].Postings); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		// Again: nothing.
		f.tx(func(ctx context.Context, tx pgx.Tx) error { return EndOrder(ctx, tx, f.tenant, o) })
		if again := f.list(Filter{Orders: []id.Order{o.ID}}); len(again) != 1 {
			t.Errorf("%s: posted %d times", name, len(again))
		}
	}
	free := f.place(noon)
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		o, _, err := order.Apply(ctx, tx, f.tenant, free, order.Event{Type: order.EventCancelled, At: noon, Actor: order.System, Fault: "merchant", Reason: "x"})
		if err != nil {
			return err
		}
		return EndOrder(ctx, tx, f.tenant, o)
	})
	if got := f.list(Filter{Orders: []id.Order{free}}); len(got) != 0 {
		t.Errorf("cancelled before anybody had it: %+v", got)
	}
	f.booksAgree()
}

// The fee goes by the tariff of its placement, whatever the prices are now.
func TestOldOrdersKeepTheirTariff(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	oid := f.place(noon)
	f.raiseRiderPay(999)
	var o order.Order
	f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		for _, e := range []order.EventType{order.EventAssigned, order.EventPickedUp, order.EventDelivered} {
			if o, _, err = order.Apply(ctx, tx, f.tenant, oid, order.Event{Type: e, At: noon, Actor: order.System, Rider: f.riders[0]}); err != nil {
				return err
			}
		}
		return EndOrder(ctx, tx, f.tenant, o)
	})
	if got := f.list(Filter{Rider: f.riders[0]}); len(got) != 1 || got[0].Postings[3].Amount != -500 {
		t.Errorf("%+v", got)
	}
	f.booksAgree()
}
