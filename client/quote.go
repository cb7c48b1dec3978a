package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Fee is what the merchant pays for a delivery, in the currency's minor unit.
type Fee struct {
	Amount        int64     `json:"amount"`
	Currency      string    `json:"currency"`
	DistanceM     int       `json:"distance_m"`
	TariffVersion int64     `json:"tariff_version"`
	Terms         []FeeTerm `json:"terms"` // they add up to the amount
}

// FeeTerm is one part of a fee.
type FeeTerm struct {
	Kind    string `json:"kind"`
	Amount  int64  `json:"amount"`
	Name    string `json:"name"`
	Percent int    `json:"percent"`
}

// NewQuote asks what an order would cost, and when it would arrive.
type NewQuote struct {
	StoreID      string     `json:"store_id"`
	Dropoff      Place      `json:"dropoff"`
	WeightG      int        `json:"weight_g,omitempty"`
	Load         int        `json:"load,omitempty"`
	Skills       []string   `json:"skills,omitempty"`
	Vehicles     []string   `json:"vehicles,omitempty"`
	ReadyAt      *time.Time `json:"ready_at,omitempty"`
	PreparationS *int       `json:"preparation_s,omitempty"`
	DeliverAfter *time.Time `json:"deliver_after,omitempty"`
}

// Quote is a fee and times that hold for a while, for one order.
type Quote struct {
	ID        string    `json:"id"`
	Fee       Fee       `json:"fee"`
	Pickup    Expected  `json:"pickup"`
	Delivery  Expected  `json:"delivery"`
	PromiseAt time.Time `json:"promise_at"`
	ExpiresAt time.Time `json:"expires_at"`
	OrderID   string    `json:"order_id"` // that used it
}

// Expected is when something is expected: as likely sooner as later than the first, by the second nine times of ten.
type Expected struct {
	P50At time.Time `json:"p50_at"`
	P90At time.Time `json:"p90_at"`
}

// Quote asks for a price and times. Asking twice makes two quotes, which costs nothing.
func (m *Merchant) Quote(ctx context.Context, q NewQuote) (Quote, error) {
	var out Quote
	err := m.c.do(ctx, call{name: "POST /v1/quotes", method: http.MethodPost, path: "/v1/quotes", body: q, repeatable: true, auth: m.key, out: &out})
	return out, err
}

// ZoneTariff is a zone's prices; version 0 means that it has none.
type ZoneTariff struct {
	Version int64 `json:"version"`
}

// Tariff tells the version of a zone's prices.
func (s *Staff) Tariff(ctx context.Context, zone string) (ZoneTariff, error) {
	var out ZoneTariff
	err := s.c.do(ctx, call{name: "GET /v1/console/zones/{id}/tariff", method: http.MethodGet, path: tariffPath(zone), repeatable: true, auth: s, out: &out})
	return out, err
}

// PutTariff changes a zone's prices, if their version is still the given one.
func (s *Staff) PutTariff(ctx context.Context, zone string, version int64, tariff any) (ZoneTariff, error) {
	var out ZoneTariff
	err := s.c.do(ctx, call{name: "PUT /v1/console/zones/{id}/tariff", method: http.MethodPut, path: tariffPath(zone), auth: s, out: &out,
		body: struct {
			Version int64 `json:"version"`
			Tariff  any   `json:"tariff"`
		}{version, tariff}})
	return out, err
}

func tariffPath(zone string) string { return "/v1/console/zones/" + url.PathEscape(zone) + "/tariff" }
