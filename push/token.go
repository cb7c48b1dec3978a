package push

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/push/provider"
)

// Token is where a device is woken.
type Token struct {
	Device    id.Device
	Rider     id.Rider
	Provider  provider.Name
	Token     string
	Locale    string // of the phone, as BCP 47 has it: zh-CN, en
	UpdatedAt time.Time
}

// ErrNoDevice means that the device is signed out.
var ErrNoDevice = errors.New("push: no such device of the rider")

// ErrNoToken means that the device has none (any more).
var ErrNoToken = errors.New("push: the device has no token")

// SetToken has a device be woken there, instead of where it was before. Another device with the same token loses it. ErrNoDevice.
func SetToken(ctx context.Context, tx pgx.Tx, tenant id.Tenant, t Token) error {
	_, err := tx.Exec(ctx, `delete from push_tokens where tenant_id = $1 and provider = $2 and token = $3 and device_id <> $4`, tenant, t.Provider, t.Token, t.Device)
	if err != nil {
		return fmt.Errorf("register a push token: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		insert into push_tokens (tenant_id, device_id, rider_id, provider, token, locale, updated_at)
		select $1, id, rider_id, $4, $5, $6, $7 from rider_devices where tenant_id = $1 and id = $2 and rider_id = $3
		on conflict (tenant_id, device_id) do update
		set rider_id = excluded.rider_id, provider = excluded.provider, token = excluded.token, locale = excluded.locale, updated_at = excluded.updated_at`,
		tenant, t.Device, t.Rider, t.Provider, t.Token, t.Locale, t.UpdatedAt)
	if err != nil {
		return fmt.Errorf("register a push token: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNoDevice
	}
	return nil
}

// DropToken has a device be woken no more. One that has no token is no error.
func DropToken(ctx context.Context, tx pgx.Tx, tenant id.Tenant, device id.Device) error {
	if _, err := tx.Exec(ctx, `delete from push_tokens where tenant_id = $1 and device_id = $2`, tenant, device); err != nil {
		return fmt.Errorf("drop a push token: %w", err)
	}
	return nil
}

// dropGone drops a token that its provider does not know, unless the device has registered another meanwhile.
func dropGone(ctx context.Context, tx pgx.Tx, tenant id.Tenant, t Token) error {
	_, err := tx.Exec(ctx, `delete from push_tokens where tenant_id = $1 and device_id = $2 and provider = $3 and token = $4`, tenant, t.Device, t.Provider, t.Token)
	if err != nil {
		return fmt.Errorf("drop a push token that is gone: %w", err)
	}
	return nil
}

// tokenOf is a device's token. ErrNoToken.
func tokenOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, device id.Device) (Token, error) {
	var t Token
	err := tx.QueryRow(ctx, `select device_id, rider_id, provider, token, locale, updated_at from push_tokens where tenant_id = $1 and device_id = $2`, tenant, device).
		Scan(&t.Device, &t.Rider, &t.Provider, &t.Token, &t.Locale, &t.UpdatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, ErrNoToken
	}
	if err != nil {
		return t, fmt.Errorf("read a push token: %w", err)
	}
	return t, nil
}
