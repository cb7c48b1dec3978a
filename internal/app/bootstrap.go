package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
)

// Bootstrap makes sure that a tenant with one administrator is there: the little that the public API can't make by itself.
// The administrator of an existing tenant gets the password.
func Bootstrap(ctx context.Context, db *pg.DB, c clock.Clock, slug, name, timezone, email, password string) error {
	tenant, err := FindTenant(ctx, db, slug)
	if errors.Is(err, ErrTenantNotFound) {
		tenant, err = CreateTenant(ctx, db, slug, name, timezone, c.Now())
	}
	if err != nil {
		return err
	}
	_, err = api.CreateUser(ctx, db, api.User{Tenant: tenant, Email: email, Name: name, Role: api.Admin}, password, c.Now())
	if errors.Is(err, api.ErrEmailTaken) {
		err = api.SetPassword(ctx, db, tenant, email, password)
	}
	if err != nil {
		return fmt.Errorf("administrator of %s: %w", slug, err)
	}
	return nil
}
