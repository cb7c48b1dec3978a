package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// overdueOffer is how long past its limit an open offer may stand: a node's death and the take-over of its zones.
const overdueOffer = time.Minute

// Books is what CheckBooks looked at and what it found wrong.
type Books struct {
	Orders, Events, Plans, Offers, Handovers int
	Faults                                   []string
}

// CheckBooks verifies one tenant's orders, plans and offers against each other, at one moment:
// each order's history replays to its row; every active order is on exactly one plan, its rider's, with the stops that
// its state needs, a job's orders on one rider's; no plan fills a rider beyond capacity; open offers and offered orders name each other; no open offer
// or handover is past its limit; what waits to be handed over is its giver's. Time is the tenant's own: that of its latest change.
func CheckBooks(ctx context.Context, db *pg.DB, tenant id.Tenant) (Books, error) {
	var b Books
	err := db.Read(ctx, tenant, func(tx pgx.Tx) error {
		active, err := b.histories(ctx, tx, tenant)
		if err != nil {
			return err
		}
		if err := b.plans(ctx, tx, tenant, active); err != nil {
			return err
		}
		if err := b.offers(ctx, tx, tenant); err != nil {
			return err
		}
		return b.handovers(ctx, tx, tenant)
	})
	if err != nil {
		return b, fmt.Errorf("check the books of tenant %s: %w", tenant, err)
	}
	return b, nil
}

func (b *Books) fault(format string, args ...any) {
	b.Faults = append(b.Faults, fmt.Sprintf(format, args...))
}

// histories replays every order and returns those that a rider has now.
func (b *Books) histories(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (map[id.Order]order.Order, error) {
	active := make(map[id.Order]order.Order)
	var after id.Order
	for {
		page, err := order.List(ctx, tx, tenant, order.Filter{After: after, Limit: order.MaxLimit})
		if err != nil || len(page) == 0 {
			return active, err
		}
		ids := make([]id.Order, len(page))
		for i, o := range page {
			ids[i] = o.ID
		}
		events, err := order.EventsOf(ctx, tx, tenant, ids)
		if err != nil {
			return nil, err
		}
		for _, o := range page {
			b.Orders++
			b.Events += len(events[o.ID])
			b.history(o, events[o.ID])
			if o.State.Active() {
				active[o.ID] = o
			}
		}
		after = page[len(page)-1].ID
	}
}

func (b *Books) history(o order.Order, events []order.RecordedEvent) {
	told, err := order.Rebuild(events)
	switch {
	case err != nil:
		b.fault("order %s: its history can't be replayed: %v", o.ID, err)
	case told.State != o.State || told.Version != o.Version:
		b.fault("order %s is %s at version %d, but its history leads to %s at version %d", o.ID, o.State, o.Version, told.State, told.Version)
	case told.Rider != o.Rider || told.Offer != o.Offer:
		b.fault("order %s is with rider %q in offer %q, but its history leads to rider %q and offer %q", o.ID, o.Rider, o.Offer, told.Rider, told.Offer)
	}
}

// plans checks every plan against the orders, and that no active order was forgotten.
func (b *Books) plans(ctx context.Context, tx pgx.Tx, tenant id.Tenant, active map[id.Order]order.Order) error {
	plans, err := rider.AllPlans(ctx, tx, tenant)
	if err != nil {
		return err
	}
	var ids []id.Rider
	for _, p := range plans {
		ids = append(ids, p.Rider)
	}
	profiles, err := rider.GetMany(ctx, tx, tenant, ids)
	if err != nil {
		return err
	}
	capacity := make(map[id.Rider]int, len(profiles))
	for _, r := range profiles {
		capacity[r.ID] = r.Capacity
	}
	meets, err := meetings(ctx, tx, tenant)
	if err != nil {
		return err
	}
	on, taking := make(map[id.Order]id.Rider), make(map[id.Order]id.Rider)
	for _, p := range plans {
		b.Plans++
		b.plan(p, capacity[p.Rider], active, meets, on, taking)
	}
	for oid, h := range meets {
		if taking[oid] != h.Taker {
			b.fault("rider %s is to take order %s over, and has no stop for it", h.Taker, oid)
		}
	}
	for oid, o := range active {
		if _, ok := on[oid]; !ok {
			b.fault("order %s is %s with rider %s, but not on that rider's plan", oid, o.State, o.Rider)
		}
	}
	var sandbox bool
	if err := tx.QueryRow(ctx, `SELECT sandbox_of IS NOT NULL FROM tenants WHERE id = $1`, tenant).Scan(&sandbox); err != nil {
		return err
	}
	if !sandbox { // there each order has a robot of its own
		b.jobs(active)
	}
	return nil
}

// jobs checks that one rider carries each.
func (b *Books) jobs(active map[id.Order]order.Order) {
	with := make(map[id.Job]id.Rider)
	for _, o := range active {
		if o.Job.IsZero() || !binds(o) {
			continue
		}
		if r, ok := with[o.Job]; ok && r != o.Rider {
			b.fault("job %s is with riders %s and %s", o.Job, r, o.Rider)
		}
		with[o.Job] = o.Rider
	}
}

// meetings are all orders on board that are about to change hands.
func meetings(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (map[id.Order]rider.Handover, error) {
	list, err := rider.Meetings(ctx, tx, tenant)
	out := make(map[id.Order]rider.Handover)
	for _, h := range list {
		for _, o := range h.Left {
			out[o] = h
		}
	}
	return out, err
}

// plan checks the stops of one rider: of the rider's orders, noted in on, and of those that a colleague is about to hand over, noted in taking.
func (b *Books) plan(p rider.Plan, capacity int, active map[id.Order]order.Order, meets map[id.Order]rider.Handover, on, taking map[id.Order]id.Rider) {
	type need struct{ loaded, unloaded bool }
	seen := make(map[id.Order]need)
	has := func(o order.Order) bool { return o.Rider == p.Rider }
	aboard := 0
	for _, oid := range p.Orders() {
		if o, ok := active[oid]; ok && o.State.OnBoard() && has(o) {
			aboard += o.Load
		}
	}
	most := aboard
	for _, st := range p.Stops {
		o, ok := active[st.Order]
		h, meets := meets[st.Order]
		if !ok || !has(o) && h.Taker != p.Rider {
			b.fault("rider %s has a %s of order %s on the plan, but not the order", p.Rider, st.Kind, st.Order)
			continue
		}
		if want := kindOfStop(st, meets, has(o)); st.Kind != want || st.Handover != h.ID && want != rider.Dropoff {
			b.fault("rider %s: a %s of order %s should be a %s", p.Rider, st.Kind, st.Order, want)
		}
		if other, ok := on[st.Order]; ok && other != p.Rider && has(o) {
			b.fault("order %s is on the plans of riders %s and %s", st.Order, other, p.Rider)
		}
		if has(o) {
			on[st.Order] = p.Rider
		} else {
			taking[st.Order] = p.Rider
		}
		n, onBoard := seen[st.Order], o.State.OnBoard() && has(o)
		if st.Kind.Loads() {
			if n.loaded || n.unloaded || onBoard {
				b.fault("rider %s: the pickup of order %s (%s) is out of place", p.Rider, st.Order, o.State)
			}
			n.loaded = true
			aboard += o.Load
		} else {
			if n.unloaded || (!n.loaded && !onBoard) {
				b.fault("rider %s: the drop-off of order %s (%s) is out of place", p.Rider, st.Order, o.State)
			}
			n.unloaded = true
			aboard -= o.Load
		}
		seen[st.Order] = n
		most = max(most, aboard)
	}
	for oid, n := range seen {
		if !n.unloaded {
			b.fault("rider %s: order %s has no drop-off on the plan", p.Rider, oid)
		}
	}
	if most > capacity {
		b.fault("rider %s would carry %d with a capacity of %d", p.Rider, most, capacity)
	}
}

// kindOfStop is what a stop must be: of an order that two riders meet for, one hands it over, and the other takes it over and brings it to the door.
func kindOfStop(st rider.Stop, meets, has bool) rider.StopKind {
	switch {
	case meets && has:
		return rider.HandOver
	case meets && st.Kind.Loads():
		return rider.TakeOver
	case st.Kind.Loads():
		return rider.Pickup
	}
	return rider.Dropoff
}

// offers checks open offers against offered orders, both ways.
func (b *Books) offers(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	rows, err := tx.Query(ctx, `
		SELECT coalesce(x.offer_id, o.offer_id), coalesce(x.order_id, o.id), x.offer_id IS NOT NULL, o.offer_id IS NOT NULL,
			coalesce(f.expires_at < (SELECT max(updated_at) FROM orders WHERE tenant_id = $1) - $2::interval, false)
		FROM (SELECT offer_id, order_id FROM offer_orders WHERE tenant_id = $1 AND open) x
		LEFT JOIN offers f ON f.tenant_id = $1 AND f.id = x.offer_id
		FULL JOIN (SELECT id, offer_id FROM orders WHERE tenant_id = $1 AND state = 'offered') o ON o.id = x.order_id AND o.offer_id = x.offer_id`,
		tenant, overdueOffer)
	if err != nil {
		return err
	}
	var offer id.Offer
	var oid id.Order
	var open, offered, overdue bool
	_, err = pgx.ForEachRow(rows, []any{&offer, &oid, &open, &offered, &overdue}, func() error {
		b.Offers++
		switch {
		case !offered:
			b.fault("offer %s is open for order %s, which is not offered in it", offer, oid)
		case !open:
			b.fault("order %s is offered in %s, which is not open for it", oid, offer)
		case overdue:
			b.fault("offer %s of order %s is open past its limit", offer, oid)
		}
		return nil
	})
	return err
}

// handovers checks that what waits to change hands is its giver's, and that nobody waits for ever.
func (b *Books) handovers(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	rows, err := tx.Query(ctx, `
		SELECT h.id, x.order_id, h.ended_at IS NULL AND o.rider_id = h.giver_id AND o.ended_at IS NULL, h.giver_id,
			CASE h.state WHEN 'open' THEN h.expires_at ELSE coalesce(h.meet_by, 'infinity') END < (SELECT max(updated_at) FROM orders WHERE tenant_id = $1) - $2::interval
		FROM handover_orders x
		JOIN handovers h ON h.tenant_id = $1 AND h.id = x.handover_id
		JOIN orders o ON o.tenant_id = $1 AND o.id = x.order_id
		WHERE x.tenant_id = $1 AND x.live`, tenant, overdueOffer)
	if err != nil {
		return err
	}
	var handover id.Handover
	var oid id.Order
	var giver id.Rider
	var right *bool
	var overdue bool
	_, err = pgx.ForEachRow(rows, []any{&handover, &oid, &right, &giver, &overdue}, func() error {
		b.Handovers++
		switch {
		case right == nil || !*right:
			b.fault("handover %s waits for order %s, which rider %s does not have", handover, oid, giver)
		case overdue:
			b.fault("handover %s of order %s waits past its limit", handover, oid)
		}
		return nil
	})
	return err
}
