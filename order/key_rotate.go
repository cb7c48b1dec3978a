package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// RotateKey gives a key a new secret and tells it, this once. The old one works for overlap longer, so that a merchant's machines can
// change one after the other; 0 ends it at once. Only one old secret lives: rotating again within the overlap ends the older.
// Id, name and scopes stay. ErrNotFound if the tenant has no such key, ErrKeyRevoked.
func RotateKey(ctx context.Context, db *pg.DB, tenant id.Tenant, key id.Key, overlap time.Duration, now time.Time) (Key, string, error) {
	var secret string
	now = micro(now)
	var r keyRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		of := func() *gorm.DB { return g.Where("tenant_id = ? AND id = ?", tenant, key) }
		if err := of().Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&r).Error; err != nil {
			return err
		}
		if r.RevokedAt != nil {
			return ErrKeyRevoked
		}
		secret = newSecret(r.Test)
		change := map[string]any{"secret_hash": hash(secret), "rotated_at": now, "previous_hash": nil, "previous_until": nil}
		if overlap > 0 {
			change["previous_hash"], change["previous_until"] = r.SecretHash, now.Add(overlap)
		}
		if err := of().Model(&keyRow{}).Updates(change).Error; err != nil {
			return err
		}
		r = keyRow{} // GORM leaves alone what is NULL now
		return of().Select(shownOfKey).Take(&r).Error
	})
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return Key{}, "", ErrNotFound
	case err != nil:
		return Key{}, "", fmt.Errorf("rotate API key %s: %w", key, err)
	}
	return r.key(), secret, nil
}

// RevokeKey makes a key useless from now on, its old secret too. Revoking it again changes nothing; ErrNotFound if the tenant has no
// such key.
func RevokeKey(ctx context.Context, db *pg.DB, tenant id.Tenant, key id.Key, now time.Time) (Key, error) {
	var r keyRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		of := func() *gorm.DB { return g.Where("tenant_id = ? AND id = ?", tenant, key) }
		if err := of().Model(&keyRow{}).Where("revoked_at IS NULL").Update("revoked_at", micro(now)).Error; err != nil {
			return err
		}
		return of().Select(shownOfKey).Take(&r).Error
	})
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return Key{}, ErrNotFound
	case err != nil:
		return Key{}, fmt.Errorf("revoke API key %s: %w", key, err)
	}
	return r.key(), nil
}
