package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

func TestConsoleLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Limits.Account = DefaultConfig().Limits.Account })
	c := w.company(t)
	page := func(r *http.Request) { r.Header.Set(consoleHeader, "1") }
	good := m{"tenant": c.slug, "email": "Admin@example.com", "password": password}
	w.refused(t, nobodyAtAll, "POST", "/v1/console/login", good, codeForbidden)
	bad := m{"tenant": c.slug, "email": "admin@example.com", "password": "x"}
	w.refused(t, page, "POST", "/v1/console/login", bad, codeUnauthenticated)
	in := w.ok(t, page, "POST", "/v1/console/login", good)
	cookies := (&http.Response{Header: in.header}).Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || in.text("user", "role") != "admin" || in.text("tenant", "slug") != c.slug {
		t.Fatalf("%v %s", cookies, in.raw)
	}
	who := cookieOf(cookies[0].Value)
	w.ok(t, who, "GET", "/v1/console/me", nil)
	w.ok(t, who, "POST", "/v1/console/logout", nil)
	w.refused(t, who, "GET", "/v1/console/me", nil, codeUnauthenticated)

	var last reply
	for range 20 {
		last = w.do(t, page, "POST", "/v1/console/login", bad)
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" {
		t.Errorf("passwords can be tried: %d %s", last.status, last.raw)
	}
	w.clock.Advance(time.Minute)
	w.ok(t, page, "POST", "/v1/console/login", good)
}

func TestSessionsExpireAndPasswordsEndThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	w.ok(t, c.viewer, "GET", "/v1/console/me", nil)
	if err := SetPassword(t.Context(), w.db, c.tenant, "viewer@example.com", "another horse"); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(recheck)
	w.refused(t, c.viewer, "GET", "/v1/console/me", nil, codeUnauthenticated)
	w.clock.Advance(sessionLife)
	w.refused(t, c.admin, "GET", "/v1/console/me", nil, codeUnauthenticated)
}

func TestRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)
	w.ok(t, c.viewer, "GET", "/v1/console/orders", nil)
	w.refused(t, c.viewer, "POST", "/v1/console/orders/"+oid+"/cancel", m{"version": 1, "reason": "x", "fault": "customer"}, codeForbidden)
	w.refused(t, c.dispatcher, "POST", "/v1/console/merchants", m{"name": "x"}, codeForbidden)
	forged := func(r *http.Request) { c.dispatcher(r); r.Header.Del(consoleHeader) }
	w.refused(t, forged, "POST", "/v1/console/orders/"+oid+"/cancel", m{"version": 1, "reason": "x", "fault": "customer"}, codeForbidden)
	w.refused(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/cancel", m{"version": 7, "reason": "x", "fault": "customer"}, codeConflict)
	w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/cancel", m{"version": 1, "reason": "x", "fault": "customer"})
	// Credentials of one kind don't open another's doors.
	w.refused(t, c.key, "GET", "/v1/rider/me", nil, codeUnauthenticated)
	w.refused(t, c.phone, "GET", "/v1/orders", nil, codeUnauthenticated)
	w.refused(t, c.key, "GET", "/v1/console/me", nil, codeUnauthenticated)
}

func TestAssignByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	got := w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/assign", m{"rider_id": c.rider.ID.String(), "version": 1})
	if got.text("state") != "assigned" || got.text("rider", "id") != c.rider.ID.String() {
		t.Fatalf("%s", got.raw)
	}
	d := w.ok(t, c.viewer, "GET", "/v1/console/orders/"+oid, nil)
	if d.text("order", "store_name") != "Da Mario" || len(d.at("plan").([]any)) != 2 || len(d.at("events").([]any)) < 2 {
		t.Errorf("%s", d.raw)
	}
	actor := d.at("events").([]any)[1].(m)["actor"].(m)
	if actor["kind"] != "dispatcher" || actor["name"] != "Anna dispatcher" {
		t.Errorf("assigned by %v", actor)
	}
	r := w.ok(t, c.viewer, "GET", "/v1/console/riders/"+c.rider.ID.String(), nil)
	if r.text("presence") != "working" || len(r.at("plan", "stops").([]any)) != 2 || r.at("position") == nil {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.dispatcher, "POST", "/v1/console/orders/"+oid+"/unassign", m{"version": 2, "reason": "flat tyre"})
	rows := w.ok(t, c.viewer, "GET", "/v1/console/orders?q="+oid, nil).at("data").([]any)
	if len(rows) != 1 || rows[0].(m)["state"] != "pending" {
		t.Errorf("%v", rows)
	}
}

func TestAdminSetsUpATenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	z := w.ok(t, c.admin, "POST", "/v1/console/zones", m{"name": "Prato", "around": m{"center": m{"lat": 43.88, "lng": 11.09}, "radius_m": 2000}, "policy": m{"interval_s": 7}})
	if z.at("policy", "interval_s") != 7.0 || z.at("policy", "offer_ttl_s") == 0.0 || len(z.at("outline").([]any)) != 1 {
		t.Errorf("%s", z.raw)
	}
	w.refused(t, c.admin, "POST", "/v1/console/zones", m{"name": "Prato", "cells": []string{geo.CellOf(duomo, 8).String()}}, codeNameTaken)
	w.refused(t, c.admin, "POST", "/v1/console/zones", m{"name": "X", "cells": []string{"zzz", geo.CellOf(duomo, 9).String()}}, codeValidation)
	path := "/v1/console/zones/" + z.text("id")
	if got := w.ok(t, c.admin, "PATCH", path, m{"version": 1, "policy": m{"mode": "force"}}); got.at("policy", "mode") != "force" || got.at("policy", "interval_s") != 7.0 {
		t.Errorf("%s", got.raw)
	}
	w.refused(t, c.admin, "PATCH", path, m{"version": 1, "name": "Late"}, codeConflict)
	if got := w.ok(t, c.admin, "PATCH", path, m{"version": 2, "policy": m{"shifts": m{"late_s": 600}}}); got.at("policy", "shifts", "late_s") != 600.0 || got.at("policy", "shifts", "ahead_days") != 14.0 {
		t.Errorf("a field of a part: %v", got.body)
	}
	w.refused(t, c.admin, "PATCH", path, m{"version": 3, "policy": m{"shifts": m{"latest_s": 600}}}, codeValidation)
	w.refused(t, c.admin, "PATCH", path, m{"version": 3, "policy": m{"interval_s": -1}}, codeValidation)

	mer := w.ok(t, c.admin, "POST", "/v1/console/merchants", m{"name": "Pizzeria"})
	k := w.ok(t, c.admin, "POST", "/v1/console/merchants/"+mer.text("id")+"/keys", m{"name": "web"})
	w.ok(t, bearerOf(k.text("secret")), "GET", "/v1/orders", nil)
	w.refused(t, c.admin, "POST", "/v1/console/merchants/"+id.NewMerchant().String()+"/keys", m{"name": "web"}, codeNotFound)

	rs := w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Ugo", "phone": "+393", "vehicle": "car", "zone_id": z.text("id")}}})
	made := rs.at("data").([]any)[0].(m)
	w.ok(t, nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": made["enrolment_code"]})
	w.refused(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Ugo", "phone": "+393", "vehicle": "car", "zone_id": z.text("id")}}}, codeNameTaken)
	w.refused(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Ugo", "phone": "+394", "vehicle": "car", "zone_id": id.NewZone().String()}}}, codeValidation)
	for _, path := range []string{"zones", "merchants", "stores", "riders", "riders?zone_id=" + z.text("id"), "settings", "orders?zone_id=" + c.zone.String()} {
		w.ok(t, c.viewer, "GET", "/v1/console/"+path, nil)
	}
}

func TestOutlineOfADisk(t *testing.T) {
	t.Parallel()
	cells := disk(duomo, 3000)
	rings := outline(cells)
	if len(rings) != 1 || len(rings[0]) < 20 || len(rings[0]) > 6*len(cells)/2 {
		t.Fatalf("%d cells have %d rings", len(cells), len(rings))
	}
	hole := outline(geo.CellOf(duomo, geo.ZoneRes).Ring(1))
	if len(hole) != 2 || len(hole[0])+len(hole[1]) != 18+6 {
		t.Errorf("a ring of cells has %d outlines", len(hole))
	}
}
