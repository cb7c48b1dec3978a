package dispatch

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Colleague is a rider nearby who could take orders over.
type Colleague struct {
	Rider     rider.Rider
	DistanceM int // from the giver, as the crow flies
	Orders    int // on the plan
}

// How far colleagues are looked for, among how many, and how many are shown.
const (
	colleaguesWithinM = 5000
	colleaguesAmong   = 60
	colleaguesShown   = 20
)

// Colleagues lists who near a rider could take some of the rider's orders over, the nearest first: on shift in the zone with a fresh position, not
// about to stop, with the vehicle, the skills and the capacity for them, and with room for so many more. Whether they fit into the plan is looked at when
// they are asked. order.ErrNotFound where an order is not the rider's.
func (s *Service) Colleagues(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider, ids []id.Order) ([]Colleague, error) {
	t := &txn{Tx: tx, tenant: tenant, now: s.clock.Now()}
	_, seen, err := t.given(ctx, who, ids)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	list := ofRider(seen, who)
	zone, err := readZone(ctx, tx, tenant, list[0].Zone)
	if err != nil {
		return nil, err
	}
	at := list[0].Pickup
	if fix, ok := s.index.Last(tenant, who); ok {
		at = fix.LatLng
	}
	near := s.index.Nearest(tenant, zone.ID, at, colleaguesAmong, colleaguesWithinM)
	riders := make([]id.Rider, 0, len(near))
	for _, n := range near {
		if n.Rider != who {
			riders = append(riders, n.Rider)
		}
	}
	snap := &Snapshot{Zone: zone, At: t.now, Positions: make(map[id.Rider]rider.Fix, len(riders))}
	if snap.Plans, err = rider.PlansOf(ctx, tx, tenant, riders); err != nil {
		return nil, err
	}
	if snap.Riders, err = rider.OnShiftAmong(ctx, tx, tenant, zone.ID, riders); err != nil {
		return nil, err
	}
	if err := snap.hours(ctx, tx, tenant); err != nil {
		return nil, err
	}
	var out []Colleague
	for _, r := range riders { // the nearest first
		i := slices.IndexFunc(snap.Riders, func(x rider.OnShift) bool { return x.Rider.ID == r })
		fix, heard := s.index.Last(tenant, r)
		if i < 0 || !heard {
			continue
		}
		snap.Positions[r] = fix
		if snap.mayTake(snap.Riders[i], list) && len(out) < colleaguesShown {
			out = append(out, Colleague{Rider: snap.Riders[i].Rider, DistanceM: int(geo.Distance(at, fix.LatLng)), Orders: countOrders(snap.Plans[r].Stops)})
		}
	}
	return out, nil
}

// mayTake reports whether a rider could have so many more orders: heard of lately, at work for longer, with what they need, and with room.
func (snap *Snapshot) mayTake(r rider.OnShift, list []order.Order) bool {
	fix, heard := snap.Positions[r.Rider.ID]
	if !heard || snap.At.Sub(fix.At) > snap.Zone.Policy.StaleAfter() || barred(r, snap.Hours[r.Rider.ID], snap.At) != "" {
		return false
	}
	has := countOrders(snap.Plans[r.Rider.ID].Stops)
	return has+len(list) <= min(r.Rider.MaxOrders, snap.Zone.Policy.MaxOrders) && able(r.Rider, list)
}

// able reports whether a rider has the vehicle, the skills and the capacity for orders.
func able(who rider.Rider, list []order.Order) bool {
	load := 0
	for _, o := range list {
		load += o.Load
		for _, skill := range o.Skills {
			if !slices.Contains(who.Skills, skill) {
				return false
			}
		}
		if len(o.Vehicles) > 0 && !slices.Contains(o.Vehicles, string(who.Vehicle)) {
			return false
		}
	}
	return load <= who.Capacity
}
