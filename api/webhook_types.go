package api

import (
	"encoding/json"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/webhook"
)

// ByEndpoint is the id in a path.
type ByEndpoint struct {
	ID id.Endpoint `path:"id" pattern:"^whe_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The webhook endpoint's id."`
}

// ByDelivery is an endpoint and an event in a path.
type ByDelivery struct {
	ByEndpoint
	Event order.EventID `path:"event_id" pattern:"^evt_[0-7][0-9a-hjkmnp-tv-z]{25}_[0-9]{1,18}$" doc:"The event's id."`
}

// WebhookEndpoint is where events are sent.
type WebhookEndpoint struct {
	ID             id.Endpoint           `json:"id"`
	URL            string                `json:"url"`
	Description    string                `json:"description"`
	EventTypes     []string              `json:"event_types" doc:"Only these are sent; empty: all."`
	State          webhook.State         `json:"state" enum:"enabled,disabled"`
	DisabledAt     *time.Time            `json:"disabled_at"`
	DisabledReason string                `json:"disabled_reason" enum:",merchant,gone,failing" doc:"merchant: you did; gone: it answered 410; failing: nothing got through for three days. Empty while enabled."`
	Health         WebhookEndpointHealth `json:"health"`
	CreatedAt      time.Time             `json:"created_at"`
	UpdatedAt      time.Time             `json:"updated_at"`
}

// WebhookEndpointHealth is how an endpoint has answered lately.
type WebhookEndpointHealth struct {
	Failures      int        `json:"failures" doc:"Attempts that failed since the last that succeeded."`
	FailingSince  *time.Time `json:"failing_since" doc:"The first of them."`
	ProbeAt       *time.Time `json:"probe_at" doc:"After several failures in a row: when the endpoint is tried again, with one request."`
	LastSuccessAt *time.Time `json:"last_success_at"`
}

// NewWebhookEndpoint is an endpoint as a merchant sends it.
type NewWebhookEndpoint struct {
	URL         string   `json:"url" minLength:"1" maxLength:"2000" doc:"https; it gets a POST per event."`
	Description string   `json:"description,omitempty" maxLength:"500"`
	EventTypes  []string `json:"event_types,omitempty" maxItems:"50" doc:"order. and the type of the event, such as order.delivered; left out: all."`
}

// CreatedWebhookEndpoint is an endpoint with its secret.
type CreatedWebhookEndpoint struct {
	WebhookEndpoint
	Secret string `json:"secret" doc:"What requests are signed with. Shown this once."`
}

// WebhookEndpointChange is what may change of an endpoint; what is left out stays.
type WebhookEndpointChange struct {
	URL         *string        `json:"url,omitempty" minLength:"1" maxLength:"2000"`
	Description *string        `json:"description,omitempty" maxLength:"500"`
	EventTypes  *[]string      `json:"event_types,omitempty" nullable:"false" maxItems:"50"`
	State       *webhook.State `json:"state,omitempty" enum:"enabled,disabled" doc:"Enabled again, it gets what it has missed."`
}

// RotatedSecret is an endpoint's new secret.
type RotatedSecret struct {
	Secret         string    `json:"secret" doc:"Shown this once."`
	OldSecretUntil time.Time `json:"old_secret_until" doc:"Until then requests carry signatures by both."`
}

// WebhookDelivery is one event on its way to one endpoint.
type WebhookDelivery struct {
	EventID   order.EventID             `json:"event_id" doc:"Also the header webhook-id."`
	Type      string                    `json:"type"`
	State     webhook.DeliveryState     `json:"state" enum:"pending,delivered,failed"`
	Attempts  int                       `json:"attempts" doc:"Made since it was created or replayed."`
	NextAt    *time.Time                `json:"next_at" doc:"Of the next attempt, while pending."`
	CreatedAt time.Time                 `json:"created_at"`
	Request   WebhookRequest            `json:"request"`
	Response  nullable[WebhookResponse] `json:"response"`
}

// WebhookRequest is what is sent.
type WebhookRequest struct {
	Body json.RawMessage `json:"body" doc:"Exactly the signed bytes."`
}

// WebhookResponse is what came of the last attempt.
type WebhookResponse struct {
	At         time.Time `json:"at"`
	Status     int       `json:"status" doc:"0: no answer came."`
	Error      string    `json:"error" doc:"Why none came."`
	Body       string    `json:"body" doc:"At most the first KiB of the answer."`
	DurationMS int64     `json:"duration_ms"`
}

func endpointOf(e webhook.Endpoint) WebhookEndpoint {
	return WebhookEndpoint{
		ID: e.ID, URL: e.URL, Description: e.Description, EventTypes: notNil(e.Types), State: e.State, DisabledAt: e.DisabledAt,
		DisabledReason: string(e.Disabled), Health: WebhookEndpointHealth(e.Health), CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
}

// deliveryOf shows a delivery; event is nil for a test.
func deliveryOf(endpoint id.Endpoint, d webhook.Delivery, event *order.FeedEvent) (WebhookDelivery, error) {
	body, err := d.Payload(endpoint, event, ShowEvent)
	j := WebhookDelivery{
		EventID: d.Event, Type: d.Type, State: d.State, Attempts: d.Attempts, NextAt: d.NextAt, CreatedAt: d.CreatedAt,
		Request: WebhookRequest{body},
	}
	if d.AttemptedAt != nil {
		j.Response = some(WebhookResponse{At: *d.AttemptedAt, Status: d.Status, Error: d.Error, Body: d.Body, DurationMS: d.Took.Milliseconds()})
	}
	return j, err
}

// ShowEvent is what merchants see of an event, in the feed and in webhooks.
func ShowEvent(e order.FeedEvent) any { return feedEventOf(e) }
