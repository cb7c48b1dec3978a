// Package gateway talks to servers of the operator's own that know a provider: of text messages, of telephone numbers. They get JSON, signed
// as Standard Webhooks are (https://www.standardwebhooks.com), and need not be reachable from elsewhere.
package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/paidan/paidan/internal/clock"
)

const (
	// timeout of a request, on the wall.
	timeout = 10 * time.Second
	// maxAnswer is how much of an answer is read.
	maxAnswer = 64 << 10
)

// Gateway is one such server.
type Gateway struct {
	url    string
	signer *standardwebhooks.Webhook
	clock  clock.Clock
	client *http.Client
}

// New is the gateway at an address, whose requests are signed with a secret (whsec_ and random bytes in base64). It asks nothing yet.
func New(address, secret string, c clock.Clock) (*Gateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the gateway's address: want one like https://gateway.example.com/send")
	}
	if secret == "" {
		return nil, errors.New("the gateway's secret is missing: whsec_ and 24 to 64 random bytes in base64")
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, fmt.Errorf("the gateway's secret: want whsec_ and bytes in base64: %w", err)
	}
	return &Gateway{url: address, signer: signer, clock: c, client: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // what it says goes nowhere else
	}}, nil
}

// Post makes one request, named by an id, and reads the JSON that it is answered with, unless answer is nil. An answer other than 2xx is an
// error. Errors tell nothing of the body.
func (g *Gateway) Post(ctx context.Context, id string, body, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	now := g.clock.Now()
	signature, err := g.signer.Sign(id, now, raw)
	if err != nil {
		return fmt.Errorf("sign for the gateway: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	for name, v := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Paidan-Gateway/1",
		"webhook-id": id, "webhook-timestamp": strconv.FormatInt(now.Unix(), 10), "webhook-signature": signature,
	} {
		req.Header.Set(name, v)
	}
	res, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // all of it, so that the connection can be used again
	switch {
	case res.StatusCode < http.StatusOK || res.StatusCode >= http.StatusMultipleChoices:
		return fmt.Errorf("the gateway answered %d", res.StatusCode)
	case answer == nil:
		return nil
	case err != nil:
		return fmt.Errorf("read the gateway's answer: %w", err)
	}
	if err := json.Unmarshal(said, answer); err != nil {
		return fmt.Errorf("read the gateway's answer: %w", err)
	}
	return nil
}
