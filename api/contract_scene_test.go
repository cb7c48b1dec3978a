package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/push/provider"
)

// scene is what an operation needs for having something to act on, and what only who set that up can know.
type scene struct {
	as   cred              // whoever may, by default
	at   map[string]string // parameters, by name
	body m                 // fields of the body
	raw  any               // the whole body, where it is no JSON
}

func at(id string) scene { return scene{at: map[string]string{"id": id}} }

// newSceneWorld is one in which everything optional is set up.
func newSceneWorld(t *testing.T) *world {
	t.Helper()
	w, sent := texting(t, func(d *Deps) {
		d.Lines = &exchange{}
		d.Push = Pushing{Providers: []provider.Name{provider.FCM}}
	})
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	go func() {
		for {
			select {
			case <-sent:
			case <-ended:
				return
			}
		}
	}()
	return w
}

// carried is an order that the rider has done some steps with.
func carried(steps ...string) func(*testing.T, *company) scene {
	return func(t *testing.T, c *company) scene {
		oid := c.place(t)
		c.take(t, oid, steps...)
		return scene{at: map[string]string{"id": oid}, body: c.w.act()}
	}
}

func undeliverable(t *testing.T, c *company) scene {
	s := carried("pickup")(t, c)
	s.body["reason"] = "nobody answers"
	return s
}

func failed(t *testing.T, c *company) scene {
	s := undeliverable(t, c)
	c.w.ok(t, c.phone, "POST", "/v1/rider/orders/"+s.at["id"]+"/fail", s.body)
	s.body = c.w.act()
	return s
}

// withBody is a scene whose body has other fields.
func withBody(set func(*testing.T, *company) scene, body m) func(*testing.T, *company) scene {
	return func(t *testing.T, c *company) scene {
		s := set(t, c)
		s.body = body
		return s
	}
}

func offered(t *testing.T, c *company) scene {
	return scene{at: map[string]string{"id": c.offer(t, c.place(t)).String()}, body: c.w.act()}
}

// askedOver is a handover that a colleague is asked about, as the colleague or as whoever may by default.
func askedOver(byTaker bool) func(*testing.T, *company) scene {
	return func(t *testing.T, c *company) scene {
		oid := c.place(t)
		c.take(t, oid)
		to := c.colleague(t)
		s := scene{at: map[string]string{"id": c.w.ok(t, c.phone, "POST", "/v1/rider/handovers", c.w.handover(to.rider.ID, oid)).text("id")}}
		if byTaker {
			s.as, s.body = to.phone, c.w.act()
		}
		return s
	}
}

// toMeet is a handover on board that a colleague has agreed to.
func toMeet(t *testing.T, c *company) scene {
	oid := c.place(t)
	c.take(t, oid, "pickup")
	to := c.colleague(t)
	hid := c.w.ok(t, c.phone, "POST", "/v1/rider/handovers", c.w.handover(to.rider.ID, oid)).text("id")
	c.w.ok(t, to.phone, "POST", "/v1/rider/handovers/"+hid+"/accept", c.w.act())
	return scene{as: to.phone, at: map[string]string{"id": hid}, body: c.w.act()}
}

// toBeAsked is a body that asks a colleague to take an order over.
func toBeAsked(t *testing.T, c *company) scene {
	oid := c.place(t)
	c.take(t, oid)
	return scene{body: m{"action_id": uuid.NewString(), "to": c.colleague(t).rider.ID.String(), "order_ids": []string{oid}}}
}

// toBeGiven names an order of the rider's in a query.
func toBeGiven(t *testing.T, c *company) scene {
	return scene{at: map[string]string{"order_ids": carried()(t, c).at["id"]}}
}

func settled(t *testing.T, c *company) scene { return at(c.settle(t)) }

// photographed is an order with a proof.
func photographed(t *testing.T, c *company) scene {
	oid := c.place(t)
	return scene{at: map[string]string{"id": oid, "proof": c.pictured(t, oid)}}
}

func evening(t *testing.T, c *company) m {
	return m{"template_id": c.template(t, "22:00", "23:00", 9), "day": today0}
}

func bookedShift(t *testing.T, c *company) scene {
	return at(c.w.ok(t, c.phone, "POST", "/v1/rider/bookings", evening(t, c)).text("id"))
}

func newJob(t *testing.T, c *company) scene {
	job, _ := c.job(t, 2)
	return at(job)
}

func sandboxed(t *testing.T, c *company) scene {
	box := c.sandbox(t)
	return scene{as: box.key, at: map[string]string{"id": box.place(t)}}
}

func hooked(t *testing.T, c *company) scene { return at(c.endpoint(t)) }

func hookedEvent(t *testing.T, c *company) scene {
	hook := c.endpoint(t)
	event := c.w.ok(t, c.key, "POST", "/v1/webhook-endpoints/"+hook+"/test", nil).text("event_id")
	return scene{at: map[string]string{"id": hook, "event_id": event}}
}

func spareKey(t *testing.T, c *company) scene {
	key, _ := c.newKey(t, m{"name": "lost"})
	return at(key)
}

func enrolled(t *testing.T, c *company) scene {
	r := c.enrol(t, "phone")
	return scene{as: bearerOf(r.text("access_token")), body: m{"refresh_token": r.text("refresh_token")}}
}

func enrolledOnly(t *testing.T, c *company) scene { return scene{as: enrolled(t, c).as} }

func lastDay(*testing.T, *company) scene {
	return scene{at: map[string]string{"from": today0, "to": today0}}
}

func thisMonth(*testing.T, *company) scene {
	return scene{at: map[string]string{"month": today0[:7]}}
}

// doordash is a request of DoorDash's words, or what one to the path has made.
func doordash(path string) func(*testing.T, *company) scene {
	return func(t *testing.T, c *company) scene {
		c.w.ok(t, c.key, "PATCH", "/v1/stores/"+c.store.String(), m{"external_id": "store-1"})
		body := newIntegration(t, c, "doordash.schema.json").fixture("doordash_delivery.json")
		if path != "" {
			c.w.ok(t, c.key, "POST", "/doordash/drive/v2/"+path, body)
			return scene{at: map[string]string{"external_delivery_id": body["external_delivery_id"].(string)}}
		}
		return scene{body: m{"pickup_external_store_id": "store-1", "dropoff_location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}}}
	}
}

// uberDelivery is one of Uber's words.
func uberDelivery(t *testing.T, c *company) scene {
	u, base := c.uber(t)
	made := u.ok("delivery", "POST", base+"/deliveries", u.fixture("uber_delivery.json"))
	return scene{at: map[string]string{"customer_id": c.merchant.String(), "delivery_id": made.text("id")}}
}

// scenes are those of the operations that a rider on shift, a zone with a tariff and an order just placed are not enough for.
var scenes = map[string]func(*testing.T, *company) scene{
	"accept-offer": offered, "decline-offer": offered, "see-offer": offered,
	"arrive-store": carried(), "pickup": carried(), "arrive-door": carried("pickup"), "deliver": carried("pickup"), "fail": undeliverable, "return": failed,
	"return-order": withBody(carried("pickup"), nil), "erase-order": carried("pickup", "deliver"),
	"get-settlement": settled, "get-settlement-csv": settled, "list-settlement-lines": settled,
	"console-settlement": settled, "console-settlement-csv": settled, "console-settlement-lines": settled,
	"rider-report": thisMonth, "console-report": thisMonth,
	"console-statement": lastDay, "console-statement-csv": lastDay, "rider-statement": lastDay, "rider-statement-csv": lastDay,
	"console-proof": photographed, "get-proof": photographed,
	"cancel-booking": bookedShift, "cancel-rider-booking": bookedShift,
	"get-job": newJob, "cancel-job": newJob, "add-to-job": newJob,
	"advance-test-order": sandboxed, "fault-test-order": sandboxed,
	"get-webhook-endpoint": hooked, "update-webhook-endpoint": hooked, "delete-webhook-endpoint": hooked, "rotate-webhook-secret": hooked, "test-webhook-endpoint": hooked,
	"list-webhook-deliveries": hooked, "replay-webhook-deliveries": withBody(hooked, m{"from": noon.Add(-time.Hour)}), "get-webhook-delivery": hookedEvent, "replay-webhook-delivery": hookedEvent,
	"revoke-key": spareKey, "rotate-key": spareKey,
	"rider-refresh": enrolled, "rider-logout": enrolled, "set-push-token": enrolledOnly, "drop-push-token": enrolledOnly,
	"doordash-create-delivery": doordash(""), "doordash-create-quote": doordash(""), "doordash-accept-quote": doordash("quotes"),
	"doordash-get-delivery": doordash("deliveries"), "doordash-update-delivery": doordash("deliveries"), "doordash-cancel-delivery": doordash("deliveries"),
	"uber-list-deliveries": uberDelivery, "uber-get-delivery": uberDelivery, "uber-cancel-delivery": uberDelivery,
	"uber-update-delivery": withBody(uberDelivery, m{"tip_by_customer": 700}),

	"accept-handover": askedOver(true), "decline-handover": askedOver(true), "see-handover": askedOver(true), "take-over": toMeet,
	"cancel-handover": askedOver(false), "cancel-for-rider": askedOver(false), "propose-handover": toBeAsked, "propose-for-rider": toBeAsked,
	"rider-colleagues": toBeGiven, "preview-handover": toBeGiven,

	"book-shift": func(t *testing.T, c *company) scene { return scene{body: evening(t, c)} },
	"book-for-rider": func(t *testing.T, c *company) scene {
		body := evening(t, c)
		body["rider_id"] = c.rider.ID.String()
		return scene{body: body}
	},
	"update-shift-template": func(t *testing.T, c *company) scene { return at(c.template(t, "22:00", "23:00", 9)) },
	"end-break": func(t *testing.T, c *company) scene {
		c.w.ok(t, c.phone, "POST", "/v1/rider/break/start", nil)
		return scene{}
	},
	"acknowledge-incident": func(t *testing.T, c *company) scene {
		return at(c.w.ok(t, c.phone, "POST", "/v1/rider/incidents", c.incident("accident")).text("id"))
	},
	"report-incident": func(_ *testing.T, c *company) scene { return scene{body: c.incident("accident")} },
	"raise-alarm":     func(_ *testing.T, c *company) scene { return scene{body: c.w.act()} },
	"assign-order":    func(_ *testing.T, c *company) scene { return scene{body: m{"rider_id": c.rider.ID.String()}} },
	"unassign-order": func(t *testing.T, c *company) scene {
		s := carried()(t, c)
		return scene{at: s.at, body: m{"version": c.w.ok(t, c.key, "GET", "/v1/orders/"+s.at["id"], nil).at("version")}}
	},
	"revoke-device": func(t *testing.T, c *company) scene {
		return scene{at: map[string]string{"device_id": c.device(t, "lost")}}
	},
	"revoke-own-device": func(t *testing.T, c *company) scene { return at(c.device(t, "lost")) },
	"console-login": func(_ *testing.T, c *company) scene {
		return scene{body: m{"tenant": c.slug, "email": "admin@example.com", "password": password}}
	},
	"rider-login": func(t *testing.T, c *company) scene {
		c.w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Pia", "phone": "+39 2", "vehicle": "car", "zone_id": c.zone.String(), "password": password}}})
		return scene{body: m{"tenant": c.slug, "phone": "+39 2", "password": password}}
	},
	"create-zone":             func(*testing.T, *company) scene { return scene{body: m{"around": m{"center": duomo, "radius_m": 500}}} },
	"create-webhook-endpoint": func(*testing.T, *company) scene { return scene{body: m{"url": "https://shop.example/1"}} },
	"rider-login-code": func(t *testing.T, c *company) scene {
		return scene{body: m{"tenant": c.slug, "phone": c.rider.Phone, "code": c.loginCode(t)}}
	},
	"rider-enrol": func(t *testing.T, c *company) scene {
		return scene{body: m{"code": c.w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code")}}
	},
	"create-adjustment": func(_ *testing.T, c *company) scene {
		return scene{body: m{"client_id": uuid.NewString(), "merchant_id": c.merchant.String()}}
	},
	"put-tariff":     func(*testing.T, *company) scene { return scene{body: m{"version": 1, "tariff": tariffJSON()}} },
	"erase-customer": func(*testing.T, *company) scene { return scene{body: m{"phone": "+39 055 284361"}} },
	"give-back": func(t *testing.T, c *company) scene {
		c.policy(t, m{"give_back": true})
		return carried()(t, c)
	},
	"claim-order": func(t *testing.T, c *company) scene {
		oid := c.place(t)
		c.pooled(t, oid, 0)
		return scene{at: map[string]string{"id": oid}, body: c.w.act()}
	},
	"call-customer": func(t *testing.T, c *company) scene {
		c.policy(t, m{"privacy": m{"courier_phone": "masked", "courier_position": true, "customer_phone": "relay"}})
		oid := c.place(t, m{"dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "contact_phone": "+39 055 284361"}})
		c.take(t, oid)
		return at(oid)
	},
	"upload-proof": func(t *testing.T, c *company) scene {
		oid := c.place(t)
		c.take(t, oid)
		as := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Type", "application/octet-stream") }
		return scene{as: as, at: map[string]string{"id": oid, "kind": "photo"}, raw: pixel}
	},
	"send-positions": func(*testing.T, *company) scene {
		return scene{body: m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat, "lng": duomo.Lng, "accuracy_m": 5}}}}
	},
	"get-quote": func(t *testing.T, c *company) scene { return at(c.quote(t).text("id")) },
	"uber-token": func(t *testing.T, c *company) scene {
		_, secret := c.newKeySecret(t)
		return scene{
			as:  func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") },
			raw: url.Values{"client_id": {c.merchant.String()}, "client_secret": {secret}, "grant_type": {"client_credentials"}, "scope": {"eats.deliveries"}}.Encode(),
		}
	},
	"uber-proof-of-delivery": func(t *testing.T, c *company) scene {
		s := uberDelivery(t, c)
		c.pictured(t, "ord_"+strings.TrimPrefix(s.at["delivery_id"], "del_"))
		s.body = m{"waypoint": "dropoff", "type": "picture"}
		return s
	},
	"uber-create-quote": func(t *testing.T, c *company) scene {
		u, _ := c.uber(t)
		return scene{at: map[string]string{"customer_id": c.merchant.String()}, body: u.fixture("uber_quote.json")}
	},
	"uber-create-delivery": func(t *testing.T, c *company) scene {
		u, _ := c.uber(t)
		return scene{at: map[string]string{"customer_id": c.merchant.String()}, body: u.fixture("uber_delivery.json")}
	},
	"delay-order": func(_ *testing.T, c *company) scene {
		return scene{body: m{"ready_at": c.w.clock.Now().Add(time.Hour)}}
	},
}
