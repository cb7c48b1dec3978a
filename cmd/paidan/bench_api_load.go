package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// load places orders through the public API.
type load struct {
	client *client.Client
	shops  []*client.Merchant
	order  client.NewOrder
}

func newLoad(url string, s benchShop) *load {
	l := &load{client: client.New(client.Options{URL: url, Conns: 2 * len(s.secrets)}), order: client.NewOrder{
		StoreID: s.store.ID.String(), Items: []client.Item{{Name: "Ribollita", Quantity: 1}}, Value: &client.Money{Amount: 1250, Currency: "EUR"},
		Dropoff: client.Dropoff{Location: client.LatLng{Lat: s.store.At.Lat + 0.004, Lng: s.store.At.Lng + 0.004}, Address: "Via Nova 1", ContactName: "Anna", ContactPhone: "+39055123456"},
	}}
	for _, secret := range s.secrets {
		l.shops = append(l.shops, l.client.Merchant(secret))
	}
	return l
}

func (l *load) close() { l.client.Close() }

func (l *load) place(ctx context.Context, shop *client.Merchant) error {
	_, err := shop.PlaceOrder(ctx, uuid.NewString(), l.order)
	return err
}

// warmUp opens the connections and fills the caches.
func (l *load) warmUp(ctx context.Context) error {
	var g errgroup.Group
	for _, shop := range l.shops {
		g.Go(func() error {
			for range 10 {
				if err := l.place(ctx, shop); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// closed has every client place one order after the other.
func (l *load) closed(ctx context.Context, limit time.Duration) (*client.Histogram, error) {
	end := time.Now().Add(limit)
	return l.all(ctx, func(ctx context.Context, shop *client.Merchant, h *client.Histogram) error {
		for begin := time.Now(); begin.Before(end); begin = time.Now() {
			if err := l.place(ctx, shop); err != nil {
				return err
			}
			h.Add(time.Since(begin))
		}
		return nil
	})
}

// open places orders at an even rate, whether or not the ones before are answered, and times each from when it was due.
func (l *load) open(ctx context.Context, limit time.Duration, perSecond float64) (*client.Histogram, error) {
	n := int(limit.Seconds() * perSecond)
	due := make(chan time.Time, n+1)
	begin := time.Now()
	for i := range n {
		due <- begin.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
	}
	close(due)
	return l.all(ctx, func(ctx context.Context, shop *client.Merchant, h *client.Histogram) error {
		for at := range due {
			if err := clock.Sleep(ctx, clock.System{}, time.Until(at)); err != nil {
				return err
			}
			if err := l.place(ctx, shop); err != nil {
				return err
			}
			h.Add(time.Since(at))
		}
		return nil
	})
}

// all runs the clients and waits for them.
func (l *load) all(ctx context.Context, run func(context.Context, *client.Merchant, *client.Histogram) error) (*client.Histogram, error) {
	h := new(client.Histogram)
	g, ctx := errgroup.WithContext(ctx)
	for _, shop := range l.shops {
		g.Go(func() error { return run(ctx, shop, h) })
	}
	return h, g.Wait()
}
