package pg_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestNodesMigrateTogether(t *testing.T) {
	t.Parallel()
	url := pgtest.EmptyURL(t)
	var g errgroup.Group
	for range 4 {
		g.Go(func() error { return pg.Migrate(t.Context(), url, slog.New(slog.DiscardHandler)) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	pgtest.Tenant(t, pgtest.Open(t, url))
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	owner(t, url, "insert into goose_db_version (version_id, is_applied) values (9999, true)")
	err := pg.Migrate(t.Context(), url, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("%v", err)
	}
}

func TestSecretIsMadeOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	const nodes = 8
	got := make([][]byte, nodes)
	var g errgroup.Group
	for i := range nodes {
		g.Go(func() (err error) {
			got[i], err = pg.Secret(t.Context(), url, "jwt")
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, s := range got {
		if len(s) != 32 || !bytes.Equal(s, got[0]) {
			t.Errorf("%x and %x", s, got[0])
		}
	}
	if other, err := pg.Secret(t.Context(), url, "cursor"); err != nil || bytes.Equal(other, got[0]) {
		t.Errorf("%x, %v", other, err)
	}
	db := pgtest.Open(t, url)
	if _, err := db.Pool.Exec(t.Context(), "select from system_secrets"); err == nil {
		t.Error("the application reads the secrets")
	}
}

func owner(t *testing.T, url, sql string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	if _, err := c.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}
