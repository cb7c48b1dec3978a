package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// steady is how far a time must move before consoles are told: an estimate that twitches each second informs nobody.
const steady = 30 * time.Second

// live gives stops the times expected from where the rider is now; those stored with the plan are of when it was made.
func live(m *eta.Model, now time.Time, v rider.Vehicle, fix *rider.Fix, stops []rider.Stop,
	orders func(id.Order) (order.Order, bool), handoff func(id.Store) order.Seconds,
) []rider.Stop {
	q := dispatch.ScheduleQuery{Now: now, Vehicle: v, Stops: stops, Orders: orders, Handoff: handoff}
	if fix != nil {
		q.At = &fix.LatLng
	}
	visits := dispatch.Schedule(m, q).Stops // those of the stops whose orders are known, in their order
	out := make([]rider.Stop, len(stops))
	for i, st := range stops {
		if len(visits) > 0 && visits[0].Order == st.Order && (visits[0].Kind == eta.Pickup) == st.Kind.Loads() {
			st.ArriveAt, st.DepartAt, st.DepartP90 = visits[0].ArriveAt.P50, visits[0].DepartAt.P50, visits[0].DepartAt.P90
			visits = visits[1:]
		}
		out[i] = st
	}
	return out
}

func (s *Server) live(tenant id.Tenant, who id.Rider, v rider.Vehicle, stops []rider.Stop, k knownOrders) []rider.Stop {
	return live(s.eta, s.clock.Now(), v, s.lastFix(tenant, who), stops,
		func(o id.Order) (order.Order, bool) { x, ok := k.orders[o]; return x, ok },
		func(st id.Store) order.Seconds { return k.stores[st].Handoff })
}

// steadied is told where no time has moved much since, else fresh.
func steadied(told, fresh []rider.Stop) []rider.Stop {
	if len(told) != len(fresh) {
		return fresh
	}
	for i, a := range told {
		b := fresh[i]
		if a.Order != b.Order || a.Kind != b.Kind || a.At != b.At || a.DepartAt.Sub(b.DepartAt).Abs() >= steady || a.ArriveAt.Sub(b.ArriveAt).Abs() >= steady {
			return fresh
		}
	}
	return told
}

// liveStops reads the plans of several riders, and of the colleagues to whom they hand orders over, with the times expected now.
func (s *Server) liveStops(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []rider.Rider) (map[id.Rider][]rider.Stop, error) {
	ids := make([]id.Rider, len(riders))
	for i, r := range riders {
		ids[i] = r.ID
	}
	plans, err := readStops(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	if more := colleaguesIn(plans); len(more) > 0 {
		found, err := rider.GetMany(ctx, tx, tenant, more)
		if err != nil {
			return nil, err
		}
		theirs, err := readStops(ctx, tx, tenant, more)
		if err != nil {
			return nil, err
		}
		riders = append(slices.Clip(riders), found...)
		maps.Copy(plans, theirs)
	}
	var orders []id.Order
	for _, stops := range plans {
		orders = append(orders, rider.Plan{Stops: stops}.Orders()...)
	}
	k, err := s.readOrders(ctx, tx, tenant, orders)
	if err != nil {
		return nil, err
	}
	for _, r := range riders {
		plans[r.ID] = s.live(tenant, r.ID, r.Vehicle, plans[r.ID], k)
	}
	return plans, nil
}

// colleaguesIn are the riders without a plan here to whom those with one hand orders over.
func colleaguesIn(plans map[id.Rider][]rider.Stop) (out []id.Rider) {
	for _, stops := range plans {
		for _, st := range stops {
			if _, known := plans[st.With]; st.Kind == rider.HandOver && !known && !slices.Contains(out, st.With) {
				out = append(out, st.With)
			}
		}
	}
	return out
}

// bringing are the stops of who brings an order to its door: of the rider who has it, or of the colleague to whom that one hands it over.
func bringing(o order.Order, stopsOf func(id.Rider) []rider.Stop) []rider.Stop {
	own := stopsOf(o.Rider)
	for _, st := range own {
		if st.Order == o.ID && st.Kind == rider.HandOver {
			return stopsOf(st.With)
		}
	}
	return own
}
