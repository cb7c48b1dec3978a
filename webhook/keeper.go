package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// minPause is the least time between two looks, so that events that come together are passed together. It doubles up to the
// Service's interval while nobody wakes the keeper: an event is in the feed only when no older transaction is open, which may be a
// moment after the wake that told of it.
const minPause = 20 * time.Millisecond

// keeper serves a tenant while this process has its lease.
type keeper struct {
	s      *Service
	tenant id.Tenant
	log    *slog.Logger

	lanes   map[id.Endpoint]*lane
	running sync.WaitGroup
	ended   chan id.Endpoint
	changed chan id.Endpoint
	wake    chan struct{}
}

func newKeeper(s *Service, tenant id.Tenant) *keeper {
	return &keeper{
		s: s, tenant: tenant, log: s.log.With("tenant", tenant.String()), lanes: make(map[id.Endpoint]*lane),
		ended: make(chan id.Endpoint), changed: make(chan id.Endpoint, 64), wake: make(chan struct{}, 1),
	}
}

// run looks for work until ctx is done, and then waits for what is on its way.
func (k *keeper) run(ctx context.Context) error {
	defer k.running.Wait()
	stop, err := k.listen()
	if err != nil {
		return err
	}
	defer stop()
	for pause := minPause; ; {
		more, err := k.look(ctx)
		if err != nil && ctx.Err() == nil {
			k.log.ErrorContext(ctx, "webhooks could not be looked for; trying again", "err", err)
			pause = k.s.interval
		}
		if more {
			pause = minPause
		}
		t, cancel := k.s.wall.After(pause)
		select {
		case <-t:
			pause = min(2*pause, k.s.interval)
		case <-k.wake:
			pause = minPause
			_ = clock.Sleep(ctx, k.s.wall, pause)
		case e := <-k.changed:
			if l := k.lanes[e]; l != nil {
				l.stale.Store(true)
			}
			pause = minPause
		case e := <-k.ended:
			delete(k.lanes, e)
			pause = minPause
		case <-ctx.Done():
			cancel()
			return nil
		}
		cancel()
	}
}

// listen has the keeper woken by changes of orders and endpoints.
func (k *keeper) listen() (stop func(), err error) {
	rouse := func() {
		select {
		case k.wake <- struct{}{}:
		default:
		}
	}
	stopOrders, err := k.s.bus.Subscribe(bus.OrdersSubject(k.tenant, bus.AllZones), func(string, []byte) { rouse() })
	if err != nil {
		return nil, fmt.Errorf("listen to orders: %w", err)
	}
	stopChanges, err := k.s.bus.Subscribe(bus.WebhookSubject(k.tenant, bus.AllEndpoints), func(subject string, _ []byte) {
		_, e, err := bus.EndpointOf(subject)
		if err != nil {
			k.log.Warn("a message about no endpoint", "err", err)
			return
		}
		select {
		case k.changed <- e:
		default: // so many at once: each lane reads its endpoint again within some hundred requests
			rouse()
		}
	})
	if err != nil {
		stopOrders()
		return nil, fmt.Errorf("listen to webhook endpoints: %w", err)
	}
	return func() { stopOrders(); stopChanges() }, nil
}

// look passes events on and sees to it that every endpoint with something due has a lane.
func (k *keeper) look(ctx context.Context) (more bool, err error) {
	more, err = fanOut(ctx, k.s.db, k.tenant, k.s.clock.Now())
	if err != nil {
		return false, err
	}
	due, err := k.s.endpointsDue(ctx, k.tenant)
	if err != nil {
		return false, err
	}
	for _, e := range due {
		if l := k.lanes[e]; l != nil {
			select {
			case l.kick <- struct{}{}:
			default:
			}
			continue
		}
		l := newLane(k.s, k.tenant, e, k.log)
		k.lanes[e] = l
		k.running.Go(func() {
			l.run(ctx)
			select {
			case k.ended <- e:
			case <-ctx.Done():
			}
		})
	}
	return more, nil
}

// endpointsDue lists the enabled endpoints that have something due and need no rest.
func (s *Service) endpointsDue(ctx context.Context, tenant id.Tenant) (out []id.Endpoint, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select e.id from `+endpointTables+` where e.tenant_id = $1 and e.state = 'enabled'
			and (p.failures < $3 or p.probe_at is null or p.probe_at <= $2)
			and exists (select 1 from webhook_deliveries d where d.tenant_id = $1 and d.endpoint_id = e.id and d.state = 'pending' and d.next_at <= $2)
			order by e.id`, tenant, s.clock.Now(), sickAfter)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowTo[id.Endpoint])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find webhook endpoints with something due: %w", err)
	}
	return out, nil
}
