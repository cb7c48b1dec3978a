package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// What can be wrong with a tenant.
var (
	ErrTenantTaken    = errors.New("a tenant of this name exists")
	ErrTenantNotFound = errors.New("no such tenant")
	ErrBadTenant      = errors.New("a tenant's name is 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen")
)

// CreateTenant adds a company. The slug is what its people type when they log in; the timezone is an IANA name.
// ErrTenantTaken, ErrBadTenant.
func CreateTenant(ctx context.Context, db *pg.DB, slug, name, timezone string, now time.Time) (id.Tenant, error) {
	if _, err := time.LoadLocation(timezone); err != nil {
		return id.Tenant{}, fmt.Errorf("timezone: %w", err)
	}
	tenant := id.NewTenant()
	_, err := db.Pool.Exec(ctx, "SELECT create_tenant($1, $2, $3, $4, $5)", tenant, slug, name, timezone, now)
	switch {
	case pg.IsUnique(err, "tenants_slug_key"):
		return id.Tenant{}, ErrTenantTaken
	case pg.IsCheck(err, ""):
		return id.Tenant{}, ErrBadTenant
	case err != nil:
		return id.Tenant{}, fmt.Errorf("create tenant: %w", err)
	}
	return tenant, nil
}

// FindTenant looks a tenant up by its slug. ErrTenantNotFound.
func FindTenant(ctx context.Context, db *pg.DB, slug string) (id.Tenant, error) {
	var tenant id.Tenant
	if err := db.Pool.QueryRow(ctx, "SELECT coalesce(tenant_by_slug($1), '00000000-0000-0000-0000-000000000000')", slug).Scan(&tenant); err != nil {
		return tenant, fmt.Errorf("find tenant: %w", err)
	}
	if tenant.IsZero() {
		return tenant, fmt.Errorf("%w: %q", ErrTenantNotFound, slug)
	}
	return tenant, nil
}

// Location is the time zone of a tenant's days.
func Location(ctx context.Context, db *pg.DB, tenant id.Tenant) (*time.Location, error) {
	var loc *time.Location
	err := db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		loc, err = pg.TimeZone(ctx, tx, tenant)
		return err
	})
	return loc, err
}

// Tenants lists all tenants' ids.
func Tenants(ctx context.Context, db *pg.DB) ([]id.Tenant, error) {
	rows, err := db.Pool.Query(ctx, "SELECT all_tenants()")
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	var out []id.Tenant
	defer rows.Close()
	for rows.Next() {
		var t id.Tenant
		if err := rows.Scan(&t); err != nil {
			return nil, fmt.Errorf("list tenants: %w", err)
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
