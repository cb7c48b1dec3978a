package tariff

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// town is a tenant with a zone and somebody who sets its prices.
func town(t *testing.T) (*pg.DB, id.Tenant, id.Zone, id.User) {
	t.Helper()
	db := pgtest.New(t)
	tenant, zone, user := pgtest.Tenant(t, db), id.NewZone(), id.NewUser()
	err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, 'Centre', '{}', '{}', $3)`,
			tenant, zone, monday); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `insert into users (tenant_id, id, email, name, role, password_hash, created_at)
			values ($1, $2, 'f@example.com', 'Fei', 'finance', '', $3)`, tenant, user, monday)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, tenant, zone, user
}

func TestVersionsAreKept(t *testing.T) {
	t.Parallel()
	db, tenant, zone, user := town(t)
	within := func(fn func(context.Context, pgx.Tx) error) error {
		return db.Tx(t.Context(), tenant, func(tx pgx.Tx) error { return fn(t.Context(), tx) })
	}
	put := func(zone id.Zone, number, base int64) (v Version, err error) {
		x := full()
		x.Base = base
		err = within(func(ctx context.Context, tx pgx.Tx) (err error) {
			v, err = Put(ctx, tx, tenant, Version{Zone: zone, Number: number, Tariff: x, CreatedBy: user, CreatedAt: monday})
			return err
		})
		return v, err
	}
	err := within(func(ctx context.Context, tx pgx.Tx) error { _, err := Current(ctx, tx, tenant, zone); return err })
	if !errors.Is(err, ErrNone) {
		t.Errorf("before the first: %v", err)
	}
	first, err := put(zone, 0, 100)
	if err != nil || first.Number != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := put(zone, 1, 200); err != nil {
		t.Fatal(err)
	}
	for _, stale := range []int64{0, 1, 3, 7} {
		if _, err := put(zone, stale, 300); !errors.Is(err, ErrConflict) {
			t.Errorf("in place of version %d: %v", stale, err)
		}
	}
	if _, err := put(id.NewZone(), 0, 300); !errors.Is(err, ErrZoneNotFound) {
		t.Errorf("of no zone: %v", err)
	}
	var invalid *InvalidError
	if _, err := put(zone, 2, -5); !errors.As(err, &invalid) {
		t.Errorf("a negative base: %v", err)
	}
	err = within(func(ctx context.Context, tx pgx.Tx) error {
		now, err := Current(ctx, tx, tenant, zone)
		if err != nil || now.Number != 2 || now.Tariff.Base != 200 || now.CreatedBy != user || !now.CreatedAt.Equal(monday) {
			t.Errorf("now %+v, %v", now, err)
		}
		old, err := Get(ctx, tx, tenant, zone, 1)
		if diff := cmp.Diff(first, old); err != nil || diff != "" {
			t.Errorf("the first, %v (-put +got)\n%s", err, diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`update tariffs set tariff = '{}'`, `delete from tariffs`} {
		err := within(func(ctx context.Context, tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// Of many who change the same version, one wins.
func TestEditorsRace(t *testing.T) {
	t.Parallel()
	db, tenant, zone, user := town(t)
	errs := make([]error, 16)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
				_, err := Put(t.Context(), tx, tenant, Version{Zone: zone, Tariff: full(), CreatedBy: user, CreatedAt: monday})
				return err
			})
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrConflict) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}
