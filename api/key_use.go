package api

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

// keyUseTimeout bounds the writing of a batch of uses.
const keyUseTimeout = 5 * time.Second

// keyUse writes down when API keys were last used, beside the requests: a key at most once in order.KeyUseEvery, all that gather
// while one statement runs in the next. Its goroutine lives only while there is something to write; what can't be written is
// written with a later use.
type keyUse struct {
	db    *pg.DB
	clock clock.Clock
	log   *slog.Logger

	mu      sync.Mutex
	noted   map[id.Key]time.Time
	due     map[id.Tenant]map[id.Key]time.Time
	writing bool
	closed  bool
	writer  sync.WaitGroup
}

func newKeyUse(db *pg.DB, c clock.Clock, log *slog.Logger) *keyUse {
	return &keyUse{db: db, clock: c, log: log, noted: make(map[id.Key]time.Time), due: make(map[id.Tenant]map[id.Key]time.Time)}
}

// note is called with every request; nearly always it finds that the key was noted just now.
func (u *keyUse) note(tenant id.Tenant, key id.Key) {
	now := u.clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	if last, ok := u.noted[key]; u.closed || ok && now.Sub(last) < order.KeyUseEvery {
		return
	}
	if len(u.noted) >= cacheSize {
		clear(u.noted)
	}
	u.noted[key] = now
	if u.due[tenant] == nil {
		u.due[tenant] = make(map[id.Key]time.Time)
	}
	u.due[tenant][key] = now
	if !u.writing {
		u.writing = true
		u.writer.Go(u.write)
	}
}

// write goes on until nothing is due.
func (u *keyUse) write() {
	for {
		u.mu.Lock()
		due := u.due
		if len(due) == 0 {
			u.writing = false
			u.mu.Unlock()
			return
		}
		u.due = make(map[id.Tenant]map[id.Key]time.Time)
		u.mu.Unlock()
		for tenant, used := range due {
			if err := u.store(tenant, used); err != nil {
				u.log.Warn("use of API keys not noted", "tenant", tenant.String(), "keys", len(used), "err", err)
			}
		}
	}
}

func (u *keyUse) store(tenant id.Tenant, used map[id.Key]time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), keyUseTimeout)
	defer cancel()
	keys := slices.Collect(maps.Keys(used))
	at := make([]time.Time, len(keys))
	for i, k := range keys {
		at[i] = used[k]
	}
	return u.db.Tx(ctx, tenant, func(tx pgx.Tx) error { return order.KeysUsed(ctx, tx, tenant, keys, at) })
}

// settle waits until all that was noted is written.
func (u *keyUse) settle() { u.writer.Wait() }

// close takes no more notes, and waits likewise.
func (u *keyUse) close() {
	u.mu.Lock()
	u.closed = true
	u.mu.Unlock()
	u.settle()
}
