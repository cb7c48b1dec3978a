package pg

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// Times of a lease that Hold keeps, on the wall whatever the clock's speed: they are about processes being alive.
const (
	holdTTL   = 6 * time.Second // a dead owner's lease is free after this
	holdRenew = 2 * time.Second // how often an owner says that it lives, and others try to take over
)

// Hold runs work whenever this owner has the lease: it waits for the lease, renews it while work runs, cancels work with ErrLeaseLost when
// it is lost, gives it back when work has returned, and begins again until ctx is done. An owner's name must be new for each process.
// What work writes is safe only with CheckLease.
func (db *DB) Hold(ctx context.Context, tenant id.Tenant, name, owner string, log *slog.Logger, work func(context.Context, Lease) error) {
	h := holder{db, tenant, name, owner, log.With("tenant", tenant.String(), "lease", name)}
	for ctx.Err() == nil {
		lease, got, err := h.acquire(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			h.log.Error("lease could not be asked for; trying again", "err", err)
		case got:
			if err := h.tenure(ctx, lease, work); err != nil && ctx.Err() == nil {
				h.log.Warn("lease given up", "term", lease.Term, "err", err)
			}
		}
		_ = clock.Sleep(ctx, clock.System{}, holdRenew)
	}
}

type holder struct {
	db     *DB
	tenant id.Tenant
	name   string
	owner  string
	log    *slog.Logger
}

func (h holder) tenure(ctx context.Context, lease Lease, work func(context.Context, Lease) error) error {
	h.log.Info("lease taken", "term", lease.Term)
	ctx, stop := context.WithCancelCause(ctx)
	defer h.release(ctx, lease) // last: a renewal under way would take the lease again
	var renewal sync.WaitGroup
	defer renewal.Wait()
	defer stop(nil)
	renewal.Go(func() { h.renew(ctx, lease, stop) })
	if err := work(ctx, lease); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// renew keeps the lease while the process lives; losing it ends the tenure.
func (h holder) renew(ctx context.Context, lease Lease, stop context.CancelCauseFunc) {
	for clock.Sleep(ctx, clock.System{}, holdRenew) == nil {
		now, got, err := h.acquire(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			h.log.Warn("lease could not be renewed; trying again", "err", err)
		case err == nil && (!got || now.Term != lease.Term):
			stop(ErrLeaseLost)
			return
		}
	}
}

func (h holder) acquire(ctx context.Context) (lease Lease, got bool, err error) {
	err = h.db.Tx(ctx, h.tenant, func(tx pgx.Tx) (err error) {
		lease, got, err = AcquireLease(ctx, tx, h.tenant, h.name, h.owner, holdTTL)
		return err
	})
	return lease, got, err
}

// release gives the lease back, also while stopping, so that another node need not wait for it to expire.
func (h holder) release(ctx context.Context, lease Lease) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), holdRenew)
	defer cancel()
	err := h.db.Tx(ctx, h.tenant, func(tx pgx.Tx) error { return ReleaseLease(ctx, tx, h.tenant, h.name, lease.Term) })
	if err != nil {
		h.log.Warn("lease could not be given back; it expires by itself", "err", err)
	}
}
