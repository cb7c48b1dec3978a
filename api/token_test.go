package api

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

func TestTokensAreOursWholeAndFresh(t *testing.T) {
	t.Parallel()
	secret := []byte(strings.Repeat("s", 32))
	now := clock.NewManual(noon)
	tokens := newTokens(secret, now)
	r := rider.Rider{Tenant: id.NewTenant(), ID: id.NewRider(), Zone: id.NewZone(), Vehicle: rider.EBike}
	good, err := tokens.issue(r, id.Device{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := tokens.read(good); err != nil || c.Tenant != r.Tenant || c.Rider != r.ID || c.Zone != r.Zone || c.Vehicle != r.Vehicle {
		t.Fatalf("%+v, %v", c, err)
	}

	// What the library makes of the same secret, told otherwise.
	made := func(method jwt.SigningMethod, key any, change func(*riderClaims)) string {
		t.Helper()
		c := riderClaims{Tenant: r.Tenant, Rider: r.ID, RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer, ExpiresAt: jwt.NewNumericDate(noon.Add(time.Minute))}}
		change(&c)
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	as := func(*riderClaims) {}
	if _, err := tokens.read(made(jwt.SigningMethodHS256, secret, as)); err != nil {
		t.Error(err)
	}
	part := strings.Split(good, ".")
	other := strings.Split(made(jwt.SigningMethodHS256, secret, func(c *riderClaims) { c.Rider = id.NewRider() }), ".")
	for name, text := range map[string]string{
		"no token":           "",
		"a header only":      part[0],
		"no signature":       part[0] + "." + part[1] + ".",
		"half a signature":   good[:len(good)-20],
		"more":               good + ".x",
		"another's claims":   part[0] + "." + other[1] + "." + part[2],
		"unsigned":           made(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, as),
		"another method":     made(jwt.SigningMethodHS512, secret, as),
		"another secret":     made(jwt.SigningMethodHS256, []byte(strings.Repeat("t", 32)), as),
		"another issuer":     made(jwt.SigningMethodHS256, secret, func(c *riderClaims) { c.Issuer = "somebody" }),
		"no end":             made(jwt.SigningMethodHS256, secret, func(c *riderClaims) { c.ExpiresAt = nil }),
		"not yet":            made(jwt.SigningMethodHS256, secret, func(c *riderClaims) { c.NotBefore = jwt.NewNumericDate(noon.Add(time.Second)) }),
		"no tenant, no name": made(jwt.SigningMethodHS256, secret, func(c *riderClaims) { c.Tenant, c.Rider = id.Tenant{}, id.Rider{} }),
	} {
		if _, err := tokens.read(text); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	now.Advance(tokenLife + time.Second)
	if _, err := tokens.read(good); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("too late: %v", err)
	}
}
