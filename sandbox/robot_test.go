package sandbox

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

func TestRobotsFollowTheScript(t *testing.T) {
	t.Parallel()
	for fault, want := range map[Fault]string{
		"":            "placed@0s offered@5s offer_accepted@10s arrived_at_store@30s picked_up@1m0s arrived_at_door@1m30s delivered@2m0s",
		Decline:       "placed@0s offered@5s offer_declined@10s offered@15s offer_accepted@20s arrived_at_store@40s picked_up@1m10s arrived_at_door@1m40s delivered@2m10s",
		Delay20Min:    "placed@0s offered@5s offer_accepted@10s arrived_at_store@30s ready_estimate_changed@30s picked_up@21m0s arrived_at_door@21m30s delivered@22m0s",
		WrongPIN:      "placed@0s offered@5s offer_accepted@10s arrived_at_store@30s picked_up@1m0s arrived_at_door@1m30s delivery_failed@2m0s returned@2m30s",
		Webhook500:    "placed@0s offered@5s offer_accepted@10s arrived_at_store@30s picked_up@1m0s arrived_at_door@1m30s delivered@2m0s",
		Undeliverable: "placed@0s offered@5s offer_accepted@10s arrived_at_store@30s picked_up@1m0s arrived_at_door@1m30s delivery_failed@2m0s returned@2m30s",
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.place(1, fault)[0]
			for range 2 {
				for range 32 {
					w.after(5 * time.Second)
				}
				w.after(foodIsLate)
			}
			if got := w.life(o); got != want {
				t.Errorf("lived\n%s\nwant\n%s", got, want)
			}
			w.clean()
			if fault == Decline && w.count("select count(*) from riders") != 2 {
				t.Error("who declined was asked again")
			}
			if got := w.get(o); fault == WrongPIN && got.State != order.Returned || fault == "" && (got.State != order.Delivered || !got.EndedAt.Equal(noon.Add(2*time.Minute))) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// While an order is under way everything that is read about it is there: rider, plan, position.
func TestARobotIsARider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(1, "", func(o *order.Order) { o.Vehicles, o.Load = []string{"car"}, 900 })[0]
	w.after(5 * time.Second)
	w.after(5 * time.Second)
	w.clean()
	who := w.get(o).Rider
	w.must(w.db.Read(t.Context(), w.box, func(tx pgx.Tx) error {
		robot, err := rider.OnShiftOf(t.Context(), tx, w.box, who)
		if err != nil || robot.Vehicle != rider.Car || robot.Phone == "" || robot.Capacity < 900 {
			t.Errorf("robot %+v, %v", robot, err)
		}
		plan, err := rider.GetPlan(t.Context(), tx, w.box, who)
		if err != nil || len(plan.Stops) != 2 || !plan.Stops[1].DepartAt.Equal(noon.Add(2*time.Minute)) {
			t.Errorf("plan %+v, %v", plan, err)
		}
		return nil
	}))
	w.after(20 * time.Second)
	if fix, ok := w.index.Last(w.box, who); !ok || geo.Distance(fix.LatLng, duomo) > 1 {
		t.Errorf("at the store it is at %v", fix)
	}
	w.after(30 * time.Second)
	w.after(15 * time.Second) // half the way
	if fix, _ := w.index.Last(w.box, who); fix.Lat >= duomo.Lat-0.002 || fix.Lat <= door.Lat+0.002 {
		t.Errorf("on the way it is at %v", fix)
	}
	w.after(15 * time.Second)
	w.after(30 * time.Second)
	if w.get(o).State != order.Delivered || w.count("select delivered from shifts") != 1 {
		t.Error("not counted as delivered")
	}
	w.place(1, "", func(o *order.Order) { o.Vehicles = []string{"car"} })
	w.after(5 * time.Second)
	if n := w.count("select count(*) from riders"); n != 1 {
		t.Errorf("%d robots for one order after the other", n)
	}
}

// What an order demands is given, as far as a robot can; what needs a camera is passed over, and the delivery is not the robot's then.
func TestARobotGivesProof(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		demand order.Demand
		by     order.ActorKind
	}{
		"known things": {order.Demand{PIN: "0042", Barcode: "A-1", MinAge: 18}, order.ActorRider},
		"a photo":      {order.Demand{PIN: "0042", Photo: true}, order.ActorSystem},
		"a signature":  {order.Demand{Signature: true, MinAge: 18}, order.ActorSystem},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.place(1, "", func(o *order.Order) { o.Demand = tc.demand })[0]
			for range 6 {
				w.after(time.Hour)
			}
			if got := w.get(o); got.State != order.Delivered {
				t.Fatalf("it is %s", got.State)
			}
			w.must(w.db.Read(t.Context(), w.box, func(tx pgx.Tx) error {
				events, err := order.Events(t.Context(), tx, w.box, o)
				if last := events[len(events)-1]; err == nil && (last.Type != order.EventDelivered || last.Actor.Kind != tc.by || last.Proof == nil || last.Proof.PIN != tc.demand.PIN) {
					t.Errorf("%+v", last)
				}
				return err
			}))
			w.clean()
		})
	}
}

func TestScheduledAndCancelledOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	later := w.place(1, "", func(o *order.Order) { o.DueAt = noon.Add(time.Hour) })[0]
	offered, assigned := w.place(1, "")[0], w.place(1, "")[0]
	w.after(5 * time.Second)
	cancel := func(o id.Order) {
		t.Helper()
		_, err := w.robots.dispatch.Cancel(t.Context(), w.box, o, order.Actor{Kind: order.ActorMerchant}, "merchant", "out of bread", 0)
		w.must(err)
	}
	cancel(offered)
	w.after(5 * time.Second)
	cancel(assigned)
	w.after(10 * time.Minute)
	if got := w.get(later); got.State != order.Scheduled {
		t.Errorf("an order for later is %s", got.State)
	}
	for _, o := range []id.Order{offered, assigned} {
		if got := w.get(o); got.State != order.Cancelled {
			t.Errorf("a cancelled order is %s", got.State)
		}
	}
	for range 8 {
		w.after(time.Hour)
	}
	if got, want := w.life(later), "placed@0s due@1h0m0s offered@1h0m5s offer_accepted@1h0m10s arrived_at_store@1h0m30s picked_up@1h1m0s arrived_at_door@1h1m30s delivered@1h2m0s"; got != want {
		t.Errorf("lived %s\nwant %s", got, want)
	}
	w.clean()
}

// Many open orders (with PAIDAN_LONG ten thousand): every step of all is made, in batches, and the sandbox's books agree at the end.
func TestManyOrders(t *testing.T) {
	t.Parallel()
	n := 1000
	if os.Getenv("PAIDAN_LONG") != "" {
		n = 10_000
	}
	w := newWorld(t)
	for range n / 1000 {
		w.place(1000, "")
	}
	for range 9 {
		w.after(time.Hour) // always the next step, of all
	}
	if got := w.count("select count(*) from orders where state = 'delivered'"); got != n {
		t.Errorf("%d of %d delivered", got, n)
	}
	if robots := w.count("select count(*) from riders"); robots != n {
		t.Errorf("%d robots for %d orders at once", robots, n)
	}
	if delivered := w.count("select sum(delivered) from shifts"); delivered != n {
		t.Errorf("%d deliveries counted", delivered)
	}
	w.clean()
}

// Two processes, and somebody who advances by hand: every order lives its life once.
func TestRobotsOfTwoNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.place(60, "")
	other := robots{w.robots.Sandbox, "node-2", map[id.Order]time.Time{}}
	for range 9 {
		w.clock.Advance(time.Hour)
		var all sync.WaitGroup
		for _, node := range []robots{w.robots, other} {
			all.Go(func() {
				if err := node.tick(t.Context(), true); err != nil {
					t.Error(err)
				}
			})
		}
		for _, o := range ids[:10] {
			all.Go(func() {
				_, err := w.robots.Advance(t.Context(), w.box, o, "")
				var ended *order.TransitionError
				if err != nil && !errors.As(err, &ended) && !errors.Is(err, order.ErrConflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if got := w.count("select count(*) from orders where state = 'delivered' and version = 7"); got != len(ids) {
		t.Errorf("%d of %d lived as they should", got, len(ids))
	}
	w.clean()
}

// A dead process's sandboxes are taken over, and a tenant that is none has no robots.
func TestLeaseAndLiveTenants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(1, "")[0]
	w.after(5 * time.Second) // node-1 has the lease
	other := robots{w.robots.Sandbox, "node-2", map[id.Order]time.Time{}}
	w.clock.Advance(time.Minute)
	w.must(other.tick(t.Context(), false))
	if got := w.get(o); got.State != order.Offered {
		t.Errorf("without the lease node-2 made it %s", got.State)
	}
	w.must(w.db.Tx(t.Context(), w.box, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "update leases set expires_at = '2026-01-01Z' where name = $1", lease)
		return err
	}))
	w.must(other.tick(t.Context(), false))
	if got := w.get(o); got.State == order.Offered {
		t.Error("nobody took over")
	}
	err := w.db.Tx(t.Context(), w.home, func(tx pgx.Tx) error {
		_, err := rider.HireRobots(t.Context(), tx, w.home, w.store.Zone, rider.EBike, 1, noon)
		return err
	})
	if !errors.Is(err, rider.ErrNoSandbox) {
		t.Errorf("a robot among live riders: %v", err)
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	advance := func(o id.Order, to, want order.State) {
		t.Helper()
		for range 2 { // to a state twice is once
			got, err := w.robots.Advance(ctx, w.box, o, to)
			if err != nil || got.State != want {
				t.Fatalf("advanced to %s: %s, %v", to, got.State, err)
			}
			if to == "" {
				break
			}
		}
	}
	refused := func(o id.Order, to order.State) {
		t.Helper()
		var impossible *order.TransitionError
		if _, err := w.robots.Advance(ctx, w.box, o, to); !errors.As(err, &impossible) {
			t.Errorf("to %s: %v", to, err)
		}
	}
	o := w.place(1, "")[0]
	advance(o, "", order.Offered)
	advance(o, "", order.Assigned)
	advance(o, order.AtDoor, order.AtDoor)
	refused(o, order.Assigned)
	refused(o, order.Returned)
	advance(o, order.Delivered, order.Delivered)
	refused(o, "")

	failing := w.place(1, Undeliverable)[0]
	refused(failing, order.Delivered)
	advance(failing, order.Returning, order.Returning)
	w.after(time.Hour) // the robot goes on
	if got := w.get(failing); got.State != order.Returned {
		t.Errorf("afterwards %s", got.State)
	}
	if _, err := w.robots.Advance(ctx, w.box, id.NewOrder(), ""); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("no order: %v", err)
	}
	w.clean()
}

func TestFaultsLaterOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	o := w.place(1, "")[0]
	set := func(f Fault, possible bool) {
		t.Helper()
		_, err := w.robots.SetFault(ctx, w.box, o, f)
		var late *order.TransitionError
		if possible != (err == nil) || !possible && !errors.As(err, &late) {
			t.Errorf("%s: %v", f, err)
		}
	}
	to := func(s order.State) {
		t.Helper()
		_, err := w.robots.Advance(ctx, w.box, o, s)
		w.must(err)
	}
	to(order.AtStore)
	set(Decline, false)
	ready := w.get(o).ReadyEstimate
	for range 2 { // twice is once
		set(Delay20Min, true)
	}
	if got := w.get(o).ReadyEstimate.Sub(ready); got != 20*time.Minute {
		t.Errorf("the food is ready %s later", got)
	}
	w.after(20 * time.Minute)
	if got := w.get(o); got.State != order.AtStore {
		t.Errorf("20 minutes later %s", got.State)
	}
	w.after(time.Minute)
	if got := w.get(o); got.State != order.PickedUp {
		t.Errorf("21 minutes later %s", got.State)
	}
	set(Delay20Min, false)
	set(WrongPIN, true)
	to(order.Returning)
	set(Undeliverable, false)
	w.after(time.Hour)
	if got := w.get(o); got.State != order.Returned {
		t.Errorf("at last %s", got.State)
	}
	if _, err := w.robots.SetFault(context.WithoutCancel(ctx), w.box, id.NewOrder(), Decline); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("no order: %v", err)
	}
	w.clean()
}
