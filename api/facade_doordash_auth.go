package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/paidan/paidan/order"
)

// DoorDashCredentials are an API key as DoorDash's clients want one.
type DoorDashCredentials struct {
	DeveloperID   string `json:"developer_id" doc:"The merchant's id."`
	KeyID         string `json:"key_id" doc:"Names the API key that asks."`
	SigningSecret string `json:"signing_secret" doc:"Signs the tokens (HS256), until the key is rotated or revoked."`
}

// signingSecret belongs to an API key's secret, of which we know the hash alone. It is made of that and of the server's own secret, so that
// nothing more has to be kept, and who reads the database can't make it.
func (s *Server) signingSecret(hash []byte) []byte {
	mac := hmac.New(sha256.New, s.tokens.secret)
	mac.Write([]byte("doordash\x00"))
	mac.Write(hash)
	return mac.Sum(nil)
}

func (s *Server) doordashCredentials(ctx context.Context, _ *empty) (*out[DoorDashCredentials], error) {
	who := merchantOf(ctx)
	return answer(DoorDashCredentials{who.Merchant.String(), hex.EncodeToString(who.hash), base64.StdEncoding.EncodeToString(s.signingSecret(who.hash))}), nil
}

// driveClaims are what DoorDash's tokens say.
type driveClaims struct {
	KeyID string `json:"kid"`
	jwt.RegisteredClaims
}

var errBadToken = refuse(codeUnauthenticated, "The token is not valid: sign {aud: doordash, iss: developer_id, kid: key_id, exp, iat} with the signing_secret, HS256, and the header dd-ver DD-JWT-V1.")

// doordashKey is whom a token of DoorDash's kind speaks for. An API key does as well.
func (s *Server) doordashKey(ctx context.Context, token string) (merchant, error) {
	if strings.Count(token, ".") != 2 {
		return s.findKey(ctx, token)
	}
	var who merchant
	var lookup error
	var c driveClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience("doordash"), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.clock.Now))
	_, err := parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		hash, err := hex.DecodeString(c.KeyID)
		if err != nil || len(hash) != sha256.Size || t.Header["dd-ver"] != "DD-JWT-V1" {
			return nil, errBadToken
		}
		who, lookup = s.findHash(hash, func() (order.KeyHolder, error) { return order.LookupKeyHash(ctx, s.db, hash, s.clock.Now()) })
		return s.signingSecret(hash), lookup
	})
	switch {
	case lookup != nil:
		return merchant{}, lookup
	case err != nil, c.Issuer != who.Merchant.String():
		return merchant{}, errBadToken
	}
	return who, nil
}
