package dispatch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// HandoverPreview is what handing orders over would mean, before anybody is asked.
type HandoverPreview struct {
	Giver  id.Rider
	Orders []order.Order // with each, what else of its job the giver has
	Answer time.Duration // for so long the taker may think
	Meet   *Meeting      // where and when the giver would be met, of what is on board
	Takers []Taker       // who could take them, the best first
}

// Taker is a rider who could take orders over, and what follows from it.
type Taker struct {
	Rider     rider.Rider
	DistanceM int       // to where the orders would be taken, as the crow flies
	Orders    int       // on the plan already
	Cost      float64   // minutes that the rider's route would cost more, as the solver counts
	TakeAt    time.Time // at the store, or with the giver
	Doors     map[id.Order]time.Time
	Delay     time.Duration // of the rider's own customer who would wait longer the most
}

// PreviewHandover ranks who could take orders over from the rider who has them: each nearby rider's route is solved anew with them, as when that rider is
// asked. The answer is so at this moment; ProposeHandover looks again.
// order.ErrNotFound (also for orders of several riders), *order.TransitionError, *CannotHandOverError.
func (s *Service) PreviewHandover(ctx context.Context, tenant id.Tenant, ids []id.Order) (HandoverPreview, error) {
	var p HandoverPreview
	var zone id.Zone
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		t := &txn{Tx: tx, tenant: tenant, now: s.clock.Now()}
		giver, seen, err := t.given(ctx, id.Rider{}, ids)
		if err != nil {
			return err
		}
		p.Giver, p.Orders = giver, ofRider(seen, giver)
		zone = p.Orders[0].Zone
		aboard, cannot := mayHandOver(seen, giver)
		policy, err := PolicyOf(ctx, tx, tenant, zone)
		switch {
		case err != nil:
			return err
		case policy.HandoverS == 0:
			return &CannotHandOverError{ReasonHandoverOff}
		case cannot != nil:
			return cannot
		}
		p.Answer = policy.HandoverTTL()
		if !aboard {
			return nil
		}
		m, err := s.meet(ctx, t, rider.Handover{Giver: giver}, p.Orders[0].Pickup)
		p.Meet = &m
		return err
	})
	if err != nil {
		return p, err
	}
	snap, err := s.TakeSnapshot(ctx, tenant, zone)
	if err != nil {
		return p, err
	}
	p.Takers, err = s.takers(ctx, snap, p)
	return p, err
}

// takers are who could take a preview's orders, the best first.
func (s *Service) takers(ctx context.Context, snap *Snapshot, p HandoverPreview) ([]Taker, error) {
	more, at := slices.Clone(p.Orders), p.Orders[0].Pickup
	if p.Meet != nil {
		at = p.Meet.At
		for i, o := range more {
			m := *p.Meet
			more[i] = m.takers(o, snap.At)
		}
	}
	far := func(r rider.OnShift) float64 { return geo.Distance(at, snap.Positions[r.Rider.ID].LatLng) }
	near := slices.DeleteFunc(slices.Clone(snap.Riders), func(r rider.OnShift) bool {
		return r.Rider.ID == p.Giver || !snap.mayTake(r, p.Orders) || far(r) > colleaguesWithinM
	})
	slices.SortFunc(near, func(a, b rider.OnShift) int { return cmp.Compare(far(a), far(b)) })
	var out []Taker
	for _, r := range near[:min(len(near), colleaguesShown)] {
		x, err := s.taker(ctx, snap, r, more)
		var unfit *CannotAssignError
		if errors.As(err, &unfit) {
			continue
		}
		if err != nil {
			return nil, err
		}
		x.DistanceM = int(far(r))
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Taker) int { return cmp.Compare(a.Cost, b.Cost) })
	return out[:min(len(out), candidates)], nil
}

// taker is what more orders mean for one rider. *CannotAssignError.
func (s *Service) taker(ctx context.Context, snap *Snapshot, r rider.OnShift, more []order.Order) (Taker, error) {
	x := Taker{Rider: r.Rider, Orders: countOrders(snap.Plans[r.Rider.ID].Stops), Doors: make(map[id.Order]time.Time, len(more))}
	now, before, err := s.fit(ctx, snap.of(r), nil)
	if err != nil {
		return x, err
	}
	then, after, err := s.fit(ctx, snap.of(r), more)
	if err != nil {
		return x, err
	}
	x.Cost = after - before
	was := make(map[id.Order]time.Time, len(now))
	for _, st := range now {
		if !st.Kind.Loads() {
			was[st.Order] = st.ArriveAt
		}
	}
	for _, st := range then {
		own, has := was[st.Order]
		switch {
		case has && !st.Kind.Loads():
			x.Delay = max(x.Delay, st.ArriveAt.Sub(own))
		case has:
		case !st.Kind.Loads():
			x.Doors[st.Order] = st.ArriveAt
		case x.TakeAt.IsZero(): // the first of several stores
			x.TakeAt = st.ArriveAt
		}
	}
	return x, nil
}

// of is the snapshot as one rider's route needs it.
func (snap *Snapshot) of(r rider.OnShift) *Snapshot {
	plan := snap.Plans[r.Rider.ID]
	plan.Rider, plan.Zone = r.Rider.ID, snap.Zone.ID
	own := make(map[id.Order]bool, len(plan.Stops))
	for _, st := range plan.Stops {
		own[st.Order] = own[st.Order] || !st.Kind.Loads()
	}
	return &Snapshot{
		Zone: snap.Zone, At: snap.At, Riders: []rider.OnShift{r}, Plans: map[id.Rider]rider.Plan{r.Rider.ID: plan}, Stores: snap.Stores, Meets: snap.Meets, Hours: snap.Hours,
		Orders:    slices.DeleteFunc(slices.Clone(snap.Orders), func(o order.Order) bool { return !own[o.ID] }),
		Positions: map[id.Rider]rider.Fix{r.Rider.ID: snap.Positions[r.Rider.ID]},
	}
}
