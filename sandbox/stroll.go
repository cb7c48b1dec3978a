package sandbox

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// startsNorth is where a robot sets off: so many degrees north of the store, some 500 m.
const startsNorth = 0.0045

// fixesTogether is how many positions travel in one message.
const fixesTogether = 500

// stroll tells where a sandbox's robots are now. Their positions are not kept: they follow from the orders and the clock.
func (r robots) stroll(ctx context.Context, tenant id.Tenant) error {
	now := r.clock.Now()
	var carried []order.Order
	var faults map[id.Order]Fault
	err := r.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		if carried, err = order.WithRiders(ctx, tx, tenant); err != nil || len(carried) == 0 {
			return err
		}
		faults, err = faultsOf(ctx, tx, tenant)
		return err
	})
	if err != nil {
		return err
	}
	moved := make(map[id.Zone][]rider.Moved)
	for _, o := range carried {
		fix := rider.Fix{Seq: now.UnixMicro(), At: now, LatLng: whereabouts(o, faults[o.ID], now), AccuracyM: 10}
		r.index.Update(tenant, o.Zone, o.Rider, fix)
		moved[o.Zone] = append(moved[o.Zone], rider.Moved{Rider: o.Rider, Fix: fix})
	}
	for zone, all := range moved {
		for len(all) > 0 {
			n := min(len(all), fixesTogether)
			if err := r.bus.Publish(bus.PositionsSubject(tenant, zone), rider.EncodeMoved(all[:n]...)); err != nil {
				return err
			}
			all = all[n:]
		}
	}
	return nil
}

// whereabouts is where an order's robot is at a time: on its way it moves evenly, so as to arrive when the script says.
func whereabouts(o order.Order, f Fault, now time.Time) geo.LatLng {
	start := geo.LatLng{Lat: o.Pickup.Lat + startsNorth, Lng: o.Pickup.Lng}
	m, _ := next(o.State, o.Declines, f)
	arrives := o.DueAt.Add(m.after)
	switch o.State {
	case order.Assigned:
		return between(start, o.Pickup, at(o.AssignedAt, o.UpdatedAt), arrives, now)
	case order.PickedUp:
		return between(o.Pickup, o.Dropoff.At, at(o.PickedUpAt, o.UpdatedAt), arrives, now)
	case order.AtDoor:
		return o.Dropoff.At
	case order.Returning:
		return between(o.Dropoff.At, o.Pickup, o.UpdatedAt, arrives, now)
	}
	return o.Pickup
}

func at(t *time.Time, other time.Time) time.Time {
	if t == nil {
		return other
	}
	return *t
}

func between(from, to geo.LatLng, leaves, arrives, now time.Time) geo.LatLng {
	whole := arrives.Sub(leaves)
	if whole <= 0 || !now.Before(arrives) {
		return to
	}
	part := max(0, float64(now.Sub(leaves))/float64(whole))
	return geo.LatLng{Lat: from.Lat + part*(to.Lat-from.Lat), Lng: from.Lng + part*(to.Lng-from.Lng)}
}
