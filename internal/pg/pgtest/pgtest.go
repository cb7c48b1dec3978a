package pgtest

import (
	"context"
	"strings"
	"testing"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// maxConns is small: many tests run at once.
const maxConns = 8

// New is a DB on a fresh, migrated database, closed and dropped when the test ends.
func New(t testing.TB) *pg.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open is one more DB on a database made by URL, for tests with several nodes.
func Open(t testing.TB, url string) *pg.DB {
	t.Helper()
	db, err := pg.Open(t.Context(), url, pg.Options{MaxConns: maxConns})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL is the address of a fresh, migrated database, as its owner. It is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, true)
}

// EmptyURL is the address of a fresh database without a schema, as its owner. It is dropped when the test ends.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, false)
}

func create(t testing.TB, migrated bool) string {
	t.Helper()
	if err := theCluster.start(); err != nil {
		t.Fatal(err)
	}
	name, url, err := theCluster.create(t.Context(), migrated)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := theCluster.drop(context.WithoutCancel(t.Context()), name); err != nil {
			t.Error(err)
		}
	})
	return url
}

// Tenant adds a tenant.
func Tenant(t testing.TB, db *pg.DB) id.Tenant {
	t.Helper()
	x := id.NewTenant()
	slug := "t-" + strings.ReplaceAll(x.UUID().String(), "-", "")
	_, err := db.Pool.Exec(t.Context(), "select create_tenant($1, $2, $3, $4, $5)",
		x, slug, "Tenant "+slug, "Asia/Shanghai", clock.System{}.Now())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Analyze has the database know what it holds, as its own chores would in time: benchmarks fill it too quickly for them. Only the owner may, whom each
// connection was before it stepped down.
func Analyze(t testing.TB, db *pg.DB) {
	t.Helper()
	conn, err := db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, sql := range []string{"reset role", "analyze", "set role paidan_app"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}
