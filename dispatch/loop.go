package dispatch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

const (
	scanEvery = 5 * time.Second // how often new zones are looked for, on the wall whatever the clock's speed
	quiet     = 6               // intervals between rounds while nothing waits and nobody wakes the loop
)

// Loops run the rounds of every zone whose lease this process gets hold of.
type Loops struct {
	service *Service
	owner   string
	log     *slog.Logger
}

// NewLoops makes the loops of one process; owner names it uniquely among all nodes.
func NewLoops(s *Service, owner string) *Loops {
	return &Loops{service: s, owner: owner, log: s.log}
}

// Run dispatches until ctx is done, then gives the leases back.
func (l *Loops) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	running := make(map[id.Zone]bool)
	for {
		zones, err := l.service.allZones(ctx)
		if err != nil && ctx.Err() == nil {
			l.log.Error("zones could not be listed; trying again", "err", err)
		}
		for _, z := range zones {
			if !running[z.zone] {
				running[z.zone] = true
				wg.Go(func() { l.zone(ctx, z) })
			}
		}
		if clock.Sleep(ctx, clock.System{}, scanEvery) != nil {
			return nil
		}
	}
}

// zone runs its rounds whenever this process has its lease.
func (l *Loops) zone(ctx context.Context, z tenantZone) {
	log, name := l.log.With("tenant", z.tenant.String(), "zone", z.zone.String()), leaseName(z.zone)
	l.service.db.Hold(ctx, z.tenant, name, l.owner, l.log, func(ctx context.Context, lease pg.Lease) error {
		return l.rounds(ctx, tenure{z.tenant, z.zone, name, l.owner, lease.Term}, log)
	})
}

// rounds makes rounds until the lease is lost or ctx is done.
func (l *Loops) rounds(ctx context.Context, of tenure, log *slog.Logger) error {
	wake := make(chan struct{}, 1)
	unsubscribe, err := l.service.bus.Subscribe(bus.WakeSubject(of.tenant, of.zone), func(string, []byte) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return fmt.Errorf("subscribe to wakes: %w", err)
	}
	defer unsubscribe()

	state := &zoneState{diary: newDiary(), rings: newRings(), policy: DefaultPolicy()}
	for {
		busy, err := l.oneRound(ctx, of, state, log)
		if errors.Is(err, pg.ErrLeaseLost) || errors.Is(err, ErrZoneNotFound) {
			return err
		}
		if err := l.pause(ctx, state.interval(l.service.clock.Now()), state.due, busy, wake); err != nil {
			return context.Cause(ctx)
		}
	}
}

func (l *Loops) oneRound(ctx context.Context, of tenure, state *zoneState, log *slog.Logger) (busy bool, err error) {
	r, err := l.service.round(ctx, of, state)
	switch {
	case err != nil && ctx.Err() != nil:
		return false, err
	case err != nil:
		roundErrors.Inc()
		log.Error("round failed; the next one re-reads the truth", "err", err)
		return true, err
	}
	observeRound(r)
	busy = r.Offered+r.Assigned+r.Held+r.Unassigned+r.Lost > 0
	if busy {
		log.Info("round", "round", r.ID.String(), "orders", r.Orders, "riders", r.Riders, "offered", r.Offered, "assigned", r.Assigned,
			"held", r.Held, "unassigned", r.Unassigned, "lost", r.Lost, "cost", r.Cost, "ms", r.Took.Milliseconds())
	}
	return busy, nil
}

// pause waits for the next round: one interval, so that orders that come together are decided together. While nothing
// waits it is longer, but a wake (after at least one interval) ends it, and so does what is due.
func (l *Loops) pause(ctx context.Context, interval time.Duration, due time.Time, busy bool, wake <-chan struct{}) error {
	if err := clock.Sleep(ctx, l.service.clock, interval); err != nil {
		return err
	}
	if busy {
		drain(wake)
		return nil
	}
	rest := (quiet - 1) * interval
	if !due.IsZero() {
		rest = max(0, min(rest, due.Sub(l.service.clock.Now())))
	}
	t, stop := l.service.clock.After(rest)
	defer stop()
	select {
	case <-t:
	case <-wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// drain forgets wakes that the coming round answers anyway.
func drain(wake <-chan struct{}) {
	select {
	case <-wake:
	default:
	}
}

func leaseName(zone id.Zone) string { return "dispatch/" + zone.String() }

// interval is the time until the next round: shorter where something is due before, so that nobody's claim waits.
func (z *zoneState) interval(now time.Time) time.Duration {
	d := z.policy.Interval()
	if left := z.due.Sub(now); !z.due.IsZero() && left < d {
		return max(0, left)
	}
	return d
}

// nextDue is when the clock ends something next: a window of the pool, a break; zero where nothing of the kind is open.
func (s *Snapshot) nextDue() time.Time {
	var next time.Time
	see := func(t time.Time) {
		if t.After(s.At) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, p := range s.Pool {
		see(p.ClosesAt)
	}
	for _, r := range s.Riders {
		if until := r.Shift.BreakUntil(); until != nil {
			see(*until)
		}
	}
	return next
}

// zoneState is what a zone's owner remembers between rounds; losing it costs a cold start of the solver.
type zoneState struct {
	policy  Policy
	due     time.Time // the clock ends something: a window of the pool, a break; zero: nothing
	memory  Memory
	earned  earnings // by fairness
	diary   *diary
	watches watches
	rings   *rings
}

type tenantZone struct {
	tenant id.Tenant
	zone   id.Zone
}

func (s *Service) allZones(ctx context.Context) ([]tenantZone, error) {
	rows, err := s.db.Pool.Query(ctx, `SELECT tenant_id, zone_id FROM all_zones()`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (tenantZone, error) {
		var z tenantZone
		err := row.Scan(&z.tenant, &z.zone)
		return z, err
	})
}
