package rider

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func TestShift(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	r := w.riders(1)[0]
	w.tx(func(tx pgx.Tx) error {
		if _, err := EndShift(ctx, tx, w.tenant, r, noon); !errors.Is(err, ErrOffShift) {
			t.Errorf("end before start: %v", err)
		}
		s, err := StartShift(ctx, tx, w.tenant, r, noon, noon.Add(time.Hour))
		if err != nil || s.Rider != r || s.Zone != w.zone || s.EndedAt != nil || !s.StartedAt.Equal(noon) {
			t.Errorf("%+v, %v", s, err)
		}
		again, err := StartShift(ctx, tx, w.tenant, r, noon.Add(time.Minute), noon.Add(2*time.Hour))
		if !errors.Is(err, ErrOnShift) || again.ID != s.ID {
			t.Errorf("start twice: %+v, %v", again, err)
		}
		if err := CountDelivered(ctx, tx, w.tenant, r); err != nil {
			return err
		}
		on, err := OnShiftIn(ctx, tx, w.tenant, w.zone)
		if err != nil || len(on) != 1 || on[0].ID != r || on[0].Shift.Delivered != 1 || on[0].Vehicle != EBike {
			t.Errorf("%+v, %v", on, err)
		}
		if err := SavePlans(ctx, tx, w.tenant, noon, []Plan{{Rider: r, Zone: w.zone, Version: 1, Stops: []Stop{stop(id.NewOrder(), Pickup)}}}); err != nil {
			return err
		}
		if _, err := EndShift(ctx, tx, w.tenant, r, noon); !errors.Is(err, ErrHasWork) {
			t.Errorf("end with work: %v", err)
		}
		if err := SavePlans(ctx, tx, w.tenant, noon, []Plan{{Rider: r, Zone: w.zone, Version: 2}}); err != nil {
			return err
		}
		ended, err := EndShift(ctx, tx, w.tenant, r, noon.Add(time.Hour))
		if err != nil || ended.ID != s.ID || ended.EndedAt == nil || ended.Delivered != 1 {
			t.Errorf("%+v, %v", ended, err)
		}
		if _, err := ShiftOf(ctx, tx, w.tenant, r); !errors.Is(err, ErrOffShift) {
			t.Error(err)
		}
		if _, err := StartShift(ctx, tx, w.tenant, id.NewRider(), noon, noon.Add(time.Hour)); !errors.Is(err, ErrNotFound) {
			t.Errorf("unknown rider: %v", err)
		}
		next, err := StartShift(ctx, tx, w.tenant, r, noon.Add(2*time.Hour), noon.Add(3*time.Hour))
		if err != nil || next.ID == s.ID {
			t.Errorf("the next shift: %+v, %v", next, err)
		}
		return nil
	})
	off := w.riders(1)[0]
	if _, err := Update(ctx, w.db, w.tenant, off, noon, Change{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	w.tx(func(tx pgx.Tx) error {
		if _, err := StartShift(ctx, tx, w.tenant, off, noon, noon.Add(time.Hour)); !errors.Is(err, ErrDisabled) {
			t.Errorf("disabled rider: %v", err)
		}
		return nil
	})
}

func TestShiftStartsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.riders(1)[0]
	var mu sync.Mutex
	started, ids := 0, map[id.Shift]bool{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			var s Shift
			var startErr error
			err := w.db.Tx(t.Context(), w.tenant, func(tx pgx.Tx) error {
				s, startErr = StartShift(t.Context(), tx, w.tenant, r, noon, noon.Add(time.Hour))
				return nil
			})
			mu.Lock()
			defer mu.Unlock()
			ids[s.ID] = true
			switch {
			case err != nil:
				t.Error(err)
			case startErr == nil:
				started++
			case !errors.Is(startErr, ErrOnShift):
				t.Error(startErr)
			}
		})
	}
	wg.Wait()
	if started != 1 || len(ids) != 1 {
		t.Errorf("%d starts, %d shifts told", started, len(ids))
	}
}
