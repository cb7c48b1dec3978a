package api

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// tokenLife is how long a rider's access token is good: so long a revoked rider can go on.
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
	parser *jwt.Parser
}

const issuer = "paidan"

func newTokens(secret []byte, c clock.Clock) *tokens {
	return &tokens{secret: secret, clock: c, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(c.Now),
	)}
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
	var c riderClaims
	_, err := t.parser.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return t.secret, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, refuse(codeUnauthenticated, "The access token has expired.")
	case err != nil, c.Tenant.IsZero(), c.Rider.IsZero():
		return c, refuse(codeUnauthenticated, "The access token is not valid.")
	}
	return c, nil
}
