package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// WebhookEndpoint is where a merchant's events are sent.
type WebhookEndpoint struct {
	ID             string     `json:"id,omitempty"`
	URL            string     `json:"url"`
	Description    string     `json:"description"`
	EventTypes     []string   `json:"event_types"` // empty: all
	State          string     `json:"state,omitempty"`
	DisabledAt     *time.Time `json:"disabled_at,omitempty"`
	DisabledReason string     `json:"disabled_reason,omitempty"`
	Secret         string     `json:"secret,omitempty"` // only of one just created
}

// WebhookChange is what to change of an endpoint; nil stays.
type WebhookChange struct {
	URL         *string   `json:"url,omitempty"`
	Description *string   `json:"description,omitempty"`
	EventTypes  *[]string `json:"event_types,omitempty"`
	State       *string   `json:"state,omitempty"`
}

// WebhookDelivery is one event on its way to one endpoint.
type WebhookDelivery struct {
	EventID  string     `json:"event_id"`
	Type     string     `json:"type"`
	State    string     `json:"state"`
	Attempts int        `json:"attempts"`
	NextAt   *time.Time `json:"next_at"`
	Request  struct {
		Body json.RawMessage `json:"body"`
	} `json:"request"`
	Response *struct {
		At         time.Time `json:"at"`
		Status     int       `json:"status"` // 0: no answer came
		Error      string    `json:"error"`
		Body       string    `json:"body"`
		DurationMS int64     `json:"duration_ms"`
	} `json:"response"`
}

const endpointsPath = "/v1/webhook-endpoints"

// webhook calls something of an endpoint; what names it in the counters, path is behind the endpoint's.
func (m *Merchant) webhook(ctx context.Context, method, endpoint, what, path string, body, out any, repeatable bool) error {
	return m.c.do(ctx, call{name: method + " " + endpointsPath + "/{id}" + what, method: method, path: endpointsPath + "/" + url.PathEscape(endpoint) + path,
		body: body, repeatable: repeatable, auth: m.key, out: out})
}

// CreateWebhook has events sent to an address; the answer holds the secret, this once. It is not repeatable: who lost the answer finds the
// endpoint in Webhooks and rotates its secret.
func (m *Merchant) CreateWebhook(ctx context.Context, address, description string, eventTypes ...string) (WebhookEndpoint, error) {
	var out WebhookEndpoint
	err := m.c.do(ctx, call{name: "POST " + endpointsPath, method: http.MethodPost, path: endpointsPath, auth: m.key, out: &out, body: struct {
		URL         string   `json:"url"`
		Description string   `json:"description,omitempty"`
		EventTypes  []string `json:"event_types,omitempty"`
	}{address, description, eventTypes}})
	return out, err
}

// Webhooks are all of the merchant's endpoints.
func (m *Merchant) Webhooks(ctx context.Context) iter.Seq2[WebhookEndpoint, error] {
	return list[WebhookEndpoint](ctx, m.c, m.key, endpointsPath, nil)
}

// Webhook is one endpoint.
func (m *Merchant) Webhook(ctx context.Context, endpoint string) (WebhookEndpoint, error) {
	var out WebhookEndpoint
	err := m.webhook(ctx, http.MethodGet, endpoint, "", "", nil, &out, true)
	return out, err
}

// ChangeWebhook changes an endpoint.
func (m *Merchant) ChangeWebhook(ctx context.Context, endpoint string, c WebhookChange) (WebhookEndpoint, error) {
	var out WebhookEndpoint
	err := m.webhook(ctx, http.MethodPatch, endpoint, "", "", c, &out, true)
	return out, err
}

// DeleteWebhook forgets an endpoint.
func (m *Merchant) DeleteWebhook(ctx context.Context, endpoint string) error {
	return m.webhook(ctx, http.MethodDelete, endpoint, "", "", nil, nil, false)
}

// RotateWebhookSecret makes a new secret. The one before goes on signing until the time answered.
func (m *Merchant) RotateWebhookSecret(ctx context.Context, endpoint string) (secret string, oldUntil time.Time, err error) {
	var out struct {
		Secret         string    `json:"secret"`
		OldSecretUntil time.Time `json:"old_secret_until"`
	}
	err = m.webhook(ctx, http.MethodPost, endpoint, "/rotate-secret", "/rotate-secret", nil, &out, false)
	return out.Secret, out.OldSecretUntil, err
}

// TestWebhook sends a test event.
func (m *Merchant) TestWebhook(ctx context.Context, endpoint string) (WebhookDelivery, error) {
	var out WebhookDelivery
	err := m.webhook(ctx, http.MethodPost, endpoint, "/test", "/test", nil, &out, false)
	return out, err
}

// WebhookDeliveries is an endpoint's log, newest first; state "" is all of it.
func (m *Merchant) WebhookDeliveries(ctx context.Context, endpoint, state string) iter.Seq2[WebhookDelivery, error] {
	q := url.Values{"limit": {"200"}}
	if state != "" {
		q.Set("state", state)
	}
	return list[WebhookDelivery](ctx, m.c, m.key, endpointsPath+"/"+url.PathEscape(endpoint)+"/deliveries", q)
}

// ReplayWebhook sends an event again.
func (m *Merchant) ReplayWebhook(ctx context.Context, endpoint, event string) (WebhookDelivery, error) {
	var out WebhookDelivery
	err := m.webhook(ctx, http.MethodPost, endpoint, "/deliveries/{event_id}/replay", "/deliveries/"+url.PathEscape(event)+"/replay", nil, &out, true)
	return out, err
}

// ReplayWebhooks sends again what happened from a time until before another, of the deliveries in the states; none named means failed.
func (m *Merchant) ReplayWebhooks(ctx context.Context, endpoint string, from, to time.Time, states ...string) (replayed int, err error) {
	for {
		var out struct {
			Replayed int        `json:"replayed"`
			NextFrom *time.Time `json:"next_from"`
		}
		err := m.webhook(ctx, http.MethodPost, endpoint, "/replay", "/replay", struct {
			From   time.Time `json:"from"`
			To     time.Time `json:"to"`
			States []string  `json:"states,omitempty"`
		}{from.UTC(), to.UTC(), states}, &out, true)
		if replayed += out.Replayed; err != nil || out.NextFrom == nil || !out.NextFrom.After(from) {
			return replayed, err
		}
		from = *out.NextFrom
	}
}
