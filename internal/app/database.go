package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
)

// Database is the installation's database, private or not.
type Database struct {
	DB *pg.DB
	// Engine is a small pool of its own for rounds and positions: requests at peak hour must not keep them waiting.
	Engine *pg.DB
	// Webhooks is another: many to send must not keep requests waiting either. Nil without the role jobs, which sends them.
	Webhooks *pg.DB
	OwnerURL string
	server   *pg.Server // nil where --database-url named one
}

// engineConns suffice for a round, its lease's renewal, and the writer of positions.
const engineConns = 6

// webhookConns suffice, because nobody holds one while an endpoint thinks about its answer.
const webhookConns = 4

// OpenDatabase starts the private server where no URL is given, brings the schema up to date, and connects.
func OpenDatabase(ctx context.Context, conf Config, c clock.Clock, log *slog.Logger) (*Database, error) {
	d := &Database{OwnerURL: conf.DatabaseURL}
	if d.OwnerURL == "" {
		server, err := pg.StartEmbedded(ctx, pg.EmbeddedOptions{DataDir: conf.DataDir, Log: log})
		if err != nil {
			return nil, err
		}
		d.server, d.OwnerURL = server, server.URL()
	}
	err := pg.Migrate(ctx, d.OwnerURL, log)
	if err == nil {
		d.DB, err = pg.Open(ctx, d.OwnerURL, pg.Options{Clock: c, Log: log})
	}
	if err == nil {
		d.Engine, err = pg.Open(ctx, d.OwnerURL, pg.Options{Clock: c, Log: log, MaxConns: engineConns})
	}
	if err == nil && conf.has(RoleJobs) {
		d.Webhooks, err = pg.Open(ctx, d.OwnerURL, pg.Options{Clock: c, Log: log, MaxConns: webhookConns})
	}
	if err != nil {
		_ = d.Close(context.WithoutCancel(ctx)) // the reason is err
		return nil, err
	}
	return d, nil
}

// AttachDatabase is OpenDatabase for administration: a private server that another process runs is used as it is.
func AttachDatabase(ctx context.Context, conf Config, c clock.Clock, log *slog.Logger) (*Database, error) {
	if conf.DatabaseURL == "" {
		conf.DatabaseURL = pg.RunningURL(ctx, conf.DataDir)
	}
	return OpenDatabase(ctx, conf, c, log)
}

// watch waits for ctx to be done; it fails when a private server ends by itself, after which nothing works any more.
func (d *Database) watch(ctx context.Context) error {
	if d.server == nil {
		return nil
	}
	select {
	case <-d.server.Done():
		return errors.New("the private PostgreSQL has ended; postgres.log in the data folder says why")
	case <-ctx.Done():
		return nil
	}
}

// Close disconnects and stops a private server.
func (d *Database) Close(ctx context.Context) error {
	for _, db := range []*pg.DB{d.DB, d.Engine, d.Webhooks} {
		if db != nil {
			db.Close()
		}
	}
	if d.server != nil {
		return d.server.Stop(ctx)
	}
	return nil
}
