package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/clock"
)

// AppRole is the role that every pooled connection steps down to. Row-level security binds it.
const AppRole = "paidan_app"

// DefaultMaxConns is the size of a pool that was not told one.
const DefaultMaxConns = 16

// Options tunes a DB; the zero value is fine.
type Options struct {
	MaxConns int32        // 0 means DefaultMaxConns
	Clock    clock.Clock  // stamps GORM's automatic times; nil means the wall clock
	Log      *slog.Logger // receives GORM's errors; nil means slog.Default
}

// DB is a pool of connections that act as AppRole.
type DB struct {
	// Pool is for what needs no tenant (jobs, health). Tenants' rows are invisible outside Tx, Read and Reference.
	Pool *pgxpool.Pool

	std  *sql.DB
	gorm *gorm.DB
}

// Open connects and checks that the schema's role exists; Migrate must have run once.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	conf, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	conf.MaxConns = DefaultMaxConns
	if o.MaxConns > 0 {
		conf.MaxConns = o.MaxConns
	}
	if conf.ConnConfig.RuntimeParams["application_name"] == "" {
		conf.ConnConfig.RuntimeParams["application_name"] = "paidan"
	}
	conf.AfterConnect = stepDown
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("open the database pool: %w", err)
	}
	db := &DB{Pool: pool}
	if err := db.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	db.std = stdlib.OpenDBFromPool(pool)
	db.gorm, err = openGORM(db.std, o)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open the reference data: %w", err)
	}
	return db, nil
}

// idleTx ends transactions whose process says nothing for so long: one that is paused, or cut off, must not keep its locks from the
// nodes that go on. It is shorter than a zone's lease, so that a take-over need not wait for it.
const idleTx = 5 * time.Second

func stepDown(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, fmt.Sprintf("set role %s; set idle_in_transaction_session_timeout = %d", AppRole, idleTx.Milliseconds()))
	switch {
	case isCode(err, "22023"): // invalid_parameter_value: no such role
		return errors.New("the database has no role " + AppRole + "; run `paidan migrate` on it first")
	case err != nil:
		return fmt.Errorf("become %s: %w", AppRole, err)
	}
	return nil
}

// Ping checks that a connection can be had and answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.Pool.Ping(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Close waits for the connections in use to come back, and closes them all.
func (db *DB) Close() {
	if db.std != nil {
		_ = db.std.Close() // it holds no connection of its own
	}
	db.Pool.Close()
}
