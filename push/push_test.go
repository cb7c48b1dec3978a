package push

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/push/provider"
	"github.com/paidan/paidan/rider"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a rider with two phones, and a gateway that answers with status and keeps what it got.
type world struct {
	*testing.T
	db     *pg.DB
	clock  *clock.Manual
	tenant id.Tenant
	zone   id.Zone
	rider  id.Rider
	phones [2]id.Device
	jobs   *jobs.Client
	sender *Sender

	status chan int // of the next answers; none: 202
	got    chan map[string]any
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, db: pgtest.New(t), clock: clock.NewManual(noon), zone: id.NewZone(), status: make(chan int, 100), got: make(chan map[string]any, 100)}
	w.tenant = pgtest.Tenant(t, w.db)
	w.exec(`insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'Centre', '{}', '{}', $3)`, w.tenant, w.zone, noon)
	made, err := rider.CreateRiders(t.Context(), w.db, w.tenant, noon, []rider.New{{Zone: w.zone, Name: "Gino", Phone: "1", Vehicle: rider.Bicycle}})
	w.must(err)
	w.rider = made[0].Rider.ID
	for i := range w.phones {
		refresh, err := rider.NewDevice(t.Context(), w.db, w.tenant, w.rider, "phone", noon)
		w.must(err)
		w.phones[i], err = rider.DeviceOf(t.Context(), w.db, w.tenant, refresh)
		w.must(err)
	}
	w.jobs, err = jobs.New(w.db, jobs.Options{Clock: w.clock, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var m map[string]any
		_ = json.Unmarshal(raw, &m)
		m["id"] = r.Header.Get("webhook-id")
		status := http.StatusAccepted
		select {
		case status = <-w.status:
		default:
		}
		rw.WriteHeader(status)
		w.got <- m
	}))
	t.Cleanup(func() { server.Client().CloseIdleConnections(); server.Close() })
	via, err := provider.NewGateway(server.URL, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", server.Client(), w.clock)
	w.must(err)
	w.sender, err = NewSender(Options{
		DB: w.db, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Grace: 3 * time.Second, Metrics: prometheus.NewRegistry(),
		Providers: map[provider.Name]provider.Provider{provider.Gateway: via},
	})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) tx(fn func(context.Context, pgx.Tx) error) {
	w.Helper()
	w.must(w.db.Tx(w.Context(), w.tenant, func(tx pgx.Tx) error { return fn(w.Context(), tx) }))
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

func (w *world) register(device id.Device, by provider.Name, token, locale string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		return SetToken(ctx, tx, w.tenant, Token{Device: device, Rider: w.rider, Provider: by, Token: token, Locale: locale, UpdatedAt: w.clock.Now()})
	})
}

// offer is an open one, made now, with a minute to answer, and its push to the first phone.
func (w *world) offer() Push {
	w.Helper()
	now := w.clock.Now()
	p := Push{Tenant: w.tenant, Rider: w.rider, Device: w.phones[0], Kind: rider.NoticeOffer, Offer: id.NewOffer(), At: now, ExpiresAt: now.Add(time.Minute)}
	w.exec(`update offers set state = 'expired', answered_at = $2 where tenant_id = $1 and state = 'open'`, w.tenant, now)
	w.exec(`insert into offers (tenant_id, id, rider_id, zone_id, round_id, state, order_ids, stops, made_at, expires_at) values ($1, $2, $3, $4, $5, 'open', array[$6::uuid], '[]', $7, $8)`,
		w.tenant, p.Offer, w.rider, w.zone, id.NewRound(), id.NewOrder(), now, p.ExpiresAt)
	return p
}

// outcome of one attempt: what was counted, and for how long the job is put off or "retry".
func (w *world) attempt(p Push) (outcome, then string) {
	w.Helper()
	before := w.counted()
	err := w.sender.send(w.Context(), provider.Gateway, p)
	for o, n := range w.counted() {
		if n > before[o] {
			outcome = o
		}
	}
	if after, ok := jobs.PutOff(err); ok {
		return outcome, after.String()
	}
	if err != nil {
		return outcome, "retry"
	}
	return outcome, ""
}

func (w *world) counted() map[string]float64 {
	out := map[string]float64{}
	for _, o := range []string{sent, refused, gone, failed, tooLate, answered, seen, noToken, notConfigured, waiting} {
		for _, kind := range []rider.NoticeKind{rider.NoticeOffer, rider.NoticePlan, rider.NoticeShift, rider.NoticeShiftLate} {
			out[o] += testutil.ToFloat64(w.sender.metrics.pushes.WithLabelValues("gateway", string(kind), o))
		}
	}
	return out
}

func (w *world) expect(p Push, outcome, then string) {
	w.Helper()
	if o, th := w.attempt(p); o != outcome || th != then {
		w.Errorf("%q then %q, want %q then %q", o, th, outcome, then)
	}
}

func (w *world) message() map[string]any {
	w.Helper()
	select {
	case m := <-w.got:
		return m
	default:
		w.Fatal("nothing was sent")
		return nil
	}
}

// The stream comes first: an offer is pushed when nobody has seen it for a while, and only as long as there is something to answer.
func TestWhatIsPushed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(w.phones[0], provider.Gateway, "tok-1", "zh-CN")

	p := w.offer()
	w.expect(p, "", "3s")
	w.clock.Advance(2 * time.Second)
	w.expect(p, "", "1s")
	w.clock.Advance(time.Second)
	w.expect(p, sent, "")
	m := w.message()
	told, _ := m["data"].(map[string]any)
	if m["token"] != "tok-1" || m["title"] != "新派单" || m["ttl_s"] != 57.0 || m["collapse_key"] != "offer" || told["offer_id"] != p.Offer.String() || !strings.Contains(m["body"].(string), "57 秒") {
		t.Errorf("%v", m)
	}
	if raw, _ := json.Marshal(m); strings.Contains(string(raw), "Gino") {
		t.Errorf("it names the rider: %s", raw)
	}

	after := func(p Push) Push { w.clock.Advance(3 * time.Second); return p }
	p = w.offer()
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		return rider.MarkSeen(ctx, tx, w.tenant, w.rider, p.Offer, w.clock.Now())
	})
	w.expect(p, seen, "")
	for _, state := range []string{"accepted", "declined", "withdrawn", "expired"} {
		p = w.offer()
		w.exec(`update offers set state = $2, answered_at = $3 where id = $1`, p.Offer, state, w.clock.Now())
		w.expect(after(p), answered, "")
	}
	p = w.offer()
	w.clock.Advance(time.Minute)
	w.expect(p, tooLate, "")
	p = w.offer()
	p.Offer = id.NewOffer()
	w.expect(p, answered, "")
	p = after(w.offer())
	p.Device = w.phones[1]
	w.expect(p, noToken, "")
	w.register(w.phones[0], provider.FCM, "tok-fcm", "en") // another provider: its own jobs are for it
	w.expect(after(w.offer()), noToken, "")
	if len(w.got) != 0 {
		t.Errorf("%d messages too many", len(w.got))
	}
	w.register(w.phones[0], provider.Gateway, "tok-1", "it")
	w.expect(Push{Tenant: w.tenant, Rider: w.rider, Device: w.phones[0], Kind: rider.NoticePlan, At: w.clock.Now(), ExpiresAt: w.clock.Now().Add(time.Minute)}, sent, "") // at once
	if m := w.message(); m["title"] != "Your route has changed" || m["collapse_key"] != "plan" {
		t.Errorf("%v", m)
	}
	if w.sender.Providers = nil; true {
		w.expect(after(w.offer()), notConfigured, "")
	}
}

func TestProvidersFail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(w.phones[0], provider.Gateway, "tok-1", "en")
	fresh := func() Push {
		p := w.offer()
		p.At = p.At.Add(-time.Minute)
		return p
	}
	w.status <- http.StatusBadRequest
	w.expect(fresh(), refused, "")
	w.status <- http.StatusInternalServerError
	w.expect(fresh(), failed, "retry")
	w.expect(fresh(), sent, "") // which ends the row of failures
	for range breakAfter {
		w.status <- http.StatusBadGateway
		w.expect(fresh(), failed, "retry")
	}
	heard := len(w.got)
	w.expect(fresh(), waiting, breakFor.String())
	w.clock.Advance(breakFor - time.Second)
	w.expect(fresh(), waiting, "1s")
	w.clock.Advance(time.Second)
	w.status <- http.StatusBadGateway
	w.expect(fresh(), failed, "retry") // one tries, in vain
	w.expect(fresh(), waiting, breakFor.String())
	w.clock.Advance(breakFor)
	w.expect(fresh(), sent, "")
	w.expect(fresh(), sent, "")
	if len(w.got) != heard+3 {
		t.Errorf("%d messages while it was to be left alone", len(w.got)-heard-3)
	}
	w.status <- http.StatusGone
	w.expect(fresh(), gone, "")
	w.expect(fresh(), noToken, "")
	w.register(w.phones[0], provider.Gateway, "tok-2", "en")
	w.tx(func(ctx context.Context, tx pgx.Tx) error { // word of the old token comes late
		return dropGone(ctx, tx, w.tenant, Token{Device: w.phones[0], Provider: provider.Gateway, Token: "tok-1"})
	})
	w.expect(fresh(), sent, "")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens := func() (all []string) {
		w.tx(func(ctx context.Context, tx pgx.Tx) error {
			for _, d := range w.phones {
				switch x, err := tokenOf(ctx, tx, w.tenant, d); {
				case err == nil:
					all = append(all, x.Token)
				case errors.Is(err, ErrNoToken):
					all = append(all, "-")
				default:
					return err
				}
			}
			return nil
		})
		return all
	}
	is := func(want ...string) {
		t.Helper()
		if got := tokens(); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	w.register(w.phones[0], provider.FCM, "a", "en")
	w.register(w.phones[0], provider.FCM, "b", "en")
	is("b", "-")
	w.register(w.phones[1], provider.FCM, "b", "en") // the phone was handed on
	is("-", "b")
	w.register(w.phones[0], provider.JPush, "b", "en") // another provider's
	is("b", "b")
	w.tx(func(ctx context.Context, tx pgx.Tx) error { return DropToken(ctx, tx, w.tenant, w.phones[0]) })
	is("-", "b")
	w.must(rider.RevokeDevice(t.Context(), w.db, w.tenant, w.rider, w.phones[1])) // signed out
	is("-", "-")
	err := w.db.Tx(t.Context(), w.tenant, func(tx pgx.Tx) error {
		return SetToken(t.Context(), tx, w.tenant, Token{Device: w.phones[1], Rider: w.rider, Provider: provider.FCM, Token: "c", Locale: "en", UpdatedAt: noon})
	})
	if !errors.Is(err, ErrNoDevice) {
		t.Errorf("a device that is signed out: %v", err)
	}
}

// From the change to the phone: a job for each device, none where the transaction fails, run by who has started.
func TestNoticesReachPhones(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(w.phones[0], provider.Gateway, "tok-1", "en")
	w.register(w.phones[1], provider.Gateway, "tok-2", "zh-Hans")
	w.sender.Handle(w.jobs)
	w.must(w.jobs.Start(t.Context()))
	t.Cleanup(func() { _ = w.jobs.Stop(context.WithoutCancel(t.Context())) })
	q := NewQueue(w.jobs)
	notices := []rider.Notice{
		{Rider: w.rider, Kind: rider.NoticeAlarm, ExpiresAt: noon.Add(time.Minute)},
		{Rider: id.NewRider(), Kind: rider.NoticeAlarm, ExpiresAt: noon.Add(time.Minute)}, // has no phone
	}
	fails := errors.New("it fails")
	err := w.db.Tx(t.Context(), w.tenant, func(tx pgx.Tx) error {
		return errors.Join(q.Notify(t.Context(), tx, w.tenant, notices, noon), fails)
	})
	if !errors.Is(err, fails) || errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	w.tx(func(ctx context.Context, tx pgx.Tx) error { return q.Notify(ctx, tx, w.tenant, notices, noon) })
	titles := map[any]any{}
	for range 2 {
		select {
		case m := <-w.got:
			titles[m["token"]] = m["title"]
		case <-t.Context().Done():
			t.Fatal("no push came")
		}
	}
	if titles["tok-1"] != "Your alarm was heard" || titles["tok-2"] != "求助已收到" {
		t.Errorf("%v", titles)
	}
	var inserted int
	w.must(w.db.Pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'push_gateway'`).Scan(&inserted))
	if inserted != 2 {
		t.Errorf("%d jobs", inserted)
	}
}

// A reminder of a booked shift says when it begins by the clock there (in Shanghai), and only to who should still come.
func TestShiftsAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(w.phones[0], provider.Gateway, "tok-1", "zh-CN")
	template, booking, starts := id.NewTemplate(), id.NewBooking(), noon.Add(time.Hour)
	w.exec(`insert into shift_templates (tenant_id, id, zone_id, name, weekdays, from_min, to_min, places, first_day, created_at)
		values ($1, $2, $3, 'Dinner', '{0,1,2,3,4,5,6}', 1260, 0, 5, '2026-03-01', $4)`, w.tenant, template, w.zone, noon)
	w.exec(`insert into shift_bookings (tenant_id, id, template_id, day, rider_id, zone_id, starts_at, ends_at, booked_at) values ($1, $2, $3, '2026-03-02', $5, $6, $7, $8, $4)`,
		w.tenant, booking, template, noon.AddDate(0, 0, -1), w.rider, w.zone, starts, starts.Add(3*time.Hour))
	p := Push{Tenant: w.tenant, Rider: w.rider, Device: w.phones[0], Kind: rider.NoticeShift, Booking: booking, At: noon, ExpiresAt: starts}
	late := p
	late.Kind, late.ExpiresAt = rider.NoticeShiftLate, starts.Add(30*time.Minute)
	told := func(p Push, title, body string) {
		t.Helper()
		w.expect(p, sent, "")
		if m := w.message(); m["title"] != title || m["body"] != body || m["collapse_key"] != booking.String() || m["data"].(map[string]any)["booking_id"] != booking.String() {
			t.Errorf("%v", m)
		}
	}
	told(p, "班次提醒", "您预约的班次将于3月2日（周一）21:00 开始。")
	told(late, "班次已开始", "您预约的班次已于 21:00 开始，请尽快上线，否则将记为缺勤。")
	w.register(w.phones[0], provider.Gateway, "tok-1", "en-GB")
	told(p, "Your next shift", "It begins on Mon 2 Mar at 21:00.")
	told(late, "Your shift has begun", "It began at 21:00. Please start it now; otherwise you count as absent.")

	shift := id.NewShift()
	w.exec(`insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at) values ($1, $2, $3, $4, $5, $6)`, w.tenant, shift, w.rider, w.zone, noon, starts)
	w.expect(p, answered, "") // on shift
	w.exec(`update shifts set ended_at = $2 where id = $1`, shift, noon)
	w.exec(`update shift_bookings set cancelled_at = $2 where id = $1`, booking, noon)
	w.expect(late, answered, "") // given back
	w.exec(`update shift_bookings set cancelled_at = null where id = $1`, booking)
	w.clock.Advance(time.Hour)
	w.expect(p, tooLate, "")
	w.expect(late, sent, "")
	p.ExpiresAt, p.Booking = p.ExpiresAt.Add(time.Hour), id.NewBooking()
	w.expect(p, answered, "") // unknown
}
