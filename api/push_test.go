package api

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/push/provider"
)

// A phone registers where it is woken, and is forgotten when it is signed out.
func TestPushTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) {
		d.Push = Pushing{Providers: []provider.Name{provider.FCM, provider.Web}, WebKey: "BKey"}
	})
	c := w.company(t)
	body := func(change m) m {
		b := m{"provider": "fcm", "token": "fcm-1", "locale": "zh-CN"}
		for k, v := range change {
			b[k] = v
		}
		return b
	}
	w.refused(t, c.phone, "PUT", "/v1/rider/push-token", body(nil), codeUnauthenticated) // a token from before devices had ids
	signedIn := c.enrol(t, "phone")
	phone := bearerOf(signedIn.text("access_token"))

	if got := w.ok(t, phone, "GET", "/v1/rider/push", nil); len(got.at("providers").([]any)) != 2 || got.text("web_public_key") != "BKey" {
		t.Errorf("%s", got.raw)
	}
	if got := w.ok(t, phone, "PUT", "/v1/rider/push-token", body(nil)); got.text("provider") != "fcm" || got.text("locale") != "zh-CN" || strings.Contains(string(got.raw), "fcm-1") {
		t.Errorf("%s", got.raw)
	}
	for field, change := range map[string]m{
		"provider": {"provider": "jpush"},
		"token":    {"provider": "web", "token": `{"endpoint":"http://10.0.0.1/x"}`},
		"locale":   {"locale": "中文"},
	} {
		if r := w.refused(t, phone, "PUT", "/v1/rider/push-token", body(change), codeValidation); !strings.Contains(string(r.raw), `"`+field+`"`) {
			t.Errorf("%v: %s", change, r.raw)
		}
	}
	tokens := func(want int) {
		t.Helper()
		var n int
		err := w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), "select count(*) from push_tokens where tenant_id = $1", c.tenant).Scan(&n)
		})
		if err != nil || n != want {
			t.Errorf("%d tokens, want %d; %v", n, want, err)
		}
	}
	tokens(1)
	for range 2 {
		w.ok(t, phone, "DELETE", "/v1/rider/push-token", nil)
	}
	tokens(0)
	w.ok(t, phone, "PUT", "/v1/rider/push-token", body(nil))
	w.ok(t, phone, "POST", "/v1/rider/logout", m{"refresh_token": signedIn.text("refresh_token")})
	tokens(0)
	w.refused(t, phone, "PUT", "/v1/rider/push-token", body(nil), codeUnauthenticated) // the access token lives on, the device does not
}
