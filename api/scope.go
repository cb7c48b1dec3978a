package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// A scope is a group of operations with the same callers: how they prove who they are, and how fast they may ask.
type scope struct {
	tag      string
	patience time.Duration // with a body on its way
	security string        // the scheme's name in the OpenAPI document; "" for none
	check    func(ctx huma.Context) (context.Context, http.Header, error)
	audited  func(ctx huma.Context, next func(huma.Context)) // lets a write through
}

// merchant is the caller behind an API key.
type merchant struct {
	order.KeyHolder
	hash []byte // of the key's secret
}

type (
	merchantKey struct{}
	riderKey    struct{}
	staffKey    struct{}
)

func merchantOf(ctx context.Context) merchant { return ctx.Value(merchantKey{}).(merchant) }
func riderOf(ctx context.Context) riderClaims { return ctx.Value(riderKey{}).(riderClaims) }
func staffOf(ctx context.Context) session     { return ctx.Value(staffKey{}).(session) }
func (m merchant) actor() order.Actor {
	return order.Actor{Kind: order.ActorMerchant, ID: m.Merchant.UUID()}
}
func (u session) actor() order.Actor {
	return order.Actor{Kind: order.ActorDispatcher, ID: u.ID.UUID()}
}

// op describes an operation of the scope.
func (s scope) op(method, path, name, summary string, status int) huma.Operation {
	o := huma.Operation{
		Method: method, Path: path, OperationID: name, Summary: summary, DefaultStatus: status, Tags: []string{s.tag},
		MaxBodyBytes: maxBody, BodyReadTimeout: s.patience, Middlewares: huma.Middlewares{s.guard},
	}
	if s.security != "" {
		o.Security = []map[string][]string{{s.security: {}}}
	}
	if need, ok := keyScopes[name]; ok && s.security == merchantKeyScheme {
		o.Security = []map[string][]string{{s.security: {string(need)}}}
	}
	return o
}

func (s scope) get(path, name, summary string) huma.Operation {
	return s.op(http.MethodGet, path, name, summary, http.StatusOK)
}

func (s scope) post(path, name, summary string) huma.Operation {
	return s.op(http.MethodPost, path, name, summary, http.StatusOK)
}

func (s scope) create(path, name, summary string) huma.Operation {
	return s.op(http.MethodPost, path, name, summary, http.StatusCreated)
}

func (s scope) put(path, name, summary string) huma.Operation {
	return s.op(http.MethodPut, path, name, summary, http.StatusOK)
}

func (s scope) patch(path, name, summary string) huma.Operation {
	return s.op(http.MethodPatch, path, name, summary, http.StatusOK)
}

// unchecked leaves the body to the handler, which checks it row by row.
func unchecked(o huma.Operation) huma.Operation {
	o.SkipValidateBody = true
	return o
}

// guard lets a request through to the handler, or answers why not.
func (s scope) guard(c huma.Context, next func(huma.Context)) {
	ctx, header, err := s.check(c)
	for k, v := range header {
		c.SetHeader(k, v[0])
	}
	if err != nil {
		writeTranslated(humagin.Unwrap(c), c.Operation(), err)
		return
	}
	c = huma.WithContext(c, ctx)
	if isAudited(c.Operation()) {
		s.audited(c, next)
		return
	}
	next(c)
}

func (s *Server) publicScope() scope {
	return scope{patience: s.conf.BodyTimeout, tag: "Log-in", audited: s.audited, check: func(c huma.Context) (context.Context, http.Header, error) {
		ip := humagin.Unwrap(c).ClientIP()
		h, err := s.limits.address.take(ip)
		return context.WithValue(c.Context(), addressKey{}, ip), h, err
	}}
}

// merchantKeyScheme is the security scheme of merchants' operations.
const merchantKeyScheme = "merchant_key"

func (s *Server) merchantScope() scope { return s.merchantsBy(s.findKey) }

// merchantsBy is for merchants, whose token find knows.
func (s *Server) merchantsBy(find func(context.Context, string) (merchant, error)) scope {
	return scope{patience: s.conf.BodyTimeout, tag: "Merchant", security: merchantKeyScheme, audited: s.audited, check: func(c huma.Context) (context.Context, http.Header, error) {
		secret, err := bearer(c)
		if err != nil {
			return nil, nil, err
		}
		m, err := find(c.Context(), secret)
		if err != nil {
			return nil, nil, err
		}
		note(c, m.Tenant, slog.String("key", m.Key.String()))
		s.used.note(m.Home, m.Key)
		limit := s.limits.merchant
		if m.Test {
			limit = s.limits.test
		}
		h, err := limit.take(m.Key)
		if need := m.lacks(c.Operation().OperationID); err == nil && need != "" {
			err = missingScope(need)
		}
		return context.WithValue(c.Context(), merchantKey{}, m), h, err
	}}
}

func (s *Server) riderScope() scope { return s.ridersAt(s.limits.rider) }

// unpacedRiderScope is for what a rider must never have to wait for.
func (s *Server) unpacedRiderScope() scope { return s.ridersAt(nil) }

func (s *Server) ridersAt(pace *limiter) scope {
	return scope{patience: s.conf.BodyTimeout, tag: "Rider", security: "rider_token", audited: s.audited, check: func(c huma.Context) (context.Context, http.Header, error) {
		token, err := bearer(c)
		if err != nil {
			return nil, nil, err
		}
		r, err := s.tokens.read(token)
		if err != nil {
			return nil, nil, err
		}
		switch gone, err := s.signedOut.has(c.Context(), r.Device); {
		case err != nil:
			return nil, nil, err
		case gone:
			return nil, nil, errSignedOut
		}
		note(c, r.Tenant, slog.String("rider", r.Rider.String()))
		h, err := pace.take(r.Rider)
		return context.WithValue(c.Context(), riderKey{}, r), h, err
	}}
}

// staffScope is for the roles named (admins are always meant); none named is for every role.
func (s *Server) staffScope(roles ...Role) scope {
	return scope{patience: s.conf.BodyTimeout, tag: "Console", security: "session", audited: s.audited, check: func(c huma.Context) (context.Context, http.Header, error) {
		token := cookieToken(c)
		if token == "" {
			return nil, nil, refuse(codeUnauthenticated, "Log in first.")
		}
		u, err := s.findStaff(c.Context(), token)
		if err != nil {
			return nil, nil, err
		}
		note(c, u.Tenant, slog.String("user", u.ID.String()))
		h, err := s.limits.staff.take(u.ID)
		switch {
		case err != nil:
			return nil, h, err
		case c.Method() != http.MethodGet && !fromConsole(c):
			return nil, h, errNotFromConsole
		case len(roles) > 0 && u.Role != Admin && !slices.Contains(roles, u.Role):
			return nil, h, refuse(codeForbidden, "Your role ("+string(u.Role)+") may not do this.")
		}
		return context.WithValue(c.Context(), staffKey{}, u), h, nil
	}}
}

// consoleHeader is what a page of another origin can't send without asking: the proof that a console call is no forgery.
const consoleHeader = "X-Paidan-Console"

var errNotFromConsole = refuse(codeForbidden, "Send the header X-Paidan-Console: 1.")

func fromConsole(c huma.Context) bool { return c.Header(consoleHeader) == "1" }

func bearer(c huma.Context) (string, error) {
	kind, token, _ := strings.Cut(c.Header("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(kind, "Bearer") || token == "" || len(token) > 4096 {
		return "", &fault{
			code: codeUnauthenticated, detail: "Send Authorization: Bearer followed by your key or token.",
			header: http.Header{"Www-Authenticate": {"Bearer"}},
		}
	}
	return token, nil
}

func cookieToken(c huma.Context) string {
	k, err := huma.ReadCookie(c, sessionCookie)
	if err != nil || len(k.Value) > 256 {
		return ""
	}
	return k.Value
}

// findKey resolves an API key, from memory while it is fresh.
func (s *Server) findKey(ctx context.Context, secret string) (merchant, error) {
	return s.findHash(secretHash(secret), func() (order.KeyHolder, error) { return order.LookupKey(ctx, s.db, secret, s.clock.Now()) })
}

// findHash is findKey by the hash of the secret.
func (s *Server) findHash(hash []byte, look func() (order.KeyHolder, error)) (merchant, error) {
	m, err := s.keys.get(string(hash), func() (merchant, error) {
		h, err := look()
		if errors.Is(err, order.ErrNoKey) {
			return merchant{}, errBadKey
		}
		return merchant{h, hash}, err
	})
	if err == nil && !m.Until.IsZero() && !s.clock.Now().Before(m.Until) {
		return merchant{}, errBadKey
	}
	return m, err
}

var errBadKey = refuse(codeUnauthenticated, "The API key is unknown or revoked.")

// findStaff resolves a session, from memory while it is fresh.
func (s *Server) findStaff(ctx context.Context, token string) (session, error) {
	u, err := s.sessions.get(string(secretHash(token)), func() (session, error) { return findSession(ctx, s.db, token) })
	if err == nil && !s.clock.Now().Before(u.Expires) {
		return session{}, errNoSession
	}
	return u, err
}

func note(c huma.Context, tenant id.Tenant, who slog.Attr) {
	if r := requestFrom(c.Context()); r != nil {
		r.by(slog.String("tenant", tenant.String()), who)
	}
}

// account limits log-ins per account and address, so that passwords can't be tried.
func (s *Server) account(ctx context.Context, words ...string) error {
	ip, _ := ctx.Value(addressKey{}).(string)
	_, err := s.limits.account.take(cmp.Or(ip, "-") + "\x00" + strings.ToLower(strings.Join(words, "\x00")))
	return err
}

type addressKey struct{}
