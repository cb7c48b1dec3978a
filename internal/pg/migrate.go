package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/paidan/paidan/internal/jobs/schema"
	"github.com/paidan/paidan/migrations"
)

// migrateLock is the advisory lock that nodes starting together take in turn ("paidan", in ASCII).
const migrateLock = 0x70616964616e

// Migrate brings the schema (ours and the job queue's) up to date as the URL's user, who becomes its owner. Nodes may call it
// at the same time: one works, the others wait and find nothing left to do. A nil log means slog.Default.
func Migrate(ctx context.Context, url string, log *slog.Logger) (err error) {
	if log == nil {
		log = slog.Default()
	}
	log = log.With("component", "migrate")
	pool, err := openOwner(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	lock, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	// Closing the connection frees the lock, whatever happened on the way.
	defer func() { _ = lock.Hijack().Close(context.WithoutCancel(ctx)) }()
	if _, err := lock.Exec(ctx, "select pg_advisory_lock($1)", int64(migrateLock)); err != nil {
		return fmt.Errorf("wait for other nodes' migrations: %w", err)
	}
	if err := migrateSchema(ctx, pool, log); err != nil {
		return err
	}
	return schema.Up(ctx, pool, AppRole)
}

func migrateSchema(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("the database's schema is version %d, but this program knows only %d: install the newer program", have, newest)
	}
	done, err := p.Up(ctx)
	for _, r := range done {
		log.InfoContext(ctx, "migrated", "file", r.Source.Path, "took", r.Duration)
	}
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		return fmt.Errorf("migrate %s: %w", partial.Failed.Source.Path, partial.Err)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// openOwner connects as the URL's user, for the little that paidan_app must not do.
func openOwner(ctx context.Context, url string) (*pgxpool.Pool, error) {
	conf, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	conf.MaxConns = 3
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("open the database as its owner: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return pool, nil
}
