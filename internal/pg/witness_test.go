package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// adder writes a zone in each transaction that it is told of.
type adder struct {
	err                error
	commits, committed int
}

func (a *adder) Commits(ctx context.Context, tenant id.Tenant, exec pg.Exec) error {
	a.commits++
	n, err := exec(ctx, "insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1::uuid, $2::uuid, $3, '{}', '{}', '2026-01-01Z')",
		tenant.UUID().String(), id.NewZone().UUID().String(), id.NewZone().String())
	if err == nil && n != 1 {
		err = errors.New("no row")
	}
	return errors.Join(err, a.err)
}

func (a *adder) Committed() { a.committed++ }

func TestAWitnessWritesWithTheTransaction(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	nope := errors.New("nope")
	works := map[string]func(ctx context.Context, err error) error{
		"Tx": func(ctx context.Context, err error) error {
			return db.Tx(ctx, tenant, func(pgx.Tx) error { return err })
		},
		"Reference": func(ctx context.Context, err error) error {
			return db.Reference(ctx, tenant, func(*gorm.DB) error { return err })
		},
	}
	zones := func() (n int) {
		t.Helper()
		if err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error { n = countZones(t, tx); return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for name, work := range works {
		before := zones()
		a := &adder{}
		ctx := pg.WithWitness(t.Context(), a)
		if err := work(ctx, nil); err != nil || a.committed != 1 || zones() != before+1 {
			t.Errorf("%s: %v, committed %d times, %d zones more", name, err, a.committed, zones()-before)
		}
		if err := work(ctx, nope); !errors.Is(err, nope) || a.commits != 1 {
			t.Errorf("%s that fails: %v, told %d times", name, err, a.commits)
		}
		a.err = nope
		if err := work(ctx, nil); !errors.Is(err, nope) || a.committed != 1 || zones() != before+1 {
			t.Errorf("%s whose witness fails: %v, committed %d times, %d zones more", name, err, a.committed, zones()-before)
		}
	}
	a := &adder{}
	if err := db.Read(pg.WithWitness(t.Context(), a), tenant, func(pgx.Tx) error { return nil }); err != nil || a.commits != 0 {
		t.Errorf("a read: %v, told %d times", err, a.commits)
	}
}
