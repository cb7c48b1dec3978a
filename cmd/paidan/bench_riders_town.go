package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/rider"
)

// benchTown is a zone with riders on shift, and a dispatcher to watch them.
type benchTown struct {
	city            *benchCity
	tokens          []string // the riders'
	email, password string   // the dispatcher's
}

// makeBenchTown fills a new database.
func makeBenchTown(ctx context.Context, dir string, riders int) (t *benchTown, err error) {
	d, err := app.OpenDatabase(ctx, app.Config{DataDir: dir}, clock.System{}, app.NewLogger(os.Stderr, "text", "error"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close(context.WithoutCancel(ctx))) }()
	shop, err := openBenchShop(ctx, d.DB, 0)
	if err != nil {
		return nil, err
	}
	now := clock.System{}.Now()
	t = &benchTown{city: newBenchCity(riders, shop.tenant, shop.zone, now), email: "bench@example.com", password: "bench-bench"}
	if _, err := api.CreateUser(ctx, d.DB, api.User{Tenant: shop.tenant, Email: t.email, Role: api.Dispatcher}, t.password, now); err != nil {
		return nil, err
	}
	if err := d.DB.Tx(ctx, shop.tenant, func(tx pgx.Tx) error { return t.insert(ctx, tx, now) }); err != nil {
		return nil, err
	}
	if err := analyze(ctx, d.OwnerURL); err != nil {
		return nil, err
	}
	secret, err := pg.Secret(ctx, d.OwnerURL, "jwt")
	if err != nil {
		return nil, err
	}
	for _, r := range t.city.riders {
		token, err := api.RiderToken(secret, clock.System{}, rider.Rider{Tenant: shop.tenant, ID: r.id, Zone: shop.zone, Vehicle: rider.EBike})
		if err != nil {
			return nil, err
		}
		t.tokens = append(t.tokens, token)
	}
	return t, nil
}

// insert writes riders and shifts, a statement each.
func (t *benchTown) insert(ctx context.Context, tx pgx.Tx, now time.Time) error {
	riders, shifts := make([]id.Rider, len(t.city.riders)), make([]id.Shift, len(t.city.riders))
	for i, r := range t.city.riders {
		riders[i], shifts[i] = r.id, id.NewShift()
	}
	_, err := tx.Exec(ctx, `
		insert into riders (tenant_id, id, zone_id, name, phone, vehicle, capacity, max_orders, created_at)
		select $1, r, $2, 'Rider ' || i, '+39055' || i, $3, 10, 3, $4 from unnest($5::uuid[]) with ordinality as x (r, i)`,
		t.city.tenant, t.city.zone, rider.EBike, now, riders)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at)
		select $1, s, r, $2, $3, $4 from unnest($5::uuid[], $6::uuid[]) as x (r, s)`,
		t.city.tenant, t.city.zone, now, now.Add(8*time.Hour), riders, shifts)
	return err
}
