package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Event is one thing that happened to an order.
type Event struct {
	ID         string     `json:"id"`
	OrderID    string     `json:"order_id"`
	ExternalID string     `json:"external_id"`
	StoreID    string     `json:"store_id"`
	JobID      string     `json:"job_id"` // "" = the order goes alone
	Version    int64      `json:"version"`
	Type       string     `json:"type"`
	State      string     `json:"state"` // of the order, after the event
	At         time.Time  `json:"at"`
	ClientAt   *time.Time `json:"client_at"`
	Actor      struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	} `json:"actor"`
	Data json.RawMessage `json:"data"`
}

// Events reads up to limit events of all the merchant's orders that come after a cursor ("" is the beginning), and the cursor to ask with
// next time. Keep the cursor together with what was done about the events: then none is missed and none is done twice.
func (m *Merchant) Events(ctx context.Context, after string, limit int) (events []Event, next string, err error) {
	var p page[Event]
	q := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		q.Set("after", after)
	}
	err = m.c.do(ctx, call{name: "GET /v1/events", method: http.MethodGet, path: withQuery("/v1/events", q), repeatable: true, auth: m.key, out: &p})
	return p.Data, p.NextCursor, err
}
