package pg_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// Of two owners one works at a time; when it ends, the other goes on.
func TestHoldIsForOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	var working atomic.Int32
	at := make(chan string)
	var wg sync.WaitGroup
	defer wg.Wait()
	ends := map[string]context.CancelFunc{}
	for _, owner := range []string{"a", "b"} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ends[owner] = cancel
		wg.Go(func() {
			db.Hold(ctx, tenant, "work", owner, slog.New(slog.DiscardHandler), func(ctx context.Context, _ pg.Lease) error {
				if working.Add(1) > 1 {
					t.Error("two work at once")
				}
				defer working.Add(-1)
				at <- owner
				<-ctx.Done()
				return nil
			})
		})
	}
	first := <-at
	ends[first]()
	if second := <-at; second == first {
		t.Errorf("%s works again after its end", first)
	}
}

// Work whose lease somebody else took over is cancelled, and told why.
func TestHoldEndsWithItsLease(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		db.Hold(ctx, tenant, "work", "a", slog.New(slog.DiscardHandler), func(ctx context.Context, _ pg.Lease) error {
			if err := db.Tx(ctx, tenant, func(tx pgx.Tx) error { // as if it had been paused until its lease was another's
				_, err := tx.Exec(ctx, "update leases set owner = 'b', term = term + 1, expires_at = expires_at + interval '1 hour'")
				return err
			}); err != nil {
				t.Error(err)
			}
			<-ctx.Done()
			if cause := context.Cause(ctx); !errors.Is(cause, pg.ErrLeaseLost) {
				t.Errorf("cancelled because of %v", cause)
			}
			cancel()
			return nil
		})
	}()
	<-ended
}
