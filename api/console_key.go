package api

import (
	"context"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// keyOverlap is how long the old secret of a rotated key goes on working.
const keyOverlap = 24 * time.Hour

// Key is a merchant's API key.
type Key struct {
	ID                  id.Key      `json:"id"`
	MerchantID          id.Merchant `json:"merchant_id"`
	Name                string      `json:"name"`
	Test                bool        `json:"test" doc:"It sees the sandbox."`
	Scopes              []KeyScope  `json:"scopes" doc:"What it may do; empty: everything."`
	CreatedAt           time.Time   `json:"created_at"`
	LastUsedAt          *time.Time  `json:"last_used_at" doc:"To the minute; null: never."`
	RotatedAt           *time.Time  `json:"rotated_at" doc:"When it got its present secret; null: it has its first."`
	PreviousSecretUntil *time.Time  `json:"previous_secret_until" doc:"So long the secret before works too; null: none does."`
	RevokedAt           *time.Time  `json:"revoked_at"`
}

// KeyWithSecret is an API key and the secret that it has just got.
type KeyWithSecret struct {
	Key
	Secret string `json:"secret" doc:"Shown this once."`
}

func keyOf(k order.Key, now time.Time) Key {
	j := Key{
		ID: k.ID, MerchantID: k.Merchant, Name: k.Name, Test: k.Test, Scopes: make([]KeyScope, len(k.Scopes)), CreatedAt: k.CreatedAt,
		LastUsedAt: k.LastUsedAt, RotatedAt: k.RotatedAt, RevokedAt: k.RevokedAt,
	}
	for i, s := range k.Scopes {
		j.Scopes[i] = KeyScope(s)
	}
	if k.PreviousUntil != nil && k.PreviousUntil.After(now) && k.RevokedAt == nil {
		j.PreviousSecretUntil = k.PreviousUntil
	}
	return j
}

func (s *Server) listKeys(ctx context.Context, in *ByMerchant) (*list[Key], error) {
	tenant := staffOf(ctx).Tenant
	if _, err := order.GetMerchant(ctx, s.db, tenant, in.ID); err != nil {
		return nil, err
	}
	found, err := order.ListKeys(ctx, s.db, tenant, in.ID)
	if err != nil {
		return nil, err
	}
	data := make([]Key, len(found))
	for i, k := range found {
		data[i] = keyOf(k, s.clock.Now())
	}
	return listOf(data, ""), nil
}

type newKeyInput struct {
	ByMerchant
	Body struct {
		Name   string     `json:"name" minLength:"1" maxLength:"200"`
		Test   bool       `json:"test,omitempty" doc:"A key for the sandbox: the same API, orders that a robot delivers. The first one opens it."`
		Scopes []KeyScope `json:"scopes,omitempty" maxItems:"20" doc:"What it may do; left out or empty: everything."`
	}
}

func (s *Server) createKey(ctx context.Context, in *newKeyInput) (*out[KeyWithSecret], error) {
	n, now := order.NewKey{Merchant: in.ID, Name: in.Body.Name, Test: in.Body.Test}, s.clock.Now()
	for _, x := range in.Body.Scopes {
		if !slices.Contains(n.Scopes, string(x)) {
			n.Scopes = append(n.Scopes, string(x))
		}
	}
	k, secret, err := order.CreateKey(ctx, s.db, staffOf(ctx).Tenant, n, now)
	if err != nil {
		return nil, err
	}
	return answer(KeyWithSecret{keyOf(k, now), secret}), nil
}

// Rotation says what becomes of the secret that is replaced.
type Rotation struct {
	RevokeOld bool `json:"revoke_old,omitempty" doc:"End the old secret at once, for one that has leaked. Otherwise it works for 24 hours more."`
}

type rotateKeyInput struct {
	ByKey
	Body *Rotation `required:"false"`
}

func (s *Server) rotateKey(ctx context.Context, in *rotateKeyInput) (*out[KeyWithSecret], error) {
	overlap, now := keyOverlap, s.clock.Now()
	if in.Body != nil && in.Body.RevokeOld {
		overlap = 0
	}
	k, secret, err := order.RotateKey(ctx, s.db, staffOf(ctx).Tenant, in.ID, overlap, now)
	if err != nil {
		return nil, err
	}
	s.forgetKey(k.ID)
	return answer(KeyWithSecret{keyOf(k, now), secret}), nil
}

func (s *Server) revokeKey(ctx context.Context, in *struct {
	ByKey
	Body *empty `required:"false"`
}) (*out[Key], error) {
	now := s.clock.Now()
	k, err := order.RevokeKey(ctx, s.db, staffOf(ctx).Tenant, in.ID, now)
	if err != nil {
		return nil, err
	}
	s.forgetKey(k.ID)
	return answer(keyOf(k, now)), nil
}

// forgetKey makes this process ask the database again; the others do so within recheck.
func (s *Server) forgetKey(key id.Key) {
	s.keys.forgetIf(func(m merchant) bool { return m.Key == key })
}
