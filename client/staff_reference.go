package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Zone is an area dispatched as one.
type Zone struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Version int64           `json:"version"`
	Policy  json.RawMessage `json:"policy"`
}

// NewZone is a zone to create, from H3 cells in hex. A nil Policy is the default one.
type NewZone struct {
	Name   string         `json:"name"`
	Cells  []string       `json:"cells"`
	Policy map[string]any `json:"policy,omitempty"`
}

// Zones are the tenant's.
func (s *Staff) Zones(ctx context.Context) iter.Seq2[Zone, error] {
	return staffList[Zone](ctx, s, "zones", nil)
}

// CreateZone adds a zone.
func (s *Staff) CreateZone(ctx context.Context, z NewZone) (Zone, error) {
	var out Zone
	err := s.post(ctx, "zones", "zones", z, &out)
	return out, err
}

// MerchantInfo is who sells.
type MerchantInfo struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Merchants are the tenant's.
func (s *Staff) Merchants(ctx context.Context) iter.Seq2[MerchantInfo, error] {
	return staffList[MerchantInfo](ctx, s, "merchants", nil)
}

// CreateMerchant adds a merchant.
func (s *Staff) CreateMerchant(ctx context.Context, name string) (MerchantInfo, error) {
	var out MerchantInfo
	err := s.post(ctx, "merchants", "merchants", struct {
		Name string `json:"name"`
	}{name}, &out)
	return out, err
}

// CreateKey makes an API key of the merchant. The secret is told only now.
func (s *Staff) CreateKey(ctx context.Context, merchant, name string) (secret string, err error) {
	return s.createKey(ctx, merchant, name, false)
}

// CreateTestKey makes an API key that sees the sandbox.
func (s *Staff) CreateTestKey(ctx context.Context, merchant, name string) (secret string, err error) {
	return s.createKey(ctx, merchant, name, true)
}

func (s *Staff) createKey(ctx context.Context, merchant, name string, test bool) (secret string, err error) {
	var out struct {
		Secret string `json:"secret"`
	}
	err = s.post(ctx, "merchants/{id}/keys", "merchants/"+url.PathEscape(merchant)+"/keys", struct {
		Name string `json:"name"`
		Test bool   `json:"test,omitempty"`
	}{name, test}, &out)
	return out.Secret, err
}

// NewRider is a rider to create.
type NewRider struct {
	Name       string   `json:"name"`
	Phone      string   `json:"phone"`
	Vehicle    string   `json:"vehicle"`
	ZoneID     string   `json:"zone_id"`
	Capacity   int      `json:"capacity,omitempty"`
	MaxOrders  int      `json:"max_orders,omitempty"`
	Skills     []string `json:"skills,omitempty"`
	ExternalID string   `json:"external_id,omitempty"`
	Password   string   `json:"password,omitempty"`
}

// CreatedRider is one with the code that signs its phone in.
type CreatedRider struct {
	Rider         RiderProfile `json:"rider"`
	EnrolmentCode string       `json:"enrolment_code"`
}

// CreateRiders adds up to 1000 riders at once; the answers are in the same order.
func (s *Staff) CreateRiders(ctx context.Context, riders []NewRider) ([]CreatedRider, error) {
	var out page[CreatedRider]
	err := s.post(ctx, "riders", "riders", struct {
		Riders []NewRider `json:"riders"`
	}{riders}, &out)
	return out.Data, err
}

// Riders are those of a zone, or of all for "".
func (s *Staff) Riders(ctx context.Context, zone string) iter.Seq2[RiderProfile, error] {
	q := url.Values{}
	if zone != "" {
		q.Set("zone_id", zone)
	}
	return staffList[RiderProfile](ctx, s, "riders", q)
}

// Round is one matching batch of a zone.
type Round struct {
	At         time.Time `json:"at"`
	TookMs     float64   `json:"took_ms"`
	Orders     int       `json:"orders"`
	Riders     int       `json:"riders"`
	Offered    int       `json:"offered"`
	Assigned   int       `json:"assigned"`
	Held       int       `json:"held"`
	Unassigned int       `json:"unassigned"`
	Lost       int       `json:"lost"`
}

// Rounds are those of a zone between two times.
func (s *Staff) Rounds(ctx context.Context, zone string, from, to time.Time) iter.Seq2[Round, error] {
	return staffList[Round](ctx, s, "rounds", url.Values{
		"zone_id": {zone}, "from": {from.UTC().Format(time.RFC3339Nano)}, "to": {to.UTC().Format(time.RFC3339Nano)},
	})
}

// RiderPosition is where a rider was last; false when that is not known.
func (s *Staff) RiderPosition(ctx context.Context, rider string) (at LatLng, ok bool, err error) {
	var out struct {
		Position *struct {
			Location LatLng `json:"location"`
		} `json:"position"`
	}
	err = s.c.do(ctx, call{name: "GET /v1/console/riders/{id}", method: http.MethodGet, path: "/v1/console/riders/" + url.PathEscape(rider),
		repeatable: true, auth: s, out: &out})
	if out.Position == nil {
		return at, false, err
	}
	return out.Position.Location, true, err
}
