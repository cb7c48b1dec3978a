package sms

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var message = Message{ID: "sms_7_1", To: "+39 055 1", Text: "123456", Template: "login_code", Values: map[string]string{"code": "123456"}}

func TestGateway(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	status := http.StatusNoContent
	var got Message
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := verify.VerifyIgnoringTimestamp(body, r.Header); err != nil || r.Header.Get("webhook-timestamp") != "1772452800" {
			t.Errorf("%v, %v", err, r.Header)
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	defer srv.Close()
	s, err := New(srv.URL+"/send", secret, now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message); err != nil || got.To != message.To || got.Values["code"] != "123456" || got.ID != message.ID {
		t.Errorf("%v, %+v", err, got)
	}
	for _, status = range []int{http.StatusFound, http.StatusBadRequest, http.StatusBadGateway} {
		if err := s.Send(t.Context(), message); err == nil || strings.Contains(err.Error(), "123456") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestLogForDevelopment(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	s, err := New(LogURL, "", clock.System{}, slog.New(slog.NewTextHandler(&b, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message); err != nil || !strings.Contains(b.String(), "123456") {
		t.Errorf("%v: %s", err, b.String())
	}
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]string{{"", secret}, {"sms.example.com", secret}, {"ftp://sms.example.com", secret}, {"https://sms.example.com", ""}, {"https://sms.example.com", "whsec_???"}} {
		if _, err := New(bad[0], bad[1], clock.System{}, slog.Default()); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
