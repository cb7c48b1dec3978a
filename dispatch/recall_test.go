package dispatch

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
)

// Who takes a zone over counts the orders as who has watched them did: open ones, ended ones, not those of other tenants.
func TestANewOwnerKnowsTheDemand(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	other := newCity(t)
	other.place(north(-500), 0)
	c.rider(north(100))
	c.place(north(-500), 20*time.Minute)
	c.round()
	c.clock.Advance(30 * time.Minute)
	gone := c.place(north(-800), time.Hour)
	c.round()
	_, err := c.s.Cancel(ctx, c.tenant, gone, dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	c.clock.Advance(30 * time.Minute)
	c.round()

	snap, err := c.s.TakeSnapshot(ctx, c.tenant, c.zone.ID)
	must(t, err)
	m, err := c.s.recall(ctx, c.tenant, snap)
	must(t, err)
	want := []spot{{store: c.store.ID, at: c.store.At, rate: 0.5 + math.Sqrt2/2}}
	near := cmp.Options{cmp.AllowUnexported(spot{}), cmpopts.EquateApprox(0, 1e-6)}
	if d := cmp.Diff(want, m.Demand.spots, near); d != "" {
		t.Errorf("a new owner's demand: %s", d)
	}
	if d := cmp.Diff(c.state.memory.Demand.spots, m.Demand.spots, near); d != "" {
		t.Errorf("is not what the old owner knew: %s", d)
	}
	if news := m.Demand.learn(snap); news != 0 {
		t.Errorf("%d orders are counted twice", news)
	}

	stranger := pgtest.Tenant(t, c.db)
	must(t, c.db.Read(ctx, stranger, func(tx pgx.Tx) error {
		list, err := order.RecentDemand(ctx, tx, stranger, c.zone.ID, snap.At, time.Hour)
		if len(list) > 0 {
			t.Errorf("another tenant sees %+v", list)
		}
		return err
	}))
	must(t, c.db.Read(ctx, stranger, func(tx pgx.Tx) error { // the query names the tenant, and the database hides it besides
		list, err := order.RecentDemand(ctx, tx, c.tenant, c.zone.ID, snap.At, time.Hour)
		if len(list) > 0 {
			t.Errorf("another tenant, asking for this one, sees %+v", list)
		}
		return err
	}))
}

// The reasons that a dispatcher sees are those that the engine decides by, where the tour would end included.
func TestWhyPricesWhereTheTourEnds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, func(p *Policy) { p.Position = 5 })
	c.rider(north(100))
	o := c.place(north(-3000), 30*time.Minute)
	why, err := c.s.Why(ctx, c.tenant, o)
	must(t, err)
	if len(why.Candidates) != 1 || why.Candidates[0].Terms.Position <= 0 {
		t.Fatalf("going away from the only store costs nothing: %+v", why.Candidates)
	}
}

func TestDemandCountsEachOrderOnce(t *testing.T) {
	t.Parallel()
	s := aSnapshot(3)
	s.Orders[0].Store, s.Orders[1].Store, s.Orders[2].Store = id.NewStore(), id.NewStore(), id.NewStore()
	s.Orders[2].PlacedAt, s.Orders[2].DueAt = s.At.Add(-time.Hour), s.At // placed for now
	var d Demand
	if news := d.learn(s); news != 3 {
		t.Fatalf("%d orders are new", news)
	}
	s.At = s.At.Add(time.Hour)
	if news := d.learn(s); news != 0 || math.Abs(d.total-1.5) > 1e-9 || math.Abs(d.perHour()-1.5*math.Ln2) > 1e-9 {
		t.Errorf("an hour later %d are new, %v count", news, d.total)
	}
}
