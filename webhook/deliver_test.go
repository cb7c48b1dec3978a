package webhook

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// An endpoint gets what happens after its creation, of the types that it wants, signed, once, and each order's events in order.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	s := newShop(t, nil)
	before := w.place(1)
	w.until("it is in the feed, and so before what comes", func() bool { return w.feedLen() == 1 })
	w.start()
	all, secret := w.create(s.URL + "/all")
	w.create(s.URL+"/placed", "order.placed", "order.delivered")
	os := w.place(3)
	for n := range 4 {
		w.estimate(append(os, before...), n)
	}
	w.until("all have come", func() bool { return s.count("/all") >= 3+4*4 && s.count("/placed") >= 3 })
	w.until("all are recorded", func() bool { return len(w.list(all.ID, Delivered)) == 3+4*4 })
	calls := s.calls("/all")
	last := map[id.Order]int64{before[0]: 1} // that was before the endpoint
	for _, c := range calls {
		if err := verify(secret, c.body, c.header); err != nil {
			t.Errorf("%s: %v", c.body, err)
		}
		if d := c.data; c.Type != TypeOf(d.Type) || !c.Timestamp.Equal(noon) || c.header.Get("webhook-id") != d.ID.String() || d.Version != last[d.Order]+1 {
			t.Errorf("%s after version %d", c.body, last[d.Order])
		}
		last[c.data.Order]++
	}
	if len(calls) != 3+4*4 {
		t.Errorf("%d calls", len(calls))
	}
	if got := types(s.calls("/placed")); got != "order.placed order.placed order.placed" {
		t.Errorf("to the choosy endpoint came %s", got)
	}
	if e := w.get(all.ID); e.Health.Failures != 0 || e.Health.LastSuccessAt == nil || !e.Health.LastSuccessAt.Equal(noon) {
		t.Errorf("health %+v", e.Health)
	}
}

// Another merchant's orders are nobody's business.
func TestMerchantsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	s := newShop(t, nil)
	w.start()
	mine, _ := w.create(s.URL + "/mine")
	owner := w.merchant
	w.merchant = w.newMerchant()
	w.create(s.URL + "/theirs")
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		for name, err := range map[string]error{
			"Get": second(Get(ctx, tx, w.tenant, w.merchant, mine.ID)), "Delete": Delete(ctx, tx, w.tenant, w.merchant, mine.ID),
			"Update": second(Update(ctx, tx, w.tenant, w.merchant, mine.ID, Change{}, noon)),
			"Test":   second(Test(ctx, tx, w.tenant, w.merchant, mine.ID, noon)),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	w.merchant = owner
	w.place(2)
	w.until("mine have come", func() bool { return s.count("/mine") == 2 })
	if n := s.count("/theirs"); n != 0 {
		t.Errorf("%d came to another merchant", n)
	}
}

func second[T any](_ T, err error) error { return err }

// A single refusal is repeated after its wait, and nothing else waits for it.
func TestRefusedAndRepeated(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(noon)
	w := newWorld(t, c)
	var poison atomic.Value
	poison.Store("")
	s := newShop(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("webhook-id") == poison.Load().(string) {
			http.Error(rw, "can't read this", http.StatusBadRequest)
		}
	})
	e, _ := w.create(s.URL + "/")
	os := w.place(2)
	bad := order.EventID{Order: os[0], Version: 1}
	poison.Store(bad.String())
	w.start()
	w.estimate(os, 1)
	w.until("the others are delivered", func() bool { return len(w.list(e.ID, Delivered)) == 3 })
	find := func() Delivery {
		var d Delivery
		w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			d, err = GetDelivery(ctx, tx, w.tenant, e.ID, bad)
			return err
		})
		return d
	}
	for n := 1; n <= len(Delays); n++ {
		w.until("the refusal is recorded", func() bool { return find().Attempts == n })
		d := find()
		if d.Status != 400 || d.Body != "can't read this\n" || d.AttemptedAt == nil || (n < len(Delays)) != (d.State == Pending) {
			t.Fatalf("attempt %d: %+v", n, d)
		}
		if n < len(Delays) {
			wait := d.NextAt.Sub(c.Now())
			if least, most := time.Duration(0.89*float64(Delays[n])), time.Duration(1.11*float64(Delays[n])); wait < least || wait > most {
				t.Errorf("after attempt %d it waits %v, not about %v", n, wait, Delays[n])
			}
			w.estimate(os[1:], n+1) // the endpoint is well: something else gets through
			delivered := 3 + n
			w.until("another event is delivered", func() bool { return len(w.list(e.ID, Delivered)) == delivered })
			c.Advance(wait)
		}
	}
	if find().State != Failed {
		t.Errorf("%+v", find())
	}
	// Replayed, it has all its attempts again.
	poison.Store("")
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := Replay(ctx, tx, w.tenant, w.merchant, e.ID, bad, c.Now())
		return err
	})
	w.tell(e.ID)
	w.until("the replay is delivered", func() bool { return find().State == Delivered })
	if find().Attempts != 1 {
		t.Errorf("%+v", find())
	}
}

// A new address counts at once, for what waits too.
func TestANewAddressIsANewBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	old := newShop(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) })
	s := newShop(t, nil)
	w.start()
	e, _ := w.create(old.URL + "/")
	w.place(20)
	w.until("the old address is sick", func() bool { return w.get(e.ID).Health.Sick() })
	w.update(e.ID, Change{URL: new(s.URL + "/new")})
	w.until("all come to the new address", func() bool { return len(events(s.calls("/new"))) == 20 })
	if h := w.get(e.ID).Health; h.Failures != 0 {
		t.Errorf("health %+v", h)
	}
}

// What an endpoint missed while it was disabled comes when it is enabled; a deleted one gets nothing more.
func TestDisabledAndEnabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	s := newShop(t, nil)
	w.start()
	e, _ := w.create(s.URL + "/one")
	other, _ := w.create(s.URL + "/two")
	w.update(e.ID, Change{State: new(Disabled)})
	if e := w.get(e.ID); e.State != Disabled || e.Disabled != ByMerchant || e.DisabledAt == nil {
		t.Errorf("%+v", e)
	}
	w.place(5)
	w.until("the other gets them", func() bool { return s.count("/two") == 5 })
	if n := s.count("/one"); n != 0 {
		t.Errorf("%d came to a disabled endpoint", n)
	}
	for name, do := range map[string]func(context.Context, pgx.Tx) error{
		"Test": func(ctx context.Context, tx pgx.Tx) error {
			return second(Test(ctx, tx, w.tenant, w.merchant, e.ID, noon))
		},
		"Replay": func(ctx context.Context, tx pgx.Tx) error {
			return second(Replay(ctx, tx, w.tenant, w.merchant, e.ID, order.EventID{Order: id.NewOrder(), Version: 1}, noon))
		},
	} {
		if err := w.try(do); !errors.Is(err, ErrDisabled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.update(e.ID, Change{State: new(Enabled)})
	w.until("it gets what it missed", func() bool { return s.count("/one") == 5 })
	w.tx(func(ctx context.Context, tx pgx.Tx) error { return Delete(ctx, tx, w.tenant, w.merchant, other.ID) })
	w.tell(other.ID)
	w.place(5)
	w.until("it goes on", func() bool { return s.count("/one") == 10 })
	if n := s.count("/two"); n != 5 {
		t.Errorf("%d came to a deleted endpoint", n-5)
	}
}

func TestLimitsOfEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	first, _ := w.create("https://shop.example/1")
	again := func(ctx context.Context, tx pgx.Tx) error {
		_, _, err := Create(ctx, tx, w.tenant, Endpoint{Merchant: w.merchant, URL: "https://shop.example/1"}, noon)
		return err
	}
	var taken *URLTakenError
	if err := w.try(again); !errors.As(err, &taken) || taken.Existing != first.ID {
		t.Errorf("the same address: %v", err)
	}
	for n := 2; n <= MaxEndpoints; n++ {
		w.create("https://shop.example/" + string(rune('a'+n)))
	}
	if err := w.try(func(ctx context.Context, tx pgx.Tx) error {
		_, _, err := Create(ctx, tx, w.tenant, Endpoint{Merchant: w.merchant, URL: "https://shop.example/one-more"}, noon)
		return err
	}); !errors.Is(err, ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
	err := w.try(func(ctx context.Context, tx pgx.Tx) error {
		return second(Update(ctx, tx, w.tenant, w.merchant, first.ID, Change{URL: new("https://shop.example/" + string(rune('a'+2)))}, noon))
	})
	if !errors.As(err, &taken) {
		t.Errorf("moved to a taken address: %v", err)
	}
}

func TestTestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	s := newShop(t, nil)
	w.start()
	e, _ := w.create(s.URL+"/", "order.delivered")
	var d Delivery
	w.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		d, err = Test(ctx, tx, w.tenant, w.merchant, e.ID, noon)
		return err
	})
	w.tell(e.ID)
	w.until("it comes", func() bool { return s.count("/") == 1 })
	c := s.calls("/")[0]
	if want := `{"type":"webhook.test","timestamp":"2026-03-02T12:00:00Z","data":{"endpoint_id":"` + e.ID.String() + `"}}`; string(c.body) != want {
		t.Errorf("%s, want %s", c.body, want)
	}
	if got := slices.Collect(maps.Keys(events(s.calls("/")))); len(got) != 1 || got[0] != d.Event.String() {
		t.Errorf("webhook-id %v, want %s", got, d.Event)
	}
}
