package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// TimeZone is that of a tenant's days.
func TimeZone(ctx context.Context, tx pgx.Tx, tenant id.Tenant) (*time.Location, error) {
	var name string
	err := tx.QueryRow(ctx, "select timezone from tenants where id = $1", tenant).Scan(&name)
	if err != nil {
		return nil, fmt.Errorf("time zone of tenant %s: %w", tenant, err)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone of tenant %s: %w", tenant, err)
	}
	return loc, nil
}
