package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/paidan/paidan/internal/pg"
)

// EnvURL names the server to use instead of a private one.
const EnvURL = "PAIDAN_TEST_DATABASE_URL"

const startTimeout = time.Minute

// cluster is the binary's server with its migrated template.
type cluster struct {
	once     sync.Once
	err      error
	server   *pg.Server // nil when the server is somebody else's
	dir      string
	admin    *pgxpool.Pool
	template string // its URL
	made     atomic.Int64
}

var theCluster cluster

func (c *cluster) start() error {
	c.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		c.err = c.doStart(ctx)
	})
	return c.err
}

func (c *cluster) doStart(ctx context.Context) error {
	adminURL := os.Getenv(EnvURL)
	if adminURL == "" {
		var err error
		if adminURL, err = c.startPrivate(ctx); err != nil {
			return err
		}
	}
	var err error
	if c.admin, err = pgxpool.New(ctx, adminURL); err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	name := c.name("template")
	if c.template, err = withDatabase(adminURL, name); err != nil {
		return err
	}
	if _, err := c.admin.Exec(ctx, "create database "+name); err != nil {
		return fmt.Errorf("create the template: %w", err)
	}
	if err := pg.Migrate(ctx, c.template, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	return nil
}

func (c *cluster) startPrivate(ctx context.Context) (string, error) {
	if err := sweep(); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", dirPrefix)
	if err != nil {
		return "", err
	}
	c.dir = dir
	if err := os.Chmod(dir, 0o755); err != nil { // the server's user passes through
		return "", err
	}
	c.server, err = pg.StartEmbedded(ctx, pg.EmbeddedOptions{
		DataDir: dir, NoFsync: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Settings: map[string]string{"shared_buffers": "128MB", "autovacuum": "off", "max_wal_size": "1GB"},
	})
	if err != nil {
		return "", err
	}
	return c.server.URL(), nil
}

func (c *cluster) name(what string) string {
	return fmt.Sprintf("paidan_test_%d_%s", os.Getpid(), what)
}

// create makes a database: a copy of the template, or an empty one. Copying files is the quicker way where syncing them costs nothing.
func (c *cluster) create(ctx context.Context, migrated bool) (name, url string, err error) {
	name = c.name(strconv.FormatInt(c.made.Add(1), 10))
	sql := "create database " + name
	if migrated {
		sql += " template " + c.name("template")
		if c.server != nil {
			sql += " strategy file_copy"
		}
	}
	if _, err := c.admin.Exec(ctx, sql); err != nil {
		return "", "", fmt.Errorf("make a test database: %w", err)
	}
	url, err = withDatabase(c.template, name)
	return name, url, err
}

func (c *cluster) drop(ctx context.Context, name string) error {
	_, err := c.admin.Exec(ctx, "drop database if exists "+name+" with (force)")
	return err
}

func (c *cluster) stop(ctx context.Context) error {
	var errs []error
	if c.admin != nil {
		if c.server == nil {
			errs = append(errs, c.drop(ctx, c.name("template")))
		}
		c.admin.Close()
	}
	if c.server != nil {
		errs = append(errs, c.server.Stop(ctx))
	}
	if c.dir != "" {
		errs = append(errs, os.RemoveAll(c.dir))
	}
	return errors.Join(errs...)
}

func withDatabase(raw, name string) (string, error) {
	if _, err := pgx.ParseConfig(raw); err != nil {
		return "", err
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("%s must be a URL (postgres://…)", EnvURL)
	}
	u.Path = "/" + name
	return u.String(), nil
}

const dirPrefix = "paidan-pgtest-"

// sweep removes the folders of test binaries that were killed. A living one holds its folder's lock.
func sweep() error {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), dirPrefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if abandoned(dir) {
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
		}
	}
	return nil
}
