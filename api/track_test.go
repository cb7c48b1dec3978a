package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// track is an order's page, as its link says.
func (c *company) track(t testing.TB, oid string) string {
	t.Helper()
	return c.w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil).text("tracking_url")
}

func inLanguage(tags string) cred {
	return func(r *http.Request) { r.Header.Set("Accept-Language", tags) }
}

func TestTrackingPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t, m{
		"proof": m{"pin": "0042"}, "value": m{"amount": 1250, "currency": "EUR"},
		"dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": "Piazzale <b>6</b>", "contact_name": "Bob Geheim", "contact_phone": "+39055987654", "gate_code": "#secret"},
	})
	link := c.track(t, oid)
	view := func() reply { t.Helper(); return w.ok(t, nobodyAtAll, "GET", link+"/status", nil) }
	page := func(tags string) string {
		t.Helper()
		r := w.ok(t, inLanguage(tags), "GET", link, nil)
		csp := r.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", r.header)
		}
		for _, secret := range []string{"Geheim", "987654", "#secret", c.rider.Phone, "<b>6", "http://", "https://", "style="} {
			if bytes.Contains(r.raw, []byte(secret)) {
				t.Errorf("the page has %q", secret)
			}
		}
		return string(r.raw)
	}
	if p := page("en-GB,zh;q=0.5"); !strings.Contains(p, "In the kitchen") || !strings.Contains(p, "0042") || !strings.Contains(p, `lang="en"`) {
		t.Errorf("%s", p)
	}
	if p := page("fr, zh-TW;q=0.9, en;q=0.8"); !strings.Contains(p, "商家备餐中") || !strings.Contains(p, "收货码") {
		t.Errorf("%s", p)
	}
	if p := w.ok(t, inLanguage("en"), "GET", link+"?lang=zh", nil); !bytes.Contains(p.raw, []byte("商家备餐中")) {
		t.Error("the switch does not switch")
	}
	for _, file := range regexp.MustCompile(`"(/track/[^"]+)"`).FindAllStringSubmatch(page("en"), -1) {
		if r := w.ok(t, nobodyAtAll, "GET", file[1], nil); !strings.Contains(r.header.Get("Cache-Control"), "immutable") || len(r.raw) == 0 {
			t.Errorf("%s: %v", file[1], r.header)
		}
	}
	if v := view(); v.at("rider") != nil || v.at("map", "rider") != nil || !strings.HasPrefix(v.text("eta"), "by ") || v.text("pin") != "0042" {
		t.Errorf("%s", v.raw)
	}
	w.refused(t, nobodyAtAll, "POST", link+"/rating", m{"stars": 5}, codeNotDelivered)
	w.refused(t, nobodyAtAll, "POST", link+"/tip", m{"amount": 100, "action_id": uuid.NewString()}, codeNotDelivered)
	c.take(t, oid, "arrive-store", "pickup")
	if v := view(); v.text("rider", "name") != "Gino" || v.text("rider", "vehicle") != "by bicycle" || v.at("map", "rider") == nil ||
		!regexp.MustCompile(`^\d\d:\d\d–\d\d:\d\d$`).MatchString(v.text("eta")) {
		t.Errorf("%s", v.raw)
	}
	act := w.act()
	act["proof"] = m{"pin": "0042"}
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", act)
	v := view()
	if v.text("pin") != "" || v.at("rider") != nil || v.at("map") != nil || v.text("eta") != "" || v.at("over") != true || v.at("rating", "stars") != 0.0 {
		t.Errorf("after the delivery %s", v.raw)
	}

	for _, bad := range []m{{"stars": 0}, {"stars": 6}, {"stars": 3, "comment": strings.Repeat("好", 1001)}, {"stars": 3, "x": 1}} {
		w.refused(t, nobodyAtAll, "POST", link+"/rating", bad, codeValidation)
	}
	if v := w.ok(t, nobodyAtAll, "POST", link+"/rating", m{"stars": 4, "comment": "molto buono\x00"}); v.at("rating", "stars") != 4.0 {
		t.Errorf("%s", v.raw)
	}
	w.refused(t, nobodyAtAll, "POST", link+"/rating", m{"stars": 1}, codeRated)
	tip := m{"amount": 200, "action_id": uuid.NewString()}
	for range 2 { // the same tip twice is one
		if v := w.ok(t, nobodyAtAll, "POST", link+"/tip", tip); v.text("tip", "given") != "Your tip: €2.00. Thank you!" {
			t.Errorf("%s", v.raw)
		}
	}
	for _, bad := range []m{{"amount": 0, "action_id": uuid.NewString()}, {"amount": 100_001, "action_id": uuid.NewString()}, {"amount": 100}} {
		w.refused(t, nobodyAtAll, "POST", link+"/tip", bad, codeValidation)
	}
	got := w.ok(t, c.key, "GET", "/v1/orders/"+oid, nil)
	if got.at("tip", "amount") != 200.0 || got.at("rating", "stars") != 4.0 || got.text("rating", "comment") != "molto buono" {
		t.Errorf("the merchant sees %s", got.raw)
	}
	events := w.ok(t, c.key, "GET", "/v1/orders/"+oid+"/events", nil).at("data").([]any)
	if last := events[len(events)-1].(m); last["type"] != "updated" || last["actor"].(m)["kind"] != "customer" {
		t.Errorf("%v", last)
	}
	w.clock.Advance(trackLife)
	view()
	w.clock.Advance(time.Second)
	w.refused(t, nobodyAtAll, "GET", link+"/status", nil, codeGone)
	w.refused(t, nobodyAtAll, "POST", link+"/tip", tip, codeGone)
	if r := w.do(t, inLanguage("zh"), "GET", link, nil); r.status != http.StatusGone || !bytes.Contains(r.raw, []byte("此链接已过期")) {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// A link is made with the secret alone: no bit of it can be changed, and no other secret makes it.
func TestTrackingLinksCantBeForged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)
	token := strings.TrimPrefix(c.track(t, oid), "/t/")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		raw[bit/8] ^= 1 << (bit % 8)
		if _, _, ok := w.api.trackTokens.read(base64.RawURLEncoding.EncodeToString(raw)); ok {
			t.Fatalf("bit %d does not matter", bit)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
	var o id.Order
	if err := o.UnmarshalText([]byte(oid)); err != nil {
		t.Fatal(err)
	}
	if token != w.api.trackTokens.token(c.tenant, o) || token == newTrackTokens([]byte("another")).token(c.tenant, o) {
		t.Error("the secret does not matter")
	}
	for _, bad := range []string{"x", token[1:], token + "A", strings.ToUpper(token), w.api.trackTokens.token(c.tenant, id.NewOrder())} {
		w.refused(t, nobodyAtAll, "GET", "/t/"+bad+"/status", nil, codeNotFound)
		if r := w.do(t, nobodyAtAll, "GET", "/t/"+bad, nil); r.status != http.StatusNotFound || !bytes.Contains(r.raw, []byte("This link leads nowhere.")) {
			t.Errorf("%d %s", r.status, r.raw)
		}
	}
}

func TestTrackingIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Limits.Visitor, d.Config.Limits.Tracking = Rate{1, 6}, Rate{1, 3} })
	c := w.company(t)
	link := c.track(t, c.place(t))
	for range 3 {
		w.ok(t, nobodyAtAll, "GET", link+"/status", nil)
	}
	if r := w.refused(t, nobodyAtAll, "GET", link+"/status", nil, codeRateLimited); r.header.Get("Retry-After") != "1" {
		t.Errorf("%v", r.header)
	}
	w.refused(t, nobodyAtAll, "GET", "/t/guess/status", nil, codeNotFound)
	w.refused(t, nobodyAtAll, "GET", "/t/guess/status", nil, codeNotFound)
	w.refused(t, nobodyAtAll, "GET", "/t/guess/status", nil, codeRateLimited) // the address has had its six
}

func TestTrackingMapFits(t *testing.T) {
	t.Parallel()
	for name, places := range map[string][3]geo.LatLng{
		"a town": {duomo, uffizi, {Lat: 43.77, Lng: 11.3}}, "one house": {duomo, duomo, duomo}, "north of each other": {{Lat: 1, Lng: 2}, {Lat: 1.5, Lng: 2}, {Lat: 1.2, Lng: 2}},
		"near the pole": {{Lat: 89.9, Lng: 0}, {Lat: 89.95, Lng: 179}, {Lat: 89.9, Lng: -179}},
	} {
		drawn := drawMap(places[0], places[1], &places[2], places[:])
		for _, p := range []TrackPoint{drawn.Store, drawn.Door, *drawn.Rider} {
			if !(p.X >= trackMargin-1 && p.X <= trackWidth-trackMargin+1 && p.Y >= trackMargin-1 && p.Y <= trackHeight-trackMargin+1) {
				t.Errorf("%s: %+v", name, drawn)
			}
		}
		if places[0].Lat < places[1].Lat && drawn.Store.Y <= drawn.Door.Y {
			t.Errorf("%s: north is not up: %+v", name, drawn)
		}
	}
}
