package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// AskCode has a log-in code sent to a rider's phone. The answer is the same whether or not a rider has that phone.
func (c *Client) AskCode(ctx context.Context, tenant, phone string) error {
	return c.do(ctx, call{name: "POST /v1/rider/code", method: http.MethodPost, path: "/v1/rider/code", body: struct {
		Tenant string `json:"tenant"`
		Phone  string `json:"phone"`
	}{tenant, phone}})
}

// LoginRiderByCode signs a rider in by the code that was sent to the phone; device is what the phone is called, and may be empty.
func (c *Client) LoginRiderByCode(ctx context.Context, tenant, phone, code, device string) (*Rider, error) {
	r := &Rider{c: c}
	return r, r.signIn(ctx, "login/code", struct {
		Tenant string `json:"tenant"`
		Phone  string `json:"phone"`
		Code   string `json:"code"`
		Device string `json:"device_name,omitempty"`
	}{tenant, phone, code, device})
}

// Device is a phone that is signed in for a rider.
type Device struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current"` // the one that asked
}

// Devices are the rider's phones.
func (r *Rider) Devices(ctx context.Context) ([]Device, error) {
	var out page[Device]
	err := r.do(ctx, http.MethodGet, "devices", "devices", nil, &out)
	return out.Data, err
}

// RevokeDevice signs one of the rider's phones out.
func (r *Rider) RevokeDevice(ctx context.Context, device string) error {
	return r.do(ctx, http.MethodDelete, "devices/{id}", "devices/"+url.PathEscape(device), nil, nil)
}

// PushSettings tell with which provider a phone registers to be woken.
type PushSettings struct {
	Providers    []string `json:"providers"`      // fcm, jpush, web, gateway; none: keep a stream open
	WebPublicKey string   `json:"web_public_key"` // with which pages subscribe; empty without web
}

// PushSettings are the server's.
func (r *Rider) PushSettings(ctx context.Context) (PushSettings, error) {
	var out PushSettings
	err := r.do(ctx, http.MethodGet, "push", "push", nil, &out)
	return out, err
}

// SetPushToken has this phone be woken by a provider, which knows it by the token. locale is the phone's language (BCP 47). Call it after
// each log-in, and whenever the provider gives another token.
func (r *Rider) SetPushToken(ctx context.Context, provider, token, locale string) error {
	return r.do(ctx, http.MethodPut, "push-token", "push-token", struct {
		Provider string `json:"provider"`
		Token    string `json:"token"`
		Locale   string `json:"locale"`
	}{provider, token, locale}, nil)
}

// DropPushToken has this phone be woken no more.
func (r *Rider) DropPushToken(ctx context.Context) error {
	return r.do(ctx, http.MethodDelete, "push-token", "push-token", nil, nil)
}
