package order

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Key is a merchant's API key without its secret, which only its creation tells.
type Key struct {
	ID        id.Key
	Merchant  id.Merchant
	Name      string
	CreatedAt time.Time
	RevokedAt *time.Time
}

// ErrNoKey means that the secret is nobody's, or its key was revoked.
var ErrNoKey = errors.New("no such API key")

const (
	keyPrefix = "pk_live_"
	keyDigits = 43 // of base 62: 256 random bits
	base62    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

type keyRow struct {
	TenantID   id.Tenant   `gorm:"primaryKey;type:uuid"`
	ID         id.Key      `gorm:"primaryKey;type:uuid"`
	MerchantID id.Merchant `gorm:"type:uuid"`
	Name       string
	SecretHash []byte
	CreatedAt  time.Time
	RevokedAt  *time.Time
}

func (keyRow) TableName() string { return "api_keys" }

func (r keyRow) key() Key {
	k := Key{ID: r.ID, Merchant: r.MerchantID, Name: r.Name, CreatedAt: r.CreatedAt.UTC()}
	if r.RevokedAt != nil {
		k.RevokedAt = new(r.RevokedAt.UTC())
	}
	return k
}

// CreateKey makes an API key for a merchant and tells its secret, this once: only its SHA-256 is kept. ErrNotFound if the
// tenant has no such merchant.
func CreateKey(ctx context.Context, db *pg.DB, tenant id.Tenant, merchant id.Merchant, name string, now time.Time) (Key, string, error) {
	secret := newSecret()
	r := keyRow{TenantID: tenant, ID: id.NewKey(), MerchantID: merchant, Name: printable(name), SecretHash: hash(secret), CreatedAt: micro(now)}
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error { return g.Create(&r).Error })
	if pg.IsForeignKey(err, "") {
		return Key{}, "", fmt.Errorf("merchant %s: %w", merchant, ErrNotFound)
	}
	if err != nil {
		return Key{}, "", fmt.Errorf("create an API key: %w", err)
	}
	return r.key(), secret, nil
}

// ListKeys reads a merchant's API keys, revoked ones included, the oldest first.
func ListKeys(ctx context.Context, db *pg.DB, tenant id.Tenant, merchant id.Merchant) ([]Key, error) {
	var rs []keyRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Select("ID", "MerchantID", "Name", "CreatedAt", "RevokedAt").
			Where("tenant_id = ? AND merchant_id = ?", tenant, merchant).Order("id").Find(&rs).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list API keys: %w", err)
	}
	out := make([]Key, len(rs))
	for i, r := range rs {
		out[i] = r.key()
	}
	return out, nil
}

// RevokeKey makes a key useless from now on. Revoking it again changes nothing; ErrNotFound if the tenant has no such key.
func RevokeKey(ctx context.Context, db *pg.DB, tenant id.Tenant, key id.Key, now time.Time) error {
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		res := g.Model(&keyRow{}).Where("tenant_id = ? AND id = ?", tenant, key).
			Update("revoked_at", gorm.Expr("coalesce(revoked_at, ?)", micro(now)))
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrNotFound
		}
		return res.Error
	})
	if err != nil {
		return fmt.Errorf("revoke API key %s: %w", key, err)
	}
	return nil
}

// LookupKey answers whose key has the secret; ErrNoKey if nobody's. It is how a merchant's request finds its tenant.
func LookupKey(ctx context.Context, db *pg.DB, secret string) (tenant id.Tenant, key id.Key, merchant id.Merchant, err error) {
	if len(secret) != len(keyPrefix)+keyDigits || !strings.HasPrefix(secret, keyPrefix) {
		return tenant, key, merchant, ErrNoKey
	}
	err = db.Pool.QueryRow(ctx, "select tenant_id, key_id, merchant_id from api_key_owner($1)", hash(secret)).Scan(&tenant, &key, &merchant)
	if errors.Is(err, pgx.ErrNoRows) {
		return tenant, key, merchant, ErrNoKey
	}
	if err != nil {
		return tenant, key, merchant, fmt.Errorf("look up an API key: %w", err)
	}
	return tenant, key, merchant, nil
}

func newSecret() string {
	out := make([]byte, 0, len(keyPrefix)+keyDigits)
	out = append(out, keyPrefix...)
	var b [64]byte
	for len(out) < cap(out) {
		_, _ = rand.Read(b[:]) // never fails
		for _, x := range b {
			// 248 is the largest multiple of 62 in a byte; above it the first digits would be likelier.
			if x < 248 && len(out) < cap(out) {
				out = append(out, base62[x%62])
			}
		}
	}
	return string(out)
}

func hash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}
