package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

const (
	// timeout of a request, on the wall.
	timeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, so that its connection can be used again.
	maxAnswer = 64 << 10
)

// gateway posts messages as JSON, signed as Standard Webhooks are.
type gateway struct {
	url    string
	signer *standardwebhooks.Webhook
	clock  clock.Clock
	client *http.Client
}

func newGateway(url, secret string, c clock.Clock) (*gateway, error) {
	if secret == "" {
		return nil, fmt.Errorf("the gateway's secret is missing: whsec_ and 24 to 64 random bytes in base64")
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, fmt.Errorf("the gateway's secret: want whsec_ and bytes in base64: %w", err)
	}
	return &gateway{url: url, signer: signer, clock: c, client: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the code goes nowhere else
	}}, nil
}

// Send makes one request; an answer other than 2xx is an error.
func (g *gateway) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("text message: %w", err)
	}
	now := g.clock.Now()
	signature, err := g.signer.Sign(m.ID, now, body)
	if err != nil {
		return fmt.Errorf("sign a text message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("text message: %w", err)
	}
	for name, v := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Paidan-SMS/1",
		"webhook-id": m.ID, "webhook-timestamp": strconv.FormatInt(now.Unix(), 10), "webhook-signature": signature,
	} {
		req.Header.Set(name, v)
	}
	res, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("text message: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode < http.StatusOK || res.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("text message: the gateway answered %d", res.StatusCode)
	}
	return nil
}
