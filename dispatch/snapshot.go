package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Snapshot is what is so in a zone at one moment.
type Snapshot struct {
	Zone        Zone
	At          time.Time
	Orders      []order.Order   // not ended, not scheduled for later; by id
	Riders      []rider.OnShift // by id
	Plans       map[id.Rider]rider.Plan
	Offers      []rider.Offer             // open
	Pool        map[id.Order]rider.Pooled // orders that riders may claim
	Claims      []rider.Claim             // open, the earliest first
	Meets       map[id.Order]Meeting      // orders on board that will change hands
	Stores      map[id.Store]order.Store
	Positions   map[id.Rider]rider.Fix
	ReadySpread map[id.Order]time.Duration // of ready times that are guesses: how much sooner or later they may be
	Hours       map[id.Rider]rider.Hours   // where the zone limits work
	Standing    map[id.Rider]Standing      // of all on shift, where the zone weighs it
	Stands      map[id.Rider]Stand         // of riders of whom more is known than a position
}

// Stand is where a rider stands, or will, and can be told what is next.
type Stand struct {
	At     geo.LatLng
	Since  time.Time // came there: what takes time at this place began then
	FreeAt time.Time // can't leave sooner
}

// TakeSnapshot reads a zone in one REPEATABLE READ transaction; positions come from the index. ErrZoneNotFound.
func (s *Service) TakeSnapshot(ctx context.Context, tenant id.Tenant, zone id.Zone) (*Snapshot, error) {
	return s.takeSnapshot(ctx, tenant, zone, nil)
}

// takeSnapshot is TakeSnapshot for the zone's owner, who keeps the earnings for a while.
func (s *Service) takeSnapshot(ctx context.Context, tenant id.Tenant, zone id.Zone, kept *earnings) (*Snapshot, error) {
	snap := &Snapshot{At: s.clock.Now()}
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		var err error
		if snap.Zone, err = readZone(ctx, tx, tenant, zone); err != nil {
			return err
		}
		open, err := order.Open(ctx, tx, tenant, zone)
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.State != order.Scheduled {
				snap.Orders = append(snap.Orders, o)
			}
		}
		if snap.Riders, err = rider.OnShiftIn(ctx, tx, tenant, zone); err != nil {
			return err
		}
		if err := snap.hours(ctx, tx, tenant); err != nil {
			return err
		}
		plans, err := rider.PlansIn(ctx, tx, tenant, zone)
		if err != nil {
			return err
		}
		snap.Plans = make(map[id.Rider]rider.Plan, len(plans))
		for _, p := range plans {
			snap.Plans[p.Rider] = p
		}
		if err := snap.standing(ctx, tx, tenant, kept); err != nil {
			return err
		}
		if snap.Offers, err = rider.OpenOffers(ctx, tx, tenant, zone); err != nil {
			return err
		}
		if err := snap.readPool(ctx, tx, tenant); err != nil {
			return err
		}
		if snap.Meets, err = readMeets(ctx, tx, tenant, zone); err != nil {
			return err
		}
		snap.Stores, err = storesIn(ctx, tx, tenant, zone)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("snapshot of zone %s: %w", zone, err)
	}
	snap.Positions = make(map[id.Rider]rider.Fix, len(snap.Riders))
	for _, r := range snap.Riders {
		if fix, ok := s.index.Last(tenant, r.Rider.ID); ok {
			snap.Positions[r.Rider.ID] = fix
		}
	}
	return snap, nil
}

// readPool reads the zone's pool and the claims of it that are open.
func (s *Snapshot) readPool(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	rows, err := rider.PoolIn(ctx, tx, tenant, s.Zone.ID)
	s.Pool = make(map[id.Order]rider.Pooled, len(rows))
	if err != nil || len(rows) == 0 {
		return err
	}
	lots := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		s.Pool[p.Order], lots[i] = p, p.Lot
	}
	s.Claims, err = rider.OpenClaims(ctx, tx, tenant, lots)
	return err
}

func storesIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (map[id.Store]order.Store, error) {
	list, err := order.Stores(ctx, tx, tenant, zone)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Store]order.Store, len(list))
	for _, st := range list {
		out[st.ID] = st
	}
	return out, nil
}
