package webhook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// OldSecretLife is how long a secret goes on signing beside the one that replaced it.
const OldSecretLife = 24 * time.Hour

// maxOldSecrets bounds the signatures on a request: who rotates more often loses the oldest first.
const maxOldSecrets = 8

const (
	secretPrefix = "whsec_"
	secretBytes  = 32
)

// oldSecret is one that was replaced.
type oldSecret struct {
	Secret string    `json:"secret"`
	Until  time.Time `json:"until"`
}

// secrets are what an endpoint's requests are signed with.
type secrets struct {
	now string
	old []oldSecret
}

// newSecret is in the form of the Standard Webhooks specification.
func newSecret() string {
	var b [secretBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// at are the secrets that sign at a time, the newest first.
func (s secrets) at(now time.Time) []string {
	out := []string{s.now}
	for _, o := range s.old {
		if now.Before(o.Until) {
			out = append(out, o.Secret)
		}
	}
	return out
}

// rotated is s with a new secret before the others. Those that were replaced within OldSecretLife are all kept, because a caller who lost
// the answer rotates again, and still verifies with the one before.
func (s secrets) rotated(fresh string, now time.Time) secrets {
	r := secrets{now: fresh, old: []oldSecret{{s.now, micro(now.Add(OldSecretLife))}}}
	for _, o := range s.old {
		if now.Before(o.Until) && len(r.old) < maxOldSecrets {
			r.old = append(r.old, o)
		}
	}
	return r
}

// Rotate gives an endpoint of a merchant a new secret, and answers it and when the one before stops signing. ErrNotFound.
func Rotate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint, now time.Time) (secret string, oldUntil time.Time, err error) {
	var s secrets
	err = tx.QueryRow(ctx, `select secret, old_secrets from webhook_endpoints where tenant_id = $1 and merchant_id = $2 and id = $3 for no key update`,
		tenant, merchant, endpoint).Scan(&s.now, &s.old)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", oldUntil, ErrNotFound
	}
	if err != nil {
		return "", oldUntil, fmt.Errorf("read the secret of webhook endpoint %s: %w", endpoint, err)
	}
	s = s.rotated(newSecret(), now)
	_, err = tx.Exec(ctx, `update webhook_endpoints set secret = $3, old_secrets = $4, updated_at = $5 where tenant_id = $1 and id = $2`,
		tenant, endpoint, s.now, s.old, micro(now))
	if err != nil {
		return "", oldUntil, fmt.Errorf("rotate the secret of webhook endpoint %s: %w", endpoint, err)
	}
	return s.now, s.old[0].Until, nil
}
