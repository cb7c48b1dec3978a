package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// newKey has the administrator make an API key, and returns its id and its credentials.
func (c *company) newKey(t *testing.T, body m) (string, cred) {
	t.Helper()
	r := c.w.ok(t, c.admin, "POST", "/v1/console/merchants/"+c.merchant.String()+"/keys", body)
	return r.text("id"), bearerOf(r.text("secret"))
}

// logInAgain gives the administrator a new session.
func (c *company) logInAgain(t *testing.T) {
	t.Helper()
	r := c.w.ok(t, func(r *http.Request) { r.Header.Set(consoleHeader, "1") }, "POST", "/v1/console/login", m{"tenant": c.slug, "email": "admin@example.com", "password": password})
	for _, k := range (&http.Response{Header: r.header}).Cookies() {
		c.admin = cookieOf(k.Value)
	}
}

// keys is the console's list, by name.
func (c *company) keys(t *testing.T) map[string]m {
	t.Helper()
	c.w.api.used.settle()
	out := map[string]m{}
	for _, x := range c.w.ok(t, c.viewer, "GET", "/v1/console/merchants/"+c.merchant.String()+"/keys", nil).at("data").([]any) {
		out[x.(m)["name"].(string)] = x.(m)
	}
	return out
}

// The table of scopes and the routes know each other.
func TestEveryMerchantOperationHasAScope(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, op := range operations(t) {
		if op.security != merchantKeyScheme {
			continue
		}
		seen[op.name] = true
		need, ok := keyScopes[op.name]
		if !ok {
			t.Errorf("%s: tell keyScopes which scope it needs", op.name)
		}
		if !slices.Equal(op.scopes, []string{string(need)}) {
			t.Errorf("%s: the document says scopes %v, the table %s", op.name, op.scopes, need)
		}
		if reads := op.method == http.MethodGet || unaudited[op.name] == readsOnly; reads != strings.HasSuffix(string(need), ":read") {
			t.Errorf("%s %s needs %s", op.method, op.name, need)
		}
	}
	for name := range keyScopes {
		if !seen[name] {
			t.Errorf("%s has a scope but is no merchant's operation", name)
		}
	}
}

// A key may do exactly what its scope says: every other merchant operation is refused, and the refusal names what is missing.
func TestScopesBind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	for _, scope := range KeyScopes() {
		_, key := c.newKey(t, m{"name": string(scope), "scopes": []string{string(scope)}})
		for _, op := range operations(t) {
			if op.security != merchantKeyScheme || op.stream {
				continue
			}
			r := w.do(t, key, op.method, strings.ReplaceAll(op.path, "{id}", "x"), nil) // good keys get as far as the bad id or body
			refused := r.text("code") == codeMissingScope
			if op.facade() { // in its own words
				refused = r.status == http.StatusForbidden
			}
			if want := keyScopes[op.name] != scope; refused != want {
				t.Errorf("%s with a key for %s: %d %s", op.name, scope, r.status, r.raw)
			}
			if refused && !op.facade() {
				checkProblem(t, r)
				if need := string(keyScopes[op.name]); r.text("scope") != need || !strings.Contains(r.text("detail"), need) {
					t.Errorf("%s with a key for %s: %s", op.name, scope, r.raw)
				}
			}
		}
	}
	r := w.refused(t, c.admin, "POST", "/v1/console/merchants/"+c.merchant.String()+"/keys", m{"name": "x", "scopes": []string{"orders:read", "everything"}}, codeValidation)
	if fault := r.at("errors").([]any)[0].(m); fault["field"] != "scopes[1]" {
		t.Errorf("%s", r.raw)
	}
}

func TestKeyLifeInTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	kid, first := c.newKey(t, m{"name": "shop", "scopes": []string{"orders:read"}})
	if k := c.keys(t)["shop"]; k["id"] != kid || k["last_used_at"] != nil || k["secret"] != nil || len(k["scopes"].([]any)) != 1 {
		t.Errorf("made: %v", k)
	}
	w.ok(t, first, "GET", "/v1/orders", nil)
	if k := c.keys(t)["shop"]; k["last_used_at"] != noon.Format(time.RFC3339) {
		t.Errorf("used: %v", k)
	}
	w.clock.Advance(30 * time.Second)
	w.ok(t, first, "GET", "/v1/orders", nil)
	if k := c.keys(t)["shop"]; k["last_used_at"] != noon.Format(time.RFC3339) {
		t.Errorf("used twice in a minute: %v", k)
	}

	rotate := "/v1/console/keys/" + kid + "/rotate"
	w.refused(t, c.dispatcher, "POST", rotate, nil, codeForbidden)
	second := bearerOf(w.ok(t, c.admin, "POST", rotate, nil).text("secret"))
	for _, key := range []cred{first, second} { // both, for a day
		w.ok(t, key, "GET", "/v1/orders", nil)
	}
	if k := c.keys(t)["shop"]; k["previous_secret_until"] != w.clock.Now().Add(keyOverlap).Format(time.RFC3339) {
		t.Errorf("rotated: %v", k)
	}
	w.clock.Advance(keyOverlap - time.Second)
	w.ok(t, first, "GET", "/v1/orders", nil)
	w.clock.Advance(time.Second)
	w.refused(t, first, "GET", "/v1/orders", nil, codeUnauthenticated) // from memory too
	w.ok(t, second, "GET", "/v1/orders", nil)

	c.logInAgain(t) // sessions don't last that long
	third := bearerOf(w.ok(t, c.admin, "POST", rotate, m{"revoke_old": true}).text("secret"))
	w.refused(t, second, "GET", "/v1/orders", nil, codeUnauthenticated)
	w.ok(t, third, "GET", "/v1/orders", nil)
	w.refused(t, third, "POST", "/v1/orders", c.newOrder(), codeMissingScope) // rotation changes no scope

	revoke := "/v1/console/keys/" + kid + "/revoke"
	when := w.ok(t, c.admin, "POST", revoke, nil).text("revoked_at")
	w.refused(t, third, "GET", "/v1/orders", nil, codeUnauthenticated)
	w.clock.Advance(time.Hour)
	if again := w.ok(t, c.admin, "POST", revoke, nil).text("revoked_at"); again != when {
		t.Errorf("revoked at %s, then at %s", when, again)
	}
	w.refused(t, c.admin, "POST", rotate, nil, codeKeyRevoked)
	w.refused(t, c.admin, "POST", "/v1/console/keys/"+id.NewKey().String()+"/rotate", nil, codeNotFound)
	w.refused(t, c.admin, "GET", "/v1/console/merchants/"+id.NewMerchant().String()+"/keys", nil, codeNotFound)
}

// Every merchant answer tells the pace, refusals too; the last one says how long to wait.
func TestEveryMerchantAnswerTellsThePace(t *testing.T) {
	t.Parallel()
	const burst = 1000
	w := newWorld(t, func(d *Deps) { d.Config.Limits.Merchant = Rate{PerSecond: 1, Burst: burst} })
	c := w.company(t)
	asked := 0
	for _, op := range operations(t) {
		if op.security != merchantKeyScheme || op.stream {
			continue
		}
		r := w.do(t, c.key, op.method, strings.ReplaceAll(op.path, "{id}", "x"), nil)
		asked++
		for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
			if r.header.Get(name) == "" {
				t.Errorf("%s answers %d without %s", op.name, r.status, name)
			}
		}
	}
	for range burst - asked {
		w.do(t, c.key, "GET", "/v1/orders/x", nil)
	}
	for _, op := range operations(t) {
		if op.security == merchantKeyScheme {
			r := w.do(t, c.key, op.method, strings.ReplaceAll(op.path, "{id}", "x"), nil)
			if r.status != http.StatusTooManyRequests || !op.facade() && r.text("code") != codeRateLimited {
				t.Errorf("%s: %d %s", op.name, r.status, r.raw)
			}
			if r.header.Get("Retry-After") != "1" || r.header.Get("RateLimit-Remaining") != "0" {
				t.Errorf("%s: %v", op.name, r.header)
			}
		}
	}
}

// What is a set may name something twice. A list within it is refused as any other nonsense: uniqueItems of the schema would panic on it.
func TestSetsOfWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	keys := "/v1/console/merchants/" + c.merchant.String() + "/keys"
	w.refused(t, c.admin, "POST", keys, m{"name": "x", "scopes": []any{[]any{}}}, codeValidation)
	if r := w.ok(t, c.admin, "POST", keys, m{"name": "x", "scopes": []string{"orders:read", "orders:read"}}); len(r.at("scopes").([]any)) != 1 {
		t.Errorf("%s", r.raw)
	}
	shift := m{"zone_id": c.zone.String(), "weekdays": []any{[]any{}}, "from": "22:00", "to": "23:00", "places": 1}
	w.refused(t, c.admin, "POST", "/v1/console/shift-templates", shift, codeValidation)
	shift["weekdays"] = []string{"mon", "tue", "mon"}
	if r := w.ok(t, c.admin, "POST", "/v1/console/shift-templates", shift); len(r.at("weekdays").([]any)) != 2 {
		t.Errorf("%s", r.raw)
	}
}
