package client

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const sessionCookie = "paidan_session"

// Staff is a member of the tenant's staff, signed in by password. It signs in again when its session has ended.
type Staff struct {
	c     *Client
	login staffLogin

	mu     sync.Mutex
	cookie string
}

type staffLogin struct {
	Tenant   string `json:"tenant"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// LoginStaff signs in to the console's API.
func (c *Client) LoginStaff(ctx context.Context, tenant, email, password string) (*Staff, error) {
	s := &Staff{c: c, login: staffLogin{tenant, email, password}}
	return s, s.renew(ctx, "")
}

func (s *Staff) prove(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cookie, nil
}

func (s *Staff) apply(h http.Header, proof string) {
	h.Set("Cookie", sessionCookie+"="+proof)
	h.Set("X-Paidan-Console", "1")
}

func (s *Staff) renew(ctx context.Context, refused string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cookie != refused {
		return nil
	}
	catch := &cookieCatcher{}
	if err := s.c.do(ctx, call{name: "POST /v1/console/login", method: http.MethodPost, path: "/v1/console/login",
		body: s.login, repeatable: true, auth: catch}); err != nil {
		return err
	}
	if catch.cookie == "" {
		return fmt.Errorf("the server set no %s cookie", sessionCookie)
	}
	s.cookie = catch.cookie
	return nil
}

// cookieCatcher is the login's own credential: none, but it keeps the session that the answer sets.
type cookieCatcher struct{ cookie string }

func (*cookieCatcher) prove(context.Context) (string, error) { return "", nil }
func (*cookieCatcher) apply(h http.Header, _ string)         { h.Set("X-Paidan-Console", "1") }
func (*cookieCatcher) renew(context.Context, string) error   { return errNoRenewal }
func (k *cookieCatcher) see(res *http.Response) {
	for _, c := range res.Cookies() {
		if c.Name == sessionCookie {
			k.cookie = c.Value
		}
	}
}

// Settings are what the server tells about itself.
type Settings struct {
	Now        time.Time `json:"now"`
	ClockSpeed float64   `json:"clock_speed"`
}

// Settings asks for the server's time and speed.
func (s *Staff) Settings(ctx context.Context) (Settings, error) {
	var out Settings
	err := s.get(ctx, "settings", &out)
	return out, err
}

func (s *Staff) get(ctx context.Context, path string, out any) error {
	return s.c.do(ctx, call{name: "GET /v1/console/" + path, method: http.MethodGet, path: "/v1/console/" + path,
		repeatable: true, auth: s, out: out})
}

// post is not repeatable: the console's creations carry no key.
func (s *Staff) post(ctx context.Context, name, path string, body, out any) error {
	return s.c.do(ctx, call{name: "POST /v1/console/" + name, method: http.MethodPost, path: "/v1/console/" + path,
		body: body, auth: s, out: out})
}

func staffList[T any](ctx context.Context, s *Staff, path string, q url.Values) iter.Seq2[T, error] {
	if q == nil {
		q = url.Values{}
	}
	q.Set("limit", "200")
	return list[T](ctx, s.c, s, "/v1/console/"+path, q)
}
