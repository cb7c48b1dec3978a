package webhook

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verify is what a receiver does who knows one secret.
func verify(secret string, body []byte, h http.Header) error {
	at, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		return err
	}
	want, err := sign(request{id: h.Get("webhook-id"), secrets: []string{secret}, payload: body}, time.Unix(at, 0))
	if err == nil && !slices.Contains(strings.Fields(h.Get("webhook-signature")), want) {
		err = errors.New("forged")
	}
	return err
}

// The signature is what openssl makes of the same (docs/webhooks.md has the command).
func TestSignaturesAreTheSpecifications(t *testing.T) {
	t.Parallel()
	got, err := sign(request{id: "evt_1", secrets: []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, payload: []byte(`{"a":1}`)}, time.Unix(1614265330, 999))
	if want := "v1,z8qeRqJbJdzhD0HJhV7s6N+WPIwntApm5SbJILD7dVE="; err != nil || got != want {
		t.Errorf("%s, want %s (%v)", got, want, err)
	}
	if _, err := sign(request{secrets: []string{"whsec_???"}}, time.Time{}); err == nil {
		t.Error("signed with what is no secret")
	}
}
