package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func addZone(t *testing.T, tx pgx.Tx, tenant id.Tenant, name string) error {
	t.Helper()
	_, err := tx.Exec(t.Context(),
		"insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, $2, $3, '{}', '{}', '2026-01-01Z')",
		tenant, id.NewZone(), name)
	return err
}

func countZones(t *testing.T, tx pgx.Tx) int {
	t.Helper()
	var n int
	if err := tx.QueryRow(t.Context(), "select count(*) from zones").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTenantsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	a, b := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	if err := db.Tx(t.Context(), a, func(tx pgx.Tx) error { return addZone(t, tx, a, "north") }); err != nil {
		t.Fatal(err)
	}
	for tenant, want := range map[id.Tenant]int{a: 1, b: 0} {
		if err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
			if got := countZones(t, tx); got != want {
				t.Errorf("%s sees %d zones, want %d", tenant, got, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	err := db.Tx(t.Context(), b, func(tx pgx.Tx) error { return addZone(t, tx, a, "intruder") })
	if err == nil {
		t.Error("a tenant wrote another's row")
	}
	var n int
	if err := db.Pool.QueryRow(t.Context(), "select count(*) from zones").Scan(&n); err != nil || n != 0 {
		t.Errorf("outside a tenant's transaction %d zones are visible (%v)", n, err)
	}
}

func TestTxRollsBackAndReturnsTheErrorItself(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	mine := errors.New("mine")
	err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		if err := addZone(t, tx, tenant, "lost"); err != nil {
			t.Fatal(err)
		}
		return mine
	})
	if err != mine { //nolint:errorlint // the point is that it is not wrapped
		t.Errorf("got %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
			if err := addZone(t, tx, tenant, "lost too"); err != nil {
				t.Fatal(err)
			}
			panic("oh")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if err := addZone(t, tx, tenant, "cancelled"); err != nil {
			t.Fatal(err)
		}
		cancel()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	_ = db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
		if n := countZones(t, tx); n != 0 {
			t.Errorf("%d zones outlived their transactions", n)
		}
		return nil
	})
	if n := db.Pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections were not given back", n)
	}
}

func TestNoTenantIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	never := func(pgx.Tx) error { t.Error("called"); return nil }
	for name, err := range map[string]error{
		"Tx":        db.Tx(t.Context(), id.Tenant{}, never),
		"Read":      db.Read(t.Context(), id.Tenant{}, never),
		"Reference": db.Reference(t.Context(), id.Tenant{}, func(*gorm.DB) error { return never(nil) }),
	} {
		if !errors.Is(err, pg.ErrNoTenant) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadIsOneMomentAndReadOnly(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	if err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
		before := countZones(t, tx)
		if err := db.Tx(t.Context(), tenant, func(w pgx.Tx) error { return addZone(t, w, tenant, "new") }); err != nil {
			return err
		}
		if after := countZones(t, tx); after != before {
			t.Errorf("a read saw %d zones and then %d", before, after)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error { return addZone(t, tx, tenant, "forbidden") })
	if err == nil {
		t.Error("a read wrote")
	}
}

func TestIDsTravelAloneAndInArrays(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	want := []id.Zone{id.NewZone(), id.NewZone(), {}}
	var got []id.Zone
	var one, none id.Zone
	err := db.Pool.QueryRow(t.Context(), "select $1::uuid[], $2::uuid, null::uuid", want, want[0]).Scan(&got, &one, &none)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" || one != want[0] || !none.IsZero() {
		t.Errorf("%s%v %v", d, one, none)
	}
	rows, err := db.Pool.Query(t.Context(), "select * from unnest($1::uuid[], $2::text[]) as t (a, b)", want[:2], []string{"x", "y"})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		A id.Zone
		B string
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if d := cmp.Diff([]row{{want[0], "x"}, {want[1], "y"}}, list); d != "" || err != nil {
		t.Errorf("%s%v", d, err)
	}
}

func TestUniqueIsRecognised(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		return errors.Join(addZone(t, tx, tenant, "same"), addZone(t, tx, tenant, "same"))
	})
	if !pg.IsUnique(err, "zones_tenant_id_name_key") || !pg.IsUnique(err, "") || pg.IsUnique(err, "other") || pg.IsSerialization(err) {
		t.Errorf("%v", err)
	}
}
