package api

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/rider"
)

const (
	// signedOutFresh is for how long (on the wall's clock) it is believed who was signed out: so long a phone that another process signed out can go on.
	signedOutFresh = time.Second
	// signedOutTimeout bounds one look at the database.
	signedOutTimeout = 2 * time.Second
)

// signedOut knows the phones that were signed out although their access tokens are still good. They are few: whoever was signed out in
// the last quarter of an hour. Requests are checked against memory; one a second looks at the database for all others.
type signedOut struct {
	db    *pg.DB
	clock clock.Clock
	log   *slog.Logger
	fresh time.Duration

	looking sync.Mutex // held by who looks
	mu      sync.RWMutex
	devices map[id.Device]struct{}
	until   time.Time // that they are believed; zero: never looked
}

func newSignedOut(db *pg.DB, c clock.Clock, log *slog.Logger) *signedOut {
	return &signedOut{db: db, clock: c, log: log, fresh: wall(c, signedOutFresh)}
}

// has reports whether a phone was signed out. A token without a device, from before there were any, can't be.
func (o *signedOut) has(ctx context.Context, d id.Device) (bool, error) {
	if d.IsZero() {
		return false, nil
	}
	gone, known, fresh := o.recall(d)
	switch {
	case gone || fresh:
		return gone, nil
	case !known: // nothing is known yet: all wait for the first look
		o.looking.Lock()
	case !o.looking.TryLock(): // somebody looks already
		return false, nil
	}
	defer o.looking.Unlock()
	if gone, _, fresh = o.recall(d); gone || fresh { // somebody has looked meanwhile
		return gone, nil
	}
	if err := o.read(ctx); err != nil {
		if !known {
			return false, err
		}
		// A database that is away must not stop positions, which need none.
		o.log.WarnContext(ctx, "who was signed out is not known anew", "err", err)
		o.believe(o.all())
	}
	gone, _, _ = o.recall(d)
	return gone, nil
}

// look reads anew, whatever is believed. Who waits for its turn may read once more than needed, but nothing older.
func (o *signedOut) look(ctx context.Context) error {
	o.looking.Lock()
	defer o.looking.Unlock()
	return o.read(ctx)
}

func (o *signedOut) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signedOutTimeout) // for all that wait, not only for who asks
	defer cancel()
	found, err := rider.SignedOut(ctx, o.db, o.clock.Now().Add(-tokenLife))
	if err != nil {
		return err
	}
	o.believe(found)
	return nil
}

func (o *signedOut) recall(d id.Device) (gone, known, fresh bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	_, gone = o.devices[d]
	return gone, !o.until.IsZero(), o.clock.Now().Before(o.until)
}

func (o *signedOut) all() []id.Device {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Collect(maps.Keys(o.devices))
}

func (o *signedOut) believe(found []id.Device) {
	devices := make(map[id.Device]struct{}, len(found))
	for _, d := range found {
		devices[d] = struct{}{}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.devices, o.until = devices, o.clock.Now().Add(o.fresh)
}

// riderSignedOut has phones that were just signed out be refused at once here, and their streams end everywhere.
func (s *Server) riderSignedOut(ctx context.Context, tenant id.Tenant, who id.Rider) error {
	if err := s.signedOut.look(ctx); err != nil {
		return err
	}
	if err := s.bus.Publish(bus.RiderSubject(tenant, who), nil); err != nil { // their streams end at the next beat, then
		s.log.WarnContext(ctx, "streams not told of a sign-out", "rider", who.String(), "err", err)
	}
	return nil
}

// ForgetSignedOut deletes the notes on phones whose last access token has ended.
func ForgetSignedOut(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	return rider.ForgetSignedOut(ctx, tx, tenant, now.Add(-tokenLife))
}
