package dispatch

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestStandingIsWeighed(t *testing.T) {
	t.Parallel()
	now := aSnapshot(0).At
	ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	both := Fairness{Idle: 0.02, IdleMaxS: 3600, Earnings: 2}
	for _, c := range []struct {
		name    string
		weights Fairness
		typical float64
		x       Standing
		idle    float64
		earned  float64
	}{
		{"at work, with typical earnings", both, 10, Standing{Worked: 2 * time.Hour, Earned: 20}, 0, 0},
		{"without work for 24 minutes", both, 10, Standing{FreeSince: ago(24), Worked: 2 * time.Hour, Earned: 20}, -0.48, 0},
		{"for two hours, of which one counts", both, 10, Standing{FreeSince: ago(120), Worked: 2 * time.Hour, Earned: 20}, -1.2, 0},
		{"the shift is yet to begin", both, 10, Standing{FreeSince: now.Add(time.Hour)}, 0, 0},
		{"has just begun", both, 10, Standing{FreeSince: now}, 0, 0},
		{"nothing in an hour", both, 10, Standing{Worked: time.Hour}, 0, -1},
		{"twice as much in an hour", both, 10, Standing{Worked: time.Hour, Earned: 20}, 0, 1},
		{"far more", both, 10, Standing{Worked: 9 * time.Hour, Earned: 900}, 0, 2},
		{"nobody has earned anything", both, 0, Standing{Worked: time.Hour}, 0, 0},
		{"idle alone", Fairness{Idle: 0.02, IdleMaxS: 3600}, 10, Standing{FreeSince: ago(10), Worked: time.Hour}, -0.2, 0},
		{"earnings alone", Fairness{Earnings: 2, IdleMaxS: 3600}, 10, Standing{FreeSince: ago(10), Worked: time.Hour}, 0, -1},
	} {
		got := c.weights.weigh(c.x, c.typical, now).minutes
		if math.Abs(got.idle-c.idle) > 1e-9 || math.Abs(got.earned-c.earned) > 1e-9 {
			t.Errorf("%s: %+v, want %v and %v", c.name, got, c.idle, c.earned)
		}
	}
}

func TestTypicalEarnings(t *testing.T) {
	t.Parallel()
	hour := func(earned ...float64) map[id.Rider]Standing {
		all := map[id.Rider]Standing{id.NewRider(): {Worked: tellsRate - 1, Earned: 1000}} // too new to tell
		for _, x := range earned {
			all[id.NewRider()] = Standing{Worked: 2 * time.Hour, Earned: 2 * x}
		}
		return all
	}
	for _, c := range []struct {
		earned []float64
		want   float64
	}{{nil, 0}, {[]float64{7}, 7}, {[]float64{1, 9, 2}, 2}, {[]float64{1, 9, 2, 4}, 3}, {[]float64{0, 0, 0, 8}, 2}, {[]float64{0, 0}, 0}} {
		if got := typicalPerHour(hour(c.earned...)); got != c.want {
			t.Errorf("of %v %v is typical, want %v", c.earned, got, c.want)
		}
	}
}

// Without weights the question to the solver is the same to the last bit, whatever is known of the riders.
func TestWithoutWeightsNothingIsWeighed(t *testing.T) {
	t.Parallel()
	s := aSnapshot(3)
	s.Zone.Policy.Fairness.Idle, s.Zone.Policy.Fairness.Earnings = 0, 0
	before := NewInstance(s, eta.Default(), &Memory{}).Problem
	s.Standing = map[id.Rider]Standing{s.Riders[0].ID: {FreeSince: s.At.Add(-time.Hour), Worked: time.Hour, Earned: 5}}
	if diff := cmp.Diff(before, NewInstance(s, eta.Default(), &Memory{}).Problem); diff != "" {
		t.Errorf("-without +with\n%s", diff)
	}
	s.Zone.Policy.Fairness.Idle = 0.01
	if r := NewInstance(s, eta.Default(), &Memory{}).Problem.Riders[0]; math.Abs(r.Idle+0.6) > 1e-9 || r.Earned != 0 {
		t.Errorf("with a weight %+v", r)
	}
}

// A rider a little farther away gets the order who has waited longer, and is told why; a refusal or a break begins the wait anew.
func TestWhoHasWaitedIsAskedFirst(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Fairness.Idle = 0.05 })
	far := c.rider(north(420))
	c.clock.Advance(40 * time.Minute)
	near := c.rider(north(400))
	c.seen(far, north(420))
	o := c.place(north(-500), 0)
	c.round()
	if len(c.offers(far)) != 1 || len(c.offers(near)) != 0 {
		t.Fatalf("the one who waited has %d offers, the other %d", len(c.offers(far)), len(c.offers(near)))
	}
	d := c.lastDecision(o)
	if d.Chosen == nil || d.Chosen.IdleS != 2400 || math.Abs(d.Chosen.Terms.Idle+2) > 1e-9 || d.Chosen.EarnedPct != 100 {
		t.Errorf("explained by %+v", d.Chosen)
	}
	if len(d.RunnersUp) != 1 || d.RunnersUp[0].IdleS != 0 || d.RunnersUp[0].Cost <= d.Chosen.Cost {
		t.Errorf("runners-up %+v", d.RunnersUp)
	}

	since := c.freeSince()
	if _, asked := since[far]; asked || !since[near].Equal(c.clock.Now()) {
		t.Errorf("free since %v", since)
	}
	c.clock.Advance(time.Second)
	must(t, c.s.DeclineOffer(t.Context(), c.tenant, far, c.offers(far)[0].ID, c.action()))
	if got := c.freeSince()[far]; !got.Equal(c.clock.Now()) {
		t.Errorf("after declining free since %v", got)
	}
	c.clock.Advance(time.Minute)
	for _, act := range []func(context.Context, id.Tenant, id.Rider, Action) (rider.Shift, bool, error){c.s.StartBreak, c.s.EndBreak} {
		_, _, err := act(t.Context(), c.tenant, far, c.action())
		must(t, err)
		if got, free := c.freeSince()[far]; free && !got.Equal(c.clock.Now()) {
			t.Errorf("after the break free since %v", got)
		}
		c.clock.Advance(time.Minute)
	}
	c.bring(near, o)
	if _, free := c.freeSince()[near]; free {
		t.Error("free with an order on board")
	}
	c.clock.Advance(10 * time.Minute)
	c.step(near, o, order.EventDelivered)
	if got := c.freeSince()[near]; !got.Equal(c.clock.Now()) {
		t.Errorf("after the drop free since %v", got)
	}
}

// Who has earned less an hour than the others is asked first, and is told why.
func TestWhoHasEarnedLessIsAskedFirst(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Fairness.Earnings = 3 })
	c.setPrices()
	rich, poor := c.rider(north(100)), c.rider(north(2000))
	o := c.place(north(-500), 0, func(o *order.Order) { o.Fee = fee() })
	c.round()
	c.accept(rich)
	if e := c.onShift(rich); e.Minor != 300 || e.Worked != 0 {
		t.Errorf("told of 3.00, the rider has %+v", e)
	}
	c.step(rich, o, order.EventPickedUp)
	c.clock.Advance(20 * time.Minute)
	c.step(rich, o, order.EventDelivered)
	c.clock.Advance(40 * time.Minute)
	if e := c.onShift(rich); e.Minor != 300 || e.Worked != time.Hour {
		t.Errorf("paid 3.00, the rider has %+v", e)
	}
	c.seen(rich, north(300))
	c.seen(poor, north(320))
	second := c.place(north(-500), 0)
	c.round()
	if len(c.offers(poor)) != 1 {
		t.Fatal("who has earned nothing was not asked")
	}
	d := c.lastDecision(second)
	// 3.00 and 0.00 an hour: 1.50 are typical, of which the first hour is taken as half
	if d.Chosen.EarnedPct != 50 || math.Abs(d.Chosen.Terms.Earned+1.5) > 1e-9 || d.RunnersUp[0].EarnedPct != 150 || math.Abs(d.RunnersUp[0].Terms.Earned-1.5) > 1e-9 {
		t.Errorf("explained by %+v before %+v", d.Chosen, d.RunnersUp)
	}
}

func (c *city) freeSince() (out map[id.Rider]time.Time) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) (err error) {
		out, err = rider.FreeSince(context.Background(), tx, c.tenant, c.zone.ID)
		return err
	}))
	return out
}

func (c *city) onShift(r id.Rider) (e ledger.ShiftEarned) {
	c.t.Helper()
	must(c.t, c.db.Read(context.Background(), c.tenant, func(tx pgx.Tx) error {
		all, err := ledger.EarnedOnShift(context.Background(), tx, c.tenant, c.zone.ID, c.clock.Now())
		e = all[r]
		return err
	}))
	return e
}

// A round that follows soon goes by the earnings of the one before; who asks without them is told what is so.
func TestEarningsAreKeptForAWhile(t *testing.T) {
	t.Parallel()
	c := newCity(t, func(p *Policy) { p.Fairness.Earnings = 1 })
	c.setPrices()
	r := c.rider(north(100))
	paid := func(o *order.Order) { o.Fee = fee() }
	c.taken(r, north(-500), paid)
	var kept earnings
	earned := func(kept *earnings) float64 {
		t.Helper()
		s, err := c.s.takeSnapshot(t.Context(), c.tenant, c.zone.ID, kept)
		must(t, err)
		return s.Standing[r].Earned
	}
	for _, x := range []struct {
		after time.Duration
		kept  *earnings
		want  float64
	}{{0, &kept, 300}, {earningsKeep - time.Second, &kept, 300}, {0, nil, 600}, {time.Second, &kept, 600}} {
		c.clock.Advance(x.after)
		if got := earned(x.kept); got != x.want {
			t.Errorf("after %v: %v, want %v", x.after, got, x.want)
		}
		if x.after == 0 && x.kept != nil {
			c.taken(r, north(-600), paid)
		}
	}
}
