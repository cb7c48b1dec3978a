package provider

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// WebPush is Web Push (RFC 8030, 8291, 8292): browsers, for apps that are web pages.
type WebPush struct {
	subject, private, public string
	client                   *http.Client
}

// NewWeb signs with a P-256 key of 32 bytes and says in subject (mailto: or https:) whom browsers' makers may write to. Phones tell the addresses,
// so the client must be one that can't be sent into private networks.
func NewWeb(key []byte, subject string, client *http.Client) (*WebPush, error) {
	if !strings.HasPrefix(subject, "mailto:") && !strings.HasPrefix(subject, "https://") {
		return nil, errors.New("want mailto:ADDRESS or https://PAGE, whom browsers' makers may write to")
	}
	private, err := ecdh.P256().NewPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("the key of web push: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return &WebPush{strings.TrimPrefix(subject, "mailto:"), encode(key), encode(private.PublicKey().Bytes()), client}, nil
}

// PublicKey is what a page subscribes with (applicationServerKey, base64url).
func (w *WebPush) PublicKey() string { return w.public }

// ReadSubscription reads a token of Web's: a PushSubscription as the browser gives it (toJSON).
func ReadSubscription(token string) (*webpush.Subscription, error) {
	var s webpush.Subscription
	if err := json.Unmarshal([]byte(token), &s); err != nil {
		return nil, fmt.Errorf("a subscription is the JSON of the browser's PushSubscription: %w", err)
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("a subscription's endpoint is an https address")
	}
	point, err := decodeKey(s.Keys.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	if err != nil {
		return nil, fmt.Errorf("a subscription's keys.p256dh is a point on P-256: %w", err)
	}
	if auth, err := decodeKey(s.Keys.Auth); err != nil || len(auth) != 16 {
		return nil, errors.New("a subscription's keys.auth has 16 bytes")
	}
	return &s, nil
}

func decodeKey(text string) ([]byte, error) {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	return base64.RawURLEncoding.DecodeString(text)
}

// webPayload is what the page's service worker gets.
type webPayload struct {
	Title string            `json:"title"`
	Body  string            `json:"body"`
	Tag   string            `json:"tag"`
	Data  map[string]string `json:"data"`
}

// Send encrypts one message for its page and posts it to the browser's maker.
func (w *WebPush) Send(ctx context.Context, m Message) error {
	s, err := ReadSubscription(m.Token)
	if err != nil {
		return &GoneError{err.Error()}
	}
	body, err := json.Marshal(webPayload{m.Title, m.Body, m.Collapse, m.Data})
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	res, err := webpush.SendNotificationWithContext(ctx, body, s, &webpush.Options{ //nolint:bodyclose // read closes it
		HTTPClient: w.client, Subscriber: w.subject, Topic: m.Collapse, TTL: seconds(m.TTL), Urgency: webpush.UrgencyHigh,
		VAPIDPublicKey: w.public, VAPIDPrivateKey: w.private,
	})
	if err != nil {
		return withoutAddress(err)
	}
	a := read(res)
	switch {
	case a.ok():
		return nil
	case a.status == http.StatusNotFound || a.status == http.StatusGone:
		return &GoneError{http.StatusText(a.status)}
	}
	return a.fault("")
}
