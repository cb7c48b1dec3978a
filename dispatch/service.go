package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Service is where people's acts meet orders, plans and offers: each method is one transaction, followed by a word on
// the bus to the consoles, the rider's phone and the zone's loop.
type Service struct {
	db    *pg.DB
	bus   *bus.Bus
	index *rider.Index
	eta   *eta.Model
	clock clock.Clock
	log   *slog.Logger

	notify Notify // nil: nobody is woken
}

// Notify writes, in the transaction of a change, that riders should be woken.
type Notify func(ctx context.Context, tx pgx.Tx, tenant id.Tenant, notices []rider.Notice, now time.Time) error

// Waking has riders woken who may not be looking at their phones.
func (s *Service) Waking(by Notify) *Service {
	s.notify = by
	return s
}

// New makes a Service; it holds no state of its own.
func New(db *pg.DB, b *bus.Bus, index *rider.Index, model *eta.Model, c clock.Clock, log *slog.Logger) *Service {
	return &Service{db: db, bus: b, index: index, eta: model, clock: c, log: log.With("component", "dispatch")}
}

// Placed tells the zone that orders came in. Call it after their transaction has committed.
func (s *Service) Placed(tenant id.Tenant, zone id.Zone, orders []id.Order) {
	s.tell(tenant, changes{zone: zone, orders: orders, wake: true})
}

// RidersChanged tells the consoles that riders came, went, or changed. Call it after the transaction has committed.
func (s *Service) RidersChanged(tenant id.Tenant, zone id.Zone, riders []id.Rider) {
	s.tell(tenant, changes{zone: zone, riders: riders, wake: true})
}

// changes is what a committed transaction touched.
type changes struct {
	zone   id.Zone
	orders []id.Order
	riders []id.Rider
	phones []id.Rider // who see something new without having changed
	wake   bool       // the engine has something to do
}

func touched(o order.Order, wake bool, riders ...id.Rider) changes {
	c := changes{zone: o.Zone, orders: []id.Order{o.ID}, wake: wake}
	for _, r := range riders {
		if !r.IsZero() {
			c.riders = append(c.riders, r)
		}
	}
	return c
}

// tell publishes what has committed. The bus is lossy by design: a failure is logged, readers re-read in time.
func (s *Service) tell(tenant id.Tenant, c changes) {
	publish := func(subject string, payload any) {
		data, err := json.Marshal(payload)
		if err == nil {
			err = s.bus.Publish(subject, data)
		}
		if err != nil {
			s.log.Warn("bus publish failed", "subject", subject, "err", err)
		}
	}
	if len(c.orders) > 0 {
		publish(bus.OrdersSubject(tenant, c.zone), c.orders)
	}
	if len(c.riders) > 0 {
		publish(bus.RidersSubject(tenant, c.zone), c.riders)
	}
	for _, r := range slices.Concat(c.riders, c.phones) {
		publish(bus.RiderSubject(tenant, r), struct{}{})
	}
	if c.wake {
		publish(bus.WakeSubject(tenant, c.zone), struct{}{})
	}
}

// errMoved begins a transaction again: what it looked at had changed hands when it was locked.
var errMoved = errors.New("changed hands meanwhile")

// tx runs fn in a tenant's transaction and tells the bus what it touched once it has committed. errMoved, a deadlock or a
// serialization failure is tried again: fn must do nothing outside the transaction. order.ErrConflict when the others are
// always quicker.
func (s *Service) tx(ctx context.Context, tenant id.Tenant, fn func(*txn) error) error {
	const tries = 5
	for try := 1; ; try++ {
		t := &txn{tenant: tenant, now: s.clock.Now()}
		err := s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
			t.Tx = tx
			if err := fn(t); err != nil {
				return err
			}
			if err := t.windDown(ctx); err != nil || s.notify == nil {
				return err
			}
			return s.notify(ctx, tx, tenant, t.notices, t.now)
		})
		if lost := errors.Is(err, errMoved) || pg.IsSerialization(err); lost && ctx.Err() == nil {
			if try < tries {
				continue
			}
			err = fmt.Errorf("%w: %w", order.ErrConflict, err)
		}
		if err == nil {
			for _, c := range t.changes {
				s.tell(tenant, c)
			}
		}
		return err
	}
}

// txn is a tenant's transaction at one moment, with the list of what it touched.
type txn struct {
	pgx.Tx
	tenant  id.Tenant
	now     time.Time
	changes []changes
	notices []rider.Notice

	idle     []id.Rider // whose last stop is gone
	happened time.Time  // when a recorded act took place; zero: now
}

// touch notes a change for the bus.
func (t *txn) touch(c changes) { t.changes = append(t.changes, c) }

// newsKeeps is for how long it is worth waking a rider for what has changed.
const newsKeeps = 10 * time.Minute

// wake notes that a rider should hear of an offer.
func (t *txn) wake(f rider.Offer) {
	t.notices = append(t.notices, rider.Notice{Rider: f.Rider, Kind: rider.NoticeOffer, Offer: f.ID, ExpiresAt: f.ExpiresAt})
}

// wakeFor notes that a rider should hear of what somebody else did, once however often it was done in this transaction.
func (t *txn) wakeFor(who id.Rider, kind rider.NoticeKind) {
	n := rider.Notice{Rider: who, Kind: kind, ExpiresAt: t.now.Add(newsKeeps)}
	if !who.IsZero() && !slices.Contains(t.notices, n) {
		t.notices = append(t.notices, n)
	}
}
