package backtest

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// History is what happened in a zone in a window.
type History struct {
	Zone      dispatch.Zone
	From, To  time.Time
	Orders    []order.Order // that were not cancelled, by the time that they were due
	Cancelled int           // orders cancelled before pickup
	Stores    map[id.Store]order.Store
	Shifts    []rider.OnShift
	Starts    map[int]geo.LatLng // by index of Shifts: where the rider was seen first, in the shift and the window
}

// MaxDays is the longest window.
const MaxDays = 31

// startWithin is how long after its beginning a shift's first position still tells where it began.
const startWithin = time.Hour

// Read reads the history of a zone in [from, to) in one transaction.
func Read(ctx context.Context, db *pg.DB, tenant id.Tenant, zone dispatch.Zone, from, to time.Time) (*History, error) {
	h := &History{Zone: zone, From: from, To: to}
	err := db.Read(ctx, tenant, func(tx pgx.Tx) error {
		if err := h.readOrders(ctx, tx, tenant); err != nil {
			return err
		}
		return h.readShifts(ctx, tx, tenant)
	})
	if err != nil {
		return nil, fmt.Errorf("history of zone %s: %w", zone.Name, err)
	}
	return h, nil
}

func (h *History) readOrders(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	used := map[id.Store]bool{}
	err := order.EachDue(ctx, tx, tenant, h.Zone.ID, h.From, h.To, func(o order.Order) error {
		if o.State == order.Cancelled {
			h.Cancelled++
			return nil
		}
		o.Items, o.RefusedBy, o.Tags, o.Metadata = nil, nil, nil, nil
		o.Dropoff = order.Dropoff{At: o.Dropoff.At} // a month of them has to fit in memory
		h.Orders = append(h.Orders, o)
		used[o.Store] = true
		return nil
	})
	if err != nil {
		return err
	}
	stores := make([]id.Store, 0, len(used))
	for s := range used {
		stores = append(stores, s)
	}
	h.Stores, err = order.StoresByID(ctx, tx, tenant, stores)
	return err
}

func (h *History) readShifts(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	var err error
	if h.Shifts, err = rider.ShiftsWithin(ctx, tx, tenant, h.Zone.ID, h.From, h.To); err != nil {
		return err
	}
	spans := make([]rider.Span, len(h.Shifts))
	for i, s := range h.Shifts {
		on, off := clock.Later(s.Shift.StartedAt, h.From), ends(s.Shift)
		spans[i] = rider.Span{Rider: s.Rider.ID, From: on, To: clock.Earlier(off, on.Add(startWithin))}
	}
	fixes, err := rider.FirstFixes(ctx, tx, tenant, spans)
	if err != nil {
		return err
	}
	h.Starts = make(map[int]geo.LatLng, len(fixes))
	for i, f := range fixes {
		h.Starts[i] = f.LatLng
	}
	return nil
}

// ends is when a shift takes no more orders: as planned, or when the rider ended it sooner.
func ends(s rider.Shift) time.Time {
	if s.EndedAt != nil {
		return clock.Earlier(s.EndsAt, *s.EndedAt)
	}
	return s.EndsAt
}
