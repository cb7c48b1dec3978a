package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// doors lie so many metres north of the middle.
func doors(metres ...float64) []geo.LatLng {
	out := make([]geo.LatLng, len(metres))
	for i, m := range metres {
		out[i] = north(m)
	}
	return out
}

func (c *city) holders(orders []id.Order) []id.Rider {
	out := make([]id.Rider, len(orders))
	for i, o := range orders {
		out[i] = c.order(o).Rider
	}
	return out
}

func all(n int, r id.Rider) []id.Rider { return slices.Repeat([]id.Rider{r}, n) }

// A job is one offer, although another rider stands at one of its doors, and although the food of one is ready much later.
func TestJobIsOneOffer(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(3000))
	job := c.job(doors(-500, 2900, 700), 0)
	late := c.job(doors(900, 950), 0, func(o *order.Order) {
		if o.Dropoff.At == north(950) {
			o.ReadyEstimate = o.PlacedAt.Add(30 * time.Minute)
		}
	})
	c.round()
	offers := append(c.offers(near), c.offers(far)...)
	for _, o := range offers {
		for _, of := range [][]id.Order{job, late} {
			if n := overlap(o.Orders, of); n != 0 && n != len(of) {
				t.Errorf("an offer has %d of a job's %d orders", n, len(of))
			}
		}
	}
	if len(offers) == 0 || overlap(offers[0].Orders, append(job, late...)) == 0 {
		t.Fatalf("offers %+v", offers)
	}
	c.clean()
}

func overlap(a, b []id.Order) int {
	n := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}

// Who declines a job declines all of it; the next one is asked for all of it.
func TestJobDeclined(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(3000))
	job := c.job(doors(-500, 500), 0)
	c.round()
	must(t, c.s.DeclineOffer(context.Background(), c.tenant, near, c.offers(near)[0].ID, c.action()))
	c.round()
	c.accept(far)
	if got := c.holders(job); !slices.Equal(got, all(2, far)) {
		t.Errorf("with %v, want all with %s", got, far)
	}
	c.clean()
}

// A job beyond every rider's number of orders waits, and says so.
func TestJobTooLargeWaits(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.rider(north(100), func(n *rider.New) { n.MaxOrders = 2 })
	c.rider(north(200), func(n *rider.New) { n.MaxOrders = 2 })
	job := c.job(doors(-500, 500, 600), 0)
	c.round()
	for _, o := range job {
		c.inState(o, order.Pending)
		why, err := c.s.Why(context.Background(), c.tenant, o)
		must(t, err)
		if n := len(why.Decisions); n != 1 || why.Decisions[0].Reason != "together" {
			t.Errorf("why: %+v", why.Decisions)
		}
		if len(why.Candidates) != 2 || why.Candidates[0].Feasible || why.Candidates[0].Reason != "capacity" {
			t.Errorf("candidates: %+v", why.Candidates)
		}
	}
	c.clean()
}

// What a dispatcher does to one order before the pickup is done to the job.
func TestJobMovesWhole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(3000))
	job := c.job(doors(-500, 500, 600), 0)
	c.round()
	_, err := c.s.Assign(ctx, c.tenant, job[1], far, 0, dispatcher)
	must(t, err)
	if got := c.holders(job); !slices.Equal(got, all(3, far)) || len(c.offers(near)) != 0 {
		t.Fatalf("taken from an offer: with %v", got)
	}
	c.clean()
	why, err := c.s.Why(ctx, c.tenant, job[0])
	must(t, err)
	if len(why.Candidates) != 2 || why.Candidates[0].Rider != near || !why.Candidates[0].Feasible {
		t.Errorf("who could take the job: %+v", why.Candidates)
	}
	_, err = c.s.Assign(ctx, c.tenant, job[0], near, 0, dispatcher)
	must(t, err)
	if got := c.holders(job); !slices.Equal(got, all(3, near)) || len(c.plan(far).Stops) != 0 || len(c.plan(near).Stops) != 6 {
		t.Fatalf("taken from a rider: with %v", got)
	}
	c.clean()
	_, err = c.s.Unassign(ctx, c.tenant, job[2], 0, dispatcher, "a flat tyre")
	must(t, err)
	for _, o := range job {
		c.inState(o, order.Pending)
	}
	c.clean()
}

// Once something is picked up the rest follows it, until it is delivered or on its way back.
func TestJobFollowsTheGoods(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(3000))
	job := c.job(doors(-500, 500, 600), 0)
	c.round()
	c.accept(near)
	c.step(near, job[0], order.EventPickedUp)
	var onBoard *JobOnBoardError
	if _, err := c.s.Assign(ctx, c.tenant, job[1], far, 0, dispatcher); !errors.As(err, &onBoard) || onBoard.Rider != near {
		t.Fatalf("assigned away from the goods: %v", err)
	}
	_, err := c.s.Unassign(ctx, c.tenant, job[1], 0, dispatcher, "let us see")
	must(t, err)
	if got := c.holders(job); got[0] != near || !got[1].IsZero() || !got[2].IsZero() {
		t.Fatalf("with %v", got)
	}
	c.round() // the far rider is idle, but is not asked
	if offers := c.offers(far); len(offers) != 0 {
		t.Fatalf("the rest is offered to somebody else: %+v", offers)
	}
	c.clean()

	_, err = c.s.Assign(ctx, c.tenant, job[2], near, 0, dispatcher)
	must(t, err)
	if got := c.holders(job); !slices.Equal(got, all(3, near)) {
		t.Fatalf("back with the goods: %v", got)
	}
	c.clean()
	_, err = c.s.SendBack(ctx, c.tenant, job[0], dispatcher, "spilt", 0)
	must(t, err)
	_, err = c.s.Assign(ctx, c.tenant, job[2], far, 0, dispatcher)
	must(t, err)
	if got := c.holders(job); !slices.Equal(got, []id.Rider{near, far, far}) {
		t.Fatalf("the rest of a job that goes back is with %v", got)
	}
	c.clean()
}

// A member that is cancelled or can't be delivered leaves the others alone.
func TestJobGoesOnWithoutOne(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r := c.rider(north(100))
	job := c.job(doors(-500, 500, 600), 0)
	c.round()
	_, err := c.s.Cancel(ctx, c.tenant, job[0], dispatcher, "customer", "too much", 0)
	must(t, err)
	c.inState(job[1], order.Pending) // its offer is withdrawn
	c.round()
	c.accept(r)
	c.step(r, job[1], order.EventPickedUp)
	c.step(r, job[2], order.EventPickedUp)
	failed := c.action()
	failed.Reason = "nobody opens"
	_, _, err = c.s.Step(ctx, c.tenant, r, job[1], order.EventDeliveryFailed, failed)
	must(t, err)
	c.step(r, job[2], order.EventDelivered)
	c.step(r, job[1], order.EventReturned)
	c.clean()
}

func TestCancelJob(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t)
	r := c.rider(north(100))
	job := c.job(doors(-500, 500, 600), 0)
	c.round()
	c.accept(r)
	c.step(r, job[0], order.EventPickedUp)
	of := c.order(job[0]).Job
	for range 2 { // twice is once
		_, orders, err := c.s.CancelJob(ctx, c.tenant, of, dispatcher, "customer", "rain")
		must(t, err)
		if len(orders) != 3 || orders[0].State != order.PickedUp || orders[1].State != order.Cancelled || orders[2].State != order.Cancelled {
			t.Fatalf("cancelled to %+v", orders)
		}
	}
	if len(c.plan(r).Stops) != 1 {
		t.Errorf("plan %+v", c.plan(r))
	}
	c.clean()
	c.step(r, job[0], order.EventDelivered)
	rest := c.job(doors(100, 200), 0)
	c.round()
	c.accept(r)
	c.step(r, rest[0], order.EventPickedUp)
	c.step(r, rest[1], order.EventPickedUp)
	var late *order.TransitionError
	if _, _, err := c.s.CancelJob(ctx, c.tenant, c.order(rest[0]).Job, dispatcher, "customer", "rain"); !errors.As(err, &late) {
		t.Errorf("nothing to cancel: %v", err)
	}
	if _, _, err := c.s.CancelJob(ctx, c.tenant, id.NewJob(), dispatcher, "customer", "rain"); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("no such job: %v", err)
	}
	c.clean()
}

// The books notice a job that two riders have.
func TestBooksWatchJobs(t *testing.T) {
	t.Parallel()
	a, b := order.Order{Job: id.NewJob(), Rider: id.NewRider(), State: order.Assigned}, order.Order{Rider: id.NewRider(), State: order.AtDoor}
	b.Job = a.Job
	active := map[id.Order]order.Order{id.NewOrder(): a, id.NewOrder(): b}
	var books Books
	if books.jobs(active); len(books.Faults) != 1 {
		t.Errorf("faults %v", books.Faults)
	}
	for o, x := range active {
		if x.State == order.AtDoor {
			x.State = order.Returning
		}
		active[o] = x
	}
	books = Books{}
	if books.jobs(active); len(books.Faults) != 0 {
		t.Errorf("goods that go back bind: %v", books.Faults)
	}
}

// A job is refused for what the zone or all of its riders can't do, and for nothing else.
func TestJobFits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCity(t, func(p *Policy) { p.MaxOrders, p.MaxStops = 6, 7 })
	fits := func(orders, load int, sandbox bool) string {
		t.Helper()
		var l JobLoad
		for range orders {
			l.Add(c.newOrder(north(100), 0, func(o *order.Order) { o.Load = load }))
		}
		err := c.db.Read(ctx, c.tenant, func(tx pgx.Tx) error { return JobFits(ctx, tx, c.tenant, c.zone.ID, l, sandbox) })
		var large *JobTooLargeError
		if err != nil && !errors.As(err, &large) {
			t.Fatal(err)
		}
		if large != nil {
			return large.Why
		}
		return ""
	}
	if why := fits(6, 900, false); why != "" {
		t.Errorf("a zone without riders may get some: %s", why)
	}
	if why := fits(7, 1, false); why != "it has 7 orders, and a rider of the zone may have 6 at once" {
		t.Errorf("orders: %q", why)
	}
	c.rider(north(100), func(n *rider.New) { n.MaxOrders, n.Capacity = 3, 10 })
	c.rider(north(100), func(n *rider.New) { n.MaxOrders, n.Capacity = 6, 2 })
	for _, ok := range [][2]int{{3, 10}, {6, 2}} {
		if why := fits(ok[0], ok[1], false); why != "" {
			t.Errorf("%d orders of %d: %s", ok[0], ok[1], why)
		}
	}
	if why := fits(4, 3, false); why != "it has 4 orders of up to 3 units each, and the zone's riders may have at most 6 orders, and carry 10 units" {
		t.Errorf("nobody has room for both: %q", why)
	}
	if why := fits(4, 3, true); why != "" {
		t.Errorf("robots: %s", why)
	}
	l := JobLoad{}
	for range 4 {
		l.Add(c.newOrder(north(100), 0, func(o *order.Order) { o.Store = id.NewStore() }))
	}
	if err := c.db.Read(ctx, c.tenant, func(tx pgx.Tx) error { return JobFits(ctx, tx, c.tenant, c.zone.ID, l, false) }); err == nil ||
		err.Error() != "the job is too large: it needs 8 stops, and a route in the zone may have 7" {
		t.Errorf("stops: %v", err)
	}
}
