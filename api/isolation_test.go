package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// operation is what the isolation test needs of the OpenAPI document.
type operation struct {
	method, path, name, security string
	query, scopes                []string
	hasBody, stream              bool
}

// facade reports whether the operation is another company's.
func (o operation) facade() bool { return !strings.HasPrefix(o.path, "/v1/") }

func operations(t *testing.T) []operation {
	t.Helper()
	raw, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Security    []map[string][]string
			Parameters  []struct{ Name, In string }
			RequestBody *struct{ Required bool }
			Responses   map[string]struct{ Content map[string]any }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, methods := range doc.Paths {
		for method, o := range methods {
			op := operation{method: strings.ToUpper(method), path: path, name: o.OperationID, hasBody: o.RequestBody != nil && o.RequestBody.Required}
			for _, s := range o.Security {
				op.security = slices.Collect(maps.Keys(s))[0]
				op.scopes = s[op.security]
			}
			for _, p := range o.Parameters {
				if p.In == "query" {
					op.query = append(op.query, p.Name)
				}
			}
			_, op.stream = o.Responses["200"].Content[eventStream]
			out = append(out, op)
		}
	}
	return out
}

// dump is everything that a tenant has, as text.
func dump(t *testing.T, w *world, tenant id.Tenant) string {
	t.Helper()
	var b strings.Builder
	err := w.db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
		for _, table := range tenantTables(t, tx) {
			rows, err := tx.Query(t.Context(), fmt.Sprintf("SELECT to_jsonb(t)::text FROM %s t ORDER BY 1", pgx.Identifier{table}.Sanitize()))
			if err != nil {
				return err
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			lines = slices.DeleteFunc(lines, func(line string) bool { // log-ins that failed are anybody's
				return table == "audit_log" && strings.Contains(line, `"outcome": "unauthenticated"`)
			})
			fmt.Fprintf(&b, "%s\n%s\n", table, strings.Join(lines, "\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tenantTables(t *testing.T, tx pgx.Tx) []string {
	t.Helper()
	rows, err := tx.Query(t.Context(), `SELECT c.table_name::text FROM information_schema.columns c JOIN pg_class k ON k.relname = c.table_name
		WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND k.relkind IN ('r', 'p') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) < 15 {
		t.Fatalf("only %d tables have tenants: %v", len(tables), tables)
	}
	return tables
}

// A second tenant tries every operation of the document with the first one's ids: nothing is seen, nothing changes.
func TestTenantsAreIsolated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.company(t), w.company(t)
	a.onShift(t)
	b.onShift(t)
	isolated(t, w, a, b, map[string]cred{"": nobodyAtAll, "merchant_key": b.key, "rider_token": b.phone, "session": b.admin})
}

// Live and test keys of one merchant see two worlds.
func TestTheSandboxIsIsolated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	live := w.company(t)
	live.onShift(t)
	box := live.sandbox(t)
	isolated(t, w, live, box, map[string]cred{"merchant_key": box.key})
	isolated(t, w, box, live, map[string]cred{"merchant_key": live.key})
}

// isolated has b try with its credentials, by security scheme, all that a has. Operations of other schemes are left out.
func isolated(t *testing.T, w *world, a, b *company, creds map[string]cred) {
	t.Helper()
	secret := m{"external_id": "ext-" + a.slug, "dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "address": a.slug}}
	oid := a.place(t, secret)
	var offer id.Offer
	if !a.rider.ID.IsZero() {
		offer = a.offer(t, oid)
	}
	waiting := a.place(t, m{"dropoff": secret["dropoff"]})
	job, _ := a.job(t, 2, secret, m{"external_id": ""})
	quote, settlement := id.NewQuote().String(), id.NewSettlement().String()
	if a.admin != nil { // a sandbox has no prices
		a.setTariff(t)
		quote, settlement = a.quote(t).text("id"), a.settle(t)
	}
	endpoint := w.ok(t, a.key, "POST", "/v1/webhook-endpoints", m{"url": "https://hooks.example/" + a.slug, "description": a.slug}).text("id")
	event := w.ok(t, a.key, "POST", "/v1/webhook-endpoints/"+endpoint+"/test", nil).text("event_id")
	proof := id.NewProof().String()
	if !a.rider.ID.IsZero() {
		proof = a.pictured(t, waiting)
	}
	incident := id.NewIncident().String()
	if a.phone != nil {
		incident = w.ok(t, a.phone, "POST", "/v1/rider/alarm", m{"action_id": uuid.NewString(), "at": noon, "note": a.slug}).text("id")
	}
	device, template, booking := id.NewDevice().String(), id.NewTemplate().String(), id.NewBooking().String()
	if !a.rider.ID.IsZero() {
		device = a.device(t, "phone of "+a.slug)
		template = a.template(t, "22:00", "23:00", 3, m{"name": "Evening of " + a.slug})
		booking = w.ok(t, a.phone, "POST", "/v1/rider/bookings", m{"template_id": template, "day": today0}).text("id")
	}
	handover := id.NewHandover().String()
	if a.phone != nil {
		handover = a.waitingHandover(t)
	}
	ids := map[string]string{
		"/v1/rider/handovers/": handover, "/v1/console/handovers/": handover,
		"/v1/console/incidents/": incident, "/v1/rider/devices/": device,
		"/v1/console/shift-templates/": template, "/v1/rider/bookings/": booking, "/v1/console/bookings/": booking,
		"/v1/webhook-endpoints/": endpoint, "/v1/jobs/": job,
		"/v1/orders/": waiting, "/v1/stores/": a.store.String(), "/v1/rider/offers/": offer.String(), "/v1/rider/orders/": oid, "/v1/rider/pool/": waiting,
		"/v1/console/orders/": waiting, "/v1/console/zones/": a.zone.String(), "/v1/console/merchants/": a.merchant.String(), "/v1/console/riders/": a.rider.ID.String(),
		"/v1/quotes/": quote, "/v1/settlements/": settlement, "/v1/console/settlements/": settlement,
		"/v1/console/keys/": a.keyID(t), "/v1/test/orders/": waiting,
		"/doordash/drive/v2/deliveries/": "ext-" + a.slug, "/doordash/drive/v2/quotes/": "ext-" + a.slug,
		"/uber/v1/customers/" + a.merchant.String() + "/deliveries/": uberID(waiting),
	}
	act := func() m { return m{"action_id": uuid.NewString(), "at": noon, "reason": "x"} }
	here := m{"lat": duomo.Lat, "lng": duomo.Lng}
	bodies := map[string]m{
		"create-store": {"name": "x", "address": "", "location": here}, "update-store": {"name": "mine now"},
		"create-job": a.newJob(2), "add-to-job": a.newOrder(), "cancel-job": {"reason": "x"},
		"create-order": a.newOrder(), "create-orders": {"orders": []m{a.newOrder()}}, "cancel-order": {"reason": "x"}, "delay-order": {"ready_at": noon}, "return-order": {"reason": "x"}, "update-order": {"tags": []string{"mine now"}},
		"rider-login": {"tenant": a.slug, "phone": a.rider.Phone, "password": "guess guess"}, "rider-enrol": {"code": "x"},
		"ask-login-code": {"tenant": a.slug, "phone": a.rider.Phone}, "rider-login-code": {"tenant": a.slug, "phone": a.rider.Phone, "code": "123456"},
		"create-shift-template": {"zone_id": a.zone.String(), "weekdays": []string{"mon"}, "from": "08:00", "to": "09:00", "places": 1},
		"update-shift-template": {"places": 9}, "book-shift": {"template_id": template, "day": today0},
		"book-for-rider": {"template_id": template, "day": today0, "rider_id": b.rider.ID.String()},
		"update-rider":   {"name": "mine now", "disabled": true},
		"rider-refresh":  {"refresh_token": "x"}, "start-shift": {"ends_at": noon.Add(time.Hour)},
		"send-positions":  {"fixes": []m{{"seq": 1, "at": noon, "lat": 43.0, "lng": 11.0, "accuracy_m": 1}}},
		"report-incident": {"action_id": uuid.NewString(), "at": noon, "kind": "long_wait", "order_id": oid}, "raise-alarm": {"action_id": uuid.NewString(), "at": noon},
		"rider-sync":  {"actions": []m{record("pickup", noon, m{"order_id": oid}), record("accept_offer", noon, m{"offer_id": offer.String()}), record("accept_handover", noon, m{"handover_id": handover})}},
		"claim-order": act(), "give-back": act(),
		"see-handover": act(), "take-over": act(), "accept-handover": act(), "decline-handover": act(), "cancel-handover": act(), "cancel-for-rider": {"reason": "x"},
		"propose-handover":  {"action_id": uuid.NewString(), "at": noon, "to": b.rider.ID.String(), "order_ids": []string{oid}},
		"propose-for-rider": {"action_id": uuid.NewString(), "to": b.rider.ID.String(), "order_ids": []string{oid}},
		"see-offer":         act(), "accept-offer": act(), "decline-offer": act(),
		"console-login": {"tenant": a.slug, "email": "admin@example.com", "password": "guess guess"},
		"create-zone":   {"name": "x", "around": m{"center": here, "radius_m": 1000}}, "update-zone": {"version": 1, "name": "mine now"},
		"create-merchant": {"name": "x"}, "create-key": {"name": "x"}, "fault-test-order": {"fault": "decline"},
		"create-riders":  {"riders": []m{{"name": "x", "phone": "1", "vehicle": "car", "zone_id": a.zone.String()}}},
		"erase-customer": {"phone": a.slug},
		"assign-order":   {"rider_id": b.rider.ID.String(), "version": 1}, "unassign-order": {"version": 1, "reason": "x"},
		"create-quote":            a.newQuote(),
		"set-rain":                {"on": true},
		"set-push-token":          {"provider": "gateway", "token": "x", "locale": "en"},
		"put-tariff":              {"version": 1, "tariff": tariffJSON()},
		"create-adjustment":       {"client_id": uuid.NewString(), "merchant_id": a.merchant.String(), "amount": 5, "currency": "EUR", "reason": "x"},
		"console-cancel-order":    {"version": 1, "reason": "x", "fault": "customer"},
		"create-webhook-endpoint": {"url": "https://hooks.example/mine"}, "update-webhook-endpoint": {"description": "mine now", "state": "disabled"},
		"replay-webhook-deliveries": {"from": noon.AddDate(-1, 0, 0), "to": noon.AddDate(1, 0, 0), "states": []string{"pending", "delivered", "failed"}},
	}
	places := m{"pickup_address": "x", "pickup_latitude": duomo.Lat, "pickup_longitude": duomo.Lng, "dropoff_address": "y", "dropoff_latitude": uffizi.Lat, "dropoff_longitude": uffizi.Lng}
	bodies["uber-create-quote"], bodies["uber-create-delivery"] = places, maps.Clone(places)
	maps.Copy(bodies["uber-create-delivery"], m{"dropoff_name": "z", "manifest_items": []m{{"name": "x", "quantity": 1}}})
	bodies["uber-update-delivery"], bodies["uber-proof-of-delivery"] = m{"dropoff_notes": "mine now"}, m{"waypoint": "dropoff", "type": "picture"}
	for _, name := range []string{"doordash-create-quote", "doordash-create-delivery"} {
		bodies[name] = m{"external_delivery_id": "D-1", "pickup_external_store_id": "x", "dropoff_address": "y", "dropoff_location": here, "dropoff_phone_number": "1"}
	}
	bodies["doordash-update-delivery"] = m{"dropoff_instructions": "mine now"}
	for _, s := range steps {
		bodies[s.path] = act()
	}
	uploads := map[string]string{"upload-proof": string(pixel), "uber-token": "grant_type=client_credentials&client_secret=x&client_id=" + a.merchant.String()}
	query := map[string]string{
		"kind": "photo", "zone_id": a.zone.String(), "store_id": a.store.String(), "external_id": "ext-" + a.slug, "q": oid, "order_ids": oid,
		"merchant_id": a.merchant.String(), "order_id": oid, "job_id": job,
	}
	w.api.used.settle()
	before := dump(t, w, a.tenant)
	if !strings.Contains(before, a.slug) {
		t.Fatal("the dump is empty")
	}

	for _, op := range operations(t) {
		if op.name == "console-logout" || op.name == "rider-logout" {
			continue // they end the caller's own session
		}
		if creds[op.security] == nil {
			continue
		}
		whole := strings.NewReplacer("{proof}", proof, "{device_id}", device, "{customer_id}", a.merchant.String(), "{delivery_id}", "{id}", "{external_delivery_id}", "{id}").Replace(op.path)
		path, _, _ := strings.Cut(whole, "{id}")
		rest := strings.TrimPrefix(whole, path)
		if rest != "" {
			known, ok := ids[path]
			if !ok {
				t.Fatalf("%s: tell this test an id for %s", op.name, op.path)
			}
			path += known + strings.Replace(strings.TrimPrefix(rest, "{id}"), "{event_id}", event, 1)
		}
		values := url.Values{}
		for _, q := range op.query {
			if v, ok := query[q]; ok {
				values.Set(q, v)
			}
		}
		if slices.Contains(op.query, "to") && strings.Contains(op.name, "statement") {
			values.Set("from", noon.Format(time.DateOnly))
			values.Set("to", noon.AddDate(0, 0, 1).Format(time.DateOnly))
		}
		path += "?" + values.Encode()
		body, ok := bodies[op.name]
		_, file := uploads[op.name]
		if op.hasBody && !ok && !file {
			t.Fatalf("%s: tell this test a body", op.name)
		}
		var send any
		if body != nil {
			send = body
		}
		if file {
			send = uploads[op.name]
		}
		if op.stream {
			w.firstEvent(t, creds[op.security], path, func(event string) {
				if strings.Contains(event, a.slug) {
					t.Errorf("%s shows %s", op.name, event)
				}
			})
			continue
		}
		r := w.do(t, creds[op.security], op.method, path, send)
		if r.status >= 500 {
			t.Errorf("%s %s: %d %s", op.method, path, r.status, r.raw)
		}
		if rest != "" && r.status < 400 {
			t.Errorf("%s %s: %d, want a refusal: %s", op.method, path, r.status, r.raw)
		}
		if r.status >= 400 {
			delete(r.body, "errors") // they repeat what was sent
		}
		if seen, _ := json.Marshal(r.body); strings.Contains(string(seen), a.slug) {
			t.Errorf("%s %s shows %s", op.method, path, seen)
		}
	}
	w.api.used.settle()
	if after := dump(t, w, a.tenant); after != before {
		t.Errorf("the first tenant's data changed\nbefore: %s\nafter: %s", before, after)
	}
}

// firstEvent reads a stream's first event, if there is a stream.
func (w *world) firstEvent(t *testing.T, who cred, path string, look func(string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	st := w.open(ctx, t, who, path)
	if st.status == http.StatusOK {
		look(string(st.next(t).data))
	}
	cancel()
	st.close()
}

// Row-level security holds where a query forgets its tenant: on every table, for every other tenant and for none.
func TestRowSecurityOnEveryTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.company(t), w.company(t)
	a.onShift(t)
	a.offer(t, a.place(t))
	w.ok(t, idempotent(a, "k"), "POST", "/v1/orders", a.newOrder())
	a.job(t, 2)
	a.setTariff(t)
	a.quote(t)
	a.settle(t)
	endpoint := w.ok(t, a.key, "POST", "/v1/webhook-endpoints", m{"url": "https://hooks.example/"}).text("id")
	w.ok(t, a.key, "POST", "/v1/webhook-endpoints/"+endpoint+"/test", nil)
	count := func(tx pgx.Tx, table string) (n int) {
		t.Helper()
		if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()+" WHERE tenant_id = $1", a.tenant).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	own := map[string]int{}
	var tables []string
	look := func(tenant id.Tenant, fn func(table string, n int)) {
		t.Helper()
		err := w.db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
			tables = tenantTables(t, tx)
			for _, table := range tables {
				fn(table, count(tx, table))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look(a.tenant, func(table string, n int) { own[table] = n })
	if own["orders"] != 4 || own["jobs"] != 1 || own["idempotency_keys"] != 1 || own["offers"] != 1 || own["tariffs"] != 1 || own["quotes"] != 1 ||
		own["ledger_postings"] != 4 || own["ledger_open"] != 1 || own["settlements"] != 1 || own["settlement_lines"] != 1 || own["webhook_deliveries"] != 1 {
		t.Errorf("its own rows: %v", own)
	}
	look(b.tenant, func(table string, n int) {
		if n != 0 {
			t.Errorf("%d rows of %s are seen by another tenant", n, table)
		}
	})
	tx, err := w.db.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	for _, table := range tables {
		if n := count(tx, table); n != 0 {
			t.Errorf("%d rows of %s are seen without a tenant", n, table)
		}
	}
	// Nor can another tenant's rows be written.
	err = w.db.Tx(t.Context(), b.tenant, func(tx pgx.Tx) error {
		tag, err := tx.Exec(t.Context(), "UPDATE orders SET load = 9 WHERE tenant_id = $1", a.tenant)
		if err == nil && tag.RowsAffected() != 0 {
			t.Errorf("%d orders of another tenant were changed", tag.RowsAffected())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keyID is the id of the company's API key.
func (c *company) keyID(t *testing.T) string {
	t.Helper()
	keys, err := order.ListKeys(t.Context(), c.w.db, c.tenant, c.merchant)
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) == 0 { // of a sandbox: they are kept at home
		return id.NewKey().String()
	}
	return keys[0].ID.String()
}
