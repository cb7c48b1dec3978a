package rider

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func TestPlansRoundTrip(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	riders := w.onShift(3)
	idle := w.riders(1)[0] // off shift, nothing to do: not listed
	o := orderIDs(2)
	plans := []Plan{
		{Rider: riders[0], Zone: w.zone, Version: 1, Stops: []Stop{timed(o[0], Pickup, 1), timed(o[1], Dropoff, 2)}, UpdatedAt: noon},
		{Rider: riders[1], Zone: w.zone, Version: 4, UpdatedAt: noon},
		{Rider: idle, Zone: w.zone, Version: 2, UpdatedAt: noon},
	}
	w.tx(func(tx pgx.Tx) error {
		if p, err := GetPlan(ctx, tx, w.tenant, riders[0]); err != nil || p.Version != 0 || p.Rider != riders[0] || p.Stops != nil {
			t.Errorf("before there is one: %+v, %v", p, err)
		}
		if err := SavePlans(ctx, tx, w.tenant, noon, plans); err != nil {
			return err
		}
		got, err := PlansIn(ctx, tx, w.tenant, w.zone)
		if diff := cmp.Diff(plans[:2], got); diff != "" {
			t.Error(diff)
		}
		if err != nil {
			return err
		}
		locked, err := LockPlans(ctx, tx, w.tenant, []id.Rider{riders[2], riders[0], riders[2]})
		want := map[id.Rider]Plan{riders[0]: plans[0], riders[2]: {Rider: riders[2]}}
		if diff := cmp.Diff(want, locked); diff != "" {
			t.Error(diff)
		}
		return err
	})
	err := w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error { return SavePlans(ctx, tx, w.tenant, noon, plans[:1]) })
	if !errors.Is(err, ErrPlanVersion) {
		t.Errorf("an old version: %v", err)
	}
	stranger := addWorld(t, w.db)
	stranger.tx(func(tx pgx.Tx) error {
		if got, err := PlansIn(ctx, tx, stranger.tenant, w.zone); err != nil || len(got) != 0 {
			t.Errorf("another tenant sees %v, %v", got, err)
		}
		return nil
	})
}

// Without a lock that covers the missing row, two first plans would both be of version 1 and one would be lost.
func TestLockPlanSerialisesTheFirstPlan(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	riders := w.riders(3)
	var wg sync.WaitGroup
	const writers = 20
	for i := range writers {
		wg.Go(func() {
			order := id.NewOrder()
			list := []id.Rider{riders[i%3], riders[(i+1)%3]} // every order of locking
			err := w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error {
				plans, err := LockPlans(ctx, tx, w.tenant, list)
				if err != nil {
					return err
				}
				var changed []Plan
				for _, p := range plans {
					p.Zone, p.Version, p.Stops = w.zone, p.Version+1, append(p.Stops, stop(order, Pickup))
					changed = append(changed, p)
				}
				return SavePlans(ctx, tx, w.tenant, noon, changed)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.tx(func(tx pgx.Tx) error {
		total := 0
		for _, r := range riders {
			p, err := GetPlan(ctx, tx, w.tenant, r)
			if err != nil {
				return err
			}
			if int(p.Version) != len(p.Stops) {
				t.Errorf("version %d with %d stops", p.Version, len(p.Stops))
			}
			total += len(p.Stops)
		}
		if total != 2*writers {
			t.Errorf("%d stops, want %d", total, 2*writers)
		}
		return nil
	})
}
