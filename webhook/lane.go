package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

const (
	// width is how many requests an endpoint gets at once while it is well.
	width = 16
	// load is how many deliveries a lane reads ahead.
	load = 256
	// recordAfter and recordMost are how long an attempt that has come back waits for others to be recorded with, and for how many:
	// a transaction for each would cost more than the attempt. Nothing that is sent waits for it.
	recordAfter = 30 * time.Millisecond
	recordMost  = 64
	// settleTimeout bounds the record of what has happened, which is made also while stopping.
	settleTimeout = 5 * time.Second
	// afterFault is the pause of a lane that could not use the database.
	afterFault = time.Second
)

// lane sends what is due to one endpoint. It is one goroutine, which owns all of its state; requests are made by short-lived others.
type lane struct {
	s        *Service
	tenant   id.Tenant
	endpoint id.Endpoint
	log      *slog.Logger

	kick  chan struct{} // there may be more to do
	stale atomic.Bool   // the endpoint has changed: what was read ahead is not to be trusted

	target  target
	queue   []parcel             // read ahead, in the order of sending
	busy    map[id.Order]int64   // versions on their way: one per order
	results chan result          // of those
	chance  func() (off float64) // from −1 to 1

	book     book             // what has come back since the last record
	overdue  <-chan time.Time // when the book is to be recorded at the latest; nil while it is empty
	stop     func()           // of that timer
	record   *book            // under way; nil: none
	recorded chan error       // of that
}

// parcel is a delivery ready to be sent.
type parcel struct {
	event    order.EventID
	at       time.Time // of the event
	attempts int
	payload  []byte
	fails    bool // whatever is answered
}

// result is a parcel's attempt.
type result struct {
	parcel
	attempt
}

func newLane(s *Service, tenant id.Tenant, endpoint id.Endpoint, log *slog.Logger) *lane {
	return &lane{
		s: s, tenant: tenant, endpoint: endpoint, log: log.With("endpoint", endpoint.String()), kick: make(chan struct{}, 1),
		busy: make(map[id.Order]int64, width), results: make(chan result, width), recorded: make(chan error, 1), chance: func() float64 { return 2*rand.Float64() - 1 },
	}
}

// run returns when nothing is due, the endpoint must rest, or ctx is done; it always waits for what it has sent, and records it.
func (l *lane) run(ctx context.Context) {
	for {
		if l.stale.Swap(false) {
			l.queue = nil
		}
		l.write(ctx)
		if err := l.refill(ctx); err != nil && ctx.Err() == nil {
			l.log.ErrorContext(ctx, "webhooks could not be read; trying again", "err", err)
			_ = clock.Sleep(ctx, clock.System{}, afterFault)
		}
		if ctx.Err() == nil {
			l.start()
		}
		if len(l.busy) == 0 && l.record == nil && l.book.empty() {
			return
		}
		select {
		case r := <-l.results:
			l.collect(r)
		case err := <-l.recorded:
			l.written(ctx, err)
		case <-l.overdue:
			l.overdue = nil
		case <-l.kick:
		}
	}
}

// refill reads ahead when nothing is left and all that has come back is recorded: then the tables tell what else is to be sent, but for
// what is on its way.
func (l *lane) refill(ctx context.Context) error {
	if len(l.queue) > 0 || l.record != nil || !l.book.empty() {
		return nil
	}
	target, queue, err := l.s.due(ctx, l.tenant, l.endpoint, load+len(l.busy))
	if err != nil {
		return err
	}
	if target.url != "" { // else it takes nothing any more; what it still answers counts as before
		l.target = target
	}
	for _, p := range queue {
		if v, sent := l.busy[p.event.Order]; !sent || v != p.event.Version {
			l.queue = append(l.queue, p)
		}
	}
	return nil
}

// allowed is how many requests may be on their way at once.
func (l *lane) allowed() int {
	switch h := l.target.health; {
	case h.resting(l.s.clock.Now()):
		return 0
	case h.Sick():
		return 1
	}
	return width
}

// start sends as much as may be sent. An order's next event waits for the one before to come back.
func (l *lane) start() {
	rest := l.queue[:0]
	for _, p := range l.queue {
		if _, sent := l.busy[p.event.Order]; sent || len(l.busy) >= l.allowed() {
			rest = append(rest, p)
			continue
		}
		l.busy[p.event.Order] = p.event.Version
		r := request{l.target.url, p.event.String(), l.target.secrets.at(l.s.clock.Now()), p.payload}
		go func() { // results has room for all
			a := l.s.sender.send(l.s.sending, r)
			if p.fails && a.result != "" {
				a.stage()
			}
			l.results <- result{p, a}
		}()
	}
	l.queue = rest
}

// collect takes what has come back, and judges it. What was cut off by our own end is left as it was.
func (l *lane) collect(r result) {
	now := l.s.clock.Now()
	for more := true; more; {
		delete(l.busy, r.event.Order)
		if r.result != "" {
			l.enter(r, now)
		}
		select {
		case r = <-l.results:
		default:
			more = false
		}
	}
}

func (l *lane) enter(r result, now time.Time) {
	if l.book.empty() {
		l.overdue, l.stop = l.s.wall.After(recordAfter)
		l.book.was = l.target.health
	}
	v := judge(r.attempts, l.target.health, r.attempt, now, l.chance())
	l.book.recovered = l.book.recovered || l.target.health.Sick() && !v.endpoint.Sick()
	l.target.health = v.endpoint
	l.book.add(r, v)
	observe(r, now)
}

// write begins to record what has come back: when there is enough of it, when it has waited, and when nothing is on its way. It goes on
// beside the sending.
func (l *lane) write(ctx context.Context) {
	waits := l.overdue != nil && len(l.book.events) < recordMost && len(l.busy) > 0
	if l.book.empty() || l.record != nil || waits {
		return
	}
	l.stop()
	l.overdue = nil
	l.book.recovered = l.book.recovered && !l.target.health.Sick()
	l.record, l.book = new(l.book), book{}
	b, health, now := *l.record, l.target.health, l.s.clock.Now()
	go func() { // its owner waits for it at recorded, which has room
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
		defer cancel()
		l.recorded <- l.s.settle(ctx, l.tenant, l.endpoint, b, health, now)
	}()
}

// written is the end of a record.
func (l *lane) written(ctx context.Context, err error) {
	b := *l.record
	l.record = nil
	if err != nil {
		l.log.ErrorContext(ctx, "attempts could not be recorded, so they will be repeated", "attempts", len(b.events), "err", err)
		l.stale.Store(true)
		return
	}
	l.tell(ctx, b)
}

// tell logs what an operator, or a merchant who asks one, wants to know.
func (l *lane) tell(ctx context.Context, b book) {
	now := l.target.health
	switch {
	case b.disable != "":
		l.stale.Store(true)
		l.log.WarnContext(ctx, "webhook endpoint disabled", "reason", string(b.disable), "failures", now.Failures, "last_error", b.lastError())
	case now.Sick() && !b.was.Sick():
		l.log.WarnContext(ctx, "webhook endpoint is failing: one attempt at a time", "since", now.FailingSince, "last_error", b.lastError())
	case b.recovered:
		l.log.InfoContext(ctx, "webhook endpoint answers again", "failed_since", b.was.FailingSince)
	}
}
