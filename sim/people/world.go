package people

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// world is what all people of a run share.
type world struct {
	clock  clock.Clock
	client *client.Client
	log    *slog.Logger
	jobs   *jobs
	tally  tally
	lags   *lags
	// closing is closed when there is no more work: riders go home as soon as they may.
	closing chan struct{}
}

func newWorld(c clock.Clock, cl *client.Client, log *slog.Logger) *world {
	return &world{clock: c, client: cl, log: log, jobs: newJobs(), lags: newLags(c), closing: make(chan struct{})}
}

// tally counts what people have done, by their own belief.
type tally struct {
	placed, delivered, failed, cancelled    atomic.Int64
	offers, offeredOrders                   atomic.Int64
	accepted, declined, ignored, late, gone atomic.Int64
	refused                                 atomic.Int64
	claims, claimed                         atomic.Int64 // of pooled orders; claimed: won at once
	breaks                                  atomic.Int64
	fixes, batches                          atomic.Int64
	onShift, busy                           atomic.Int64
	shiftNanos                              atomic.Int64
	leftEarly, tooShort, unplaced           atomic.Int64
}

// job is an order as the people know it: when its food is truly ready, and what they believe has become of it.
type job struct {
	id         string
	externalID string
	due        time.Time // to be placed
	readyAt    time.Time // the truth, of which the merchant knows an estimate
	promiseAt  time.Time
	secret     client.Demand // what the customer was told, PIN and barcode
	believed   string        // client.Delivered, Cancelled, Returned; "" while it is open
}

// jobs are all orders that have been placed.
type jobs struct {
	mu   sync.RWMutex
	byID map[string]*job
}

func newJobs() *jobs { return &jobs{byID: map[string]*job{}} }

func (j *jobs) add(x *job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.byID[x.id] = x
}

// readyAt is when the food of an order is truly ready; false for an order that these people did not place.
func (j *jobs) readyAt(order string) (time.Time, bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	x, ok := j.byID[order]
	if !ok {
		return time.Time{}, false
	}
	return x.readyAt, true
}

// secret is what the customer of an order was told; nothing for an order that these people did not place.
func (j *jobs) secret(order string) client.Demand {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if x, ok := j.byID[order]; ok {
		return x.secret
	}
	return client.Demand{}
}

// believe notes how an order has ended.
func (j *jobs) believe(order, state string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if x, ok := j.byID[order]; ok {
		x.believed = state
	}
}

// open reports whether nobody has told that the order has ended.
func (j *jobs) open(order string) bool {
	j.mu.RLock()
	defer j.mu.RUnlock()
	x, ok := j.byID[order]
	return ok && x.believed == ""
}

// forget drops an order that is over: a city that runs for weeks must not remember all of them.
func (j *jobs) forget(order string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.byID, order)
}

// waiting lists the orders that nobody has seen the end of and that match.
func (j *jobs) waiting(match func(*job) bool) []string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var out []string
	for id, x := range j.byID {
		if x.believed == "" && match(x) {
			out = append(out, id)
		}
	}
	return out
}
