package api

import (
	"bytes"
	"slices"
	"strconv"
	"testing"
	"time"

	paidan "github.com/paidan/paidan/client"
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// newJob is a good job of n orders.
func (c *company) newJob(n int, change ...m) m {
	orders := make([]m, n)
	for i := range orders {
		orders[i] = c.newOrder(change...)
	}
	return m{"orders": orders}
}

// job places one and returns its id and its orders'.
func (c *company) job(t testing.TB, n int, change ...m) (job string, orders []string) {
	t.Helper()
	r := c.w.ok(t, c.key, "POST", "/v1/jobs", c.newJob(n, change...))
	return r.text("id"), ordersOf(r)
}

func ordersOf(r reply) (ids []string) {
	list, _ := r.at("orders").([]any)
	for _, o := range list {
		ids = append(ids, o.(m)["id"].(string))
	}
	return ids
}

func TestJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t)
	c.onShift(t)
	body := c.newJob(3)
	body["orders"].([]m)[1]["external_id"] = "A-1"
	placed := w.ok(t, c.key, "POST", "/v1/jobs", body)
	job, orders := placed.text("id"), ordersOf(placed)
	sum := 0.0
	for i, o := range placed.at("orders").([]any) {
		one := reply{body: o.(m)}
		if one.text("job_id") != job || one.text("tracking_url") == "" || one.text("eta_at") == "" {
			t.Errorf("order %d: %v", i, o)
		}
		sum += one.at("fee", "amount").(float64)
	}
	if len(orders) != 3 || sum == 0 || placed.at("fee", "amount") != sum || placed.text("state") != "waiting" || placed.at("rider") != nil {
		t.Errorf("placed %s", placed.raw)
	}
	if one := w.ok(t, c.key, "GET", "/v1/orders/"+orders[2], nil); one.text("job_id") != job {
		t.Errorf("an order of it: %s", one.raw)
	}
	if list := w.ok(t, c.key, "GET", "/v1/orders?job_id="+job, nil); len(list.at("data").([]any)) != 3 {
		t.Errorf("its orders: %s", list.raw)
	}
	feed := w.ok(t, c.key, "GET", "/v1/events", nil)
	for _, e := range feed.at("data").([]any) {
		if e.(m)["job_id"] != job {
			t.Errorf("event %v", e)
		}
	}
	if alone := w.ok(t, c.key, "GET", "/v1/orders/"+c.place(t), nil); alone.text("job_id") != "" {
		t.Errorf("an order alone: %s", alone.raw)
	}

	state := func(want string, rider any) {
		t.Helper()
		got := w.ok(t, c.key, "GET", "/v1/jobs/"+job, nil)
		if got.text("state") != want || got.at("rider", "id") != rider || !slices.Equal(ordersOf(got), orders) {
			t.Errorf("want %s with %v: %s", want, rider, got.raw)
		}
	}
	gino := c.rider.ID.String()
	c.take(t, orders[0])
	state("assigned", gino)
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+orders[0]+"/pickup", w.act())
	state("under_way", gino)
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+orders[0]+"/deliver", w.act())
	state("under_way", nil)
	w.ok(t, c.key, "POST", "/v1/jobs/"+job+"/cancel", m{"reason": "rain"})
	state("ended", nil)
}

// The same key and body is the same job, also when it would be refused by now; another body is refused.
func TestJobIsPlacedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	body := c.newJob(2, m{"deliver_before": w.clock.Now().Add(time.Hour)})
	first := w.ok(t, idempotent(c, "k"), "POST", "/v1/jobs", body)
	w.clock.Advance(2 * time.Hour) // the window is over
	again := w.ok(t, idempotent(c, "k"), "POST", "/v1/jobs", body)
	if !bytes.Equal(first.raw, again.raw) {
		t.Errorf("first %s\nagain %s", first.raw, again.raw)
	}
	w.refused(t, idempotent(c, "k"), "POST", "/v1/jobs", c.newJob(3), codeKeyReused)
	list := w.ok(t, c.key, "GET", "/v1/jobs", nil)
	if n := len(list.at("data").([]any)); n != 1 {
		t.Errorf("%d jobs", n)
	}

	path := "/v1/jobs/" + first.text("id") + "/orders"
	added := w.ok(t, idempotent(c, "add"), "POST", path, c.newOrder())
	if again := w.ok(t, idempotent(c, "add"), "POST", path, c.newOrder()); !bytes.Equal(added.raw, again.raw) {
		t.Errorf("added %s\nagain %s", added.raw, again.raw)
	}
	if got := w.ok(t, c.key, "GET", "/v1/jobs/"+first.text("id"), nil); len(ordersOf(got)) != 3 {
		t.Errorf("with the added one: %s", got.raw)
	}
	other, _ := c.job(t, 2)
	w.refused(t, idempotent(c, "add"), "POST", "/v1/jobs/"+other+"/orders", c.newOrder(), codeKeyReused)
}

// One bad order keeps all out, and every fault names its order.
func TestJobAllOrNone(t *testing.T) { //nolint:tparallel // what was placed is counted after all of them
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	there := w.ok(t, c.admin, "POST", "/v1/console/zones", m{"name": "Prato", "around": m{"center": m{"lat": 43.88, "lng": 11.09}, "radius_m": 1000}})
	elsewhere := w.ok(t, c.key, "POST", "/v1/stores", m{"name": "Da Vito", "address": "", "location": m{"lat": 43.88, "lng": 11.09}})
	if elsewhere.text("zone_id") != there.text("id") {
		t.Fatalf("store %s", elsewhere.raw)
	}
	c.place(t, m{"external_id": "taken"})
	far := m{"location": m{"lat": 45.46, "lng": 9.19}}
	for name, tc := range map[string]struct {
		code   string
		fields []string
		rows   []m
	}{
		"schema":              {codeValidation, []string{"orders[1].dropoff.location.lat"}, []m{{}, {"dropoff": m{"location": m{"lat": 431.2, "lng": 11.2}}}}},
		"every row":           {codeValidation, []string{"orders[0].promise_at", "orders[2].store_id"}, []m{{"promise_at": noon.AddDate(-1, 0, 0)}, {}, {"store_id": id.NewStore()}}},
		"another zone":        {codeValidation, []string{"orders[1].store_id"}, []m{{}, {"store_id": elsewhere.text("id")}}},
		"twice the same id":   {codeValidation, []string{"orders[2].external_id"}, []m{{"external_id": "x"}, {}, {"external_id": "x"}}},
		"too far":             {codeTooFar, []string{"orders[1]"}, []m{{}, {"dropoff": far}}},
		"taken":               {codeExternalID, []string{"orders[1]"}, []m{{}, {"external_id": "taken"}}},
		"a fault of a robot":  {codeValidation, []string{"orders[0].test"}, []m{{"test": m{"fault": "decline"}}, {}}},
		"one is no job":       {codeValidation, []string{"orders"}, []m{{}}},
		"more than the zone":  {codeJobTooLarge, nil, []m{{}, {}, {}, {}, {}, {}}},
		"more than any rider": {codeJobTooLarge, nil, []m{{}, {"load": 900}}},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // what was placed is counted after all of them
			var orders []m
			for _, row := range tc.rows {
				orders = append(orders, c.newOrder(row))
			}
			r := w.refused(t, c.key, "POST", "/v1/jobs", m{"orders": orders}, tc.code)
			var fields []string
			list, _ := r.at("errors").([]any)
			for _, e := range list {
				fields = append(fields, e.(m)["field"].(string))
			}
			if !slices.Equal(fields, tc.fields) {
				t.Errorf("faults %s, want %v", r.raw, tc.fields)
			}
		})
	}
	if n := len(w.ok(t, c.key, "GET", "/v1/orders", nil).at("data").([]any)); n != 1 {
		t.Errorf("%d orders were placed", n)
	}
}

func TestListJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	var jobs []string
	for range 3 {
		job, _ := c.job(t, 2)
		jobs = append([]string{job}, jobs...)
	}
	var got []string
	for cursor := ""; ; {
		page := w.ok(t, c.key, "GET", "/v1/jobs?limit=2&cursor="+cursor, nil)
		for _, j := range page.at("data").([]any) {
			got = append(got, j.(m)["id"].(string))
		}
		if cursor = page.text("next_cursor"); cursor == "" {
			break
		}
	}
	if !slices.Equal(got, jobs) {
		t.Errorf("listed %v, want %v", got, jobs)
	}
}

// A job's cancellation, and its dry run, tell of each order; what is on board goes on.
func TestCancelJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.setTariff(t, m{"surge": m{"orders_per_rider": 0, "percent_per_order": 0, "max_percent": 0}})
	c.onShift(t)
	job, orders := c.job(t, 3)
	w.ok(t, c.key, "POST", "/v1/orders/"+orders[0]+"/cancel", m{"reason": "one too many"})
	c.take(t, orders[1], "pickup")
	want := []m{
		{"order_id": orders[0], "allowed": true, "rule": "already_cancelled"},
		{"order_id": orders[1], "allowed": false, "rule": "on_board"},
		{"order_id": orders[2], "allowed": true, "rule": "before_pickup"},
	}
	before := w.ok(t, c.key, "GET", "/v1/jobs/"+job, nil)
	for _, dry := range []bool{true, false} {
		r := w.ok(t, c.key, "POST", "/v1/jobs/"+job+"/cancel", m{"reason": "rain", "dry_run": dry})
		if r.at("dry_run") != dry {
			t.Errorf("dry_run %v: %s", dry, r.raw)
		}
		for i, x := range r.at("cancelled").([]any) {
			row := reply{body: x.(m)}
			for k, v := range want[i] {
				if row.at(k) != v {
					t.Errorf("dry run %v, order %d: %s is %v, want %v", dry, i, k, row.at(k), v)
				}
			}
			if charged := row.at("charge") != nil; charged != want[i]["allowed"] {
				t.Errorf("dry run %v, order %d: charge %v", dry, i, row.at("charge"))
			}
		}
		after := w.ok(t, c.key, "GET", "/v1/jobs/"+job, nil)
		if dry != bytes.Equal(before.raw, after.raw) {
			t.Errorf("dry run %v: %s\nbefore %s", dry, after.raw, before.raw)
		}
		if !dry && (after.at("fee", "amount") == before.at("fee", "amount") || after.text("state") != "under_way") {
			t.Errorf("after: %s", after.raw)
		}
	}
	other := w.company(t)
	w.refused(t, other.key, "POST", "/v1/jobs/"+job+"/cancel", m{"reason": "mine now"}, codeNotFound)
}

// Orders join a job until something is picked up, and not beyond what a rider can carry.
func TestAddToJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	later := m{"deliver_after": w.clock.Now().Add(6 * time.Hour)}
	job, _ := c.job(t, 2, later)
	path := "/v1/jobs/" + job + "/orders"
	sooner := w.ok(t, c.key, "GET", "/v1/jobs/"+job, nil)
	added := w.ok(t, c.key, "POST", path, c.newOrder(m{"deliver_after": w.clock.Now().Add(9 * time.Hour)}))
	due := sooner.at("orders").([]any)[0].(m)["due_at"]
	if added.text("job_id") != job || added.text("state") != "scheduled" || added.text("due_at") != due {
		t.Errorf("added %s, due %v", added.raw, due)
	}
	r := w.refused(t, c.key, "POST", path, c.newOrder(m{"dropoff": m{"location": m{"lat": 431.2, "lng": 11.2}}}), codeValidation)
	if field := r.at("errors").([]any)[0].(m)["field"]; field != "dropoff.location.lat" {
		t.Errorf("fault at %v", field)
	}
	for range 2 {
		w.ok(t, c.key, "POST", path, c.newOrder(later))
	}
	w.refused(t, c.key, "POST", path, c.newOrder(later), codeJobTooLarge)
	w.refused(t, c.key, "POST", "/v1/jobs/"+id.NewJob().String()+"/orders", c.newOrder(), codeNotFound)

	now, orders := c.job(t, 2)
	c.take(t, orders[0], "pickup")
	w.refused(t, c.key, "POST", "/v1/jobs/"+now+"/orders", c.newOrder(), codeJobBegun)
}

// Adding at the same time can't make a job larger than a rider can carry.
func TestAddersRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	job, _ := c.job(t, 2)
	added := make(chan int, 6)
	for i := range 6 {
		go func() {
			added <- w.do(t, idempotent(c, strconv.Itoa(i)), "POST", "/v1/jobs/"+job+"/orders", c.newOrder()).status
		}()
	}
	n := 0
	for range 6 {
		if <-added == 201 {
			n++
		}
	}
	if most := dispatch.DefaultPolicy().MaxOrders; n != most-2 {
		t.Errorf("%d were added to 2, a rider may have %d", n, most)
	}
}

func TestJobState(t *testing.T) {
	t.Parallel()
	for want, states := range map[JobState][][]order.State{
		JobWaiting:  {{order.Scheduled, order.Scheduled}, {order.Pending, order.Offered}, {order.Cancelled, order.Pending}},
		JobAssigned: {{order.Assigned, order.Pending}, {order.AtStore, order.Cancelled}},
		JobUnderWay: {{order.PickedUp, order.Assigned}, {order.Delivered, order.Pending}, {order.Returning, order.Cancelled}},
		JobEnded:    {{order.Delivered, order.Cancelled}, {order.Returned, order.Delivered}},
	} {
		for _, list := range states {
			var orders []order.Order
			for _, s := range list {
				orders = append(orders, order.Order{State: s})
			}
			if got := jobState(orders); got != want {
				t.Errorf("%v: %s, want %s", list, got, want)
			}
		}
	}
}

// The client places, reads, extends and cancels a job.
func TestClientsJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	_, secret, err := order.CreateKey(t.Context(), w.db, c.tenant, order.NewKey{Merchant: c.merchant, Name: "client"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	client := paidan.New(paidan.Options{URL: w.url})
	t.Cleanup(client.Close)
	till := client.Merchant(secret)
	one := paidan.NewOrder{StoreID: c.store.String(), Dropoff: paidan.Dropoff{Location: uffizi}}
	j, err := till.PlaceJob(t.Context(), "k", []paidan.NewOrder{one, one})
	if err != nil || len(j.Orders) != 2 || j.Orders[0].JobID != j.ID {
		t.Fatalf("%+v, %v", j, err)
	}
	if o, err := till.AddToJob(t.Context(), "more", j.ID, one); err != nil || o.JobID != j.ID {
		t.Errorf("%+v, %v", o, err)
	}
	if got, err := till.Job(t.Context(), j.ID); err != nil || len(got.Orders) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	for got, err := range till.Jobs(t.Context()) {
		if err != nil || got.ID != j.ID {
			t.Errorf("%+v, %v", got, err)
		}
	}
	got, cancelled, err := till.CancelJob(t.Context(), j.ID, "customer", "rain")
	if err != nil || got.State != "ended" || len(cancelled) != 3 || !cancelled[2].Allowed || cancelled[0].Charge == nil {
		t.Errorf("%+v, %+v, %v", got, cancelled, err)
	}
}
