package rider

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// A log-in code has six digits, so what keeps it from being guessed is how few tries there are: 5 for a code and 10 codes an hour leave one
// who tries all the time a chance of 1 in 20,000 an hour. The counts are the database's, so more nodes give no more tries.
const (
	// CodeLifetime is how long a code is good.
	CodeLifetime  = 5 * time.Minute
	codeDigits    = 6
	codeTries     = 5
	codesAtOnce   = 10
	codesAtOnceIn = time.Hour
)

// NewLoginCode replaces the log-in code of the rider with that phone by a new one, which is stored as a hash. It is "" where the tenant has no
// such rider who may sign in, or the rider had too many codes within the hour.
func NewLoginCode(ctx context.Context, db *pg.DB, tenant id.Tenant, phone string, now time.Time) (code string, err error) {
	code = randomDigits(codeDigits)
	hash := hashPassword(code)
	var made int64
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into rider_codes as c (tenant_id, rider_id, code_hash, tries, expires_at, issued, issued_since)
			select tenant_id, id, $3, 0, $5, 1, $4 from riders where tenant_id = $1 and phone = $2 and disabled_at is null
			on conflict (tenant_id, rider_id) do update set code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at,
				issued = case when c.issued_since > $6 then c.issued + 1 else 1 end,
				issued_since = case when c.issued_since > $6 then c.issued_since else excluded.issued_since end
			where c.issued_since <= $6 or c.issued < $7`,
			tenant, phone, hash, now, now.Add(CodeLifetime), now.Add(-codesAtOnceIn), codesAtOnce)
		made = tag.RowsAffected()
		return wrap("store the log-in code", err)
	})
	if err != nil || made == 0 {
		return "", err
	}
	return code, nil
}

// LoginByCode signs a phone in, which may tell its name, by the code that was sent to it. The code is used up, by one of those who tell
// it at the same time. Whatever is wrong is ErrSignIn, after the same time.
func LoginByCode(ctx context.Context, db *pg.DB, tenant id.Tenant, phone, code, name string, now time.Time) (rider id.Rider, refresh string, err error) {
	rider, hash, err := spendTry(ctx, db, tenant, phone, now)
	if err != nil {
		return id.Rider{}, "", err
	}
	if hash == "" {
		verifyPassword(dummyHash(), code)
		return id.Rider{}, "", ErrSignIn
	}
	if !verifyPassword(hash, code) {
		return id.Rider{}, "", ErrSignIn
	}
	err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "update rider_codes set code_hash = null where tenant_id = $1 and rider_id = $2 and code_hash = $3", tenant, rider, hash)
		if err != nil {
			return wrap("use the log-in code up", err)
		}
		if tag.RowsAffected() == 0 { // somebody else was quicker
			return ErrSignIn
		}
		if err := mayWork(ctx, tx, tenant, rider); err != nil {
			return ErrSignIn
		}
		refresh, err = addDevice(ctx, tx, tenant, rider, name, now)
		return err
	})
	return rider, refresh, err
}

// spendTry counts a try before it is made, and returns the hash to compare with; "" where no code is to be tried.
func spendTry(ctx context.Context, db *pg.DB, tenant id.Tenant, phone string, now time.Time) (rider id.Rider, hash string, err error) {
	// A try alone is nothing for the audit log: its witness sees the log-in, or its refusal.
	err = db.Tx(pg.WithWitness(ctx, nil), tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			update rider_codes c set tries = c.tries + 1 from riders r
			where c.tenant_id = $1 and r.tenant_id = c.tenant_id and r.id = c.rider_id and r.phone = $2 and r.disabled_at is null
				and c.code_hash is not null and c.expires_at > $3 and c.tries < $4
			returning r.id, c.code_hash`, tenant, phone, now, codeTries).Scan(&rider, &hash)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Rider{}, "", nil
	}
	return rider, hash, wrap("try the log-in code", err)
}

// randomDigits are n digits, each sequence as likely as any other.
func randomDigits(n int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // the system's generator never fails
	}
	return fmt.Sprintf("%0*d", n, v)
}
