package webhook

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

const (
	// DefaultInterval is how late an event is when its wake was lost.
	DefaultInterval = time.Second
	// scanEvery is how often tenants with endpoints are looked for; a new endpoint says so at once.
	scanEvery = 5 * time.Second
	// grace is what requests on their way get to be answered when the process stops.
	grace = 3 * time.Second

	leaseName = "webhooks"
)

// Options says what a Service works with. DB, Bus and Show are needed.
type Options struct {
	DB    *pg.DB // best a small pool of its own: a backlog must not keep requests waiting
	Bus   *bus.Bus
	Clock clock.Clock               // times the retries; nil is the wall clock
	Log   *slog.Logger              // nil means slog.Default
	Owner string                    // names this process among all; new at each start
	Show  func(order.FeedEvent) any // what merchants see of an event: the API's form of it
	Reach Reach                     // where webhooks may go
	// Failing tells the orders whose first attempts are to count as failed whatever is answered: some of a sandbox's. nil means none.
	Failing func(context.Context, pgx.Tx, id.Tenant, []id.Order) (map[id.Order]bool, error)
	// Interval is how often events are looked for when nobody tells of any, on the wall; 0 means DefaultInterval.
	Interval time.Duration
}

// Service sends webhooks.
type Service struct {
	db       *pg.DB
	bus      *bus.Bus
	clock    clock.Clock
	wall     clock.Clock
	log      *slog.Logger
	owner    string
	show     func(order.FeedEvent) any
	failing  func(context.Context, pgx.Tx, id.Tenant, []id.Order) (map[id.Order]bool, error)
	interval time.Duration
	sender   *sender

	sending context.Context // of requests: it ends grace after Run's
	cut     context.CancelFunc
}

// New makes a Service, which does nothing until Run.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Failing == nil {
		o.Failing = func(context.Context, pgx.Tx, id.Tenant, []id.Order) (map[id.Order]bool, error) { return nil, nil }
	}
	if o.Interval == 0 {
		o.Interval = DefaultInterval
	}
	s := &Service{
		db: o.DB, bus: o.Bus, clock: o.Clock, wall: clock.System{}, log: o.Log.With("component", "webhook"), owner: o.Owner, show: o.Show,
		failing: o.Failing, interval: o.Interval, sender: newSender(o.Reach, o.Clock),
	}
	s.sending, s.cut = context.WithCancel(context.Background())
	return s
}

// Run sends the webhooks of all tenants whose lease this process gets hold of, until ctx is done. Then it gives requests on their way
// a moment to be answered. It runs once.
func (s *Service) Run(ctx context.Context) error {
	defer s.sender.close()
	var end, wg sync.WaitGroup
	defer end.Wait()
	defer s.cut()
	defer wg.Wait()
	end.Go(func() { s.cutAfter(ctx) })
	wake := make(chan struct{}, 1)
	stop, err := s.bus.Subscribe(bus.WebhookSubject(bus.AllTenants, bus.AllEndpoints), func(string, []byte) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return err
	}
	defer stop()
	known := make(map[id.Tenant]bool)
	for {
		tenants, err := s.tenants(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "tenants with webhooks could not be listed; trying again", "err", err)
		}
		for _, t := range tenants {
			if !known[t] {
				known[t] = true
				wg.Go(func() {
					s.db.Hold(ctx, t, leaseName, s.owner, s.log, func(ctx context.Context, _ pg.Lease) error { return newKeeper(s, t).run(ctx) })
				})
			}
		}
		t, stop := s.wall.After(scanEvery)
		select {
		case <-t:
		case <-wake:
		case <-ctx.Done():
			stop()
			return nil
		}
		stop()
	}
}

// cutAfter ends the requests on their way some time after ctx is done.
func (s *Service) cutAfter(ctx context.Context) {
	select {
	case <-ctx.Done():
		_ = clock.Sleep(s.sending, s.wall, grace)
		s.cut()
	case <-s.sending.Done():
	}
}

func (s *Service) tenants(ctx context.Context) ([]id.Tenant, error) {
	rows, err := s.db.Pool.Query(ctx, "select webhook_tenants()")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[id.Tenant])
}
