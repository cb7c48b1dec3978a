package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/paidan/paidan/internal/id"
)

// trackTokens makes and reads the tokens of tracking pages. A token is the order, its tenant and a MAC of 128 bits over
// both, so that it can't be guessed and nothing has to be stored; who may forge one has the installation's secret.
type trackTokens struct{ key []byte }

const (
	trackMAC   = 16
	trackBytes = 16 + 16 + trackMAC
)

func newTrackTokens(secret []byte) trackTokens {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("tracking page")) // a key of its own: no token is good for anything else
	return trackTokens{h.Sum(nil)}
}

func (t trackTokens) mac(b []byte) []byte {
	h := hmac.New(sha256.New, t.key)
	h.Write(b)
	return h.Sum(nil)[:trackMAC]
}

func (t trackTokens) token(tenant id.Tenant, o id.Order) string {
	b := make([]byte, 0, trackBytes)
	b = append(append(b, o[:]...), tenant[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, t.mac(b)...))
}

func (t trackTokens) read(token string) (tenant id.Tenant, o id.Order, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != trackBytes || !hmac.Equal(b[32:], t.mac(b[:32])) {
		return tenant, o, false
	}
	copy(o[:], b)
	copy(tenant[:], b[16:])
	return tenant, o, true
}
