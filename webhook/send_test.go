package webhook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/paidan/paidan/internal/clock"
)

// attemptAt makes one attempt at a handler.
func attemptAt(ctx context.Context, t *testing.T, h http.HandlerFunc, secrets ...string) attempt {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	s := newSender(open, clock.System{})
	s.timeout = 300 * time.Millisecond
	defer s.close()
	return s.send(ctx, request{url: srv.URL, id: "evt_1", secrets: append(secrets, newSecret()), payload: []byte(`{"a":1}`)})
}

// Whoever knows any of the secrets can verify; who does not, can't.
func TestEverySecretSigns(t *testing.T) {
	t.Parallel()
	one, two := newSecret(), newSecret()
	a := attemptAt(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for secret, want := range map[string]bool{one: true, two: true, newSecret(): false} {
			if err := verify(secret, body, r.Header); (err == nil) != want {
				t.Errorf("verified: %v, want %v (%s)", err, want, r.Header.Get("webhook-signature"))
			}
			if verify(secret, append(body, ' '), r.Header) == nil {
				t.Error("another body is verified")
			}
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("webhook-id") != "evt_1" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
	}, one, two)
	if !a.ok() || a.result != resultDelivered {
		t.Errorf("%+v", a)
	}
}

// endless is a body without end.
func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("€", 1000)); err != nil {
			return
		}
	}
}

func TestAnswersOfAllSorts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer         http.HandlerFunc
		status         int
		result, err    string
		body, bodyEnds string
	}{
		"yes": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, "thanks")
		}, 201, resultDelivered, "", "thanks", "thanks"},
		"no": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "a\x00b\xff", http.StatusInternalServerError)
		}, 500, resultRefused, "", "a\uFFFDb\uFFFD", "\n"},
		"endless":  {endless, 200, resultDelivered, "", "€€€", "€"},
		"never":    {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, resultTimeout, "no answer within 300ms", "", ""},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, resultUnreachable, "EOF", "", ""},
		"breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		}, 200, resultDelivered, "", "half", "half"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attemptAt(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // or the server would not notice that the client has gone
				tc.answer(w, r)
			})
			if a.status != tc.status || a.result != tc.result || !strings.Contains(a.err, tc.err) || (tc.err == "") != (a.err == "") {
				t.Errorf("%+v", a)
			}
			if !strings.HasPrefix(a.body, tc.body) || !strings.HasSuffix(a.body, tc.bodyEnds) || len(a.body) > maxExcerpt || !utf8.ValidString(a.body) {
				t.Errorf("kept %d bytes: %q", len(a.body), a.body)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := newSender(open, clock.System{})
	defer s.close()
	if a := s.send(t.Context(), request{url: "http://127.0.0.1:1/", id: "evt", secrets: []string{newSecret()}}); a.result != resultUnreachable || !strings.Contains(a.err, "refused") {
		t.Errorf("nobody listens: %+v", a)
	}
}

// What our own end cuts off is no attempt.
func TestCutOff(t *testing.T) {
	t.Parallel()
	ctx, cut := context.WithCancel(t.Context())
	a := attemptAt(ctx, t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cut()
		<-r.Context().Done()
	})
	if a.result != "" {
		t.Errorf("%+v", a)
	}
}

func TestExcerpts(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "ok", strings.Repeat("\xff", 5000), strings.Repeat("派单", 5000), strings.Repeat("a\x00", 900)} {
		got := excerpt([]byte(body))
		if len(got) > maxExcerpt || !utf8.ValidString(got) || strings.Contains(got, "\x00") || (got == "") != (body == "") {
			t.Errorf("%.10q of %d bytes: %d bytes", body, len(body), len(got))
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	s := secrets{now: "a"}
	s = s.rotated("b", noon)
	s = s.rotated("c", noon.Add(time.Hour))
	for after, want := range map[time.Duration]string{
		time.Hour: "c b a", OldSecretLife - 1: "c b a", OldSecretLife: "c b", OldSecretLife + time.Hour: "c",
	} {
		if got := strings.Join(s.at(noon.Add(after)), " "); got != want {
			t.Errorf("after %v sign %s, want %s", after, got, want)
		}
	}
	if s = s.rotated("d", noon.Add(OldSecretLife)); strings.Join(s.at(noon.Add(OldSecretLife)), " ") != "d c b" {
		t.Errorf("%+v", s)
	}
	for range 3 * maxOldSecrets {
		s = s.rotated("x", noon.Add(OldSecretLife))
	}
	if len(s.old) != maxOldSecrets {
		t.Errorf("%d old secrets", len(s.old))
	}
}
