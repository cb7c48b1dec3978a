package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func pooling(p *Policy) { p.Mode = ModePool }

func (c *city) claim(r id.Rider, o id.Order) (rider.Claim, error) {
	claim, _, err := c.s.Claim(context.Background(), c.tenant, r, o, c.action())
	return claim, err
}

// claimed is how a rider's claims stand, by order.
func (c *city) claims(r id.Rider) map[id.Order]rider.Claim {
	c.t.Helper()
	out := make(map[id.Order]rider.Claim)
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		list, err := rider.ClaimsOf(context.Background(), tx, c.tenant, r, c.clock.Now().Add(-time.Hour))
		for _, x := range list {
			out[x.Order] = x
		}
		return err
	}))
	return out
}

// pool lists the orders that a rider sees in the pool, lot by lot.
func (c *city) pool(r id.Rider) (out [][]id.Order) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		lots, err := c.s.PoolOf(context.Background(), tx, c.tenant, r)
		for _, l := range lots {
			out = append(out, l.Orders)
		}
		return err
	}))
	return out
}

// lastDecision is what an order's explanation ends with.
func (c *city) lastDecision(o id.Order) Decision {
	c.t.Helper()
	why, err := c.s.Why(context.Background(), c.tenant, o)
	must(c.t, err)
	if len(why.Decisions) == 0 {
		c.t.Fatal("nothing explains the order")
	}
	return why.Decisions[len(why.Decisions)-1]
}

func reasonOf(err error) string {
	var cannot *CannotAssignError
	if errors.As(err, &cannot) {
		return cannot.Reason
	}
	return ""
}

func (c *city) history(o id.Order) (out []order.RecordedEvent) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = order.Events(context.Background(), tx, c.tenant, o)
		return err
	}))
	return out
}

// While the window is open claims are collected, whoever is first; then the best gets it, and of those alike who waits the longest.
func TestTheFairnessWindow(t *testing.T) {
	t.Parallel()
	c := newCity(t, pooling)
	window := c.zone.Policy.PoolWindow()
	far := c.rider(north(2900))
	newcomer := c.rider(north(60))
	c.clock.Advance(20 * time.Minute)
	near := c.rider(north(50))
	for r, at := range map[id.Rider]geo.LatLng{far: north(2900), newcomer: north(60)} {
		c.seen(r, at)
	}
	o := c.place(north(-500), 0)
	c.round()
	if w := c.lastDecision(o); w.Kind != KindWaiting || w.Reason != ReasonPooled || w.Until == nil || !w.Until.Equal(c.clock.Now().Add(window)) {
		t.Errorf("a pooled order is explained as %+v", w)
	}
	for _, r := range []id.Rider{far, near, newcomer} {
		claim, err := c.claim(r, o)
		must(t, err)
		if claim.State != rider.ClaimOpen {
			t.Fatalf("a claim within the window is %s", claim.State)
		}
		c.clock.Advance(time.Second)
	}
	again, already, err := c.s.Claim(context.Background(), c.tenant, far, o, c.action())
	if err != nil || !already || again.State != rider.ClaimOpen {
		t.Errorf("a second claim is answered %+v, %v, %v", again, already, err)
	}
	c.round()
	c.inState(o, order.Pending)
	if left := c.state.interval(c.clock.Now()); left != window-3*time.Second {
		t.Errorf("the next round comes in %v", left)
	}
	c.clock.Advance(window - 3*time.Second)
	c.round()
	// As near as near, and without work for twenty minutes longer.
	if got := c.inState(o, order.Assigned); got.Rider != newcomer {
		t.Errorf("the order went to %v, of %v (far), %v (near), %v (idle)", got.Rider, far, near, newcomer)
	}
	if x := c.claims(newcomer)[o]; x.State != rider.ClaimWon || x.Reason != rider.ClaimLongestIdle {
		t.Errorf("the winner's claim is %+v", x)
	}
	for _, r := range []id.Rider{far, near} {
		if x := c.claims(r)[o]; x.State != rider.ClaimLost || x.Reason != rider.ClaimTaken || x.DecidedAt == nil {
			t.Errorf("a loser's claim is %+v", x)
		}
	}
	d := c.lastDecision(o)
	if d.Kind != KindClaimed || d.Reason != rider.ClaimLongestIdle || d.Chosen == nil || len(d.RunnersUp) != 2 || d.RunnersUp[0].Rider != near {
		t.Errorf("explained as %+v", d)
	}
	if d.Chosen.Terms.Position == 0 {
		t.Error("where the route ends has no price, as it has in offers")
	}
	c.clean()

	later := c.place(north(-600), 0)
	c.round()
	must2(t)(c.claim(far, later))
	c.clock.Advance(window)
	c.round()
	if x := c.claims(far)[later]; x.State != rider.ClaimWon || x.Reason != rider.ClaimOnly {
		t.Errorf("the only claim is %+v", x)
	}
	last := c.place(north(-700), 0)
	c.round()
	c.clock.Advance(window)
	if x, err := c.claim(near, last); err != nil || x.State != rider.ClaimWon || x.Reason != rider.ClaimFirst {
		t.Errorf("after the window the first claim is %+v, %v", x, err)
	}
	c.clean()
}

func must2(t testing.TB) func(rider.Claim, error) {
	t.Helper()
	return func(_ rider.Claim, err error) { t.Helper(); must(t, err) }
}

// Who may not have an order does not see it, and is told why when claiming it all the same.
func TestWhoMayClaim(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, pooling, func(p *Policy) { p.PoolWindowS, p.MaxOrders = 0, 1 })
	able := c.rider(north(100))
	tooFar := c.rider(north(5000))
	unskilled := c.rider(north(100))
	small := c.rider(north(100), func(n *rider.New) { n.Capacity = 1 })
	full := c.rider(north(100))
	first := c.place(north(-500), 0, func(o *order.Order) { o.Load = 2 })
	c.round()
	if got := c.pool(small); len(got) > 0 {
		t.Errorf("who can't carry it sees %v", got)
	}
	if _, err := c.claim(small, first); reasonOf(err) != "capacity" {
		t.Errorf("too large: %v", err)
	}
	must2(t)(c.claim(full, first))
	if _, err := c.claim(able, first); !errors.Is(err, ErrTaken) {
		t.Errorf("taken: %v", err)
	}

	o := c.place(north(-500), 0)
	skilled := c.place(north(-500), 0, func(o *order.Order) { o.Skills = []string{"age"} })
	c.round()
	if got := c.pool(able); len(got) != 1 || got[0][0] != o {
		t.Errorf("the pool is %v", got)
	}
	if _, err := c.claim(unskilled, skilled); reasonOf(err) != "skill" {
		t.Errorf("unskilled: %v", err)
	}
	if _, err := c.claim(tooFar, o); reasonOf(err) != ReasonTooFar || len(c.pool(tooFar)) > 0 {
		t.Errorf("too far: %v", err)
	}
	if _, err := c.claim(full, o); reasonOf(err) != "capacity" {
		t.Errorf("full: %v", err)
	}
	c.offer(unskilled, c.place(north(-800), 0))
	if _, err := c.claim(unskilled, o); reasonOf(err) != ReasonOfferOpen {
		t.Errorf("with an open offer: %v", err)
	}
	c.clock.Advance(c.zone.Policy.StaleAfter() + time.Second)
	if _, err := c.claim(able, o); reasonOf(err) != ReasonStale || len(c.pool(able)) > 0 {
		t.Errorf("not heard of: %v", err)
	}
	c.seen(able, north(100))
	must(t, c.db.Tx(ctx, c.tenant, func(tx pgx.Tx) error {
		_, err := rider.EndShift(ctx, tx, c.tenant, tooFar, c.clock.Now())
		return err
	}))
	if _, err := c.claim(tooFar, o); !errors.Is(err, rider.ErrOffShift) {
		t.Errorf("off shift: %v", err)
	}
	if _, err := c.claim(able, id.NewOrder()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("no such order: %v", err)
	}
	// Given back by the rider, it is in the pool again, but not for that rider.
	must2(t)(c.claim(able, o))
	must(t, c.s.tx(ctx, c.tenant, func(t *txn) error {
		plan, err := rider.LockPlan(ctx, t, c.tenant, able)
		if err != nil {
			return err
		}
		if _, _, err := order.Apply(ctx, t, c.tenant, o, c.action().event(order.EventUnassigned, able, t.now)); err != nil {
			return err
		}
		plan.Stops = nil
		return t.savePlan(ctx, &plan)
	}))
	c.round()
	if _, err := c.claim(able, o); reasonOf(err) != "refused" || slices.ContainsFunc(c.pool(able), func(l []id.Order) bool { return l[0] == o }) {
		t.Errorf("refused: %v, and sees %v", err, c.pool(able))
	}
	c.clean()
}

// In the other modes an order goes into the pool once riders have turned it down so often; the engine leaves it alone until pool_for is over,
// a dispatcher need not.
func TestThePoolAsAFallback(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, func(p *Policy) { p.PoolAfter, p.PoolForS, p.CommitAheadS = 1, 60, 3600 })
	picky, other := c.rider(north(100)), c.rider(north(300))
	o := c.place(north(-500), 0)
	byHand := c.place(north(-500), 0)
	c.round()
	if len(c.offers(picky)) != 1 || len(c.pool(other)) > 0 {
		t.Fatal("nothing was offered, or something is pooled before it was declined")
	}
	for _, f := range c.offers(picky) {
		must(t, c.s.DeclineOffer(ctx, c.tenant, picky, f.ID, c.action()))
	}
	for _, f := range c.offers(other) {
		must(t, c.s.DeclineOffer(ctx, c.tenant, other, f.ID, c.action()))
	}
	third := c.rider(north(400))
	c.round()
	if len(c.offers(third)) > 0 || len(c.pool(third)) != 2 || len(c.pool(picky)) > 0 {
		t.Fatalf("offers %v, pool %v; the picky one's %v", c.offers(third), c.pool(third), c.pool(picky))
	}
	why, err := c.s.Why(ctx, c.tenant, o)
	must(t, err)
	if len(why.Candidates) == 0 {
		t.Error("a dispatcher is shown nobody for a pooled order")
	}
	if _, err := c.s.Assign(ctx, c.tenant, byHand, picky, 0, dispatcher); err != nil {
		t.Errorf("by hand: %v", err)
	}
	must2(t)(c.claim(third, o)) // collected: the window is open
	_, err = c.s.Cancel(ctx, c.tenant, o, dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	c.round()
	if x := c.claims(third)[o]; x.State != rider.ClaimLost || x.Reason != rider.ClaimGone {
		t.Errorf("the claim of a cancelled order is %+v", x)
	}
	if len(c.pool(third)) > 0 {
		t.Errorf("the pool is %v", c.pool(third))
	}

	slow := c.place(north(-500), 0)
	c.round()
	for _, r := range []id.Rider{third, picky, other} {
		for _, f := range c.offers(r) {
			must(t, c.s.DeclineOffer(ctx, c.tenant, r, f.ID, c.action()))
		}
	}
	fourth := c.rider(north(500))
	c.round()
	if len(c.pool(fourth)) != 1 {
		t.Fatalf("the pool is %v", c.pool(fourth))
	}
	c.clock.Advance(59 * time.Second)
	c.round()
	c.inState(slow, order.Pending)
	c.clock.Advance(time.Second)
	c.round()
	c.inState(slow, order.Offered)
	c.clean()
}

// A job is one lot, claimed as one.
func TestAJobIsClaimedAsOne(t *testing.T) {
	t.Parallel()
	c := newCity(t, pooling, func(p *Policy) { p.PoolWindowS = 5 })
	a, b := c.rider(north(100)), c.rider(north(200))
	orders := c.job([]geo.LatLng{north(-500), north(-700)}, 0)
	c.round()
	if got := c.pool(a); len(got) != 1 || len(got[0]) != 2 {
		t.Fatalf("the pool is %v", got)
	}
	must2(t)(c.claim(a, orders[0]))
	must2(t)(c.claim(b, orders[1]))
	c.clock.Advance(5 * time.Second)
	c.round()
	x, y := c.inState(orders[0], order.Assigned), c.inState(orders[1], order.Assigned)
	if x.Rider != y.Rider {
		t.Error("a job was torn apart")
	}
	lost := b
	if x.Rider == b {
		lost = a
	}
	if claims := c.claims(lost); len(claims) != 1 {
		t.Errorf("the loser's claims are %+v", claims)
	} else {
		for _, claim := range claims {
			if claim.State != rider.ClaimLost {
				t.Errorf("the loser's claim is %+v", claim)
			}
		}
	}
	c.clean()
}

// What the pool's pure part makes of a snapshot.
func TestPoolable(t *testing.T) {
	t.Parallel()
	job := id.NewJob()
	for name, x := range map[string]struct {
		mode   Mode
		after  int
		orders []order.Order
		want   int
	}{
		"offers":                      {ModeOffer, 0, []order.Order{{State: order.Pending, Declines: 9}}, 0},
		"declined too seldom":         {ModeOffer, 2, []order.Order{{State: order.Pending, Declines: 1}}, 0},
		"declined often":              {ModeForce, 2, []order.Order{{State: order.Pending, Declines: 2}}, 1},
		"pool":                        {ModePool, 0, []order.Order{{State: order.Pending}, {State: order.Offered}, {State: order.Assigned}}, 1},
		"a job, of which one":         {ModeOffer, 1, []order.Order{{State: order.Pending, Declines: 1, Job: job}, {State: order.Pending, Job: job}}, 2},
		"the rest of a job":           {ModePool, 0, []order.Order{{State: order.PickedUp, Job: job}, {State: order.Pending, Job: job}}, 0},
		"a job whose goods go back":   {ModePool, 0, []order.Order{{State: order.Returning, Job: job}, {State: order.Pending, Job: job}}, 1},
		"a job of which one is asked": {ModePool, 0, []order.Order{{State: order.Offered, Job: job}, {State: order.Pending, Job: job}}, 0},
	} {
		s := &Snapshot{Zone: Zone{Policy: Policy{Mode: x.mode, PoolAfter: x.after}}, Orders: x.orders}
		for i := range s.Orders {
			s.Orders[i].ID = id.NewOrder()
		}
		got := 0
		lots := s.poolable()
		for _, orders := range lots {
			got += len(orders)
		}
		if got != x.want || x.want > 0 && len(lots) != 1 {
			t.Errorf("%s: %v", name, lots)
		}
	}
	if lotOf(&order.Order{Job: job, ID: id.NewOrder()}) != job.UUID() {
		t.Error("a job is no lot")
	}
}

// Who comes near a pooled order hears of it in the next round, once; and hears when it is gone.
func TestThePoolRingsWhoComesNear(t *testing.T) {
	t.Parallel()
	c := newCity(t, pooling)
	near, far := c.rider(north(50)), c.rider(north(7000))
	o := c.place(north(-500), 0)
	type ring struct {
		who  id.Rider
		last bool
	}
	rings := make(chan ring, 100)
	for _, r := range []id.Rider{near, far} {
		stop, err := c.bus.Subscribe(bus.RiderSubject(c.tenant, r), func(_ string, data []byte) { rings <- ring{r, string(data) == "last"} })
		must(t, err)
		defer stop()
	}
	// heard counts whom a round rings: what it has to tell comes before what is published after it.
	heard := func() map[id.Rider]int {
		c.round()
		got := make(map[id.Rider]int)
		for _, r := range []id.Rider{near, far} {
			must(t, c.bus.Publish(bus.RiderSubject(c.tenant, r), []byte("last")))
		}
		for ended := 0; ended < 2; {
			if r := <-rings; r.last {
				ended++
			} else {
				got[r.who]++
			}
		}
		return got
	}
	expect := func(when string, toNear, toFar int) {
		t.Helper()
		if got := heard(); got[near] != toNear || got[far] != toFar {
			t.Errorf("%s: near heard %d times, far %d", when, got[near], got[far])
		}
	}
	expect("the order comes in", 1, 0)
	expect("nothing changes", 0, 0)
	c.seen(far, north(100))
	if got := c.pool(far); len(got) != 1 {
		t.Errorf("who has come near sees %v", got)
	}
	expect("far comes near", 0, 1)
	expect("nothing changes any more", 0, 0)
	c.seen(far, north(7000))
	expect("far goes away", 0, 0)
	c.seen(far, north(100))
	expect("far comes back", 0, 1)
	_, err := c.s.Cancel(context.Background(), c.tenant, o, dispatcher, "customer", "changed their mind", 0)
	must(t, err)
	expect("it is cancelled", 1, 1)
}
