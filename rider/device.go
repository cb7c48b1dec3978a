package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Device is a phone that is signed in.
type Device struct {
	ID        id.Device
	Name      string // as the phone told it; may be empty
	CreatedAt time.Time
	SeenAt    time.Time // when it last got a token, some quarter of an hour ago for one in use
	ExpiresAt time.Time
}

// ErrDeviceNotFound is a device that the rider does not have (any more).
var ErrDeviceNotFound = errors.New("rider: no such device")

func addDevice(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, name string, now time.Time) (string, error) {
	audit.By(ctx, audit.Actor{Kind: audit.Rider, ID: rider.String()})
	token := newSecret()
	// Devices that stayed away too long go at this opportunity, so that they don't pile up.
	_, err := tx.Exec(ctx, `
		with gone as (delete from rider_devices where tenant_id = $1 and rider_id = $2 and expires_at <= $4)
		insert into rider_devices (tenant_id, rider_id, refresh_hash, created_at, expires_at, id, name) values ($1, $2, $3, $4, $5, $6, $7)`,
		tenant, rider, hashSecret(token), now, now.Add(RefreshLifetime), id.NewDevice(), name)
	return token, wrap("add the device", err)
}

// Devices lists the phones that are signed in for a rider, oldest first.
func Devices(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) ([]Device, error) {
	rows, err := tx.Query(ctx, `
		select id, name, created_at, coalesce(rotated_at, created_at), expires_at from rider_devices
		where tenant_id = $1 and rider_id = $2 and expires_at > $3 order by created_at, id`, tenant, rider, now)
	if err != nil {
		return nil, wrap("list devices", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Device, error) {
		var d Device
		err := row.Scan(&d.ID, &d.Name, &d.CreatedAt, &d.SeenAt, &d.ExpiresAt)
		return d, err
	})
	return out, wrap("list devices", err)
}

// DeviceOf is the device to which a refresh token was just given; zero if it was signed out meanwhile.
func DeviceOf(ctx context.Context, db *pg.DB, tenant id.Tenant, refresh string) (device id.Device, err error) {
	err = db.Read(ctx, tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select id from rider_devices where tenant_id = $1 and refresh_hash = $2", tenant, hashSecret(refresh)).Scan(&device)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Device{}, nil
	}
	return device, wrap("find the device", err)
}

// Revoke signs a device out by its token. A token that is not valid (any more) is no error.
func Revoke(ctx context.Context, db *pg.DB, refresh string) error {
	hash := hashSecret(refresh)
	tenant, err := ownerOf(ctx, db, "select device_tenant($1)", hash)
	if err != nil || tenant.IsZero() {
		return err
	}
	return db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "delete from rider_devices where tenant_id = $1 and (refresh_hash = $2 or previous_hash = $2)", tenant, hash)
		return wrap("revoke the device", err)
	})
}

// RevokeDevice signs one device of a rider out. ErrDeviceNotFound.
func RevokeDevice(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider, device id.Device) error {
	return db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "delete from rider_devices where tenant_id = $1 and rider_id = $2 and id = $3", tenant, rider, device)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrDeviceNotFound
		}
		return wrap("revoke the device", err)
	})
}

// RevokeAll signs all devices of a rider out.
func RevokeAll(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider) error {
	return db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "delete from rider_devices where tenant_id = $1 and rider_id = $2", tenant, rider)
		return wrap("revoke the devices", err)
	})
}
