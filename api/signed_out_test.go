package api

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// deviceOf is the device for which an access token was made.
func (w *world) deviceOf(t *testing.T, signedIn reply) id.Device {
	t.Helper()
	c, err := w.api.tokens.read(signedIn.text("access_token"))
	if err != nil {
		t.Fatal(err)
	}
	return c.Device
}

func TestSignedOutPhonesAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	mine, lost := c.enrol(t, "mine"), c.enrol(t, "lost")
	phone, stolen := bearerOf(mine.text("access_token")), bearerOf(lost.text("access_token"))

	// Another node, which has just looked who was signed out.
	d := Deps{DB: w.db, Bus: w.bus, Clock: w.clock, Log: w.api.log, Dispatch: w.api.dispatch, Secret: w.api.tokens.secret, Config: DefaultConfig()}
	d.Config.Limits = Limits{}
	node, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(node.Handler())
	defer srv.Close()
	defer node.Close()
	there := &world{url: srv.URL, client: srv.Client(), clock: w.clock}
	there.ok(t, stolen, "GET", "/v1/rider/devices", nil)

	st := w.open(t.Context(), t, stolen, "/v1/rider/stream")
	defer st.close()
	st.next(t)

	w.ok(t, phone, "DELETE", "/v1/rider/devices/"+w.deviceOf(t, lost).String(), nil)
	w.refused(t, stolen, "GET", "/v1/rider/devices", nil, codeUnauthenticated)
	w.refused(t, stolen, "POST", "/v1/rider/positions", m{"fixes": []m{}}, codeUnauthenticated)
	w.refused(t, stolen, "POST", "/v1/rider/alarm", w.act(), codeUnauthenticated)
	w.ok(t, phone, "GET", "/v1/rider/devices", nil)
	for { // the stream ends
		if _, ok := st.line(); !ok {
			break
		}
	}
	w.clock.Advance(signedOutFresh)
	there.refused(t, stolen, "GET", "/v1/rider/devices", nil, codeUnauthenticated)
	there.ok(t, phone, "GET", "/v1/rider/devices", nil)

	// However a phone goes.
	of := "/v1/console/riders/" + c.rider.ID.String()
	gone := func(how string, do func(signedIn reply)) {
		t.Helper()
		signedIn := c.enrol(t, how)
		token := bearerOf(signedIn.text("access_token"))
		w.ok(t, token, "GET", "/v1/rider/devices", nil)
		do(signedIn)
		if r := w.do(t, token, "GET", "/v1/rider/devices", nil); r.status != 401 {
			t.Errorf("%s: %d %s", how, r.status, r.raw)
		}
	}
	gone("log-out", func(r reply) {
		w.ok(t, bearerOf(r.text("access_token")), "POST", "/v1/rider/logout", m{"refresh_token": r.text("refresh_token")})
	})
	gone("log-out of all", func(r reply) { w.ok(t, bearerOf(r.text("access_token")), "POST", "/v1/rider/logout", nil) })
	gone("by staff", func(r reply) { w.ok(t, c.dispatcher, "DELETE", of+"/devices/"+w.deviceOf(t, r).String(), nil) })
	gone("all by staff", func(reply) { w.ok(t, c.dispatcher, "POST", of+"/sign-out", nil) })
	gone("a new password", func(reply) { w.ok(t, c.admin, "PATCH", of, m{"password": "moped-and-rain"}) })
	gone("disabled", func(reply) { w.ok(t, c.admin, "PATCH", of, m{"disabled": true}) })
}

func TestSignedOutPhonesAreForgottenWithTheirTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	signedIn := c.enrol(t, "phone")
	device := w.deviceOf(t, signedIn)
	w.clock.Advance(10 * time.Minute)
	next := w.ok(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": signedIn.text("refresh_token")})
	w.ok(t, bearerOf(next.text("access_token")), "POST", "/v1/rider/logout", nil)
	forget := func() {
		t.Helper()
		if err := w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error { return ForgetSignedOut(t.Context(), tx, c.tenant, w.clock.Now()) }); err != nil {
			t.Fatal(err)
		}
	}
	known := func() bool {
		t.Helper()
		if err := w.api.signedOut.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		gone, err := w.api.signedOut.has(t.Context(), device)
		if err != nil {
			t.Fatal(err)
		}
		return gone
	}
	w.clock.Advance(tokenLife - time.Second) // the first token has ended, the one that it was refreshed to has not
	if forget(); !known() {
		t.Error("forgotten while its token is good")
	}
	w.clock.Advance(time.Second)
	if known() {
		t.Error("remembered longer than its token")
	}
	forget()
	var left int
	err := w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), "select count(*) from signed_out_devices where tenant_id = $1", c.tenant).Scan(&left)
	})
	if err != nil || left != 0 {
		t.Errorf("%d rows are kept; %v", left, err)
	}
}

// Positions must go on where the database is away; and nothing is believed that was never known.
func TestWhoWasSignedOutIsBelievedWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	lost, mine := w.deviceOf(t, c.enrol(t, "lost")), w.deviceOf(t, c.enrol(t, "mine"))
	if err := w.api.signOutDevice(t.Context(), c.tenant, c.rider.ID, lost); err != nil {
		t.Fatal(err)
	}
	dead, err := pgxpool.NewWithConfig(t.Context(), w.db.Pool.Config())
	if err != nil {
		t.Fatal(err)
	}
	dead.Close()
	o := newSignedOut(w.db, w.clock, w.api.log)
	for _, away := range []bool{false, true} {
		if away {
			o.db = &pg.DB{Pool: dead}
			w.clock.Advance(time.Minute)
		}
		for device, want := range map[id.Device]bool{lost: true, mine: false, {}: false} {
			if gone, err := o.has(t.Context(), device); err != nil || gone != want {
				t.Errorf("away %v: %v, %v; want %v", away, gone, err, want)
			}
		}
	}
	fresh := newSignedOut(&pg.DB{Pool: dead}, w.clock, w.api.log)
	if _, err := fresh.has(t.Context(), mine); err == nil {
		t.Error("believed without ever having looked")
	}
}
