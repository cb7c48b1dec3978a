package people

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/sim/rappi"
)

const (
	setupHands   = 16  // calls at once
	ridersAtOnce = 500 // in one call
)

// setUp creates what the day needs: a zone, a merchant, its stores, and the riders, each with a phone signed in.
func (r *replay) setUp(ctx context.Context) error {
	r.run = fmt.Sprintf("%s-%s-%04x", r.day.Name, r.clock.Now().Format("0102150405"), rand.N(1<<16))
	policy := r.o.Policy
	zone, err := r.staff.CreateZone(ctx, client.NewZone{Name: "Replay " + r.run, Cells: cover(r.day), Policy: policy})
	if err != nil {
		return err
	}
	r.zone = zone.ID
	merchant, err := r.staff.CreateMerchant(ctx, "Replay "+r.run)
	if err != nil {
		return err
	}
	key, err := r.staff.CreateKey(ctx, merchant.ID, "replay")
	if err != nil {
		return err
	}
	r.shop = r.client.Merchant(key)
	if err := r.openStores(ctx); err != nil {
		return err
	}
	return r.hireRiders(ctx)
}

func (r *replay) openStores(ctx context.Context) error {
	sites := r.day.Sites()
	r.bar.phase("opening stores", len(sites))
	r.stores = make(map[rappi.Site]string, len(sites))
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(setupHands)
	for i, s := range sites {
		g.Go(func() error {
			name := "Store " + strconv.Itoa(i+1)
			st, err := r.shop.CreateStore(ctx, client.Store{
				ExternalID: fmt.Sprintf("%s-s%d", r.run, i+1), Name: name, Address: name, Location: s.Center(),
			})
			if err != nil {
				return err
			}
			r.bar.add(1)
			mu.Lock()
			defer mu.Unlock()
			r.stores[s] = st.ID
			return nil
		})
	}
	return g.Wait()
}

func (r *replay) hireRiders(ctx context.Context) error {
	r.bar.phase("hiring riders", 2*len(r.day.Couriers))
	r.riders = make([]*client.Rider, len(r.day.Couriers))
	phones := 1_000_000 + rand.N(8_000_000)*100 // far from those of other runs
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(setupHands)
	for from := 0; from < len(r.day.Couriers); from += ridersAtOnce {
		to := min(from+ridersAtOnce, len(r.day.Couriers))
		batch := make([]client.NewRider, 0, to-from)
		for i, c := range r.day.Couriers[from:to] {
			batch = append(batch, client.NewRider{
				Name: "Rider " + c.ID, Phone: fmt.Sprintf("+57%010d", phones*10+from+i), Vehicle: c.Vehicle, ZoneID: r.zone,
				ExternalID: r.run + "-r" + c.ID,
			})
		}
		made, err := r.staff.CreateRiders(ctx, batch)
		if err != nil {
			return err
		}
		if len(made) != len(batch) {
			return fmt.Errorf("%d riders asked for, %d created", len(batch), len(made))
		}
		r.bar.add(len(made))
		for i, m := range made {
			g.Go(func() error {
				rider, err := r.client.Enrol(ctx, m.EnrolmentCode)
				if err != nil {
					return err
				}
				r.riders[from+i] = rider
				r.bar.add(1)
				return nil
			})
		}
	}
	return g.Wait()
}

// begin sets the day's midnight on the server's clock so that the window opens after a warm-up in which the riders
// on shift start, no faster than a server takes them.
func (r *replay) begin() {
	const startsPerSecond = 150
	wall := time.Duration(len(r.day.Couriers)) * time.Second / startsPerSecond
	warm := max(3*time.Minute, time.Duration(float64(wall)*r.speed))
	now := r.clock.Now()
	opens := now.Add(warm).Truncate(time.Minute).Add(time.Minute)
	r.origin = opens.Add(-r.from)
	r.lags.split(opens.Add((r.to - r.from) / 2))
	r.orders = make([]*job, len(r.day.Orders))
	for i, o := range r.day.Orders {
		r.orders[i] = &job{
			externalID: r.run + "-" + o.ID, due: r.origin.Add(o.Placed),
			readyAt: r.origin.Add(o.Ready), promiseAt: r.origin.Add(o.Expected),
		}
		r.time.at(r.orders[i].due, func(ctx context.Context, due time.Time) { r.place(ctx, i, due) })
	}
	r.bar.phase("replaying", len(r.orders))
}
