package webhook

import (
	"net/http"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// verify is what a receiver does who knows one secret.
func verify(secret string, body []byte, h http.Header) error {
	receiver, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return receiver.VerifyIgnoringTimestamp(body, h) // the clock is the test's
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
