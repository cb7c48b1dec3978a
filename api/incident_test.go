package api

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// incident is a report of one.
func (c *company) incident(kind string, more ...m) m {
	i := c.w.act()
	i["kind"] = kind
	for _, x := range more {
		for k, v := range x {
			i[k] = v
		}
	}
	return i
}

func (c *company) stateOf(t *testing.T, oid string) string {
	t.Helper()
	return c.w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil).text("state")
}

// What an incident leads to: who can't go on loses what is not on board and gets nothing new; what can't be delivered goes back; the
// rest is a dispatcher's to decide.
func TestIncidentsAndTheirFlows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tc := range []struct {
		kind                     string
		aboutWaiting, aboutBoard bool   // the order that it names
		waiting, onBoard         string // how the two orders end
		cut                      bool   // nothing new comes
	}{
		{"accident", false, false, "pending", "picked_up", true},
		{"vehicle_broken", false, true, "pending", "picked_up", true},
		{"customer_absent", false, true, "assigned", "returning", false},
		{"damaged", false, true, "assigned", "returning", false},
		{"wrong_address", false, true, "assigned", "picked_up", false},
		{"store_closed", true, false, "assigned", "picked_up", false},
		{"long_wait", true, false, "assigned", "picked_up", false},
		{"other", false, false, "assigned", "picked_up", false},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			t.Parallel()
			c := w.company(t)
			c.onShift(t)
			onBoard, waiting := c.place(t), c.place(t)
			c.take(t, onBoard, "pickup")
			c.take(t, waiting)
			var about m
			if tc.aboutWaiting {
				about = m{"order_id": waiting}
			}
			if tc.aboutBoard {
				about = m{"order_id": onBoard}
			}
			said := c.incident(tc.kind, about, m{"note": "as it is"})
			first := w.ok(t, c.phone, "POST", "/v1/rider/incidents", said)
			if again := w.ok(t, c.phone, "POST", "/v1/rider/incidents", said); string(again.raw) != string(first.raw) {
				t.Errorf("told twice: %s, first %s", again.raw, first.raw)
			}
			if w, b := c.stateOf(t, waiting), c.stateOf(t, onBoard); w != tc.waiting || b != tc.onBoard {
				t.Errorf("the orders are %s and %s, want %s and %s", w, b, tc.waiting, tc.onBoard)
			}
			if n := len(first.at("released").([]any)); (n == 1) != (tc.waiting == "pending") {
				t.Errorf("%s", first.raw)
			}
			if n := len(first.at("returning").([]any)); (n == 1) != (tc.onBoard == "returning") {
				t.Errorf("%s", first.raw)
			}
			if first.at("location", "lat") != duomo.Lat {
				t.Errorf("the rider's position is not noted: %s", first.raw)
			}
			ends := w.ok(t, c.phone, "GET", "/v1/rider/me", nil).text("shift", "ends_at")
			if cut := ends == "2026-03-02T12:00:01Z"; cut != tc.cut {
				t.Errorf("the shift is planned until %s", ends)
			}
			if oid, _ := about["order_id"].(string); oid != "" {
				last := lastEvent(t, c, oid)
				if last.text("data", "reason") != tc.kind || last.text("data", "note") != "as it is" || last.text("actor", "kind") != "rider" {
					t.Errorf("the order's history ends with %v", last.body)
				}
			}
			books, err := dispatch.CheckBooks(t.Context(), w.db, c.tenant)
			if err != nil || len(books.Faults) > 0 {
				t.Errorf("the books: %v, %v", books.Faults, err)
			}
		})
	}
}

func lastEvent(t *testing.T, c *company, oid string) reply {
	t.Helper()
	rows := c.w.ok(t, c.dispatcher, "GET", "/v1/console/orders/"+oid, nil).at("events").([]any)
	return reply{body: rows[len(rows)-1].(m)}
}

func TestIncidentsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	mine, other := c.place(t), c.place(t)
	c.take(t, mine)
	of := func(oid string) m { return m{"order_id": oid} }
	w.refused(t, c.phone, "POST", "/v1/rider/incidents", c.incident("customer_absent"), codeValidation)
	w.refused(t, c.phone, "POST", "/v1/rider/incidents", c.incident("alarm"), codeValidation) // it has a door of its own
	w.refused(t, c.phone, "POST", "/v1/rider/incidents", c.incident("damaged", of(mine)), codeTransition)
	w.refused(t, c.phone, "POST", "/v1/rider/incidents", c.incident("long_wait", of(other)), codeNotFound)
	w.refused(t, c.phone, "POST", "/v1/rider/incidents", c.incident("long_wait", of(id.NewOrder().String())), codeNotFound)
	if n := len(w.ok(t, c.viewer, "GET", "/v1/console/incidents", nil).at("data").([]any)); n != 0 {
		t.Errorf("%d incidents are kept of what was refused", n)
	}
	if s := c.stateOf(t, mine); s != "assigned" {
		t.Errorf("the order is %s", s)
	}
}

// An alarm is on the consoles at once, in every zone, at any pace, again and again until a dispatcher takes care of it.
func TestAlarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Limits.Rider = Rate{PerSecond: 0.001, Burst: 1} })
	c := w.company(t)
	elsewhere := w.ok(t, c.admin, "POST", "/v1/console/zones", m{"name": "Prato", "around": m{"center": m{"lat": 43.88, "lng": 11.1}, "radius_m": 2000}}).text("id")
	here := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	defer here.close()
	there := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+elsewhere)
	defer there.close()
	if first := here.next(t); len(first.json["alerts"].([]any)) != 0 {
		t.Errorf("%s", first.data)
	}
	there.next(t)

	w.ok(t, c.phone, "GET", "/v1/rider/me", nil)
	w.refused(t, c.phone, "GET", "/v1/rider/me", nil, codeRateLimited)
	said := m{"action_id": uuid.NewString(), "at": noon, "location": geo.LatLng{Lat: 43.77, Lng: 11.25}, "note": "two men"}
	var alarm reply
	for range 5 {
		alarm = w.ok(t, c.phone, "POST", "/v1/rider/alarm", said)
	}
	isIt := func(j m) bool {
		rows := rowsOf(j)
		return len(rows) == 1 && rows[0]["id"] == alarm.text("id") && rows[0]["kind"] == "alarm" && rows[0]["name"] == "Gino" && rows[0]["phone"] == c.rider.Phone &&
			rows[0]["note"] == "two men" && rows[0]["location"].(m)["lat"] == 43.77
	}
	here.until(t, "alerts", isIt)
	there.until(t, "alerts", isIt)
	w.clock.Advance(repeatAlarm)
	here.until(t, "alerts", isIt) // nobody has answered

	late := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	defer late.close()
	if first := late.next(t); len(first.json["alerts"].([]any)) != 1 {
		t.Errorf("a console opened later does not show it: %s", first.data)
	}

	path := "/v1/console/incidents/" + alarm.text("id") + "/acknowledge"
	w.refused(t, c.viewer, "POST", path, nil, codeForbidden)
	done := w.ok(t, c.dispatcher, "POST", path, nil)
	w.clock.Advance(time.Minute)
	if again := w.ok(t, c.admin, "POST", path, nil); again.text("acknowledged_by") != done.text("acknowledged_by") || again.text("acknowledged_at") != "2026-03-02T12:00:15Z" {
		t.Errorf("who was second took it over: %s", again.raw)
	}
	here.until(t, "alerts", func(j m) bool { return len(rowsOf(j)) == 0 })
	if r := w.ok(t, c.phone, "POST", "/v1/rider/alarm", said); r.text("acknowledged_at") == "" {
		t.Errorf("the phone does not learn that help is on its way: %s", r.raw)
	}
	if n := len(w.ok(t, c.viewer, "GET", "/v1/console/incidents?open=true", nil).at("data").([]any)); n != 0 {
		t.Errorf("%d open incidents", n)
	}
	if n := len(w.ok(t, c.viewer, "GET", "/v1/console/incidents", nil).at("data").([]any)); n != 1 {
		t.Errorf("%d incidents", n)
	}
	w.refused(t, c.dispatcher, "POST", "/v1/console/incidents/"+id.NewIncident().String()+"/acknowledge", nil, codeNotFound)
}

// Lists go on where the page before ended.
func TestIncidentsHavePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	var want, got []string
	for i := range 5 {
		r := w.ok(t, c.phone, "POST", "/v1/rider/incidents", c.incident("other", m{"note": strconv.Itoa(i)}))
		want = append([]string{r.text("id")}, want...)
	}
	path := "/v1/console/incidents?limit=2"
	for next := path; next != ""; {
		r := w.ok(t, c.viewer, http.MethodGet, next, nil)
		for _, x := range r.at("data").([]any) {
			got = append(got, x.(m)["id"].(string))
		}
		if next = r.text("next_cursor"); next != "" {
			next = path + "&cursor=" + next
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
