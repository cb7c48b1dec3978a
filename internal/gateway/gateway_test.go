package gateway

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// What a gateway is sent is signed; whatever it answers beside JSON with a 2xx is an error, and none tells what was sent.
func TestPost(t *testing.T) {
	t.Parallel()
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	status, says := http.StatusOK, `{"n":7}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := verify.VerifyIgnoringTimestamp(body, r.Header); err != nil || r.Header.Get("webhook-id") != "x_1" {
			t.Errorf("%v: %v", err, r.Header)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, says)
	}))
	defer srv.Close()
	g, err := New(srv.URL, secret, clock.NewManual(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	post := func() (n int, err error) {
		var answer struct{ N int }
		err = g.Post(t.Context(), "x_1", map[string]string{"code": "123456"}, &answer)
		return answer.N, err
	}
	if n, err := post(); err != nil || n != 7 {
		t.Errorf("%d, %v", n, err)
	}
	says = "busy"
	if _, err := post(); err == nil {
		t.Error("what is no JSON is taken")
	}
	for _, status = range []int{http.StatusFound, http.StatusBadRequest, http.StatusBadGateway} {
		if _, err := post(); err == nil || strings.Contains(err.Error(), "123456") {
			t.Errorf("%d: %v", status, err)
		}
	}
	srv.Close()
	if _, err := post(); err == nil || strings.Contains(err.Error(), "123456") {
		t.Errorf("nobody there: %v", err)
	}
}
