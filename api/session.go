package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

const (
	sessionCookie = "paidan_session"
	sessionLife   = 12 * time.Hour
	// recheck is how long credentials may be believed without asking the database: so long a revoked key or session lives on.
	recheck = 10 * time.Second
)

type sessionRow struct {
	TenantID  id.Tenant `gorm:"primaryKey;type:uuid"`
	TokenHash []byte    `gorm:"primaryKey"`
	UserID    id.User   `gorm:"type:uuid"`
	CreatedAt time.Time
	ExpiresAt time.Time
}

func (sessionRow) TableName() string { return "sessions" }

// session is a logged-in member of staff.
type session struct {
	User
	Expires time.Time
}

var errNoSession = refuse(codeUnauthenticated, "The session has ended; log in again.")

// startSession stores a session and returns its token, which exists nowhere else. Sessions that are over are cleared away.
func startSession(ctx context.Context, db *pg.DB, u User, now time.Time, life time.Duration) (string, error) {
	token := newSecret()
	row := sessionRow{TenantID: u.Tenant, TokenHash: secretHash(token), UserID: u.ID, CreatedAt: now, ExpiresAt: now.Add(life)}
	err := db.Reference(ctx, u.Tenant, func(g *gorm.DB) error {
		if err := g.Where("tenant_id = ? AND user_id = ? AND expires_at <= ?", u.Tenant, u.ID, now).Delete(&sessionRow{}).Error; err != nil {
			return err
		}
		return g.Create(&row).Error
	})
	if err != nil {
		return "", fmt.Errorf("start session: %w", err)
	}
	return token, nil
}

// findSession reads the session of a token.
func findSession(ctx context.Context, db *pg.DB, token string) (session, error) {
	hash := secretHash(token)
	var tenant id.Tenant
	if err := db.Pool.QueryRow(ctx, "SELECT session_tenant($1)", hash).Scan(&tenant); err != nil {
		return session{}, fmt.Errorf("tenant of session: %w", err)
	}
	if tenant.IsZero() {
		return session{}, errNoSession
	}
	var row sessionRow
	var user userRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		if err := g.Where("tenant_id = ? AND token_hash = ?", tenant, hash).Take(&row).Error; err != nil {
			return err
		}
		return g.Where("tenant_id = ? AND id = ? AND disabled_at IS NULL", tenant, row.UserID).Take(&user).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return session{}, errNoSession
	}
	if err != nil {
		return session{}, fmt.Errorf("read session: %w", err)
	}
	return session{User: user.user(), Expires: row.ExpiresAt}, nil
}

func endSession(ctx context.Context, db *pg.DB, tenant id.Tenant, token string) error {
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ? AND token_hash = ?", tenant, secretHash(token)).Delete(&sessionRow{}).Error
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

func newCookie(token string, life time.Duration, secure bool) http.Cookie {
	return http.Cookie{ //nolint:gosec // Secure is the caller's: a console on plain HTTP in a LAN must be able to log in
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// wall is how much of c's time passes in d of wall time: what people and sockets wait for does not speed up with a clock
// that does.
func wall(c clock.Clock, d time.Duration) time.Duration {
	r := c.Real(d)
	if r <= 0 || r == d {
		return d
	}
	return time.Duration(float64(d) * (float64(d) / float64(r)))
}

// ForgetSessions deletes a tenant's sessions that have expired.
func ForgetSessions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	if _, err := tx.Exec(ctx, `delete from sessions where tenant_id = $1 and expires_at < $2`, tenant, now); err != nil {
		return fmt.Errorf("forget sessions: %w", err)
	}
	return nil
}
