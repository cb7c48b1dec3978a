package dispatch

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Riders are woken for what others did, and for offers; not for their own acts.
func TestRidersAreWoken(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(2000))
	var woken []rider.Notice
	c.s.Waking(func(_ context.Context, _ pgx.Tx, tenant id.Tenant, list []rider.Notice, _ time.Time) error {
		if tenant != c.tenant {
			t.Errorf("in tenant %s", tenant)
		}
		woken = append(woken, list...)
		return nil
	})
	expect := func(what string, want ...rider.Notice) {
		t.Helper()
		for i := range woken {
			woken[i].ExpiresAt = time.Time{}
		}
		if !slices.Equal(woken, want) {
			t.Errorf("%s: %+v, want %+v", what, woken, want)
		}
		woken = nil
	}
	plan := func(r id.Rider) rider.Notice { return rider.Notice{Rider: r, Kind: rider.NoticePlan} }
	o := c.place(north(-500), 0)
	c.round()
	offer := c.offers(near)[0]
	if len(woken) != 1 || !woken[0].ExpiresAt.Equal(offer.ExpiresAt) {
		t.Errorf("%+v", woken)
	}
	expect("an offer", rider.Notice{Rider: near, Kind: rider.NoticeOffer, Offer: offer.ID})
	c.accept(near)
	expect("the rider's own yes")
	_, err := c.s.Assign(ctx, c.tenant, o, far, 0, dispatcher)
	must(t, err)
	expect("given to another", plan(far), plan(near))
	_, _, err = c.s.Step(ctx, c.tenant, far, o, order.EventArrivedAtStore, c.action())
	must(t, err)
	expect("the rider's own step")
	_, err = c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	expect("cancelled", plan(far))
	i, err := c.s.Report(ctx, c.tenant, far, rider.Alarm, id.Order{}, nil, Action{ID: uuid.New(), At: c.clock.Now()})
	must(t, err)
	expect("the rider's alarm")
	user := id.NewUser()
	must(t, c.s.db.Tx(ctx, c.tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into users (tenant_id, id, email, name, role, password_hash, created_at) values ($1, $2, 'd@example.com', 'Dan', 'dispatcher', '', $3)`,
			c.tenant, user, c.clock.Now())
		return err
	}))
	for range 2 {
		c.clock.Advance(time.Second)
		_, err = c.s.Acknowledge(ctx, c.tenant, i.ID, user)
		must(t, err)
	}
	expect("the alarm is heard", rider.Notice{Rider: far, Kind: rider.NoticeAlarm})
	c.clean()
}
