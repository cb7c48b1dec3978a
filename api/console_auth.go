package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
)

// Staff is a member of a tenant's staff.
type Staff struct {
	ID    id.User `json:"id"`
	Name  string  `json:"name"`
	Email string  `json:"email"`
	Role  Role    `json:"role" enum:"admin,dispatcher,viewer,finance"`
}

// Tenant is a company.
type Tenant struct {
	ID       id.Tenant `json:"id"`
	Slug     string    `json:"slug"`
	Name     string    `json:"name"`
	Timezone string    `json:"timezone" doc:"IANA name."`
}

// StaffLogin is who is logged in.
type StaffLogin struct {
	User   Staff  `json:"user"`
	Tenant Tenant `json:"tenant"`
}

type consoleLoginInput struct {
	Console string `header:"X-Paidan-Console" doc:"1, from the console's own pages."`
	Body    struct {
		Tenant   string `json:"tenant" minLength:"1" maxLength:"63" doc:"The company's short name."`
		Email    string `json:"email" minLength:"3" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"1000"`
	}
	secure bool
}

// Resolve notes whether the request came over TLS.
func (in *consoleLoginInput) Resolve(c huma.Context) []error {
	in.secure = c.TLS() != nil
	return nil
}

type withCookie[T any] struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   T
}

func (s *Server) consoleLogin(ctx context.Context, in *consoleLoginInput) (*withCookie[StaffLogin], error) {
	if in.Console != "1" {
		return nil, errNotFromConsole
	}
	if err := s.account(ctx, "staff", in.Body.Tenant, in.Body.Email); err != nil {
		return nil, err
	}
	tenant, err := tenantBySlug(ctx, s.db, in.Body.Tenant)
	if err != nil {
		return nil, err
	}
	u, ok, err := checkUser(ctx, s.db, tenant, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, badLogin(ctx, tenant)
	}
	audit.By(ctx, audit.Actor{Kind: audit.Staff, ID: u.ID.String()})
	token, err := startSession(ctx, s.db, u, s.clock.Now(), wall(s.clock, sessionLife))
	if err != nil {
		return nil, err
	}
	login, err := s.login(ctx, u)
	if err != nil {
		return nil, err
	}
	return &withCookie[StaffLogin]{newCookie(token, sessionLife, in.secure || s.conf.SecureCookies), login}, nil
}

func (s *Server) login(ctx context.Context, u User) (StaffLogin, error) {
	var row struct{ Slug, Name, Timezone string }
	err := s.db.Reference(ctx, u.Tenant, func(g *gorm.DB) error {
		return g.Table("tenants").Where("id = ?", u.Tenant).Take(&row).Error
	})
	return StaffLogin{
		User:   Staff{u.ID, u.Name, u.Email, u.Role},
		Tenant: Tenant{u.Tenant, row.Slug, row.Name, row.Timezone},
	}, err
}

type sessionInput struct {
	Token string `cookie:"paidan_session"`
	Body  *empty `required:"false"`
}

func (s *Server) consoleLogout(ctx context.Context, in *sessionInput) (*struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}, error) {
	if err := endSession(ctx, s.db, staffOf(ctx).Tenant, in.Token); err != nil {
		return nil, err
	}
	s.sessions.forget(string(secretHash(in.Token)))
	gone := newCookie("", -time.Second, s.conf.SecureCookies)
	return &struct {
		Cookie http.Cookie `header:"Set-Cookie"`
	}{gone}, nil
}

func (s *Server) consoleMe(ctx context.Context, _ *empty) (*out[StaffLogin], error) {
	login, err := s.login(ctx, staffOf(ctx).User)
	if err != nil {
		return nil, err
	}
	return answer(login), nil
}

// Settings are what the console and riders' phones need to know of the server.
type Settings struct {
	Basemap    basemap   `json:"basemap"`
	Now        time.Time `json:"now"`
	ClockSpeed float64   `json:"clock_speed" doc:"Seconds of the server's clock in a second of the wall's."`
}

func (s *Server) consoleSettings(context.Context, *empty) (*out[Settings], error) {
	return answer(s.settings()), nil
}

func (s *Server) settings() Settings { return Settings{s.basemap, s.clock.Now(), speedOf(s.clock)} }
