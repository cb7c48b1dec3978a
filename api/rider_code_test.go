package api

import (
	"context"
	"testing"

	paidan "github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/sms"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/rider"
)

// loginCode makes a log-in code of the rider's, as the job that sends it would.
func (c *company) loginCode(t *testing.T) string {
	t.Helper()
	code, err := rider.NewLoginCode(t.Context(), c.w.db, c.tenant, c.rider.Phone, c.w.clock.Now())
	if err != nil || code == "" {
		t.Fatal(code, err)
	}
	return code
}

// outbox is a gateway that hands messages to the test.
type outbox chan sms.Message

func (o outbox) Send(_ context.Context, m sms.Message) error { o <- m; return nil }

// texting makes a world whose text messages arrive in the outbox.
func texting(t *testing.T, tune ...func(*Deps)) (*world, outbox) {
	t.Helper()
	sent := make(outbox, 10)
	return newWorld(t, append(tune, func(d *Deps) {
		j, err := jobs.New(d.DB, jobs.Options{Clock: d.Clock, Log: d.Log})
		if err != nil {
			t.Fatal(err)
		}
		d.Texts = rider.NewTexts(d.DB, j, d.Clock)
		d.Push = Pushing{Providers: []provider.Name{provider.FCM}}
		d.Texts.Send(sent)
		if err := j.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := j.Stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
	})...), sent
}

func TestRiderLogsInByCode(t *testing.T) {
	t.Parallel()
	w, sent := texting(t)
	c := w.company(t)
	ask := func(tenant, phone string) reply {
		t.Helper()
		return w.ok(t, nobodyAtAll, "POST", "/v1/rider/code", m{"tenant": tenant, "phone": phone})
	}
	known, stranger, nowhere := ask(c.slug, c.rider.Phone), ask(c.slug, "+39 000"), ask("nobody", c.rider.Phone)
	if string(known.raw) != string(stranger.raw) || string(known.raw) != string(nowhere.raw) || known.status != 202 || known.at("expires_in_s") != 300.0 {
		t.Errorf("%d %s, %d %s, %d %s: the answers differ", known.status, known.raw, stranger.status, stranger.raw, nowhere.status, nowhere.raw)
	}
	msg := <-sent
	if msg.To != c.rider.Phone || msg.Template != "login_code" || len(msg.Values["code"]) != 6 || msg.Values["tenant"] != c.slug {
		t.Errorf("sent %+v", msg)
	}
	body := m{"tenant": c.slug, "phone": c.rider.Phone, "code": "nonsense", "device_name": "Pixel"}
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login/code", body, codeUnauthenticated)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login/code", m{"tenant": "nobody", "phone": c.rider.Phone, "code": msg.Values["code"]}, codeUnauthenticated)
	body["code"] = " " + msg.Values["code"]
	in := w.ok(t, nobodyAtAll, "POST", "/v1/rider/login/code", body)
	if d := w.ok(t, bearerOf(in.text("access_token")), "GET", "/v1/rider/devices", nil).at("data").([]any); len(d) != 1 || d[0].(m)["name"] != "Pixel" {
		t.Errorf("devices %v", d)
	}
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/login/code", body, codeUnauthenticated)
	if rows := c.audit(t, "operation=rider-login-code"); len(rows) != 3 || rows[1]["outcome"] != "ok" || rows[1]["actor"].(m)["id"] != c.rider.ID.String() {
		t.Errorf("on record: %v", rows)
	}

	w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/invite", nil)
	invited := <-sent
	if invited.Template != "invitation" || invited.To != c.rider.Phone || invited.Values["company"] == "" {
		t.Errorf("sent %+v", invited)
	}
	w.ok(t, nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": invited.Values["code"]})

	c.usesClient(t, sent)
	if len(sent) != 0 {
		t.Errorf("somebody unknown was sent %+v", <-sent)
	}
}

// usesClient has the rider log in and out by the Go client.
func (c *company) usesClient(t *testing.T, sent outbox) {
	t.Helper()
	cl := paidan.New(paidan.Options{URL: c.w.url})
	defer cl.Close()
	if err := cl.AskCode(t.Context(), c.slug, c.rider.Phone); err != nil {
		t.Fatal(err)
	}
	r, err := cl.LoginRiderByCode(t.Context(), c.slug, c.rider.Phone, (<-sent).Values["code"], "Go phone")
	if err != nil {
		t.Fatal(err)
	}
	devices, err := r.Devices(t.Context())
	if err != nil || len(devices) != 3 || devices[2].Name != "Go phone" || !devices[2].Current || devices[0].Current {
		t.Fatalf("%+v, %v", devices, err)
	}
	if err := r.RevokeDevice(t.Context(), devices[0].ID); err != nil {
		t.Error(err)
	}
	if devices, err = r.Devices(t.Context()); err != nil || len(devices) != 2 {
		t.Errorf("%+v, %v", devices, err)
	}
	if how, err := r.PushSettings(t.Context()); err != nil || len(how.Providers) != 1 || how.Providers[0] != "fcm" {
		t.Errorf("%+v, %v", how, err)
	}
	if err := r.SetPushToken(t.Context(), "fcm", "fcm-go", "en"); err != nil {
		t.Error(err)
	}
	if err := r.SetPushToken(t.Context(), "web", "{}", "en"); !paidan.IsCode(err, "validation") {
		t.Errorf("a provider that is not set up: %v", err)
	}
	if err := r.DropPushToken(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCodesAreAskedForSlowly(t *testing.T) {
	t.Parallel()
	w, sent := texting(t, func(d *Deps) {
		d.Config.Limits.Code, d.Config.Limits.Codes = Rate{PerSecond: 1.0 / 60, Burst: 1}, Rate{PerSecond: 1, Burst: 3}
	})
	c := w.company(t)
	ask := func(phone string) m { return m{"tenant": c.slug, "phone": phone} }
	w.ok(t, nobodyAtAll, "POST", "/v1/rider/code", ask(c.rider.Phone))
	<-sent
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/code", ask(c.rider.Phone), codeRateLimited)
	w.ok(t, nobodyAtAll, "POST", "/v1/rider/code", ask("+39 1"))
	r := w.refused(t, nobodyAtAll, "POST", "/v1/rider/code", ask("+39 2"), codeRateLimited) // the address's third was spent above
	if r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
