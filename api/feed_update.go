package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// read is what one reading of the database found.
type read struct {
	orders []order.Order
	riders []riderOnShift
	hints  hints
	stores []order.Store // nil: not read
	alerts []AlertRow
}

func (f *feed) query(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, streamTimeout)
	defer cancel()
	return f.s.db.Read(ctx, f.tenant, func(tx pgx.Tx) error { return fn(ctx, tx) })
}

// load makes the picture from nothing.
func (f *feed) load(ctx context.Context) error {
	var r read
	var round nullable[RoundFigures]
	err := f.query(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if r.orders, err = f.readRecent(ctx, tx); err != nil {
			return err
		}
		if r.stores, err = order.Stores(ctx, tx, f.tenant, f.zone); err != nil {
			return err
		}
		if r.riders, err = readOnShift(ctx, tx, f.tenant, f.zone, nil); err != nil {
			return err
		}
		if r.hints, err = readHints(ctx, tx, f.tenant, r.orders); err != nil {
			return err
		}
		if r.alerts, err = readAlerts(ctx, tx, f.tenant, f.zone); err != nil {
			return err
		}
		round, err = readRound(ctx, tx, f.tenant, f.zone)
		return err
	})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.picture = picture{
		orders: make(map[id.Order]*shownOrder), riders: make(map[id.Rider]*shownRider), stores: make(map[id.Store]order.Store),
		sent: make(map[id.Rider]time.Time),
	}
	now := f.s.clock.Now()
	f.apply(r, now)
	f.picture.alerts.news(r.alerts, now)
	f.picture.kpi = f.picture.figures(now, round)
	return nil
}

// apply takes a reading into the picture and returns the rows that are news; f.mu is held.
func (f *feed) apply(r read, now time.Time) (orders []OrderRow, riders []RiderRow) {
	p := &f.picture
	for _, st := range r.stores {
		p.stores[st.ID] = st
	}
	for _, o := range r.orders {
		p.know(o, now)
	}
	told := make(map[id.Order]int)
	add := func(row OrderRow) {
		if at, ok := told[row.ID]; ok {
			orders[at] = row
			return
		}
		told[row.ID] = len(orders)
		orders = append(orders, row)
	}
	// Riders first: orders take their times from the plans.
	for _, x := range r.riders {
		row, news, moved := p.putRider(f.s.eta, x, f.s.lastFix(f.tenant, x.id), now)
		if news {
			riders = append(riders, row)
		}
		for _, o := range moved {
			add(o)
		}
	}
	for _, o := range r.orders {
		if row, news := p.putOrder(o, r.hints, now); news {
			add(row)
		}
	}
	return orders, riders
}

// flush reads what the bus said has changed, and tells the consoles.
func (f *feed) flush(ctx context.Context) error {
	f.mu.Lock()
	orders, riders := keys(f.dirty.orders), keys(f.dirty.riders)
	f.dirty.clear()
	f.mu.Unlock()
	return f.update(ctx, orders, riders)
}

// resync reads everything again: the bus may lose messages, and reasons change without one.
func (f *feed) resync(ctx context.Context) error {
	f.mu.Lock()
	known := make(map[id.Order]struct{})
	for k, o := range f.picture.orders {
		if !o.State.Ended() {
			known[k] = struct{}{}
		}
	}
	f.mu.Unlock()
	err := f.query(ctx, func(ctx context.Context, tx pgx.Tx) error {
		open, err := order.Open(ctx, tx, f.tenant, f.zone)
		for _, o := range open {
			known[o.ID] = struct{}{}
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.update(ctx, keys(known), nil)
}

// update reads orders and riders (nil: all) and tells what is news. A rider who is not found has left.
func (f *feed) update(ctx context.Context, orders []id.Order, riders []id.Rider) error {
	if len(orders) == 0 && riders != nil && len(riders) == 0 {
		return nil
	}
	var r read
	err := f.query(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if len(orders) > 0 {
			if r.orders, err = order.GetMany(ctx, tx, f.tenant, orders); err != nil {
				return err
			}
			if r.hints, err = readHints(ctx, tx, f.tenant, r.orders); err != nil {
				return err
			}
			if err = f.readStores(ctx, tx, &r); err != nil {
				return err
			}
		}
		if riders != nil && len(riders) == 0 {
			return nil
		}
		if r.alerts, err = readAlerts(ctx, tx, f.tenant, f.zone); err != nil { // who reports is a rider who changed
			return err
		}
		r.riders, err = readOnShift(ctx, tx, f.tenant, f.zone, riders)
		return err
	})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.s.clock.Now()
	if riders == nil || len(riders) > 0 {
		if err := f.tellAlerts(r.alerts, now); err != nil {
			return err
		}
	}
	orderRows, riderRows := f.apply(r, now)
	found := make(map[id.Rider]bool, len(r.riders))
	for _, x := range r.riders {
		found[x.id] = true
	}
	if riders == nil {
		riders = slices.Collect(maps.Keys(f.picture.riders))
	}
	for _, x := range riders {
		if found[x] {
			continue
		}
		if row, known := f.picture.dropRider(x); known {
			riderRows = append(riderRows, row)
		}
	}
	return f.tellRows(now, orderRows, riderRows, nil)
}

// readStores reads the stores when one opened since the picture was made.
func (f *feed) readStores(ctx context.Context, tx pgx.Tx, r *read) error {
	f.mu.Lock()
	unknown := make(map[id.Store]struct{})
	for _, o := range r.orders {
		if _, ok := f.picture.stores[o.Store]; !ok {
			unknown[o.Store] = struct{}{}
		}
	}
	f.mu.Unlock()
	if len(unknown) == 0 {
		return nil
	}
	var err error
	r.stores, err = order.Stores(ctx, tx, f.tenant, f.zone)
	return err
}

func (f *feed) tellRows(now time.Time, orders []OrderRow, riders []RiderRow, gone []id.Order) error {
	if len(orders) > 0 || len(gone) > 0 {
		if err := f.tell("orders", OrdersChanged{Now: now, Rows: notNil(orders), Gone: notNil(gone)}); err != nil {
			return err
		}
	}
	if len(riders) > 0 {
		return f.tell("riders", RidersChanged{Now: now, Rows: riders})
	}
	return nil
}

// tick counts the figures, lets time change presences and estimates, and forgets what ended long ago.
func (f *feed) tick(ctx context.Context) error {
	var round nullable[RoundFigures]
	var open []AlertRow
	err := f.query(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if open, err = readAlerts(ctx, tx, f.tenant, f.zone); err != nil {
			return err
		}
		round, err = readRound(ctx, tx, f.tenant, f.zone)
		return err
	})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.s.clock.Now()
	if err := f.tellAlerts(open, now); err != nil {
		return err
	}
	var riders []RiderRow
	var orders []OrderRow
	for _, r := range f.picture.riders {
		row, news, late := f.picture.putRider(f.s.eta, r.riderOnShift, f.s.lastFix(f.tenant, r.id), now)
		if news {
			riders = append(riders, row)
		}
		orders = append(orders, late...)
	}
	if err := f.tellRows(now, orders, riders, f.picture.forget(now)); err != nil {
		return err
	}
	f.picture.kpi = f.picture.figures(now, round)
	return f.tell("kpi", f.picture.kpi)
}

// movePositions tells which riders have moved since the last time. The index knows; the database is not asked.
func (f *feed) movePositions() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.clients) == 0 {
		return nil
	}
	moved := []byte{'['}
	for r, fix := range f.s.index.Positions(f.tenant, f.zone) {
		known := f.picture.riders[r]
		if known == nil || !fix.At.After(f.picture.sent[r]) {
			continue
		}
		f.picture.sent[r] = fix.At
		known.row.Lat, known.row.Lng, known.row.Heading, known.row.At = &fix.Lat, &fix.Lng, fix.HeadingDeg, new(fix.At.UTC())
		moved = append(appendPosition(moved, r, fix), ',')
	}
	if len(moved) == 1 {
		return nil
	}
	moved[len(moved)-1] = ']'
	return f.tell("positions", struct {
		Now time.Time       `json:"now"`
		P   json.RawMessage `json:"p"`
	}{f.s.clock.Now(), moved})
}

// appendPosition writes one of PositionsChanged's, by hand: there are thousands a second.
func appendPosition(to []byte, r id.Rider, fix rider.Fix) []byte {
	to = append(append(append(to, `["`...), r.String()...), `",`...)
	to = append(strconv.AppendFloat(to, fix.Lat, 'f', 6, 64), ',')
	to = append(strconv.AppendFloat(to, fix.Lng, 'f', 6, 64), ',')
	if fix.HeadingDeg == nil {
		to = append(to, "null"...)
	} else {
		to = strconv.AppendFloat(to, *fix.HeadingDeg, 'f', 0, 64)
	}
	return append(strconv.AppendInt(append(to, ','), fix.At.UnixMilli(), 10), ']')
}
