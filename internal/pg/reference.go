package pg

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// Reference runs fn in a GORM transaction that sees one tenant's rows, for reference data only (tenants, users,
// merchants, stores, zones, riders' profiles, webhook endpoints). It commits when fn returns nil; otherwise it rolls back and
// returns fn's error as it is.
func (db *DB) Reference(ctx context.Context, tenant id.Tenant, fn func(*gorm.DB) error) error {
	if tenant.IsZero() {
		return ErrNoTenant
	}
	watch := witnessOf(ctx)
	err := db.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("select set_config('paidan.tenant_id', ?, true)", tenant.UUID().String()).Error; err != nil {
			return err
		}
		if err := fn(tx); err != nil || watch == nil {
			return err
		}
		return watch.Commits(ctx, tenant, execOfGORM(tx))
	})
	if err == nil && watch != nil {
		watch.Committed()
	}
	return err
}

func openGORM(std *sql.DB, o Options) (*gorm.DB, error) {
	var c clock.Clock = clock.System{}
	if o.Clock != nil {
		c = o.Clock
	}
	log := slog.Default()
	if o.Log != nil {
		log = o.Log
	}
	return gorm.Open(postgres.New(postgres.Config{Conn: std}), &gorm.Config{
		SkipDefaultTransaction: true, // Reference has begun one
		DisableAutomaticPing:   true, // Open has just pinged
		NowFunc:                func() time.Time { return c.Now() },
		Logger: logger.NewSlogLogger(log.With("component", "gorm"), logger.Config{
			// Callers get every error and decide; only what GORM itself has to say is worth a line.
			LogLevel:                  logger.Silent,
			IgnoreRecordNotFoundError: true,
			ParameterizedQueries:      true, // no personal data in logs
		}),
	})
}
