package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// tokenLife is how long a rider's access token is good, unless its phone is signed out before (signedOut).
const tokenLife = 15 * time.Minute

// riderClaims carry all that a position needs, so that positions need no database.
type riderClaims struct {
	Tenant  id.Tenant     `json:"ten"`
	Zone    id.Zone       `json:"zon"`
	Vehicle rider.Vehicle `json:"veh"`
	Rider   id.Rider      `json:"rid"`
	Device  id.Device     `json:"dev,omitzero"`
	jwt.RegisteredClaims
}

// tokens makes and reads riders' access tokens (JWT, HS256).
type tokens struct {
	secret []byte
	clock  clock.Clock
	valid  *jwt.Validator
}

const issuer = "paidan"

func newTokens(secret []byte, c clock.Clock) *tokens {
	return &tokens{secret: secret, clock: c, valid: jwt.NewValidator(jwt.WithIssuer(issuer), jwt.WithExpirationRequired(), jwt.WithTimeFunc(c.Now))}
}

// RiderToken is an access token as a rider gets it at log-in, for load tests that have the server's secret.
func RiderToken(secret []byte, c clock.Clock, r rider.Rider) (string, error) {
	return newTokens(secret, c).issue(r, id.Device{})
}

func (t *tokens) issue(r rider.Rider, on id.Device) (string, error) {
	now := t.clock.Now()
	claims := riderClaims{
		Tenant: r.Tenant, Rider: r.ID, Zone: r.Zone, Vehicle: r.Vehicle, Device: on,
		RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife))},
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.secret)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed, nil
}

func (t *tokens) read(text string) (riderClaims, error) {
	c, err := t.verify(text)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, refuse(codeUnauthenticated, "The access token has expired.")
	case err != nil, c.Tenant.IsZero(), c.Rider.IsZero():
		return c, refuse(codeUnauthenticated, "The access token is not valid.")
	}
	return c, nil
}

// tokenHeader begins each of our tokens.
var tokenHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "."

// verify is the library's parser less what our own tokens can do without: reading a header that is always the same took a quarter of a
// position's request.
func (t *tokens) verify(text string) (c riderClaims, err error) {
	rest, ours := strings.CutPrefix(text, tokenHeader)
	payload, signature, whole := strings.Cut(rest, ".")
	if !ours || !whole {
		return c, jwt.ErrTokenMalformed
	}
	mac, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		return c, jwt.ErrTokenMalformed
	}
	if err := jwt.SigningMethodHS256.Verify(text[:len(tokenHeader)+len(payload)], mac, t.secret); err != nil {
		return c, err
	}
	claims, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return c, jwt.ErrTokenMalformed
	}
	if err := json.Unmarshal(claims, &c); err != nil {
		return c, fmt.Errorf("token's claims: %w", err)
	}
	return c, t.valid.Validate(&c)
}
