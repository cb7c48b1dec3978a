package order

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// quote stores a quote for the shop's order.
func (s *shop) quote() Quote {
	s.Helper()
	o := s.newOrder()
	q := Quote{
		ID: id.NewQuote(), Merchant: s.merchant.ID, CreatedAt: noon, ExpiresAt: noon.Add(QuoteLife), Store: o.Store, Zone: o.Zone, Dropoff: o.Dropoff.At,
		Load: 2, WeightG: 3000, DeliverAfter: new(noon.Add(time.Hour)),
		Fee:           Fee{Money: Money{400, "CNY"}, Tariff: 1, DistanceM: 1500, Terms: []FeeTerm{{Kind: TermBase, Minor: 400}}},
		ReadyEstimate: noon.Add(10 * time.Minute), Pickup: Span{noon.Add(11 * time.Minute), noon.Add(15 * time.Minute)},
		Delivery: Span{noon.Add(20 * time.Minute), noon.Add(28 * time.Minute)}, PromiseAt: noon.Add(30 * time.Minute),
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error { return InsertQuote(ctx, tx, s.tenant, q) })
	return q
}

// take locks a quote and notes that an order uses it, if it can.
func (s *shop) take(tx pgx.Tx, q id.Quote, by id.Order, at time.Time) error {
	found, err := LockQuotes(s.Context(), tx, s.tenant, []id.Quote{q})
	if err != nil {
		return err
	}
	if _, ok := found[q]; !ok {
		return ErrQuoteNotFound
	}
	if err := found[q].Open(at); err != nil {
		return err
	}
	return UseQuotes(s.Context(), tx, s.tenant, map[id.Quote]id.Order{q: by})
}

// use takes a quote for a new order and places that.
func (s *shop) use(q id.Quote, at time.Time) (id.Order, error) {
	o := s.newOrder()
	o.ID = id.NewOrder()
	return o.ID, s.db.Tx(s.Context(), s.tenant, func(tx pgx.Tx) error {
		if err := s.take(tx, q, o.ID, at); err != nil {
			return err
		}
		return Place(s.Context(), tx, []Order{o}, System)
	})
}

func TestQuoteIsReadBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	want := s.quote()
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		got, err := GetQuote(ctx, tx, s.tenant, s.merchant.ID, want.ID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-stored +read)\n%s", diff)
		}
		if _, err := GetQuote(ctx, tx, s.tenant, id.NewMerchant(), want.ID); !errors.Is(err, ErrQuoteNotFound) {
			t.Errorf("another merchant's: %v", err)
		}
		return err
	})
}

func TestQuoteHasItsTime(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	q := s.quote()
	if _, err := s.use(q.ID, q.ExpiresAt); !errors.Is(err, ErrQuoteExpired) {
		t.Errorf("at its end: %v", err)
	}
	if _, err := s.use(id.NewQuote(), noon); !errors.Is(err, ErrQuoteNotFound) {
		t.Errorf("no quote: %v", err)
	}
	first, err := s.use(q.ID, q.ExpiresAt.Add(-time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	var used *QuoteUsedError
	if _, err := s.use(q.ID, noon); !errors.As(err, &used) || used.Order != first {
		t.Errorf("again: %v, the order is %s", err, first)
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		return ForgetQuotes(ctx, tx, s.tenant, noon.Add(quoteMemory))
	})
	if _, err := s.use(q.ID, noon); !errors.As(err, &used) {
		t.Errorf("forgotten too early: %v", err)
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		return ForgetQuotes(ctx, tx, s.tenant, q.ExpiresAt.Add(quoteMemory))
	})
	if _, err := s.use(q.ID, noon); !errors.Is(err, ErrQuoteNotFound) {
		t.Errorf("never forgotten: %v", err)
	}
}

// Of many orders with one quote, one is placed. Who fails with its transaction leaves the quote to the others.
func TestOneOrderPerQuote(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	q := s.quote()
	undo := errors.New("undo")
	err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
		if err := s.take(tx, q.ID, id.NewOrder(), noon); err != nil {
			return err
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	won := make([]id.Order, 40)
	var all sync.WaitGroup
	for i := range won {
		all.Go(func() {
			o, err := s.use(q.ID, noon)
			var used *QuoteUsedError
			if err == nil {
				won[i] = o
			} else if !errors.As(err, &used) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	winners := slices.DeleteFunc(won, id.Order.IsZero)
	if len(winners) != 1 || s.get(winners[0]).State != Pending {
		t.Errorf("%d won", len(winners))
	}
}

func TestQuoteCovers(t *testing.T) {
	t.Parallel()
	after := noon.Add(time.Hour)
	q := Quote{Store: id.NewStore(), Dropoff: geo.LatLng{Lat: 31.24, Lng: 121.48}, Load: 2, WeightG: 3000, DeliverAfter: &after}
	elsewhere := after.In(time.FixedZone("x", 3600))
	good := Order{Store: q.Store, Dropoff: Dropoff{At: geo.Shift(q.Dropoff, 30, 39)}, Load: 2, WeightG: 3000, DeliverAfter: &elsewhere}
	if err := q.Covers(good); err != nil {
		t.Errorf("49 m away: %v", err)
	}
	light := good
	light.Load, light.WeightG = 1, 0
	if err := q.Covers(light); err != nil {
		t.Errorf("less of it: %v", err)
	}
	bad := Order{Store: id.NewStore(), Dropoff: Dropoff{At: geo.Shift(q.Dropoff, 40, 40)}, Load: 3, WeightG: 3001}
	var wrong *QuoteMismatchError
	if err := q.Covers(bad); !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range wrong.Faults {
		fields = append(fields, f.Field)
	}
	if want := []string{"store_id", "dropoff.location", "load", "weight_g", "deliver_after"}; !slices.Equal(fields, want) {
		t.Errorf("%v, want %v", fields, want)
	}
}
