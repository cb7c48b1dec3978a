package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Merchant acts with an API key.
type Merchant struct {
	c   *Client
	key apiKey
}

// Merchant acts with this API key.
func (c *Client) Merchant(key string) *Merchant { return &Merchant{c, apiKey(key)} }

type apiKey string

func (k apiKey) prove(context.Context) (string, error) { return string(k), nil }
func (apiKey) apply(h http.Header, proof string)       { h["Authorization"] = []string{"Bearer " + proof} }
func (apiKey) renew(context.Context, string) error     { return errNoRenewal }

// CreateStore opens a store. It is not repeatable; give the store an ExternalID and look it up instead.
func (m *Merchant) CreateStore(ctx context.Context, s Store) (Store, error) {
	var out Store
	err := m.c.do(ctx, call{name: "POST /v1/stores", method: http.MethodPost, path: "/v1/stores", body: s, auth: m.key, out: &out})
	return out, err
}

// Stores are all of the merchant's.
func (m *Merchant) Stores(ctx context.Context) iter.Seq2[Store, error] {
	return list[Store](ctx, m.c, m.key, "/v1/stores", url.Values{"limit": {"200"}})
}

// PlaceOrder orders a delivery. The same key with the same order is the same order, however often it is sent.
func (m *Merchant) PlaceOrder(ctx context.Context, key string, o NewOrder) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "POST /v1/orders", method: http.MethodPost, path: "/v1/orders", body: o, key: key,
		repeatable: key != "" || o.ExternalID != "", auth: m.key, out: &out})
	return out, err
}

// PlaceOrders orders up to 500 deliveries, each on its own: the rows say what became of which. Without a key it is not repeatable.
func (m *Merchant) PlaceOrders(ctx context.Context, key string, orders []NewOrder) ([]PlacedRow, error) {
	var out page[PlacedRow]
	body := struct {
		Orders []NewOrder `json:"orders"`
	}{orders}
	err := m.c.do(ctx, call{name: "POST /v1/orders/batch", method: http.MethodPost, path: "/v1/orders/batch", body: body, key: key,
		repeatable: key != "", auth: m.key, out: &out})
	return out.Data, err
}

// Order is one order.
func (m *Merchant) Order(ctx context.Context, id string) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "GET /v1/orders/{id}", method: http.MethodGet, path: "/v1/orders/" + url.PathEscape(id),
		repeatable: true, auth: m.key, out: &out})
	return out, err
}

// OrderFilter chooses orders; the zero value is all.
type OrderFilter struct {
	State      string
	StoreID    string
	ExternalID string
	JobID      string
	From, To   time.Time
}

func (f OrderFilter) query() url.Values {
	q := url.Values{"limit": {strconv.Itoa(200)}}
	set := func(k, v string) {
		if v != "" {
			q.Set(k, v)
		}
	}
	set("state", f.State)
	set("store_id", f.StoreID)
	set("external_id", f.ExternalID)
	set("job_id", f.JobID)
	if !f.From.IsZero() {
		set("from", f.From.UTC().Format(time.RFC3339Nano))
	}
	if !f.To.IsZero() {
		set("to", f.To.UTC().Format(time.RFC3339Nano))
	}
	return q
}

// Orders are the merchant's, newest first.
func (m *Merchant) Orders(ctx context.Context, f OrderFilter) iter.Seq2[Order, error] {
	return list[Order](ctx, m.c, m.key, "/v1/orders", f.query())
}

// OrderChange is what shall change of an order; nil stays.
type OrderChange struct {
	Version       int64              `json:"version,omitempty"` // as seen; 0 = any
	Dropoff       *DropoffChange     `json:"dropoff,omitempty"`
	Items         *[]Item            `json:"items,omitempty"`
	DeliverAfter  *time.Time         `json:"deliver_after,omitempty"`
	DeliverBefore *time.Time         `json:"deliver_before,omitempty"`
	PromiseAt     *time.Time         `json:"promise_at,omitempty"`
	Tip           *Money             `json:"tip,omitempty"`
	Tags          *[]string          `json:"tags,omitempty"`
	Metadata      *map[string]string `json:"metadata,omitempty"`
}

// DropoffChange is what shall change of where an order goes; nil stays.
type DropoffChange struct {
	Location     *LatLng `json:"location,omitempty"`
	Address      *string `json:"address,omitempty"`
	Floor        *string `json:"floor,omitempty"`
	Unit         *string `json:"unit,omitempty"`
	GateCode     *string `json:"gate_code,omitempty"`
	ContactName  *string `json:"contact_name,omitempty"`
	ContactPhone *string `json:"contact_phone,omitempty"`
	Instructions *string `json:"instructions,omitempty"`
	LeaveAtDoor  *bool   `json:"leave_at_door,omitempty"`
}

// Update changes an order. Updating it to what it is changes nothing.
func (m *Merchant) Update(ctx context.Context, id string, change OrderChange) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "PATCH /v1/orders/{id}", method: http.MethodPatch, path: "/v1/orders/" + url.PathEscape(id),
		body: change, repeatable: change.Version == 0, auth: m.key, out: &out})
	return out, err
}

// Ready says that the food can be picked up. Saying it twice changes nothing.
func (m *Merchant) Ready(ctx context.Context, id string) (Order, error) {
	return m.act(ctx, id, "ready", struct{}{})
}

// Cancel ends an order that nobody has picked up. Cancelling twice changes nothing.
func (m *Merchant) Cancel(ctx context.Context, id, fault, reason string) (Order, error) {
	return m.act(ctx, id, "cancel", struct {
		Reason string `json:"reason"`
		Fault  string `json:"fault,omitempty"`
	}{reason, fault})
}

// SendBack has an order that is on its way brought back to the store. Asking twice changes nothing.
func (m *Merchant) SendBack(ctx context.Context, id, reason string) (Order, error) {
	return m.act(ctx, id, "return", struct {
		Reason string `json:"reason"`
	}{reason})
}

// Erase deletes what an order that has ended tells of its customer. Asking twice changes nothing.
func (m *Merchant) Erase(ctx context.Context, id string) (Order, error) {
	return m.act(ctx, id, "erase", nil)
}

// Accept says that the kitchen has taken the order on. Saying it twice changes nothing.
func (m *Merchant) Accept(ctx context.Context, id string) (Order, error) {
	return m.act(ctx, id, "accept", struct{}{})
}

// Delay says when the food will be ready instead.
func (m *Merchant) Delay(ctx context.Context, id string, readyAt time.Time) (Order, error) {
	return m.act(ctx, id, "delay", struct {
		ReadyAt time.Time `json:"ready_at"`
	}{readyAt})
}

// Advance has a test order's rider go on at once until the order is in a state, or by one step for "".
func (m *Merchant) Advance(ctx context.Context, id, to string) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "POST /v1/test/orders/{id}/advance", method: http.MethodPost,
		path: "/v1/test/orders/" + url.PathEscape(id) + "/advance", body: struct {
			To string `json:"to,omitempty"`
		}{to}, repeatable: to != "", auth: m.key, out: &out})
	return out, err
}

// Fault has something go wrong with a test order.
func (m *Merchant) Fault(ctx context.Context, id, fault string) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "POST /v1/test/orders/{id}/fault", method: http.MethodPost,
		path: "/v1/test/orders/" + url.PathEscape(id) + "/fault", body: Test{fault}, repeatable: true, auth: m.key, out: &out})
	return out, err
}

func (m *Merchant) act(ctx context.Context, id, what string, body any) (Order, error) {
	var out Order
	err := m.c.do(ctx, call{name: "POST /v1/orders/{id}/" + what, method: http.MethodPost,
		path: "/v1/orders/" + url.PathEscape(id) + "/" + what, body: body, repeatable: true, auth: m.key, out: &out})
	return out, err
}
