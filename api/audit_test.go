package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// audit is the company's log, newest first.
func (c *company) audit(t *testing.T, query string) []m {
	t.Helper()
	var out []m
	for _, x := range c.w.ok(t, c.admin, "GET", "/v1/console/audit?limit=200&"+query, nil).at("data").([]any) {
		out = append(out, x.(m))
	}
	return out
}

func (c *company) eventCount(t *testing.T) (n int) {
	t.Helper()
	err := c.w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT count(*) FROM order_events WHERE tenant_id = $1", c.tenant).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// credsFor are those of whoever may call an operation.
func (c *company) credsFor(op operation) cred {
	switch op.security {
	case "":
		return func(r *http.Request) { r.Header.Set(consoleHeader, "1") }
	case "rider_token":
		return c.phone
	case "session":
		return c.admin
	}
	return c.key
}

// Every operation of the document that writes leaves a row in the audit log, or events in its order's history, and never both.
func TestEveryWriteIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	ops := map[string]operation{}
	for _, op := range operations(t) {
		ops[op.name] = op
	}
	created := w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{
		{"name": "Pia", "phone": "+39 2", "vehicle": "car", "zone_id": c.zone.String(), "password": password},
	}})
	code := created.at("data").([]any)[0].(m)["enrolment_code"].(string)
	onBoard := func() string {
		o := c.place(t)
		w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, o).String()+"/accept", w.act())
		return o
	}
	because := func() m { a := w.act(); a["reason"] = "x"; return a }
	waiting, given, carried, failed, back := c.place(t), c.place(t), onBoard(), onBoard(), onBoard()
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+back+"/pickup", w.act())
	w.ok(t, c.phone, "POST", "/v1/rider/orders/"+failed+"/pickup", w.act())
	job, _ := c.job(t, 2)
	version := func(o string) any { return w.ok(t, c.key, "GET", "/v1/orders/"+o, nil).at("version") }

	// What changes orders is done in earnest, in this order; and the log-ins, whose tenant is known only when they succeed.
	done := map[string]bool{}
	for _, call := range []struct {
		name, id string
		body     func() m
	}{
		{"create-order", "", func() m { return c.newOrder() }},
		{"create-orders", "", func() m { return m{"orders": []m{c.newOrder(), c.newOrder()}} }},
		{"create-job", "", func() m { return c.newJob(2) }},
		{"add-to-job", job, func() m { return c.newOrder() }},
		{"cancel-job", job, func() m { return m{"reason": "x"} }},
		{"update-order", waiting, func() m { return m{"tags": []string{"x"}} }},
		{"accept-order", waiting, func() m { return m{} }},
		{"return-order", back, func() m { return m{"reason": "x"} }},
		{"delay-order", waiting, func() m { return m{"ready_at": noon.Add(time.Hour)} }},
		{"mark-order-ready", waiting, func() m { return m{} }},
		{"cancel-order", waiting, func() m { return m{"reason": "x"} }},
		{"accept-offer", "an offer", w.act},
		{"decline-offer", "an offer", because},
		{"arrive-store", carried, w.act},
		{"pickup", carried, w.act},
		{"arrive-door", carried, w.act},
		{"deliver", carried, w.act},
		{"fail", failed, because},
		{"return", failed, w.act},
		{"erase-order", waiting, func() m { return nil }},
		{"assign-order", given, func() m { return m{"rider_id": c.rider.ID.String(), "version": version(given)} }},
		{"unassign-order", given, func() m { return m{"version": version(given), "reason": "x"} }},
		{"console-cancel-order", given, func() m { return m{"version": version(given), "reason": "x", "fault": "customer"} }},
		{"rider-login", "", func() m { return m{"tenant": c.slug, "phone": "+39 2", "password": password} }},
		{"rider-enrol", "", func() m { return m{"code": code} }},
		{"rider-login-code", "", func() m { return m{"tenant": c.slug, "phone": c.rider.Phone, "code": c.loginCode(t)} }},
		{"console-login", "", func() m { return m{"tenant": c.slug, "email": "admin@example.com", "password": password} }},
	} {
		op, of, body := ops[call.name], call.id, call.body()
		if of == "an offer" {
			of = c.offer(t, c.place(t)).String()
		}
		rows, events := len(c.audit(t, "")), c.eventCount(t)
		w.ok(t, c.credsFor(op), op.method, strings.ReplaceAll(op.path, "{id}", of), body)
		rows, events = len(c.audit(t, ""))-rows, c.eventCount(t)-events
		if unaudited[op.name] == inOrderEvents && (rows != 0 || events == 0) || unaudited[op.name] == "" && (rows != 1 || events != 0) {
			t.Errorf("%s left %d rows and %d events", op.name, rows, events)
		}
		done[op.name] = true
		w.clock.Advance(time.Second)
	}
	// The others are on record even when they are refused, so an operation that is new needs nothing here.
	for _, op := range ops {
		why, elsewhere := unaudited[op.name]
		switch {
		case op.method == http.MethodGet || done[op.name]:
			continue
		case why == inOrderEvents && !op.facade() || op.security == "" && !elsewhere:
			t.Errorf("%s: prove above that it leaves a trace", op.name)
			continue
		case elsewhere:
			continue
		case op.facade(): // its words for a refusal are its own
			continue
		}
		before := len(c.audit(t, "operation="+op.name))
		r := w.do(t, c.credsFor(op), op.method, strings.ReplaceAll(op.path, "{id}", "x"), m{"unknown": 1})
		after := c.audit(t, "operation="+op.name)
		if len(after) != before+1 {
			t.Errorf("%s (%d %s) left %d rows", op.name, r.status, r.raw, len(after)-before)
			continue
		}
		want := "ok"
		if r.status >= 400 {
			want = r.text("code")
		}
		if e := after[0]; e["outcome"] != want || e["request_id"] != r.header.Get(requestIDHeader) || e["ip"] == "" {
			t.Errorf("%s answered %d: %v", op.name, r.status, e)
		}
	}
	for name := range unaudited {
		if op, ok := ops[name]; !ok || op.method == http.MethodGet {
			t.Errorf("%s needs no exemption from the audit log", name)
		}
	}
}

func TestAuditTellsWhoDidWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.company(t), w.company(t)
	staff := w.ok(t, c.admin, "GET", "/v1/console/me", nil).text("user", "id")
	z := w.ok(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": 1, "name": "Duomo", "policy": m{"interval_s": 20}})
	w.clock.Advance(time.Minute)
	w.refused(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": 1, "name": "Late"}, codeConflict)
	made := w.ok(t, c.admin, "POST", "/v1/console/merchants", m{"name": "Bar Sport"})
	w.ok(t, c.key, "PATCH", "/v1/stores/"+c.store.String(), m{"name": "Mario", "address": "Via Rosina 4"})
	w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Pia", "phone": "+39 2", "vehicle": "car", "zone_id": c.zone.String(), "password": password}}})

	log := c.audit(t, "")
	if len(log) != 5 {
		t.Fatalf("%d rows: %v", len(log), log)
	}
	changes := func(i int) string {
		b, err := json.Marshal(log[i]["changes"])
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for i, want := range []struct{ actor, operation, target, outcome, changes string }{
		{staff, "create-riders", "", "ok", `{"riders":[{"name":"…","password":"…","phone":"…","vehicle":"car","zone_id":"` + c.zone.String() + `"}]}`},
		{c.keyID(t), "update-store", c.store.String(), "ok", `{"address":"…","name":"Mario"}`},
		{staff, "create-merchant", made.text("id"), "ok", `{"name":"Bar Sport"}`},
		{staff, "update-zone", c.zone.String(), codeConflict, `{"name":"Late","version":1}`},
		{staff, "update-zone", c.zone.String(), "ok", `{"name":"Duomo","policy":{"interval_s":20},"version":1}`},
	} {
		e := log[i]
		if e["actor"].(m)["id"] != want.actor || e["operation"] != want.operation || e["target"] != want.target || e["outcome"] != want.outcome || changes(i) != want.changes {
			t.Errorf("%d: %v\nchanges %s\nwant %+v", i, e, changes(i), want)
		}
	}
	if got := log[4]; got["at"] != noon.Format(time.RFC3339) || got["request_id"] != z.header.Get(requestIDHeader) {
		t.Errorf("%v", got)
	}

	for query, n := range map[string]int{
		"actor=" + c.keyID(t): 1, "operation=update-zone": 2, "target=" + c.zone.String(): 2, "actor=" + staff + "&operation=create-riders": 1,
		"from=" + noon.Add(time.Minute).Format(time.RFC3339): 4, "to=" + noon.Add(time.Minute).Format(time.RFC3339): 1,
	} {
		if got := c.audit(t, query); len(got) != n {
			t.Errorf("%s: %d rows, want %d", query, len(got), n)
		}
	}
	first := w.ok(t, c.admin, "GET", "/v1/console/audit?limit=3", nil)
	second := w.ok(t, c.admin, "GET", "/v1/console/audit?limit=3&cursor="+first.text("next_cursor"), nil)
	if rest := second.at("data").([]any); len(rest) != 2 || rest[1].(m)["id"] != log[4]["id"] || second.text("next_cursor") != "" {
		t.Errorf("the second page: %s", second.raw)
	}
	w.refused(t, c.dispatcher, "GET", "/v1/console/audit", nil, codeForbidden)
	if len(other.audit(t, "")) != 0 {
		t.Error("another company sees the log")
	}
}

// The row commits with the change, or not at all; and once it is there the application can't touch it.
func TestAuditRowsAreOfTheChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	xids := func() (row, change string) {
		t.Helper()
		err := w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT a.xmin::text, s.xmin::text FROM audit_log a, stores s WHERE a.operation = 'update-store' AND s.id = $1`, c.store).Scan(&row, &change)
		})
		if err != nil {
			t.Fatal(err)
		}
		return row, change
	}
	w.ok(t, c.key, "PATCH", "/v1/stores/"+c.store.String(), m{"name": "Mario"})
	if row, change := xids(); row != change {
		t.Errorf("the row was written by transaction %s, the change by %s", row, change)
	}
	for _, sql := range []string{"UPDATE audit_log SET outcome = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"} {
		err := w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestToldChanges(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``: ``, `[]`: ``, `{`: ``, `{}`: ``, `{"name":"Bar"}`: `{"name":"Bar"}`,
		`{"name":"Bar","contact":{"name":"Anna","floor":3}}`:       `{"contact":{"floor":3,"name":"…"},"name":"Bar"}`,
		`{"pin":1234,"api_token":{"a":1},"url":"https://x?key=1"}`: `{"api_token":"…","pin":"…","url":"…"}`,
		`{"policy":{"mode":"offer","note":"hi"},"open":true}`:      `{"open":true,"policy":{"mode":"offer","note":"hi"}}`,
		`{"vehicles":["car","bicycle"],"tags":["a"]}`:              `{"tags":["…"],"vehicles":["car","bicycle"]}`,
		`{"mode":"a\u0000b"}`:                                      ``,
		`{"policy":{"x":"` + strings.Repeat("y", maxTold) + `"}}`:  `{"policy":"…"}`,
	} {
		if got := string(toldChanges([]byte(body))); got != want {
			t.Errorf("%.80s is told as %s, want %s", body, got, want)
		}
	}
}

// A log-in that failed is in the log of the tenant at which it was tried; of a flood, as many as tell of it.
func TestFailedLogInsAreOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	console := func(r *http.Request) { r.Header.Set(consoleHeader, "1") }
	few := Rate{PerSecond: foiledLogins.PerSecond, Burst: 3}
	w.api.foiled = newLimiter(few, w.clock)
	for range few.Burst + 2 {
		w.refused(t, console, "POST", "/v1/console/login", m{"tenant": c.slug, "email": "nobody@example.com", "password": "guess guess"}, codeUnauthenticated)
	}
	w.refused(t, console, "POST", "/v1/console/login", m{"tenant": "no-such-tenant", "email": "nobody@example.com", "password": "guess guess"}, codeUnauthenticated)
	w.clock.Advance(time.Minute)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login", m{"tenant": c.slug, "phone": "+39 0", "password": "guess guess"}, codeUnauthenticated)
	rows := w.ok(t, c.admin, "GET", "/v1/console/audit?limit=200", nil).at("data").([]any)
	if len(rows) != few.Burst+1 {
		t.Fatalf("%d rows", len(rows))
	}
	last, first := rows[0].(m), rows[len(rows)-1].(m)
	if last["operation"] != "rider-login" || first["operation"] != "console-login" || first["outcome"] != codeUnauthenticated || first["ip"] == "" || first["actor"].(m)["kind"] != "nobody" {
		t.Errorf("%v\n%v", last, first)
	}
	for _, x := range rows {
		if s := fmt.Sprint(x); strings.Contains(s, "guess") || strings.Contains(s, "nobody@") {
			t.Errorf("%s", s)
		}
	}
}
