package relay

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestLend(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	wish := Wish{ID: "call_1", Rider: "+39 1", Customer: "+39 2", Until: noon.Add(time.Hour)}
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	says := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var got Wish
		if err := json.Unmarshal(body, &got); err != nil || got != wish || verify.VerifyIgnoringTimestamp(body, r.Header) != nil {
			t.Errorf("%v: %s", err, body)
		}
		_, _ = io.WriteString(w, says)
	}))
	defer srv.Close()
	l, err := New(srv.URL, secret, clock.NewManual(noon))
	if err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string]Line{
		`{"number":"+39 055 9"}`:                                {"+39 055 9", wish.Until},
		`{"number":"+39 055 9","until":"2026-03-02T12:10:00Z"}`: {"+39 055 9", noon.Add(10 * time.Minute)},
		`{"number":"+39 055 9","until":"2026-03-03T12:10:00Z"}`: {"+39 055 9", wish.Until},
		`{}`: {}, `busy`: {}, `{"number":5}`: {},
	} {
		says = answer
		if got, err := l.Lend(t.Context(), wish); got != want || (err == nil) != (want.Number != "") {
			t.Errorf("%s: %+v, %v", answer, got, err)
		}
	}
	if _, err := New("gateway.example.com", secret, clock.System{}); err == nil {
		t.Error("an address without a scheme is taken")
	}
}
