package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// Whatever is sent, the answer is a documented problem and never our fault.
func TestErrorCatalogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)
	act := w.act
	with := func(base m, key string, v any) m {
		out := m{}
		for k, x := range base {
			out[k] = x
		}
		out[key] = v
		return out
	}
	drop := func(loc any) m { return m{"location": loc} }
	deep := strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)
	for name, tc := range map[string]struct {
		who          cred
		method, path string
		body         any
		code         string
		field        string
	}{
		"no body":               {c.key, "POST", "/v1/orders", "", codeValidation, "body"},
		"not JSON":              {c.key, "POST", "/v1/orders", "{", codeValidation, "body"},
		"an array":              {c.key, "POST", "/v1/orders", "[]", codeValidation, "body"},
		"null":                  {c.key, "POST", "/v1/orders", "null", codeValidation, "body"},
		"deep":                  {c.key, "POST", "/v1/orders", deep, codeValidation, ""},
		"missing":               {c.key, "POST", "/v1/orders", m{}, codeValidation, "body"},
		"wrong type":            {c.key, "POST", "/v1/orders", c.newOrder(m{"load": "two"}), codeValidation, "load"},
		"a float":               {c.key, "POST", "/v1/orders", c.newOrder(m{"load": 1.5}), codeValidation, "load"},
		"too much":              {c.key, "POST", "/v1/orders", c.newOrder(m{"load": 1e300}), codeValidation, "load"},
		"unknown field":         {c.key, "POST", "/v1/orders", c.newOrder(m{"tipp": 1}), codeValidation, "tipp"},
		"another kind's id":     {c.key, "POST", "/v1/orders", c.newOrder(m{"store_id": oid}), codeValidation, "store_id"},
		"empty id":              {c.key, "POST", "/v1/orders", c.newOrder(m{"store_id": ""}), codeValidation, "store_id"},
		"unknown store":         {c.key, "POST", "/v1/orders", c.newOrder(m{"store_id": id.NewStore().String()}), codeValidation, "store_id"},
		"latitude 91":           {c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": drop(m{"lat": 91, "lng": 11})}), codeValidation, "dropoff.location.lat"},
		"longitude as text":     {c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": drop(m{"lat": 43, "lng": "11"})}), codeValidation, "dropoff.location.lng"},
		"no location":           {c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": m{}}), codeValidation, "dropoff"},
		"other continent":       {c.key, "POST", "/v1/orders", c.newOrder(m{"dropoff": drop(m{"lat": 0, "lng": 0})}), codeTooFar, ""},
		"a moon's vehicle":      {c.key, "POST", "/v1/orders", c.newOrder(m{"vehicles": []string{"rocket"}}), codeValidation, "vehicles[0]"},
		"ready last year":       {c.key, "POST", "/v1/orders", c.newOrder(m{"ready_at": noon.AddDate(-1, 0, 0)}), codeValidation, "ready_at"},
		"promise in year 9999":  {c.key, "POST", "/v1/orders", c.newOrder(m{"promise_at": "9999-12-31T23:59:59Z"}), codeValidation, "promise_at"},
		"not a time":            {c.key, "POST", "/v1/orders", c.newOrder(m{"ready_at": "noon"}), codeValidation, "ready_at"},
		"both ready times":      {c.key, "POST", "/v1/orders", c.newOrder(m{"ready_at": noon, "preparation_s": 5}), codeValidation, "preparation_s"},
		"NUL":                   {c.key, "POST", "/v1/orders", c.newOrder(m{"external_id": "a\x00b"}), codeValidation, ""},
		"euro":                  {c.key, "POST", "/v1/orders", c.newOrder(m{"value": m{"amount": 1, "currency": "euro"}}), codeValidation, "value.currency"},
		"negative money":        {c.key, "POST", "/v1/orders", c.newOrder(m{"value": m{"amount": -1, "currency": "EUR"}}), codeValidation, "value.amount"},
		"long external id":      {c.key, "POST", "/v1/orders", c.newOrder(m{"external_id": strings.Repeat("x", 129)}), codeValidation, "external_id"},
		"10 MB":                 {c.key, "POST", "/v1/orders", c.newOrder(m{"external_id": strings.Repeat("x", 10<<20)}), codeBodyTooLarge, ""},
		"store outside":         {c.key, "POST", "/v1/stores", m{"name": "x", "address": "", "location": m{"lat": 0, "lng": 0}}, codeOutsideZones, ""},
		"quantiles swapped":     {c.key, "POST", "/v1/stores", m{"name": "x", "address": "", "location": m{"lat": duomo.Lat, "lng": duomo.Lng}, "prep": m{"p50_s": 9, "p90_s": 1}}, codeValidation, "prep.p90_s"},
		"unknown order":         {c.key, "GET", "/v1/orders/" + id.NewOrder().String(), nil, codeNotFound, ""},
		"malformed order":       {c.key, "GET", "/v1/orders/ord_1", nil, codeValidation, "path.id"},
		"unknown events":        {c.key, "GET", "/v1/orders/" + id.NewOrder().String() + "/events", nil, codeNotFound, ""},
		"unknown cancel":        {c.key, "POST", "/v1/orders/" + id.NewOrder().String() + "/cancel", m{"reason": "x"}, codeNotFound, ""},
		"no reason":             {c.key, "POST", "/v1/orders/" + oid + "/cancel", m{}, codeValidation, "body"},
		"limit 0":               {c.key, "GET", "/v1/orders?limit=0", nil, codeValidation, "query.limit"},
		"limit x":               {c.key, "GET", "/v1/orders?limit=x", nil, codeValidation, "query.limit"},
		"bad from":              {c.key, "GET", "/v1/orders?from=yesterday", nil, codeValidation, "query.from"},
		"not UTF-8":             {c.key, "GET", "/v1/orders?external_id=%ff", nil, codeValidation, ""},
		"NUL in query":          {c.key, "GET", "/v1/orders?external_id=%00", nil, codeValidation, ""},
		"no cursor of ours":     {c.key, "GET", "/v1/events?after=AAAA", nil, codeValidation, "query.after"},
		"too many events":       {c.key, "GET", "/v1/events?limit=5000", nil, codeValidation, "query.limit"},
		"webhook by http":       {c.key, "POST", "/v1/webhook-endpoints", m{"url": "http://shop.example/"}, codeValidation, "url"},
		"webhook to us":         {c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://[::ffff:10.0.0.1]/"}, codeValidation, "url"},
		"webhook with password": {c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://u:p@shop.example/"}, codeValidation, "url"},
		"webhook to nothing":    {c.key, "POST", "/v1/webhook-endpoints", m{"url": "shop"}, codeValidation, "url"},
		"webhook of no type":    {c.key, "POST", "/v1/webhook-endpoints", m{"url": "https://shop.example/", "event_types": []string{"order.delivered", "order.eaten"}}, codeValidation, "event_types[1]"},
		"unknown webhook":       {c.key, "GET", "/v1/webhook-endpoints/" + id.NewEndpoint().String(), nil, codeNotFound, ""},
		"unknown webhook state": {c.key, "PATCH", "/v1/webhook-endpoints/" + id.NewEndpoint().String(), m{"state": "on"}, codeValidation, "state"},
		"malformed event":       {c.key, "GET", "/v1/webhook-endpoints/" + id.NewEndpoint().String() + "/deliveries/evt_1", nil, codeValidation, "path.event_id"},
		"replay backwards":      {c.key, "POST", "/v1/webhook-endpoints/" + id.NewEndpoint().String() + "/replay", m{"from": noon, "to": noon}, codeValidation, "to"},
		"unknown route":         {c.key, "GET", "/v1/ordres", nil, codeNotFound, ""},
		"unknown page":          {nobodyAtAll, "GET", "/nothing", nil, codeNotFound, ""},
		"method":                {c.key, "DELETE", "/v1/orders", nil, codeMethod, ""},
		"rider's unknown order": {c.phone, "POST", "/v1/rider/orders/" + id.NewOrder().String() + "/pickup", act(), codeNotFound, ""},
		"not the rider's order": {c.phone, "POST", "/v1/rider/orders/" + oid + "/pickup", act(), "", ""},
		"action without id":     {c.phone, "POST", "/v1/rider/orders/" + oid + "/pickup", m{"at": noon}, codeValidation, "body"},
		"action id of 5":        {c.phone, "POST", "/v1/rider/orders/" + oid + "/pickup", with(act(), "action_id", 5), codeValidation, "action_id"},
		"action id as text":     {c.phone, "POST", "/v1/rider/orders/" + oid + "/pickup", with(act(), "action_id", "x"), codeValidation, "action_id"},
		"unknown offer":         {c.phone, "POST", "/v1/rider/offers/" + id.NewOffer().String() + "/accept", act(), codeNotFound, ""},
		"unknown offer seen":    {c.phone, "POST", "/v1/rider/offers/" + id.NewOffer().String() + "/seen", act(), codeNotFound, ""},
		"unknown offer decline": {c.phone, "POST", "/v1/rider/offers/" + id.NewOffer().String() + "/decline", act(), codeNotFound, ""},
		"shift of a year":       {c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.AddDate(1, 0, 0)}, codeValidation, "ends_at"},
		"shift in the past":     {c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.Add(-time.Hour)}, codeValidation, "ends_at"},
		"shift of 1 ns":         {c.phone, "POST", "/v1/rider/shift/start", m{"ends_at": noon.Add(1)}, codeValidation, "ends_at"},
		"no fixes":              {c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{}}, codeValidation, "fixes"},
		"a fix nowhere":         {c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": 200, "lng": 0, "accuracy_m": 1}}}, codeValidation, "fixes[0].lat"},
		"login without all":     {nobodyAtAll, "POST", "/v1/rider/login", m{"phone": "1"}, codeValidation, "body"},
		"NUL in tenant":         {nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": "\x00", "phone": "\x00", "password": "\x00"}, codeValidation, ""},
		"NUL in phone":          {nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": c.slug, "phone": "\x00", "password": "\x00"}, codeValidation, ""},
		"no such code":          {nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": "AAAA"}, codeUnauthenticated, ""},
		"assign unknown rider":  {c.dispatcher, "POST", "/v1/console/orders/" + oid + "/assign", m{"rider_id": id.NewRider().String(), "version": 1}, "", ""},
		"assign off shift":      {c.dispatcher, "POST", "/v1/console/orders/" + oid + "/assign", m{"rider_id": c.rider.ID.String(), "version": 1}, codeOffShift, ""},
		"assign unknown order":  {c.dispatcher, "POST", "/v1/console/orders/" + id.NewOrder().String() + "/assign", m{"rider_id": c.rider.ID.String(), "version": 1}, codeNotFound, ""},
		"why of nothing":        {c.viewer, "GET", "/v1/console/orders/" + id.NewOrder().String(), nil, codeNotFound, ""},
		"nobody's rider":        {c.viewer, "GET", "/v1/console/riders/" + id.NewRider().String(), nil, codeNotFound, ""},
		"stream of nothing":     {c.viewer, "GET", "/v1/console/stream?zone_id=" + id.NewZone().String(), nil, codeNotFound, ""},
		"stream without zone":   {c.viewer, "GET", "/v1/console/stream", nil, codeValidation, "query.zone_id"},
		"1,001 riders":          {c.admin, "POST", "/v1/console/riders", m{"riders": make([]m, 1001)}, codeValidation, ""},
		"zone both ways":        {c.admin, "POST", "/v1/console/zones", m{"name": "x", "cells": []string{"881"}, "around": m{"center": m{"lat": 1, "lng": 1}, "radius_m": 500}}, codeValidation, "cells"},
		"policy of text":        {c.admin, "POST", "/v1/console/zones", m{"name": "x", "around": m{"center": m{"lat": 1, "lng": 1}, "radius_m": 500}, "policy": "fast"}, codeValidation, "policy"},
		"unknown policy field":  {c.admin, "POST", "/v1/console/zones", m{"name": "x", "around": m{"center": m{"lat": 1, "lng": 1}, "radius_m": 500}, "policy": m{"speed": 1}}, codeValidation, "policy.speed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := w.do(t, tc.who, tc.method, tc.path, tc.body)
			checkProblem(t, r)
			if r.status >= 500 || (tc.code != "" && r.text("code") != tc.code) {
				t.Errorf("%d %s, want %s\n%.500s", r.status, r.text("code"), tc.code, r.raw)
			}
			if tc.field == "" {
				return
			}
			faults, _ := r.at("errors").([]any)
			for _, f := range faults {
				if f.(m)["field"] == tc.field {
					return
				}
			}
			t.Errorf("no fault of field %s: %.500s", tc.field, r.raw)
		})
	}
}

func TestAllFaultsAtOnceAndNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	r := w.refused(t, c.key, "POST", "/v1/orders", m{"store_id": 1, "load": 0, "dropoff": m{"location": m{"lat": 99}}}, codeValidation)
	if n := len(r.at("errors").([]any)); n < 4 {
		t.Errorf("%d faults: %s", n, r.raw)
	}
	r = w.refused(t, nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": c.slug, "phone": 7, "password": strings.Repeat("hunter2", 200)}, codeValidation)
	if strings.Contains(string(r.raw), "hunter2") {
		t.Errorf("the password comes back: %s", r.raw)
	}
	given := func(r *http.Request) { c.key(r); r.Header.Set(requestIDHeader, "till-7-000123") }
	if r := w.refused(t, given, "GET", "/v1/orders/"+id.NewOrder().String(), nil, codeNotFound); r.text("request_id") != "till-7-000123" {
		t.Errorf("request id %q", r.text("request_id"))
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Limits.Merchant = Rate{PerSecond: 1, Burst: 3} })
	c := w.company(t)
	for i := range 3 {
		if r := w.ok(t, c.key, "GET", "/v1/orders", nil); r.header.Get("RateLimit-Remaining") != []string{"2", "1", "0"}[i] {
			t.Errorf("remaining %q", r.header.Get("RateLimit-Remaining"))
		}
	}
	r := w.refused(t, c.key, "GET", "/v1/orders", nil, codeRateLimited)
	if r.header.Get("Retry-After") != "1" || r.header.Get("RateLimit-Limit") != "3" {
		t.Errorf("headers %v", r.header)
	}
	w.clock.Advance(time.Second)
	w.ok(t, c.key, "GET", "/v1/orders", nil)
}
