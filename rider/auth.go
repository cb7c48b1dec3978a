package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

var (
	// ErrCode refuses an enrolment code: unknown, used before, or its rider is disabled.
	ErrCode = errors.New("rider: enrolment code is not valid")
	// ErrRefresh refuses a refresh token: unknown, replaced, expired, revoked, or its rider is disabled.
	ErrRefresh = errors.New("rider: refresh token is not valid")
)

const (
	// RefreshLifetime is how long a device may stay away; each refresh begins it anew.
	RefreshLifetime = 30 * 24 * time.Hour
	// RefreshGrace is how long a replaced token still counts as a repeat of the request that replaced it.
	RefreshGrace = 5 * time.Minute
)

// Enrol pairs a phone, which may tell its name, by a rider's one-time code, which is used up, and returns the new device's refresh
// token. ErrCode.
func Enrol(ctx context.Context, db *pg.DB, code, name string, now time.Time) (tenant id.Tenant, rider id.Rider, refresh string, err error) {
	hash := hashSecret(readCode(code))
	if tenant, err = ownerOf(ctx, db, "select enrolment_tenant($1)", hash); err != nil || tenant.IsZero() {
		return id.Tenant{}, id.Rider{}, "", orElse(err, ErrCode)
	}
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			update riders set enrolment_hash = null where tenant_id = $1 and enrolment_hash = $2 and disabled_at is null
			returning id`, tenant, hash).Scan(&rider)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrCode
		}
		if err != nil {
			return wrap("use the enrolment code", err)
		}
		refresh, err = addDevice(ctx, tx, tenant, rider, name, now)
		return err
	})
	if err != nil {
		return id.Tenant{}, id.Rider{}, "", err
	}
	return tenant, rider, refresh, nil
}

// NewDevice is a refresh token for one more device of a rider who has just proved who they are (CheckPassword).
func NewDevice(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider, name string, now time.Time) (refresh string, err error) {
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if err := mayWork(ctx, tx, tenant, rider); err != nil {
			return err
		}
		refresh, err = addDevice(ctx, tx, tenant, rider, name, now)
		return err
	})
	return refresh, err
}

// Refresh exchanges a device's token for a new one (rotation, RFC 9700 §4.14.2) and lengthens its stay.
//
// The reuse rule: the replaced token is void, with one exception. Within grace (usually RefreshGrace) of the replacement it is taken for the same
// request sent again by a phone that never got the answer, and gets another new token, while the one that was lost becomes void.
// After that, presenting it means that somebody has a copy, so the device is revoked and both holders must sign in again.
// ErrRefresh.
func Refresh(ctx context.Context, db *pg.DB, refresh string, now time.Time, grace time.Duration) (tenant id.Tenant, rider id.Rider, next string, err error) {
	hash := hashSecret(refresh)
	if tenant, err = ownerOf(ctx, db, "select device_tenant($1)", hash); err != nil || tenant.IsZero() {
		return id.Tenant{}, id.Rider{}, "", orElse(err, ErrRefresh)
	}
	token, stolen := newSecret(), false
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			update rider_devices d set refresh_hash = $3, previous_hash = $2, expires_at = $5,
				rotated_at = case when d.refresh_hash = $2 then $4::timestamptz else d.rotated_at end -- repeats don't prolong the grace
			from riders r
			where d.tenant_id = $1 and (d.refresh_hash = $2 or d.previous_hash = $2 and d.rotated_at > $6) and d.expires_at > $4
				and r.tenant_id = d.tenant_id and r.id = d.rider_id and r.disabled_at is null
			returning d.rider_id`,
			tenant, hash, hashSecret(token), now, now.Add(RefreshLifetime), now.Add(-grace)).Scan(&rider)
		if !errors.Is(err, pgx.ErrNoRows) {
			return wrap("refresh the device", err)
		}
		stolen = true // commit: the revocation must last
		_, err = tx.Exec(ctx, "delete from rider_devices where tenant_id = $1 and (refresh_hash = $2 or previous_hash = $2)", tenant, hash)
		return wrap("revoke the device", err)
	})
	if err != nil || stolen {
		return id.Tenant{}, id.Rider{}, "", orElse(err, ErrRefresh)
	}
	return tenant, rider, token, nil
}

// NewEnrolmentCode replaces a rider's code by a fresh one, which is shown once: it is stored as a hash. ErrNotFound, ErrDisabled.
func NewEnrolmentCode(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider) (code string, err error) {
	secret := newSecret()
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		if err := mayWork(ctx, tx, tenant, rider); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "update riders set enrolment_hash = $3 where tenant_id = $1 and id = $2", tenant, rider, hashSecret(secret))
		return wrap("store the enrolment code", err)
	})
	return showCode(secret), err
}

// ownerOf asks a door in the wall which tenant a secret belongs to; none is the zero id.
func ownerOf(ctx context.Context, db *pg.DB, sql string, hash []byte) (tenant id.Tenant, err error) {
	err = db.Pool.QueryRow(ctx, sql, hash).Scan(&tenant)
	return tenant, wrap("find the secret's tenant", err)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
