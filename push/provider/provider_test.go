package provider

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func offer() Message {
	return Message{ID: "psh_1", Token: "phone-1", Title: "New order", Body: "30 s", Data: map[string]string{"kind": "offer"}, Collapse: "offer", TTL: 30*time.Second + time.Millisecond}
}

// remote is a provider's machine: it answers what the test lays out, and keeps what it was asked.
type remote struct {
	*httptest.Server
	mu      sync.Mutex
	answers []func(http.ResponseWriter)
	asked   []*http.Request
	bodies  [][]byte
}

func newRemote(t *testing.T, tls bool) *remote {
	t.Helper()
	r := &remote{}
	if tls {
		r.Server = httptest.NewTLSServer(r)
	} else {
		r.Server = httptest.NewServer(r)
	}
	t.Cleanup(func() { r.Client().CloseIdleConnections(); r.Close() })
	return r
}

// will lays out answers, after those that are left.
func (r *remote) will(answers ...func(http.ResponseWriter)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = append(r.answers, answers...)
}

// left is how many answers nobody has asked for.
func (r *remote) left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.answers)
}

// request is the n-th that came.
func (r *remote) request(n int) *http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked[n]
}

// body is that of the n-th request.
func (r *remote) body(n int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[n]
}

// count is how many requests came.
func (r *remote) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.asked)
}

func (r *remote) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(req.Body)
	r.asked, r.bodies = append(r.asked, req), append(r.bodies, body)
	if len(r.answers) == 0 {
		return
	}
	say := r.answers[0]
	r.answers = r.answers[1:] // before the answer: the test goes on with it
	say(w)
}

func says(status int, body string, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// at reads a value in JSON by its path.
func at(t *testing.T, raw []byte, path ...string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	for _, p := range path {
		obj, _ := v.(map[string]any)
		v = obj[p]
	}
	return v
}

func expect(t *testing.T, raw []byte, want map[string]any) {
	t.Helper()
	for path, v := range want {
		if got := at(t, raw, strings.Split(path, "/")...); got != v {
			t.Errorf("%s is %v, want %v, in %s", path, got, v, raw)
		}
	}
}

// kinds of failure, as all providers tell them apart.
func kind(err error) string {
	var gone *GoneError
	var refused *RefusedError
	var busy *BusyError
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &gone):
		return "gone"
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &busy):
		return "busy " + busy.After.String()
	}
	return "unreachable"
}

func TestFCM(t *testing.T) {
	t.Parallel()
	r := newRemote(t, false)
	now := clock.NewManual(noon)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"project_id": "acme-riders", "client_email": "push@acme.example", "private_key_id": "k1", "token_uri": r.URL + "/token",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewFCM(file, r.URL, r.Client(), now)
	if err != nil {
		t.Fatal(err)
	}
	granted := says(200, `{"access_token":"ya29.one","expires_in":3599,"token_type":"Bearer"}`)
	taken := says(200, `{"name":"projects/acme-riders/messages/0:1"}`)
	r.will(granted, taken, taken)
	for range 2 { // one token for both
		if err := p.Send(t.Context(), offer()); err != nil {
			t.Fatal(err)
		}
	}
	form := string(r.body(0))
	_, assertion, _ := strings.Cut(form, "assertion=")
	assertion, _, _ = strings.Cut(assertion, "&")
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(assertion, claims, func(*jwt.Token) (any, error) { return &key.PublicKey, nil }, jwt.WithTimeFunc(now.Now), jwt.WithValidMethods([]string{"RS256"}))
	if err != nil || claims["iss"] != "push@acme.example" || claims["aud"] != r.URL+"/token" || claims["scope"] != fcmScope || !strings.Contains(form, "jwt-bearer") {
		t.Errorf("%v, %v of %s", claims, err, form)
	}
	if got := r.request(1); got.URL.Path != "/v1/projects/acme-riders/messages:send" || got.Header.Get("Authorization") != "Bearer ya29.one" || r.count() != 3 {
		t.Errorf("%d requests, the second %s %v", r.count(), got.URL, got.Header)
	}
	expect(t, r.body(1), map[string]any{
		"message/token": "phone-1", "message/notification/title": "New order", "message/data/kind": "offer", "message/android/ttl": "30s", "message/android/collapse_key": "offer",
		"message/android/priority": "HIGH", "message/apns/headers/apns-expiration": "1772452830", "message/apns/headers/apns-collapse-id": "offer",
	})
	now.Advance(time.Hour) // the token is over
	r.will(granted, taken)
	if err := p.Send(t.Context(), offer()); err != nil || r.request(3).URL.Path != "/token" {
		t.Errorf("%v, asked %s", err, r.request(3).URL)
	}
	detail := func(status int, name, code string, header ...string) func(http.ResponseWriter) {
		return says(status, `{"error":{"message":"m","status":"`+name+`","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"`+code+`"}]}}`, header...)
	}
	for _, tc := range []struct {
		answers []func(http.ResponseWriter)
		want    string
	}{
		{[]func(http.ResponseWriter){detail(404, "NOT_FOUND", "UNREGISTERED")}, "gone"},
		{[]func(http.ResponseWriter){detail(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH")}, "gone"},
		{[]func(http.ResponseWriter){detail(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")}, "refused"},
		{[]func(http.ResponseWriter){detail(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Retry-After", "60")}, "busy 1m0s"},
		{[]func(http.ResponseWriter){detail(503, "UNAVAILABLE", "UNAVAILABLE")}, "busy 0s"},
		{[]func(http.ResponseWriter){says(502, "<html>")}, "busy 0s"},
		{[]func(http.ResponseWriter){says(401, `{"error":{"status":"UNAUTHENTICATED"}}`)}, "busy 0s"},
		{[]func(http.ResponseWriter){granted, taken}, "sent"}, // after a 401 there is a new token
	} {
		r.will(tc.answers...)
		if got := kind(p.Send(t.Context(), offer())); got != tc.want || r.left() != 0 {
			t.Errorf("%s, want %s; %d answers left", got, tc.want, r.left())
		}
	}
	now.Advance(time.Hour)
	r.will(says(400, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`))
	if err := p.Send(t.Context(), offer()); kind(err) != "busy 0s" || !strings.Contains(err.Error(), "Invalid JWT Signature") {
		t.Errorf("without a token: %v", err)
	}
	for says, file := range map[string]string{
		"key file: ":                  `{`,
		"key file has no project_id":  `{"client_email":"x","private_key":"x","token_uri":"x"}`,
		"service account's private_k": `{"project_id":"p","client_email":"x","private_key":"x","token_uri":"x"}`,
	} {
		if _, err := NewFCM([]byte(file), "", r.Client(), now); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestJPush(t *testing.T) {
	t.Parallel()
	r := newRemote(t, false)
	p, err := NewJPush("appkey:master\n", r.URL, r.Client())
	if err != nil {
		t.Fatal(err)
	}
	for want, say := range map[string]func(http.ResponseWriter){
		"sent":        says(200, `{"sendno":"0","msg_id":"18100287008546331"}`),
		"gone":        says(400, `{"error":{"code":1011,"message":"cannot find user by this audience"}}`),
		"refused":     says(400, `{"error":{"code":1003,"message":"The registration id is not valid"}}`),
		"busy 42s":    says(429, `{"error":{"code":2002,"message":"API rate limit exceeded"}}`, "X-Rate-Limit-Reset", "42"),
		"busy 0s":     says(503, `{"error":{"code":1030,"message":"Internal service timeout."}}`),
		"unreachable": nil,
	} {
		if say == nil {
			say = func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
		}
		r.will(say)
		if err := p.Send(t.Context(), offer()); kind(err) != want || err != nil && strings.Contains(err.Error(), r.URL) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if key, secret, _ := r.request(0).BasicAuth(); key != "appkey" || secret != "master" || r.request(0).URL.Path != "/v3/push" {
		t.Errorf("%s %s:%s", r.request(0).URL, key, secret)
	}
	expect(t, r.body(0), map[string]any{
		"notification/android/title": "New order", "notification/android/extras/kind": "offer", "notification/ios/alert/body": "30 s", "options/time_to_live": 30.0,
		"options/apns_collapse_id": "offer", "options/apns_production": true,
	})
	if got, _ := at(t, r.body(0), "audience", "registration_id").([]any); len(got) != 1 || got[0] != "phone-1" {
		t.Errorf("%s", r.body(0))
	}
	if _, err := NewJPush("appkey", "", r.Client()); err == nil {
		t.Error("no secret")
	}
}

// browser is a page that subscribed.
func browser(t *testing.T, endpoint string) string {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	s, err := json.Marshal(map[string]any{"endpoint": endpoint, "keys": map[string]string{"p256dh": enc(key.PublicKey().Bytes()), "auth": enc(bytes.Repeat([]byte{7}, 16))}})
	if err != nil {
		t.Fatal(err)
	}
	return string(s)
}

func TestWebPush(t *testing.T) {
	t.Parallel()
	r := newRemote(t, true)
	p, err := NewWeb(bytes.Repeat([]byte{9}, 32), "mailto:ops@acme.example", r.Client())
	if err != nil {
		t.Fatal(err)
	}
	m := offer()
	m.Token = browser(t, r.URL+"/wpush/v2/abc")
	for _, tc := range []struct {
		say  func(http.ResponseWriter)
		want string
	}{
		{says(201, ""), "sent"}, {says(410, ""), "gone"}, {says(404, ""), "gone"}, {says(413, ""), "refused"}, {says(429, "", "Retry-After", "7"), "busy 7s"}, {says(500, ""), "busy 0s"},
	} {
		r.will(tc.say)
		if got := kind(p.Send(t.Context(), m)); got != tc.want {
			t.Errorf("%s, want %s", got, tc.want)
		}
	}
	h := r.request(0).Header
	if h.Get("TTL") != "30" || h.Get("Topic") != "offer" || h.Get("Urgency") != "high" || h.Get("Content-Encoding") != "aes128gcm" || !strings.Contains(h.Get("Authorization"), "k="+p.PublicKey()) {
		t.Errorf("%v", h)
	}
	if bytes.Contains(r.body(0), []byte("New order")) {
		t.Error("the browser's maker can read it")
	}
	for says, token := range map[string]string{
		"JSON":        "abc",
		"https":       strings.Replace(m.Token, "https:", "http:", 1),
		"keys.p256dh": `{"endpoint":"https://push.example/x","keys":{"p256dh":"AAAA","auth":"AAAA"}}`,
		"keys.auth":   strings.Replace(m.Token, `"auth":"`, `"auth":"AAAA`, 1),
	} {
		if _, err := ReadSubscription(token); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", token, err)
		}
	}
	if _, err := NewWeb(bytes.Repeat([]byte{9}, 32), "ops@acme.example", r.Client()); err == nil {
		t.Error("nobody to write to")
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()
	r := newRemote(t, false)
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	now := clock.NewManual(clock.System{}.Now()) // the verifier goes by the wall
	p, err := NewGateway(r.URL+"/send", secret, r.Client(), now)
	if err != nil {
		t.Fatal(err)
	}
	for want, status := range map[string]int{"sent": 202, "gone": 410, "refused": 400, "busy 0s": 500} {
		r.will(says(status, ""))
		if got := kind(p.Send(t.Context(), offer())); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.Verify(r.body(0), r.request(0).Header); err != nil || r.request(0).Header.Get("webhook-id") != "psh_1" {
		t.Errorf("%v: %v", err, r.request(0).Header)
	}
	expect(t, r.body(0), map[string]any{"token": "phone-1", "title": "New order", "data/kind": "offer", "collapse_key": "offer", "ttl_s": 30.0})
	for _, bad := range [][2]string{{"push.example.com", secret}, {r.URL, ""}, {r.URL, "whsec_%%"}} {
		if _, err := NewGateway(bad[0], bad[1], r.Client(), now); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
