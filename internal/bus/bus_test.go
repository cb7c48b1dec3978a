package bus

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/paidan/paidan/internal/id"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, o Options) *Bus {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := b.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return b
}

func subscribe(t *testing.T, b *Bus, subject string, fn func(string, []byte)) func() {
	t.Helper()
	stop, err := b.Subscribe(subject, fn)
	if err != nil {
		t.Fatal(err)
	}
	return stop
}

func publish(t *testing.T, b *Bus, subject, text string) {
	t.Helper()
	if err := b.Publish(subject, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestMessagesArriveInOrder(t *testing.T) {
	t.Parallel()
	b := open(t, Options{Metrics: prometheus.NewRegistry()})
	if err := b.Ready(); err != nil || b.Addr() != "" {
		t.Fatalf("%v, listens on %q", err, b.Addr())
	}
	tenant, zone := id.NewTenant(), id.NewZone()
	got := make(chan string, 3)
	subscribe(t, b, WakeSubject(tenant, AllZones), func(s string, data []byte) {
		gotTenant, gotZone, err := ZoneOf(s)
		if gotTenant != tenant || gotZone != zone || err != nil {
			t.Errorf("%s: %v", s, err)
		}
		got <- string(data)
	})
	publish(t, b, WakeSubject(id.NewTenant(), zone), "another tenant's")
	publish(t, b, OrdersSubject(tenant, zone), "other news")
	for _, text := range []string{"1", "2", "3"} {
		publish(t, b, WakeSubject(tenant, zone), text)
	}
	for _, want := range []string{"1", "2", "3"} {
		if text := <-got; text != want {
			t.Errorf("got %s, want %s", text, want)
		}
	}
}

func TestStopWaitsForTheHandler(t *testing.T) {
	t.Parallel()
	b := open(t, Options{})
	entered, leave := make(chan struct{}), make(chan struct{})
	var finished atomic.Bool
	stop := subscribe(t, b, "x", func(string, []byte) {
		close(entered)
		<-leave
		finished.Store(true)
	})
	publish(t, b, "x", "")
	<-entered
	go close(leave)
	stop()
	if !finished.Load() {
		t.Error("stop returned while the handler ran")
	}
	stop() // again is harmless
}

func TestCloseDrains(t *testing.T) {
	t.Parallel()
	b := open(t, Options{})
	var n atomic.Int64
	subscribe(t, b, "x", func(string, []byte) { n.Add(1) })
	const sent = 1000
	for range sent {
		publish(t, b, "x", "y")
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n.Load() != sent {
		t.Errorf("%d of %d arrived", n.Load(), sent)
	}
	if b.Ready() == nil || b.Publish("x", nil) == nil {
		t.Error("a closed bus claims to work")
	}
}

func TestNodesShareAServer(t *testing.T) {
	t.Parallel()
	a := open(t, Options{Listen: "127.0.0.1:0"})
	b := open(t, Options{URL: "nats://" + a.Addr()})
	got := make(chan string, 1)
	subscribe(t, b, "x", func(_ string, data []byte) { got <- string(data) })
	publish(t, a, "x", "hello")
	if text := <-got; text != "hello" {
		t.Error(text)
	}
}

func TestServerMayComeLater(t *testing.T) {
	t.Parallel()
	b := open(t, Options{URL: "nats://127.0.0.1:1"})
	if b.Ready() == nil {
		t.Error("ready without a server")
	}
	if err := b.Publish("x", []byte("kept")); err != nil {
		t.Error(err)
	}
	subscribe(t, b, "x", func(string, []byte) {})()
}

func TestWildcardsAreOnlyForListening(t *testing.T) {
	t.Parallel()
	b := open(t, Options{})
	if err := b.Publish(WakeSubject(id.NewTenant(), AllZones), nil); !errors.Is(err, ErrWildcard) {
		t.Errorf("%v", err)
	}
}

func TestSlowSubscriptionsLoseAndCount(t *testing.T) {
	t.Parallel()
	b := open(t, Options{})
	leave := make(chan struct{})
	stop := subscribe(t, b, "x", func(string, []byte) { <-leave })
	for range pendingMessages + 100 {
		publish(t, b, "x", "")
	}
	for b.Dropped() == 0 {
		if err := b.conn.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	before := b.Dropped()
	close(leave)
	stop()
	if b.Dropped() < before {
		t.Errorf("%d lost messages were forgotten", before-b.Dropped())
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	tenant, zone, rider, endpoint := id.NewTenant(), id.NewZone(), id.NewRider(), id.NewEndpoint()
	for got, want := range map[string]string{
		WakeSubject(tenant, zone):              "wake." + tenant.String() + "." + zone.String(),
		OrdersSubject(tenant, AllZones):        "orders." + tenant.String() + ".*",
		RidersSubject(AllTenants, AllZones):    "riders.*.*",
		PositionsSubject(AllTenants, AllZones): "positions.*.*",
		RiderSubject(tenant, rider):            "rider." + tenant.String() + "." + rider.String(),
		WebhookSubject(tenant, AllEndpoints):   "webhooks." + tenant.String() + ".*",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if _, r, err := RiderOf(RiderSubject(tenant, rider)); r != rider || err != nil {
		t.Errorf("%v, %v", r, err)
	}
	if _, e, err := EndpointOf(WebhookSubject(tenant, endpoint)); e != endpoint || err != nil {
		t.Errorf("%v, %v", e, err)
	}
	for _, bad := range []string{"", "wake", "wake.a.b", strings.Replace(WakeSubject(tenant, zone), "zon_", "rid_", 1)} {
		if _, _, err := ZoneOf(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
