package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

const (
	// shownFor is how long an order stays in the list after its end.
	shownFor = 10 * time.Minute
	// kpiSpan is how far back the figures look.
	kpiSpan = time.Hour
)

// picture is a zone as its consoles show it. It is data; feed reads into it and tells what changed.
type picture struct {
	orders map[id.Order]*shownOrder
	riders map[id.Rider]*shownRider
	stores map[id.Store]order.Store
	sent   map[id.Rider]time.Time // of the last position told
	alerts alerts
	kpi    KPI
}

type shownOrder struct {
	order.Order
	row  OrderRow
	json []byte // of the row as it was told
	gone bool   // ended so long ago that consoles have forgotten it; kept for the figures
}

type shownRider struct {
	riderOnShift
	row  RiderRow
	json []byte // of the row as it was told, without the position
}

// putOrder takes an order in, and returns its row if it differs from what was told.
func (p *picture) putOrder(o order.Order, h hints, now time.Time) (OrderRow, bool) {
	row := rowOf(o, p.stores[o.Store].Name, bringing(o, p.stopsOf))
	row.Reason, row.OfferRiderID = h.reasons[o.ID], h.asked[o.ID]
	known := p.know(o, now)
	known.row = row
	return row, known.news() && !known.gone
}

// know takes an order in without its row: riders' times need the orders, and orders' rows the riders' times.
func (p *picture) know(o order.Order, now time.Time) *shownOrder {
	known := p.orders[o.ID]
	if known == nil {
		known = &shownOrder{gone: longAgo(o, now)}
		p.orders[o.ID] = known
	}
	known.Order = o
	return known
}

// orderOf and handoffOf are what stops are timed with.
func (p *picture) orderOf(o id.Order) (order.Order, bool) {
	if known := p.orders[o]; known != nil {
		return known.Order, true
	}
	return order.Order{}, false
}

func (p *picture) handoffOf(s id.Store) order.Seconds { return p.stores[s].Handoff }

// news reports whether the row differs from what was told, and counts it as told.
func (o *shownOrder) news() bool {
	b, err := json.Marshal(o.row)
	if err != nil || bytes.Equal(b, o.json) {
		return false
	}
	o.json = b
	return true
}

func longAgo(o order.Order, now time.Time) bool {
	return o.EndedAt != nil && now.Sub(*o.EndedAt) > shownFor
}

func (p *picture) stopsOf(r id.Rider) []rider.Stop {
	if known := p.riders[r]; known != nil {
		return known.stops
	}
	return nil
}

// putRider takes a rider in, and returns the row if it differs from what was told. The rider's orders get the times expected now.
func (p *picture) putRider(m *eta.Model, r riderOnShift, fix *rider.Fix, now time.Time) (row RiderRow, news bool, orders []OrderRow) {
	known := p.riders[r.id]
	if known == nil {
		known = &shownRider{}
		p.riders[r.id] = known
	}
	if known.idles(r, fix, now) {
		return known.row, false, nil
	}
	r.stops = steadied(known.stops, live(m, now, r.vehicle, fix, r.stops, p.orderOf, p.handoffOf))
	known.riderOnShift = r
	row, news = known.refresh(fix, now)
	for _, st := range r.stops {
		if o := p.orders[st.Order]; o != nil && st.Kind == rider.Dropoff {
			if o.row.EtaAt = etaOf(o.Order, r.stops); o.news() && !o.gone {
				orders = append(orders, o.row)
			}
		}
	}
	return row, news, orders
}

// idles reports whether the rider had nothing to do when last told of, and nothing is different now. Most riders do most of the time, and a feed looks at
// all of them every two seconds.
func (r *shownRider) idles(now riderOnShift, fix *rider.Fix, at time.Time) bool {
	return r.json != nil && len(r.stops) == 0 && len(now.stops) == 0 && r.riderAtWork == now.riderAtWork && r.row.Presence == now.presence(fix, at)
}

// refresh makes the row anew. Where the rider is does not count as news: positions have their own event.
func (r *shownRider) refresh(fix *rider.Fix, now time.Time) (RiderRow, bool) {
	r.row = r.riderOnShift.row(fix, now)
	still := r.row
	still.Lat, still.Lng, still.Heading, still.At = nil, nil, nil, nil
	b, err := json.Marshal(still)
	if err != nil || bytes.Equal(b, r.json) {
		return r.row, false
	}
	r.json = b
	return r.row, true
}

// dropRider forgets a rider who has left, and returns the row that says so.
func (p *picture) dropRider(r id.Rider) (RiderRow, bool) {
	known := p.riders[r]
	if known == nil {
		return RiderRow{}, false
	}
	delete(p.riders, r)
	delete(p.sent, r)
	row := known.row
	row.Presence, row.Orders, row.Stops = rider.Offline, []id.Order{}, []RowStop{}
	return row, true
}

// forget drops orders that ended long ago from the list, and from the picture when the figures need them no more.
func (p *picture) forget(now time.Time) []id.Order {
	var gone []id.Order
	for k, o := range p.orders {
		if !o.gone && longAgo(o.Order, now) {
			o.gone = true
			gone = append(gone, k)
		}
		if o.EndedAt != nil && now.Sub(*o.EndedAt) > kpiSpan {
			delete(p.orders, k)
		}
	}
	return gone
}

// figures counts the zone's orders and riders.
func (p *picture) figures(now time.Time, round nullable[RoundFigures]) KPI {
	k := KPI{Now: now, Round: round, RidersOnShift: len(p.riders)}
	var clickToDoor time.Duration
	for _, o := range p.orders {
		if o.State == order.Delivered && now.Sub(*o.EndedAt) <= kpiSpan {
			k.Delivered1h++
			clickToDoor += o.EndedAt.Sub(o.PlacedAt)
		}
		k.count(o, now)
	}
	if k.Delivered1h > 0 {
		k.ClickToDoorMean = new(clickToDoor.Seconds() / float64(k.Delivered1h))
	}
	for _, r := range p.riders {
		switch r.row.Presence {
		case rider.Idle:
			k.RidersIdle++
		case rider.Working:
			k.RidersWorking++
		case rider.Stale:
			k.RidersStale++
		}
	}
	return k
}

func (k *KPI) count(o *shownOrder, now time.Time) {
	if o.State.Ended() {
		return
	}
	k.Open++
	switch o.State {
	case order.Pending:
		k.Pending++
	case order.Offered:
		k.Offered++
	case order.Assigned, order.AtStore:
		k.Assigned++
	case order.PickedUp, order.AtDoor, order.Returning:
		k.PickedUp++
	}
	switch {
	case now.After(o.PromiseAt):
		k.Late++
	case o.row.EtaAt != nil && o.row.EtaAt.After(o.PromiseAt):
		k.AtRisk++
	}
}

func (p *picture) snapshot(c clock.Clock) Snapshot {
	snap := Snapshot{Now: c.Now(), Speed: speedOf(c), Orders: []OrderRow{}, Riders: []RiderRow{}, Stores: storeRows(p.stores), Alerts: notNil(p.alerts.rows), KPI: p.kpi}
	for _, o := range p.orders {
		if !o.gone {
			snap.Orders = append(snap.Orders, o.row)
		}
	}
	for _, r := range p.riders {
		snap.Riders = append(snap.Riders, r.row)
	}
	slices.SortFunc(snap.Orders, func(a, b OrderRow) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	slices.SortFunc(snap.Riders, func(a, b RiderRow) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return snap
}

func storeRows(stores map[id.Store]order.Store) []StoreRow {
	out := make([]StoreRow, 0, len(stores))
	for _, st := range stores {
		out = append(out, StoreRow{st.ID, st.Name, st.At})
	}
	slices.SortFunc(out, func(a, b StoreRow) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return out
}

// speedOf is how many of the clock's seconds pass in one of the wall's.
func speedOf(c clock.Clock) float64 {
	hour := c.Real(time.Hour)
	if hour <= 0 {
		return 1
	}
	return float64(time.Hour) / float64(hour)
}
