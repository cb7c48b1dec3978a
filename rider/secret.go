package rider

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
)

// newSecret is a random secret with 130 bits (crypto/rand.Text: base32, RFC 4648, without the digits that look like letters).
func newSecret() string { return rand.Text() }

// hashSecret is what is stored of a random secret. SHA-256 suffices: there is nothing to guess in 128 random bits or more, so a slow hash
// would only slow us down (OWASP Password Storage Cheat Sheet is about secrets that people choose).
func hashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// enrolmentGroup is how many characters of a shown code stand together.
const enrolmentGroup = 5

// showCode writes a code in groups, for people who type it.
func showCode(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%enrolmentGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// readCode undoes showCode, whatever case and spaces the typist chose.
func readCode(code string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(code)))
}
