package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

// gateway posts messages as JSON, signed as Standard Webhooks are, to who knows a provider that we don't.
type gateway struct {
	url    string
	signer *standardwebhooks.Webhook
	client *http.Client
	clock  clock.Clock
}

// NewGateway sends to an address, with requests signed by a secret (whsec_…).
func NewGateway(address, secret string, client *http.Client, c clock.Clock) (Provider, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("want an address like https://push.example.com/send")
	}
	signer, err := standardwebhooks.NewWebhook(strings.TrimSpace(secret))
	if err != nil || secret == "" {
		return nil, errors.New("the gateway's secret: want whsec_ and 24 to 64 bytes in base64")
	}
	return &gateway{address, signer, client, c}, nil
}

// gatewayMessage is what the gateway gets; docs/operations.md shows it.
type gatewayMessage struct {
	Token       string            `json:"token"`
	Title       string            `json:"title"`
	Body        string            `json:"body"`
	Data        map[string]string `json:"data"`
	CollapseKey string            `json:"collapse_key"`
	TTL         int               `json:"ttl_s"`
}

// Send makes one request. 404 and 410 say that the phone has no such token any more.
func (g *gateway) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(gatewayMessage{m.Token, m.Title, m.Body, m.Data, m.Collapse, seconds(m.TTL)})
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	now := g.clock.Now()
	signature, err := g.signer.Sign(m.ID, now, body)
	if err != nil {
		return fmt.Errorf("sign the message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("webhook-id", m.ID)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	a, err := do(g.client, req)
	switch {
	case err != nil || a.ok():
		return err
	case a.status == http.StatusNotFound || a.status == http.StatusGone:
		return &GoneError{http.StatusText(a.status)}
	}
	return a.fault("")
}
