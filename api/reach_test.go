package api

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// reached is how a caller comes by each code of docs/errors.md. An entry that moves the clock, or breaks the server, makes a world of its own.
var reached = map[string]func(t *testing.T, c *company) reply{
	codeUnauthenticated: func(t *testing.T, c *company) reply { return c.w.do(t, nobodyAtAll, "GET", "/v1/orders", nil) },
	codeForbidden: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.viewer, "POST", "/v1/console/merchants", m{"name": "Da Vito"})
	},
	codeMissingScope: func(t *testing.T, c *company) reply {
		_, key := c.newKey(t, m{"name": "screen", "scopes": []string{"orders:read"}})
		return c.w.do(t, key, "POST", "/v1/orders", c.newOrder())
	},
	codeNotFound: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "GET", "/v1/orders/"+id.NewOrder().String(), nil)
	},
	codeMethod:  func(t *testing.T, c *company) reply { return c.w.do(t, c.key, "DELETE", "/v1/orders", nil) },
	codeTimeout: func(t *testing.T, _ *company) reply { return neverEndingBody(t) },
	codeConflict: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.dispatcher, "POST", "/v1/console/orders/"+c.place(t)+"/cancel", m{"version": 7, "reason": "x", "fault": "customer"})
	},
	codeTransition: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/orders/"+c.place(t)+"/return", m{"reason": "allergy"})
	},
	codeTooLate: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid, "pickup")
		return c.w.do(t, c.key, "PATCH", "/v1/orders/"+oid, m{"items": []m{{"name": "Cantucci", "quantity": 1}}})
	},
	codeExternalID: func(t *testing.T, c *company) reply {
		c.place(t, m{"external_id": "A-1"})
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(m{"external_id": "A-1"}))
	},
	codeNameTaken: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.admin, "POST", "/v1/console/zones", m{"name": "Centro " + c.slug, "around": m{"center": duomo, "radius_m": 500}})
	},
	codeURLTaken: func(t *testing.T, c *company) reply {
		c.endpoint(t)
		return c.w.do(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://shop.example/0"})
	},
	codeTooMany: func(t *testing.T, c *company) reply {
		var r reply
		for i := range 51 {
			r = c.w.do(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": fmt.Sprint("https://shop.example/", i)})
		}
		return r
	},
	codeNoCall: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid)
		return c.w.do(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/call", nil)
	},
	codeOrderOpen: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/orders/"+c.place(t)+"/erase", nil)
	},
	codeDisabled: func(t *testing.T, c *company) reply {
		path := "/v1/webhook-endpoints/" + c.endpoint(t)
		c.w.ok(t, c.key, "PATCH", path, m{"state": "disabled"})
		return c.w.do(t, c.key, "POST", path+"/test", nil)
	},
	codeNoTexts: func(t *testing.T, c *company) reply {
		return c.w.do(t, nobodyAtAll, "POST", "/v1/rider/code", m{"tenant": c.slug, "phone": c.rider.Phone})
	},
	codeRest: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		c.policy(t, m{"work": m{"day_s": 3600, "stretch_s": 0, "break_s": 900, "rest_s": 0}})
		c.onShift(t)
		c.w.clock.Advance(time.Hour)
		c.w.ok(t, c.freshPhone(t), "POST", "/v1/rider/shift/end", nil)
		return c.w.do(t, c.freshPhone(t), "POST", "/v1/rider/shift/start", m{"ends_at": c.w.clock.Now().Add(time.Hour)})
	},
	codeBreaksUsed: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		c.policy(t, m{"work": m{"day_s": 0, "stretch_s": 0, "break_s": 900, "rest_s": 0, "breaks_s": 600}})
		c.onShift(t)
		c.w.ok(t, c.phone, "POST", "/v1/rider/break/start", nil)
		c.w.clock.Advance(10 * time.Minute)
		return c.w.do(t, c.freshPhone(t), "POST", "/v1/rider/break/start", nil)
	},
	codeNotBooked: func(t *testing.T, c *company) reply {
		c.policy(t, booked(nil))
		return c.w.do(t, c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.Add(time.Hour)})
	},
	codeNotInZone: func(t *testing.T, c *company) reply {
		c.policy(t, booked(m{"start": "open", "in_zone": true}))
		return c.w.do(t, c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.Add(time.Hour), "location": m{"lat": 0, "lng": 0}})
	},
	codeSlotGone: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": c.template(t, "22:00", "23:00", 1), "day": "2026-03-01"})
	},
	codeSlotClosed: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": c.template(t, "09:00", "13:00", 1), "day": today0})
	},
	codeSlotFull: func(t *testing.T, c *company) reply {
		want := m{"template_id": c.template(t, "22:00", "23:00", 1), "day": today0}
		c.w.ok(t, c.phone, "POST", "/v1/rider/bookings", want)
		want["rider_id"] = c.w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "x", "phone": "1", "vehicle": "car", "zone_id": c.zone.String()}}}).
			at("data").([]any)[0].(m)["rider"].(m)["id"]
		return c.w.do(t, c.dispatcher, "POST", "/v1/console/bookings", want)
	},
	codeSlotOverlaps: func(t *testing.T, c *company) reply {
		c.w.ok(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": c.template(t, "22:00", "23:00", 1), "day": today0})
		return c.w.do(t, c.phone, "POST", "/v1/rider/bookings", m{"template_id": c.template(t, "22:30", "23:30", 1), "day": today0})
	},
	codeHasWork: func(t *testing.T, c *company) reply {
		c.onShift(t)
		c.take(t, c.place(t))
		return c.w.do(t, c.phone, "POST", "/v1/rider/shift/end", nil)
	},
	codeOffShift: func(t *testing.T, c *company) reply { return c.assign(t, c.place(t)) },
	codeOfferClosed: func(t *testing.T, c *company) reply {
		c.onShift(t)
		path := "/v1/rider/offers/" + c.offer(t, c.place(t)).String()
		c.w.ok(t, c.phone, "POST", path+"/accept", c.w.act())
		return c.w.do(t, c.phone, "POST", path+"/decline", c.w.act())
	},
	codeUnassignable: func(t *testing.T, c *company) reply {
		c.onShift(t)
		return c.assign(t, c.place(t, m{"skills": []string{"cake"}}))
	},
	codeNoHandover: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid)
		return c.w.do(t, c.phone, "POST", "/v1/rider/handovers", c.w.handover(c.rider.ID, oid))
	},
	codeHandoverClosed: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid)
		to := c.colleague(t)
		path := "/v1/rider/handovers/" + c.w.ok(t, c.phone, "POST", "/v1/rider/handovers", c.w.handover(to.rider.ID, oid)).text("id")
		c.w.ok(t, to.phone, "POST", path+"/decline", c.w.act())
		return c.w.do(t, to.phone, "POST", path+"/accept", c.w.act())
	},
	codeGivingBack: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid)
		return c.w.do(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/give-back", c.w.act())
	},
	codeOrderTaken: func(t *testing.T, c *company) reply {
		c.onShift(t)
		return c.w.do(t, c.phone, "POST", "/v1/rider/pool/"+c.place(t)+"/claim", c.w.act())
	},
	codeNoTariff: func(t *testing.T, c *company) reply { return c.w.do(t, c.key, "POST", "/v1/quotes", c.newQuote()) },
	codeNoCapacity: func(t *testing.T, c *company) reply {
		c.setTariff(t)
		return c.w.do(t, c.key, "POST", "/v1/quotes", c.newQuote())
	},
	codeClosed: func(t *testing.T, c *company) reply {
		c.policy(t, m{"hours": []m{{"from": c.local(t, time.Hour), "to": c.local(t, 2*time.Hour)}}})
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder())
	},
	codeQuoteUsed: func(t *testing.T, c *company) reply {
		c.onShift(t)
		c.setTariff(t)
		quote := m{"quote_id": c.quote(t).text("id")}
		c.place(t, quote)
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(quote))
	},
	codeQuoteExpired: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		c.onShift(t)
		c.setTariff(t)
		quote := m{"quote_id": c.quote(t).text("id")}
		c.w.clock.Advance(11 * time.Minute)
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(quote))
	},
	codeKeyRevoked: func(t *testing.T, c *company) reply {
		key, _ := c.newKey(t, m{"name": "lost"})
		c.w.ok(t, c.admin, "POST", "/v1/console/keys/"+key+"/revoke", nil)
		return c.w.do(t, c.admin, "POST", "/v1/console/keys/"+key+"/rotate", nil)
	},
	codeTestOnly: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/test/orders/"+c.place(t)+"/advance", nil)
	},
	codeTooManyProofs: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid)
		var r reply
		for i := range 21 {
			r = c.upload(t, oid, "photo", append(slices.Clone(pixel), byte(i)))
		}
		return r
	},
	codeNotDelivered: func(t *testing.T, c *company) reply { return c.rate(t, c.place(t)) },
	codeRated: func(t *testing.T, c *company) reply {
		oid := c.place(t)
		c.onShift(t)
		c.take(t, oid, "pickup", "deliver")
		c.rate(t, oid)
		return c.rate(t, oid)
	},
	codeGone: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		oid := c.place(t)
		c.w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "x"})
		c.w.clock.Advance(trackLife + time.Second)
		return c.w.do(t, nobodyAtAll, "GET", c.track(t, oid)+"/status", nil)
	},
	codeBodyTooLarge: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(m{"external_id": strings.Repeat("x", 2*maxBody)}))
	},
	codeMediaType: func(t *testing.T, c *company) reply {
		packed := func(r *http.Request) { c.key(r); r.Header.Set("Content-Encoding", "br") }
		return c.w.do(t, packed, "POST", "/v1/orders", c.newOrder())
	},
	codeValidation: func(t *testing.T, c *company) reply { return c.w.do(t, c.key, "POST", "/v1/orders", m{}) },
	codeProofMissing: func(t *testing.T, c *company) reply {
		return c.deliverWith(t, m{"photo": true}, nil)
	},
	codeProofWrong: func(t *testing.T, c *company) reply {
		return c.deliverWith(t, m{"pin": "0042"}, m{"pin": "1111"})
	},
	codeOutsideZones: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/stores", m{"name": "x", "address": "", "location": m{"lat": 0, "lng": 0}})
	},
	codeOutsideZone: func(t *testing.T, c *company) reply {
		c.onShift(t)
		c.setTariff(t)
		return c.w.do(t, c.key, "POST", "/v1/quotes", c.newQuote(m{"dropoff": m{"location": m{"lat": duomo.Lat + 0.05, "lng": duomo.Lng}}}))
	},
	codeTooFar: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": m{"location": m{"lat": 0, "lng": 0}}}))
	},
	codeJobOnBoard: func(t *testing.T, c *company) reply {
		_, orders := c.job(t, 2)
		c.onShift(t)
		c.take(t, orders[0], "pickup")
		return c.w.do(t, c.dispatcher, "POST", "/v1/console/orders/"+orders[1]+"/assign", m{"rider_id": id.NewRider().String(), "version": 1})
	},
	codeJobBegun: func(t *testing.T, c *company) reply {
		job, _ := c.job(t, 2)
		c.w.ok(t, c.key, "POST", "/v1/jobs/"+job+"/cancel", m{"reason": "rain"})
		return c.w.do(t, c.key, "POST", "/v1/jobs/"+job+"/orders", c.newOrder())
	},
	codeJobTooLarge: func(t *testing.T, c *company) reply {
		return c.w.do(t, c.key, "POST", "/v1/jobs", c.newJob(6))
	},
	codeTooHeavy: func(t *testing.T, c *company) reply {
		c.setTariff(t)
		return c.w.do(t, c.key, "POST", "/v1/orders", c.newOrder(m{"weight_g": 20_001}))
	},
	codeClientID: func(t *testing.T, c *company) reply {
		body := m{"client_id": uuid.NewString(), "merchant_id": c.merchant.String(), "amount": 1, "currency": "EUR", "reason": "x"}
		c.w.ok(t, c.finance, "POST", "/v1/console/ledger/adjustments", body)
		body["amount"] = 2
		return c.w.do(t, c.finance, "POST", "/v1/console/ledger/adjustments", body)
	},
	codeKeyReused: func(t *testing.T, c *company) reply {
		c.w.ok(t, idempotent(c, "k"), "POST", "/v1/orders", c.newOrder())
		return c.w.do(t, idempotent(c, "k"), "POST", "/v1/orders", c.newOrder(m{"load": 2}))
	},
	codeRateLimited: func(t *testing.T, _ *company) reply {
		c := newWorld(t, func(d *Deps) { d.Config.Limits.Merchant = Rate{PerSecond: 1, Burst: 1} }).company(t)
		c.w.ok(t, c.key, "GET", "/v1/orders", nil)
		return c.w.do(t, c.key, "GET", "/v1/orders", nil)
	},
	codeInternal: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		c.w.api.ingest = nil // whatever a bug may be
		return c.w.do(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": 43.0, "lng": 11.0, "accuracy_m": 1}}})
	},
	codeTakenAway: func(t *testing.T, c *company) reply {
		c.onShift(t)
		oid := c.place(t)
		c.take(t, oid)
		c.w.ok(t, c.key, "POST", "/v1/orders/"+oid+"/cancel", m{"reason": "closed"})
		return c.refusedAct(t, record("pickup", noon, m{"order_id": oid}))
	},
	codeTooOld: func(t *testing.T, c *company) reply {
		return c.refusedAct(t, record("pickup", noon.AddDate(0, 0, -2), m{"order_id": c.place(t)}))
	},
	codeUnavailable: func(t *testing.T, _ *company) reply {
		c := newWorld(t).company(t)
		c.w.api.Close()
		return c.w.do(t, c.viewer, "GET", "/v1/console/stream?zone_id="+c.zone.String(), nil)
	},
}

// Every code that is documented can be had, and by the request that its entry tells.
func TestEveryCodeIsReached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code := range codes {
		ask, ok := reached[code]
		if !ok {
			t.Errorf("%s: nothing shows that a request can get it", code)
			continue
		}
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := ask(t, w.company(t))
			checkProblem(t, r)
			if r.text("code") != code {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
	for code := range reached {
		if _, ok := codes[code]; !ok {
			t.Errorf("%s is reached, and not documented", code)
		}
	}
}

// endpoint makes a webhook endpoint and returns its id.
func (c *company) endpoint(t *testing.T) string {
	t.Helper()
	return c.w.ok(t, c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://shop.example/0"}).text("id")
}

// assign asks that an order just placed be given to the rider.
func (c *company) assign(t *testing.T, oid string) reply {
	t.Helper()
	return c.w.do(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/assign", m{"rider_id": c.rider.ID.String(), "version": 1})
}

func (c *company) rate(t *testing.T, oid string) reply {
	t.Helper()
	return c.w.do(t, nobodyAtAll, "POST", c.track(t, oid)+"/rating", m{"stars": 5})
}

// deliverWith has the rider try to deliver an order that demands something with some proof.
func (c *company) deliverWith(t *testing.T, demand, proof m) reply {
	t.Helper()
	c.onShift(t)
	oid := c.place(t, m{"proof": demand})
	c.take(t, oid, "pickup")
	act := c.w.act()
	if proof != nil {
		act["proof"] = proof
	}
	return c.w.do(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", act)
}

// neverEndingBody promises more of a body than it sends.
func neverEndingBody(t *testing.T) reply {
	t.Helper()
	c := newWorld(t, func(d *Deps) { d.Config.BodyTimeout = time.Millisecond }).company(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.w.url+"/v1/orders", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.key(req)
	_, err = fmt.Fprintf(conn, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", req.Header.Get("Authorization"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), req) //nolint:bodyclose // decoded closes it
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, res)
}
