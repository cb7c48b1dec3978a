package api

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// ending is what remains of an order once all is told.
type ending struct {
	State                          order.State
	Version                        int64
	AtStore, PickedUp, Door, Ended string
}

// day is a random valid log: what the riders did with some orders, as it happened, and how it must end.
type day struct {
	acts []m
	ends map[id.Order]ending
}

func drawDay(t *rapid.T, c *company, orders []id.Order, offers map[id.Order]id.Offer) day {
	d := day{ends: make(map[id.Order]ending)}
	begin := c.w.clock.Now().Add(-2 * time.Hour)
	minute := 0
	for _, o := range orders {
		e := ending{State: order.Assigned, Version: 3} // placed, offered, accepted (or placed, assigned, and one less)
		if f, ok := offers[o]; ok {
			d.acts = append(d.acts, record("accept_offer", begin.Add(time.Duration(minute)*time.Minute), m{"offer_id": f.String()}))
		} else {
			e.Version = 2
		}
		life := rapid.SampledFrom([][]string{
			{"arrive_store", "pickup", "arrive_door", "deliver"}, {"pickup", "deliver"}, {"arrive_store", "pickup", "deliver"}, {"pickup", "arrive_door", "deliver"},
			{"arrive_store", "pickup", "arrive_door", "fail", "return"}, {"pickup", "fail", "return"},
		}).Draw(t, "life")
		life = life[:rapid.IntRange(1, len(life)).Draw(t, "steps")]
		for _, kind := range life {
			minute++
			at := begin.Add(time.Duration(minute) * time.Minute)
			d.acts = append(d.acts, record(kind, at, m{"order_id": o.String(), "reason": "nobody opens"}))
			told := at.UTC().Format(time.RFC3339)
			e.Version++
			switch kind {
			case "arrive_store":
				e.State, e.AtStore = order.AtStore, told
			case "pickup":
				e.State, e.PickedUp = order.PickedUp, told
			case "arrive_door":
				e.State, e.Door = order.AtDoor, told
			case "deliver":
				e.State, e.Ended = order.Delivered, told
			case "fail":
				e.State = order.Returning
			case "return":
				e.State, e.Ended = order.Returned, told
			}
		}
		d.ends[o] = e
	}
	return d
}

// Any interleaving, duplication and delay of a valid log ends alike: as if each act had been told when it happened.
func TestAnyOrderOfArrivalEndsAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	town := w.company(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := town.another(t)
		c.onShift(t)
		// One order may be in an open offer; the others were forced on the rider.
		var orders []id.Order
		offers := make(map[id.Order]id.Offer)
		for i := range rapid.IntRange(1, 3).Draw(rt, "orders") {
			o := parseID[id.Order](t, c.place(t))
			orders = append(orders, o)
			if i == 0 && rapid.Bool().Draw(rt, "offered") {
				offers[o] = c.offer(t, o.String())
				continue
			}
			w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+o.String()+"/assign", m{"rider_id": c.rider.ID.String(), "version": 1})
		}
		backdate(t, c, orders)
		d := drawDay(rt, c, orders, offers)

		// Cut into requests, some of them sent twice, all arriving in any order.
		var requests [][]m
		for rest := slices.Clone(d.acts); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "in one request")
			requests = append(requests, rest[:n])
			rest = rest[n:]
		}
		again := rapid.IntRange(0, len(requests)).Draw(rt, "requests sent twice")
		requests = append(requests, requests[:again]...)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "arrival"), 0))
		rng.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		for _, acts := range requests {
			acts = slices.Clone(acts)
			rng.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
			for i, r := range c.sync(t, acts...) {
				if s := r.text("status"); s != "applied" && s != "already" {
					rt.Errorf("%v: %v", acts[i], r.body)
				}
			}
		}

		for o, want := range d.ends {
			x := w.ok(t, c.key, "GET", "/v1/orders/"+o.String(), nil)
			got := ending{order.State(x.text("state")), int64(x.at("version").(float64)), x.text("at_store_at"), x.text("picked_up_at"), x.text("at_door_at"), x.text("ended_at")}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("order %s, told in order (-) and as it arrived (+):\n%s", o, diff)
			}
		}
		books, err := dispatch.CheckBooks(t.Context(), w.db, c.tenant)
		if err != nil || len(books.Faults) > 0 {
			rt.Errorf("the books: %v, %v", books.Faults, err)
		}
		delivered := 0
		for _, e := range d.ends {
			if e.State == order.Delivered {
				delivered++
			}
		}
		if n := int(w.ok(t, c.phone, "GET", "/v1/rider/me", nil).at("shift", "delivered").(float64)); n != delivered {
			rt.Errorf("the shift counts %d deliveries, not %d", n, delivered)
		}
	})
}

// another is the company as another of its riders sees it.
func (c *company) another(t testing.TB) *company {
	t.Helper()
	made, err := rider.CreateRiders(t.Context(), c.w.db, c.tenant, c.w.clock.Now(), []rider.New{{Zone: c.zone, Name: "Pia", Phone: "+39 " + uuid.NewString(), Vehicle: rider.Bicycle}})
	if err != nil {
		t.Fatal(err)
	}
	other := *c
	other.rider = made[0].Rider
	other.newToken(t)
	return &other
}

// backdate has orders and their offers begin three hours ago, so that what is recorded since is believed.
func backdate(t testing.TB, c *company, orders []id.Order) {
	t.Helper()
	ago := c.w.clock.Now().Add(-3 * time.Hour)
	c.w.exec(t, c.tenant, `UPDATE orders SET placed_at = $2::timestamptz, assigned_at = CASE WHEN assigned_at IS NOT NULL THEN $2::timestamptz END
		WHERE tenant_id = $1 AND id = ANY ($3)`, c.tenant, ago, orders)
	c.w.exec(t, c.tenant, "UPDATE offers SET made_at = $2 WHERE tenant_id = $1 AND rider_id = $3", c.tenant, ago, c.rider.ID)
}

func parseID[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](t testing.TB, text string) (v T) {
	t.Helper()
	if err := P(&v).UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return v
}
