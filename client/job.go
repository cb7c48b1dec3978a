package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Job is orders that one rider carries.
type Job struct {
	ID         string `json:"id"`
	MerchantID string `json:"merchant_id"`
	ZoneID     string `json:"zone_id"`
	State      string `json:"state"` // waiting, assigned, under_way, ended
	Fee        *Money `json:"fee"`   // of its orders together, without the cancelled ones; nil where the zone had no tariff
	Rider      *struct {
		ID string `json:"id"`
	} `json:"rider"`
	PlacedAt time.Time `json:"placed_at"`
	Orders   []Order   `json:"orders"`
}

// CancelledOrder is what a job's cancellation does to one of its orders.
type CancelledOrder struct {
	OrderID string `json:"order_id"`
	Allowed bool   `json:"allowed"`
	Rule    string `json:"rule"`
	Charge  *struct {
		Amount   int64  `json:"amount"`
		Currency string `json:"currency"`
		Rule     string `json:"rule"`
		Percent  int    `json:"percent"`
	} `json:"charge"`
}

// PlaceJob orders 2 to 20 deliveries that one rider is to carry: all, or none and an error. Without a key it is not repeatable.
func (m *Merchant) PlaceJob(ctx context.Context, key string, orders []NewOrder) (Job, error) {
	var out Job
	body := struct {
		Orders []NewOrder `json:"orders"`
	}{orders}
	err := m.c.do(ctx, call{name: "POST /v1/jobs", method: http.MethodPost, path: "/v1/jobs", body: body, key: key,
		repeatable: key != "", auth: m.key, out: &out})
	return out, err
}

// AddToJob orders one more delivery of a job of which nothing has been picked up. Without a key it is not repeatable.
func (m *Merchant) AddToJob(ctx context.Context, key, job string, o NewOrder) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "POST /v1/jobs/{id}/orders", method: http.MethodPost, path: "/v1/jobs/" + url.PathEscape(job) + "/orders",
		body: o, key: key, repeatable: key != "" || o.ExternalID != "", auth: m.key, out: &out})
	return out, err
}

// Job is one job.
func (m *Merchant) Job(ctx context.Context, id string) (Job, error) {
	var out Job
	err := m.c.do(ctx, call{name: "GET /v1/jobs/{id}", method: http.MethodGet, path: "/v1/jobs/" + url.PathEscape(id),
		repeatable: true, auth: m.key, out: &out})
	return out, err
}

// Jobs are the merchant's, newest first.
func (m *Merchant) Jobs(ctx context.Context) iter.Seq2[Job, error] {
	return list[Job](ctx, m.c, m.key, "/v1/jobs", url.Values{"limit": {"200"}})
}

// CancelJob cancels what of a job nobody has picked up, and says what became of each order. Cancelling twice changes nothing.
func (m *Merchant) CancelJob(ctx context.Context, id, fault, reason string) (Job, []CancelledOrder, error) {
	var out struct {
		Job
		Cancelled []CancelledOrder `json:"cancelled"`
	}
	err := m.c.do(ctx, call{name: "POST /v1/jobs/{id}/cancel", method: http.MethodPost, path: "/v1/jobs/" + url.PathEscape(id) + "/cancel",
		body: struct {
			Reason string `json:"reason"`
			Fault  string `json:"fault,omitempty"`
		}{reason, fault}, repeatable: true, auth: m.key, out: &out})
	return out.Job, out.Cancelled, err
}
