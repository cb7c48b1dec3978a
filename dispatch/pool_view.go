package dispatch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Lot is what a rider may claim at once: a pooled order, or the pooled orders of a job.
type Lot struct {
	Orders   []id.Order
	Since    time.Time
	ClosesAt time.Time
	// The way and the times if the rider went there at once, orders on the plan aside.
	ToStoreM  int // as the crow flies
	RideM     int // from the store to the door, or from the first store by all doors
	PickupAt  time.Time
	DropoffAt time.Time // the last one
}

// shownLots is how many lots a phone is shown: the nearest.
const shownLots = 50

// PoolOf lists what of its zone's pool a rider could claim: on shift with a fresh position, near enough, with the vehicle, the skills and
// the capacity, and not refused. Whether it fits into the plan is looked at when it is claimed.
func (s *Service) PoolOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider) ([]Lot, error) {
	shift, err := rider.OnShiftOf(ctx, tx, tenant, who)
	if errors.Is(err, rider.ErrOffShift) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := rider.PoolIn(ctx, tx, tenant, shift.Shift.Zone)
	fix, heard := s.index.Last(tenant, who)
	if err != nil || len(rows) == 0 || !heard {
		return nil, err
	}
	policy, err := PolicyOf(ctx, tx, tenant, shift.Shift.Zone)
	if err != nil || s.clock.Now().Sub(fix.At) > policy.StaleAfter() {
		return nil, err
	}
	ids := make([]id.Order, len(rows))
	for i, p := range rows {
		ids[i] = p.Order
	}
	orders, err := order.GetMany(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	lots := make(map[uuid.UUID][]order.Order)
	for _, o := range orders {
		if o.State == order.Pending {
			lots[lotOf(&o)] = append(lots[lotOf(&o)], o)
		}
	}
	var out []Lot
	for _, p := range rows {
		of := lots[p.Lot]
		delete(lots, p.Lot) // once, not for each of its orders
		if len(of) > 0 && s.suits(of, shift.Rider, fix.LatLng, policy) {
			out = append(out, s.lot(of, p, shift.Rider, fix.LatLng))
		}
	}
	slices.SortFunc(out, func(a, b Lot) int {
		return cmp.Or(cmp.Compare(a.ToStoreM, b.ToStoreM), compareOrders(a.Orders[0], b.Orders[0]))
	})
	return out[:min(len(out), shownLots)], nil
}

// suits reports whether a rider may have a lot, the plan aside.
func (s *Service) suits(lot []order.Order, who rider.Rider, at geo.LatLng, p Policy) bool {
	for i := range lot {
		if refusing(&lot[i], who.ID, s.clock.Now(), p) {
			return false
		}
	}
	return able(who, lot) && len(lot) <= min(who.MaxOrders, p.MaxOrders) && geo.Distance(at, lot[0].Pickup) <= float64(p.PoolRadiusM)
}

func (s *Service) lot(of []order.Order, row rider.Pooled, who rider.Rider, at geo.LatLng) Lot {
	now := s.clock.Now()
	out := Lot{Since: row.Since, ClosesAt: row.ClosesAt, ToStoreM: int(geo.Distance(at, of[0].Pickup))}
	ready, ride := now, 0.0
	place, t := at, now
	for i := range of { // all stores first, then all doors
		o := &of[i]
		out.Orders = append(out.Orders, o.ID)
		t = t.Add(s.eta.Travel(string(who.Vehicle), place, o.Pickup).P50)
		if i > 0 {
			ride += geo.Distance(place, o.Pickup)
		}
		if r := readyAt(o, now); r.After(ready) {
			ready = r
		}
		place = o.Pickup
		if i == 0 {
			out.PickupAt = t
		}
	}
	if t.Before(ready) {
		t = ready
	}
	for i := range of {
		ride += geo.Distance(place, of[i].Dropoff.At)
		t = t.Add(s.eta.Travel(string(who.Vehicle), place, of[i].Dropoff.At).P50)
		place = of[i].Dropoff.At
	}
	out.RideM, out.DropoffAt = int(ride), t
	return out
}
