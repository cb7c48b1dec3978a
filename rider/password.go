package rider

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/argon2"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// ErrSignIn refuses a sign-in without telling what was wrong with it.
var ErrSignIn = errors.New("rider: wrong phone or password")

// argon2id's parameters: 19 MiB, two passes, one lane, as the OWASP Password Storage Cheat Sheet advises. They are stored with
// each hash (RFC 9106's PHC string), so that they may grow without breaking old passwords.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
	// A stored hash that asks for more than this is not ours and is not computed.
	maxArgonMemory = 256 * 1024
	maxArgonTime   = 16
)

// hashing bounds the memory that sign-ins may take at once.
var hashing = make(chan struct{}, 4)

func argon(password string, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, length)
}

func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails
	key := argon(password, salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// verifyPassword compares in constant time. A hash that it can't read fits no password.
func verifyPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version int
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil ||
		memory > maxArgonMemory || time < 1 || time > maxArgonTime || threads < 1 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon(password, salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// dummyHash takes the place of the hash of a rider who is unknown, disabled or has no password, so that the answer takes as long.
var dummyHash = sync.OnceValue(func() string { return hashPassword(rand.Text()) })

// CheckPassword is the rider with that phone and password; else ErrSignIn, whatever was wrong, after the same time.
func CheckPassword(ctx context.Context, db *pg.DB, tenant id.Tenant, phone, password string) (id.Rider, error) {
	var rider id.Rider
	var hash *string
	err := db.Read(ctx, tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select id, password_hash from riders where tenant_id = $1 and phone = $2 and disabled_at is null",
			tenant, phone).Scan(&rider, &hash)
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return id.Rider{}, wrap("read the rider", err)
	}
	if hash == nil {
		verifyPassword(dummyHash(), password)
		return id.Rider{}, ErrSignIn
	}
	if !verifyPassword(*hash, password) {
		return id.Rider{}, ErrSignIn
	}
	return rider, nil
}
