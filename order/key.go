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

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Key is a merchant's API key without its secret, which only its creation and its rotations tell.
type Key struct {
	ID            id.Key
	Merchant      id.Merchant
	Name          string
	Test          bool     // it sees the sandbox
	Scopes        []string // what it may do, in the edge's words; empty = all
	CreatedAt     time.Time
	LastUsedAt    *time.Time // to the minute; nil = never
	RotatedAt     *time.Time
	PreviousUntil *time.Time // so long the secret before the last rotation works too
	RevokedAt     *time.Time
}

// NewKey is a key to be made.
type NewKey struct {
	Merchant id.Merchant
	Name     string
	Test     bool
	Scopes   []string // empty = all
}

// KeyHolder is whom a secret speaks for.
type KeyHolder struct {
	Tenant   id.Tenant // whose things the key sees: of a test key the sandbox
	Home     id.Tenant // whose key it is: Tenant itself, or of a test key the tenant whose sandbox that is
	Merchant id.Merchant
	Key      id.Key
	Test     bool
	Scopes   []string  // empty = all
	Until    time.Time // of a secret that was rotated away: when it ends; else zero
}

// What can be wrong with a key.
var (
	// ErrNoKey means that the secret is nobody's, or its key was revoked.
	ErrNoKey = errors.New("no such API key")
	// ErrKeyRevoked means that the key has ended for good.
	ErrKeyRevoked = errors.New("the API key is revoked")
)

const (
	livePrefix = "pk_live_"
	testPrefix = "pk_test_"
	keyDigits  = 43 // of base 62: 256 random bits
	base62     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

type keyRow struct {
	TenantID      id.Tenant   `gorm:"primaryKey;type:uuid"`
	ID            id.Key      `gorm:"primaryKey;type:uuid"`
	MerchantID    id.Merchant `gorm:"type:uuid"`
	Name          string
	Test          bool
	Scopes        string // words with a space between
	SecretHash    []byte
	CreatedAt     time.Time
	LastUsedAt    *time.Time
	RotatedAt     *time.Time
	PreviousUntil *time.Time
	RevokedAt     *time.Time
}

func (keyRow) TableName() string { return "api_keys" }

func (r keyRow) key() Key {
	return Key{
		ID: r.ID, Merchant: r.MerchantID, Name: r.Name, Test: r.Test, Scopes: strings.Fields(r.Scopes), CreatedAt: r.CreatedAt.UTC(), LastUsedAt: utc(r.LastUsedAt),
		RotatedAt: utc(r.RotatedAt), PreviousUntil: utc(r.PreviousUntil), RevokedAt: utc(r.RevokedAt),
	}
}

// CreateKey makes an API key for a merchant and tells its secret, this once: only its SHA-256 is kept. A tenant's first test key
// opens its sandbox, a merchant's first one brings the merchant there. ErrNotFound if the tenant has no such merchant.
func CreateKey(ctx context.Context, db *pg.DB, tenant id.Tenant, n NewKey, now time.Time) (Key, string, error) {
	secret := newSecret(n.Test)
	r := keyRow{
		TenantID: tenant, ID: id.NewKey(), MerchantID: n.Merchant, Name: printable(n.Name), Test: n.Test, Scopes: strings.Join(n.Scopes, " "),
		SecretHash: hash(secret), CreatedAt: micro(now),
	}
	audit.Target(ctx, r.ID.String())
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		if err := g.Create(&r).Error; err != nil || !n.Test {
			return err
		}
		return g.Exec("SELECT open_sandbox(?, ?, ?)", id.NewTenant(), n.Merchant, micro(now)).Error
	})
	if pg.IsForeignKey(err, "") {
		return Key{}, "", fmt.Errorf("merchant %s: %w", n.Merchant, ErrNotFound)
	}
	if err != nil {
		return Key{}, "", fmt.Errorf("create an API key: %w", err)
	}
	return r.key(), secret, nil
}

// shownOfKey are the columns that a Key is made of.
var shownOfKey = []string{"ID", "MerchantID", "Name", "Test", "Scopes", "CreatedAt", "LastUsedAt", "RotatedAt", "PreviousUntil", "RevokedAt"}

// ListKeys reads a merchant's API keys, revoked ones included, the oldest first.
func ListKeys(ctx context.Context, db *pg.DB, tenant id.Tenant, merchant id.Merchant) ([]Key, error) {
	var rs []keyRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Select(shownOfKey).Where("tenant_id = ? AND merchant_id = ?", tenant, merchant).Order("id").Find(&rs).Error
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

// LookupKeyHash is LookupKey by the SHA-256 of the secret.
func LookupKeyHash(ctx context.Context, db *pg.DB, hash []byte, now time.Time) (KeyHolder, error) {
	var h KeyHolder
	var scopes string
	var until *time.Time
	err := db.Pool.QueryRow(ctx, "select tenant_id, home_id, key_id, merchant_id, scopes, test, until from api_key_holder($1, $2)", hash, now).
		Scan(&h.Tenant, &h.Home, &h.Key, &h.Merchant, &scopes, &h.Test, &until)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, ErrNoKey
	}
	if err != nil {
		return h, fmt.Errorf("look up an API key: %w", err)
	}
	h.Scopes = strings.Fields(scopes)
	if until != nil {
		h.Until = until.UTC()
	}
	return h, nil
}

// LookupKey answers whom a secret speaks for at a time; ErrNoKey if for nobody. It is how a merchant's request finds its tenant.
func LookupKey(ctx context.Context, db *pg.DB, secret string, now time.Time) (KeyHolder, error) {
	if len(secret) != len(livePrefix)+keyDigits || !strings.HasPrefix(secret, livePrefix) && !strings.HasPrefix(secret, testPrefix) {
		return KeyHolder{}, ErrNoKey
	}
	return LookupKeyHash(ctx, db, hash(secret), now)
}

func newSecret(test bool) string {
	prefix := livePrefix
	if test {
		prefix = testPrefix
	}
	out := make([]byte, 0, len(prefix)+keyDigits)
	out = append(out, prefix...)
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

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC())
}
