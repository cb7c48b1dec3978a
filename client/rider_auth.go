package client

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// ErrSignedOut is that the server no longer knows the rider's refresh token; sign in again.
var ErrSignedOut = errors.New("signed out")

var errNoRenewal = errors.New("the key is not valid")

// renewBefore is how long before its end an access token is replaced.
const renewBefore = time.Minute

// Rider acts for one rider with a short access token and a refresh token that changes at every use.
// It is safe for concurrent use.
type Rider struct {
	c *Client
	// Login signs in anew when the refresh token is refused; nil leaves ErrSignedOut.
	login  *login
	onTurn func(refresh string)

	mu      sync.Mutex
	profile RiderProfile
	access  string
	expires time.Time
	refresh string
}

type login struct {
	Tenant   string `json:"tenant"`
	Phone    string `json:"phone"`
	Password string `json:"password"`
}

type session struct {
	AccessToken  string       `json:"access_token"`
	ExpiresInS   int          `json:"expires_in_s"`
	RefreshToken string       `json:"refresh_token"`
	Rider        RiderProfile `json:"rider"`
}

// Enrol signs a rider's phone in with the code that staff handed out.
func (c *Client) Enrol(ctx context.Context, code string) (*Rider, error) {
	r := &Rider{c: c}
	return r, r.signIn(ctx, "enrol", struct {
		Code string `json:"code"`
	}{code})
}

// LoginRider signs a rider in by phone number and password, and again whenever the server has forgotten the session.
func (c *Client) LoginRider(ctx context.Context, tenant, phone, password string) (*Rider, error) {
	r := &Rider{c: c, login: &login{tenant, phone, password}}
	return r, r.signIn(ctx, "login", r.login)
}

// ResumeRider goes on with a refresh token kept from before.
func (c *Client) ResumeRider(refresh string) *Rider { return &Rider{c: c, refresh: refresh} }

// WithLogin names the password that signs in again when the refresh token is refused.
func (r *Rider) WithLogin(tenant, phone, password string) *Rider {
	r.login = &login{tenant, phone, password}
	return r
}

// OnRefresh is told each new refresh token, to keep it. Set it before the first call.
func (r *Rider) OnRefresh(f func(refresh string)) { r.onTurn = f }

// Profile is what the server told at the last sign-in.
func (r *Rider) Profile() RiderProfile {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.profile
}

// RefreshToken is the current one.
func (r *Rider) RefreshToken() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refresh
}

func (r *Rider) signIn(ctx context.Context, how string, body any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.turn(ctx, how, body)
}

// turn gets new tokens; the caller holds mu, so that a rider's calls wait for one renewal together.
func (r *Rider) turn(ctx context.Context, how string, body any) error {
	var s session
	name := "POST /v1/rider/" + how
	if err := r.c.do(ctx, call{name: name, method: http.MethodPost, path: "/v1/rider/" + how, body: body,
		repeatable: true, out: &s}); err != nil {
		return err
	}
	r.access, r.refresh, r.profile = s.AccessToken, s.RefreshToken, s.Rider
	r.expires = r.c.clock.Now().Add(time.Duration(s.ExpiresInS) * time.Second)
	if r.onTurn != nil {
		r.onTurn(r.refresh)
	}
	return nil
}

func (r *Rider) prove(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access != "" && r.c.clock.Now().Add(renewBefore).Before(r.expires) {
		return r.access, nil
	}
	if err := r.renewLocked(ctx); err != nil {
		return "", err
	}
	return r.access, nil
}

func (r *Rider) apply(h http.Header, proof string) { h["Authorization"] = []string{"Bearer " + proof} }

func (r *Rider) renew(ctx context.Context, refused string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access != refused {
		return nil // another call has renewed it meanwhile
	}
	return r.renewLocked(ctx)
}

func (r *Rider) renewLocked(ctx context.Context) error {
	err := r.turn(ctx, "refresh", struct {
		RefreshToken string `json:"refresh_token"`
	}{r.refresh})
	var p *Problem
	if !errors.As(err, &p) || p.Status != http.StatusUnauthorized {
		return err
	}
	if r.login == nil {
		return errors.Join(ErrSignedOut, err)
	}
	return r.turn(ctx, "login", r.login)
}
