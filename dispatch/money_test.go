package dispatch

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// setPrices gives the zone a tariff: half the fee for a late cancellation, 3.00 for the rider.
func (c *city) setPrices() {
	c.t.Helper()
	ctx, user := context.Background(), id.NewUser()
	must(c.t, c.db.Tx(ctx, c.tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO users (tenant_id, id, email, name, role, password_hash, created_at) VALUES ($1, $2, 'f@example.com', 'Fei', 'finance', '', $3)`,
			c.tenant, user, c.clock.Now())
		if err != nil {
			return err
		}
		x := tariff.Tariff{Currency: "EUR", Base: 500, RiderPay: tariff.RiderPay{PerOrder: 300}, CancelPercent: 50}
		_, err = tariff.Put(ctx, tx, c.tenant, tariff.Version{Zone: c.zone.ID, Tariff: x, CreatedBy: user, CreatedAt: c.clock.Now()})
		return err
	}))
}

// fee is 5.00 by that tariff.
func fee() *order.Fee {
	return &order.Fee{Money: order.Money{Minor: 500, Currency: "EUR"}, Tariff: 1, Terms: []order.FeeTerm{{Kind: order.TermBase, Minor: 500}}}
}

// earned is what the merchant and a rider have on their accounts.
func (c *city) earned(r id.Rider) (owed, paid int64) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		list, err := ledger.List(context.Background(), tx, c.tenant, ledger.Filter{})
		for _, t := range list {
			for _, p := range t.Postings {
				if p.Merchant == c.store.Merchant {
					owed += p.Amount
				}
				if p.Rider == r {
					paid -= p.Amount
				}
			}
		}
		return err
	}))
	return owed, paid
}

// What ends an order posts its money with it.
func TestTheLedgerFollowsTheOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Mode = ModeForce; p.CommitAheadS = 3600 })
	c.setPrices()
	r := c.rider(north(100))
	priced := func(o *order.Order) { o.Fee = fee() }
	is := func(what string, owed, paid int64) {
		t.Helper()
		if o, p := c.earned(r); o != owed || p != paid {
			t.Errorf("%s: owed %d, paid %d; want %d, %d", what, o, p, owed, paid)
		}
	}
	delivered := c.place(north(900), 0, priced)
	c.round()
	c.inState(delivered, order.Assigned)
	for _, e := range []order.EventType{order.EventPickedUp, order.EventArrivedAtDoor} {
		c.step(r, delivered, e)
	}
	is("on its way", 0, 0)
	c.step(r, delivered, order.EventDelivered)
	is("delivered", 500, 300)

	late := c.place(north(900), 20*time.Minute, priced)
	c.round()
	c.inState(late, order.Assigned)
	_, err := c.s.Unassign(context.Background(), c.tenant, late, 0, dispatcher, "let us see")
	must(t, err)
	is("unassigned", 500, 300)
	_, err = c.s.Assign(context.Background(), c.tenant, late, r, 0, dispatcher)
	must(t, err)
	for range 2 { // the second time it is a repetition
		_, err = c.s.Cancel(context.Background(), c.tenant, late, dispatcher, "customer", "changed their mind", 0)
		must(t, err)
	}
	is("cancelled late", 750, 300)

	back := c.place(north(900), 0, priced)
	c.round()
	for _, e := range []order.EventType{order.EventPickedUp, order.EventDeliveryFailed, order.EventReturned} {
		c.step(r, back, e)
	}
	is("brought back", 1250, 600)
	c.clean()
}
